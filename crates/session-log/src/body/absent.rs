//! Rows of what is not there: as many as there were, or as can be guessed.

use super::around::shows_input;
use super::{Body, Section, code};
use crate::step::KnownRows;
use crate::{Step, StepKind, markdown};

/// The most rows that a change is guessed to have.
const GUESSED_ROWS_MAX: u32 = 5_000;

impl Body {
    /// The rows of an open step, to be kept when what they show is dropped.
    pub(crate) fn known_rows(step: &Step) -> KnownRows {
        let known = step.known_rows.filter(|_| !step.text.is_whole());
        let blocks = || if step.is_prose() { markdown::blocks(&step.text.all()).len() as u32 } else { 0 };
        let folded = || code::json(step).and_then(|json| Some(json.folding()?.rows() as u32));
        let rows_of = |push: fn(&mut Self, &Step)| {
            let mut body = Self::default();
            push(&mut body, step);
            body.rows
        };
        KnownRows {
            above: rows_of(Self::push_above),
            prose: known.map_or_else(blocks, |known| known.prose),
            folded: known.map_or_else(folded, |known| known.folded),
            below: rows_of(Self::push_below),
        }
    }

    /// How many rows a text had that folds and is not there.
    pub(super) fn folded_rows(step: &Step) -> Option<usize> {
        let known = step.known_rows.filter(|_| !step.text.is_whole())?;
        known.folded.map(|rows| rows as usize)
    }

    /// Rows before the text of a step of which only the one line is there.
    pub(super) fn push_absent_above(&mut self, step: &Step) {
        let rows = step.known_rows.map_or_else(|| guess(step).0, |rows| rows.above);
        self.push(rows as usize, Section::Absent);
    }

    /// The same after its text.
    pub(super) fn push_absent_below(&mut self, step: &Step) {
        let rows = step.known_rows.map_or_else(|| guess(step).1, |rows| rows.below);
        self.push(rows as usize, Section::Absent);
    }
}

/// How many rows there are before a step's text and after it, as far as its one line tells.
fn guess(step: &Step) -> (u32, u32) {
    match &step.kind {
        StepKind::Tool(tool) => {
            let (added, removed) = tool.diffstat().unwrap_or_default();
            let above = match tool.has_changes() {
                true => added.saturating_add(removed).min(GUESSED_ROWS_MAX) + 1,
                false if shows_input(tool) => tool.input_lines(),
                false => 0,
            };
            (above, tool.note_count() + u32::from(tool.error.is_some()))
        }
        StepKind::Plan(plan) => (plan.counts().1 as u32, 0),
        StepKind::Permission(_) => (1, 1),
        StepKind::Shutdown(_) => (1, 0),
        StepKind::Session(_)
        | StepKind::Prompt
        | StepKind::Info(_)
        | StepKind::Reasoning
        | StepKind::Message
        | StepKind::Error(_)
        | StepKind::Stop(_)
        | StepKind::Unknown(_) => (0, 0),
    }
}
