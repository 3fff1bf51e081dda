//! The hits of a search: all are counted, many are kept.

use std::ops::Range;

use crate::body::{Body, TextRows};
use crate::{LogDocument, markdown};

/// The most hits that are kept: those that are found first. More are counted per step.
pub const HITS_KEPT_MAX: usize = 20_000;

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
    /// What is counted together: what is above the text, the text, what is below.
    fn section(self) -> usize {
        match self {
            Self::Header | Self::Above(_) => 0,
            Self::Text(_) => 1,
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
        let words_in =
            |body: Body, row: u32| body.content(step, row as usize).map(|content| content.words().into_owned());
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

/// How many hits a section of a step has.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    all: u32,
    /// Those that are kept: the first ones.
    kept: u32,
}

/// All hits, counted by step and section.
#[derive(Debug, Clone, Default)]
pub(super) struct Hits {
    counts: Vec<[Counted; 3]>,
    /// Those that are kept, in order.
    kept: Vec<Hit>,
    /// Which are to be kept of each section, by rank, where one step is searched alone.
    ranks: Option<[Range<u32>; 3]>,
    total: usize,
    /// Grows with every hit that comes or goes.
    changes: u64,
}

impl Hits {
    /// None yet; those of these ranks of a step are to be kept, which is searched alone.
    pub fn for_ranks(&self, step: usize, ranks: &Range<usize>) -> Self {
        let mut before = 0;
        let ranks = self.counts.get(step).copied().unwrap_or_default().map(|count| {
            let within = |rank: usize| rank.saturating_sub(before).min(count.all as usize) as u32;
            let range = within(ranks.start)..within(ranks.end);
            before += count.all as usize;
            range
        });
        Self { ranks: Some(ranks), ..Self::default() }
    }

    pub fn add(&mut self, step: usize, part: HitPart, range: Range<usize>) {
        if self.counts.len() <= step {
            self.counts.resize(step + 1, Default::default());
        }
        let count = &mut self.counts[step][part.section()];
        let is_kept = match &self.ranks {
            // Once one had no room, those after it have none either: what is kept has no gap.
            None => self.kept.len() < HITS_KEPT_MAX && count.kept == count.all,
            Some(ranks) => ranks[part.section()].contains(&count.all),
        };
        count.all += 1;
        count.kept += u32::from(is_kept);
        self.total += 1;
        self.changes += 1;
        if is_kept {
            let hit = Hit { step, part, from: range.start as u32, to: range.end as u32 };
            // Nearly always the end.
            self.kept.insert(self.kept.partition_point(|kept| *kept < hit), hit);
        }
    }

    /// Drops the hits around a step's text.
    pub fn clear_facts(&mut self, step: usize) {
        self.drop((step, HitPart::Header), (step, HitPart::Text(0)), u32::MAX);
        self.drop((step, HitPart::Below(0)), (step + 1, HitPart::Header), u32::MAX);
    }

    /// Drops the hits in a step's text.
    pub fn clear_text(&mut self, step: usize) {
        self.cut_text(step, 0, u32::MAX);
    }

    /// Drops the hits in a step's text from a row on, of which there are `count`.
    pub fn cut_text(&mut self, step: usize, row: u32, count: u32) {
        self.drop((step, HitPart::Text(row)), (step, HitPart::Below(0)), count);
    }

    fn drop(&mut self, from: (usize, HitPart), to: (usize, HitPart), count: u32) {
        let Some(counts) = self.counts.get_mut(from.0) else { return };
        let place = |place| self.kept.partition_point(|hit| (hit.step, hit.part) < place);
        let range = place(from)..place(to);
        let counted = &mut counts[from.1.section()];
        let dropped = count.min(counted.all);
        counted.all -= dropped;
        counted.kept -= range.len() as u32;
        self.total -= dropped as usize;
        self.changes += u64::from(dropped);
        self.kept.drain(range);
    }

    pub fn total(&self) -> usize {
        self.total
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub fn count_in(&self, step: usize) -> usize {
        self.counts.get(step).map_or(0, sum)
    }

    pub fn steps(&self) -> impl Iterator<Item = (usize, usize)> {
        self.counts.iter().map(sum).enumerate().filter(|(_, count)| *count > 0)
    }

    pub fn kept(&self) -> &[Hit] {
        &self.kept
    }

    /// The first hits of a step, as far as they are kept without a gap.
    pub fn first_in(&self, step: usize) -> &[Hit] {
        let mut count = 0;
        for section in self.counts.get(step).into_iter().flatten() {
            count += section.kept as usize;
            if section.kept < section.all {
                break;
            }
        }
        let from = self.kept.partition_point(|hit| hit.step < step);
        &self.kept[from..from + count]
    }
}

fn sum(counts: &[Counted; 3]) -> usize {
    counts.iter().map(|count| count.all as usize).sum()
}
