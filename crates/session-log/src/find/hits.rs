//! The hits of a search: all are counted, many are kept.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::body::{Body, TextRows};
use crate::{LogDocument, markdown};

/// The most hits that are kept; more are counted per step.
pub const HITS_KEPT_MAX: usize = 20_000;
/// The section of a step's rows that its text is, between what is above and what is below.
const TEXT: usize = 1;

/// A place where the searched text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// The place of its step.
    pub step: usize,
    /// Which part of the step.
    pub part: HitPart,
    /// Where it starts in the words of that row, in bytes.
    pub from: u32,
    /// Where it ends. Past the words of the row it goes on in the next one, where a long line was cut.
    pub to: u32,
}

/// A part of a step: a row of it when it is open, counted so that rows that come later do not move it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HitPart {
    /// Its header ([`crate::Step::headline`]).
    Header,
    /// A row before its text.
    Above(u32),
    /// A row of its text.
    Text(u32),
    /// A row after its text.
    Below(u32),
}

impl HitPart {
    fn section(self) -> usize {
        match self {
            Self::Header | Self::Above(_) => 0,
            Self::Text(_) => TEXT,
            Self::Below(_) => 2,
        }
    }
}

/// A hit with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    /// What stands before it on its line.
    pub before: String,
    /// The hit, as far as it is in its row.
    pub hit: String,
    /// What stands after it.
    pub after: String,
}

impl Hit {
    /// The words of the hit's row; `None` if the document has no such row any more.
    pub fn words(&self, document: &LogDocument) -> Option<String> {
        let step = document.step(self.step)?;
        let words_in = |body: Body, row: u32| {
            body.content(document, step, row as usize).map(|content| content.words().into_owned())
        };
        match (self.part, TextRows::of(step)) {
            (HitPart::Header, _) => Some(step.headline()),
            (HitPart::Above(row), _) => words_in(Body::above(step), row),
            (HitPart::Below(row), _) => words_in(Body::below(step), row),
            (HitPart::Text(_), TextRows::None) => None,
            (HitPart::Text(line), TextRows::Lines) => {
                let line = line as usize;
                (line < step.text.lines())
                    .then(|| document.line(&step.text, line).into_iter().map(|span| span.text).collect())
            }
            (HitPart::Text(part), TextRows::Prose) => {
                let text = document.text(&step.text);
                markdown::blocks(&text).get(part as usize).map(|span| markdown::words(&markdown::parse(&text, span)))
            }
        }
    }

    /// The hit with up to `chars_max` characters of its line on either side.
    pub fn excerpt(&self, document: &LogDocument, chars_max: usize) -> Option<Excerpt> {
        let words = self.words(document)?;
        let (from, to) = (self.from as usize, (self.to as usize).min(words.len()));
        let (before, hit, after) = (words.get(..from)?, words.get(from..to)?, words.get(to..)?);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let cut = before.char_indices().rev().take(chars_max).last().map_or(before.len(), |(at, _)| at);
        let after = after.split('\n').next().unwrap_or_default();
        Some(Excerpt {
            before: before[cut..].to_owned(),
            hit: hit.to_owned(),
            after: after.chars().take(chars_max).collect(),
        })
    }
}

/// Hits by step and section.
#[derive(Debug, Clone, Default)]
pub(super) struct Hits {
    steps: BTreeMap<usize, StepHits>,
    total: usize,
    kept: usize,
    /// Grows with every hit that comes or goes.
    changes: u64,
}

#[derive(Debug, Clone, Default)]
struct StepHits {
    counts: [usize; 3],
    kept: [Vec<Hit>; 3],
}

impl StepHits {
    fn count(&self) -> usize {
        self.counts.iter().sum()
    }
}

impl Hits {
    pub fn add(&mut self, step: usize, part: HitPart, range: Range<usize>) {
        let section = part.section();
        let hits = self.steps.entry(step).or_default();
        hits.counts[section] += 1;
        self.total += 1;
        self.changes += 1;
        if self.kept < HITS_KEPT_MAX {
            hits.kept[section].push(Hit { step, part, from: range.start as u32, to: range.end as u32 });
            self.kept += 1;
        }
    }

    /// Drops the hits around a step's text.
    pub fn clear_facts(&mut self, step: usize) {
        self.drop(step, 0, 0, usize::MAX);
        self.drop(step, 2, 0, usize::MAX);
    }

    /// Drops the hits in a step's text.
    pub fn clear_text(&mut self, step: usize) {
        self.drop(step, TEXT, 0, usize::MAX);
    }

    /// Drops the hits in a step's text from a row on, of which there are `count`.
    pub fn cut_text(&mut self, step: usize, row: u32, count: u32) {
        self.drop(step, TEXT, row, count as usize);
    }

    fn drop(&mut self, step: usize, section: usize, text_row: u32, count: usize) {
        let Some(hits) = self.steps.get_mut(&step) else { return };
        let dropped = count.min(hits.counts[section]);
        let kept = &mut hits.kept[section];
        let keep = if section == TEXT { kept.partition_point(|hit| hit.part < HitPart::Text(text_row)) } else { 0 };
        self.kept -= kept.len() - keep;
        kept.truncate(keep);
        hits.counts[section] -= dropped;
        self.total -= dropped;
        self.changes += dropped as u64;
        if hits.count() == 0 {
            self.steps.remove(&step);
        }
    }

    pub fn total(&self) -> usize {
        self.total
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub fn count_in(&self, step: usize) -> usize {
        self.steps.get(&step).map_or(0, StepHits::count)
    }

    pub fn steps(&self) -> impl Iterator<Item = (usize, usize)> {
        self.steps.iter().map(|(&step, hits)| (step, hits.count()))
    }

    pub fn kept(&self) -> impl Iterator<Item = &Hit> {
        self.steps.values().flat_map(|hits| hits.kept.iter().flatten())
    }

    pub fn after(&self, place: Option<&Hit>) -> Option<&Hit> {
        let from = place.map_or(0, |hit| hit.step);
        let kept = self.steps.range(from..).flat_map(|(_, hits)| hits.kept.iter());
        kept.filter_map(|kept| kept.get(kept.partition_point(|hit| place.is_some_and(|place| hit <= place)))).next()
    }

    pub fn before(&self, place: Option<&Hit>) -> Option<&Hit> {
        let to = place.map_or(usize::MAX, |hit| hit.step);
        let kept = self.steps.range(..=to).rev().flat_map(|(_, hits)| hits.kept.iter().rev());
        kept.filter_map(|kept| {
            let end = kept.partition_point(|hit| place.is_none_or(|place| hit < place));
            end.checked_sub(1).map(|last| &kept[last])
        })
        .next()
    }

    pub fn rank(&self, hit: &Hit) -> usize {
        let before: usize = self.steps.range(..hit.step).map(|(_, hits)| hits.count()).sum();
        let Some(hits) = self.steps.get(&hit.step) else { return before };
        let section = hit.part.section();
        let within = hits.kept[section].partition_point(|kept| kept < hit);
        before + hits.counts[..section].iter().sum::<usize>() + within
    }
}
