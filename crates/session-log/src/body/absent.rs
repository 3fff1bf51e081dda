//! Rows of a step that is not there, or not all of it: as many as are known or guessed.

use agent_tasks::event::ToolKind;

use super::{Body, Section};
use crate::{Step, StepKind, markdown};

/// The most rows that a change is guessed to have.
const GUESSED_ROWS_MAX: u32 = 5_000;

impl Body {
    /// How many rows the markdown of a step has.
    pub(crate) fn prose_rows(step: &Step) -> u32 {
        match step.known_rows {
            Some(rows) if !step.text.is_whole() => rows.prose,
            Some(_) | None => markdown::blocks(&step.text.all()).len() as u32,
        }
    }

    /// Rows before the text of a step of which only the one line is there, as far as it can be guessed.
    pub(super) fn push_absent_above(&mut self, step: &Step) {
        let guess = match &step.kind {
            StepKind::Tool(tool) if tool.has_changes() => {
                let (added, removed) = tool.diffstat().unwrap_or_default();
                (added.saturating_add(removed)).min(GUESSED_ROWS_MAX) + 1
            }
            StepKind::Tool(tool) if tool.command.is_some() || tool.kind == ToolKind::Think => 0,
            StepKind::Tool(tool) => tool.input_lines(),
            StepKind::Plan(plan) => plan.counts().1 as u32,
            StepKind::Permission(_) | StepKind::Shutdown(_) => 1,
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => 0,
        };
        self.push(step.known_rows.map_or(guess, |rows| rows.above) as usize, Section::Absent);
    }

    /// The same after its text.
    pub(super) fn push_absent_below(&mut self, step: &Step) {
        let guess = match &step.kind {
            StepKind::Tool(tool) => tool.note_count() + u32::from(tool.error.is_some()),
            StepKind::Permission(_) => 1,
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Plan(_)
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Shutdown(_)
            | StepKind::Unknown(_) => 0,
        };
        self.push(step.known_rows.map_or(guess, |rows| rows.below) as usize, Section::Absent);
    }
}
