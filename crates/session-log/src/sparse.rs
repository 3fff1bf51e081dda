//! Documents that hold a part of their log: all steps are counted, some are told, few are whole. What is looked at
//! and not there is a [`Want`]; whoever has the server's answer fills it in.
//!
//! Events that come while something of their step is asked for are taken in at once, as far as the step's one line
//! goes, and once more when the answer is there: so no stream is too fast to be caught up with.

mod events;
mod fill;
mod release;
#[cfg(test)]
mod tests;
mod told;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use agent_tasks::OutlineWindow;
use agent_tasks::outline::{StepCode, StepCodeKind, StepState};

use crate::body::TextRows;
use crate::step::Facts;
use crate::{LogDocument, Step};
pub use events::WantedEvents;
use fill::Asks;

/// Steps that are told together.
const STEPS: usize = 100;
/// Steps with at most so much text and changes are asked for whole, in bytes.
const SMALL_BYTES_MAX: u64 = if cfg!(test) { 2_048 } else { 256 * 1_024 };

/// Something that is looked at and not in the document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Want {
    /// What the headers of these steps say: an outline of `count` steps from `first` on.
    Steps {
        /// The place of the first step.
        first: usize,
        /// How many.
        count: usize,
    },
    /// What a step says beside its text: the events `from..=to` that are no part of a text.
    Facts {
        /// The place of the step.
        step: usize,
        /// The `seq` of the first event.
        from: u64,
        /// The `seq` of the last event.
        to: u64,
    },
    /// Lines of a step's text, and what it says beside it where it is small: the events `from..=to`.
    Text {
        /// The place of the step.
        step: usize,
        /// The `seq` of the first event.
        from: u64,
        /// The `seq` of the last event.
        to: u64,
    },
}

/// What became of an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is in the document.
    Taken,
    /// It is older than the one that the document was made of: what happened in between is in neither. A server that is
    /// asked again has a newer one.
    Older,
    /// It is not of this log: an outline with a map has to make a new document.
    Other,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gaps {
    /// The event up to which the outline told that the document was made of.
    since: u64,
    /// The first ones of the steps that are to be told.
    steps: HashSet<usize>,
    /// Of single steps.
    asked: HashMap<usize, Asks>,
}

impl LogDocument {
    /// A document of which only the outline is known. Events after the window's `last_seq` go on from there.
    pub fn of_outline(window: &OutlineWindow) -> Self {
        let mut document = Self::starting_after(window.last_seq);
        document.gaps = Some(Box::new(Gaps { since: window.last_seq, ..Gaps::default() }));
        document.usage.clone_from(&window.usage);
        document.intent.clone_from(&window.intent);
        let map = window.map.as_ref();
        let mut codes = map.map(|map| StepCode::read_all(&map.codes)).into_iter().flatten();
        for index in 0..window.total {
            let unknown = StepCode { kind: StepCodeKind::Unknown, state: StepState::Succeeded };
            let lines = map.and_then(|map| map.lines.get(index as usize)).copied().unwrap_or(0);
            document.count_step(codes.next().unwrap_or(unknown), lines);
        }
        document.renew_all();
        for nesting in map.iter().flat_map(|map| &map.nested).filter(|nesting| nesting.parent < nesting.step) {
            if let Some(step) = document.steps.get_mut(nesting.step as usize) {
                step.parent = Some(nesting.parent);
            }
        }
        document.tell(window);
        document
    }

    /// Whether it was made of an outline, so that what is not there can be asked for.
    pub fn is_outlined(&self) -> bool {
        self.gaps.is_some()
    }

    /// Takes in what an outline tells of some steps.
    pub fn tell(&mut self, window: &OutlineWindow) -> Told {
        let Some(gaps) = &mut self.gaps else { return Told::Taken };
        let first = window.first as usize;
        let told = first..first + window.steps.len();
        gaps.steps.retain(|asked| !told.contains(asked) && *asked != first);
        if window.last_seq < gaps.since {
            return Told::Older;
        }
        let known = self.steps.iter().rposition(|step| step.seq <= window.last_seq).map_or(0, |last| last + 1);
        let fits = if window.last_seq <= self.last_seq {
            known == window.total as usize
        } else {
            known <= window.total as usize
        };
        if !fits {
            return Told::Other;
        }
        let steps = window.steps.iter().enumerate().map(|(index, summary)| (first + index, summary));
        for (index, summary) in steps.chain(window.open.iter().map(|open| (open.step as usize, &open.summary))) {
            self.tell_step(index, summary, window.last_seq);
        }
        Told::Taken
    }

    /// What is missing of a step to show these lines of its text; `None` when nothing is, or when it was asked for
    /// already. `is_open` tells whether more than its one line is shown; without lines, none of its text is looked at.
    pub fn wants(&self, step: usize, is_open: bool, lines: Range<usize>) -> Option<Want> {
        let gaps = self.gaps.as_deref()?;
        let (place, step) = (step, self.steps.get(step)?);
        if !step.is_told() {
            let first = place / STEPS * STEPS;
            let count = STEPS.min(self.steps.len() - first);
            return (!gaps.steps.contains(&first)).then_some(Want::Steps { first, count });
        }
        if !is_open {
            return None;
        }
        let asks = gaps.asked.get(&place);
        if let Some(rest) = asks.and_then(|asks| asks.rest(place)) {
            return Some(rest);
        }
        let is_asked = |of: fn(&Asks) -> bool| asks.is_some_and(of);
        let missing = step.missing(lines).filter(|_| !is_asked(Asks::has_text));
        if !step.has_facts() && !is_asked(Asks::has_facts) {
            let (from, to) = (step.seq, step.last_seq);
            return Some(if missing.is_some() && step.is_small() {
                Want::Text { step: place, from, to }
            } else {
                Want::Facts { step: place, from, to }
            });
        }
        let (from, to) = missing?;
        Some(Want::Text { step: place, from, to: to.unwrap_or(step.last_seq) })
    }

    /// A step of which its kind, its state and its lines are known.
    fn count_step(&mut self, code: StepCode, lines: u32) {
        let kind = told::counted_kind(code.kind);
        let text = crate::Text::counted(self.keep(&kind), lines);
        let index = self.steps.len() as u32;
        self.steps.push(Step {
            seq: 0,
            last_seq: 0,
            id: None,
            agent_id: None,
            parent: None,
            tokens: None,
            kind,
            state: code.state,
            started_at: Default::default(),
            ended_at: None,
            text,
            version: 0,
            revision: u64::from(index) + 1,
            session: u32::MAX,
            upto: 0,
            facts: Facts::Counted,
            known_rows: None,
        });
        if matches!(code.kind, StepCodeKind::Session) {
            self.sessions += 1;
        }
        if matches!(code.state, StepState::Running | StepState::Waiting) {
            self.unfinished.insert(index);
        }
    }
}

impl Step {
    /// Whether it is asked for whole.
    fn is_small(&self) -> bool {
        let changes = match &self.kind {
            crate::StepKind::Tool(tool) => tool.change_bytes().unwrap_or(0),
            _ => 0,
        };
        self.is_prose() || self.text.len() as u64 + changes <= SMALL_BYTES_MAX
    }

    /// Where the events are of what is missing of these lines of its text.
    pub(crate) fn missing(&self, lines: Range<usize>) -> Option<(u64, Option<u64>)> {
        match TextRows::of(self) {
            TextRows::None => None,
            TextRows::Prose => self.text.missing(0..1),
            // What folds is not known before all of it is there.
            TextRows::Lines if self.known_rows.is_some_and(|rows| rows.folded.is_some()) => {
                self.text.missing(0..usize::MAX)
            }
            TextRows::Lines if lines.is_empty() => None,
            TextRows::Lines => self.text.missing(lines),
        }
    }
}
