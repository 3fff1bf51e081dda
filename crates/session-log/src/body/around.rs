//! Rows around a step's text: what a tool was given and changed, pictures, notes, answers, what went wrong.

use agent_tasks::event::ToolKind;

use super::folding::{Folding, LineFold};
use super::{Body, JsonOf, Section, json};
use crate::{Change, Step, StepKind, ToolStep};

impl Body {
    /// The rows of an open step before its text.
    pub(crate) fn above(step: &Step) -> Self {
        let mut body = Self::default();
        body.push_above(step);
        body.unfold();
        body
    }

    /// The rows of an open step after its text.
    pub(crate) fn below(step: &Step) -> Self {
        let mut body = Self::default();
        body.push_below(step);
        body.unfold();
        body
    }

    pub(super) fn push_above(&mut self, step: &Step) {
        if !step.has_facts() {
            return self.push_absent_above(step);
        }
        match &step.kind {
            StepKind::Tool(tool) => {
                if shows_input(tool) {
                    let folds = json::folds(&tool.input).unwrap_or_default();
                    self.push_folding(Section::Json(JsonOf::Input, Folding::new(tool.input.lines(), folds)));
                }
                self.push_changes(&tool.changes);
            }
            StepKind::Plan(plan) => self.push(plan.entries.len(), Section::Plan),
            StepKind::Permission(_) => self.push(1, Section::Ask),
            StepKind::Shutdown(_) => self.push(1, Section::Report),
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => {}
        }
    }

    pub(super) fn push_below(&mut self, step: &Step) {
        if !step.has_facts() {
            return self.push_absent_below(step);
        }
        match &step.kind {
            StepKind::Tool(tool) => {
                for picture in &tool.pictures {
                    self.push(1, Section::Picture(picture.clone()));
                }
                for note in &tool.notes {
                    self.push(1, Section::Note(note.clone()));
                }
                self.push_failure(step);
            }
            StepKind::Permission(permission) => {
                self.push_changes(&permission.changes);
                self.push(1, Section::Answer);
            }
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Plan(_)
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Shutdown(_)
            | StepKind::Unknown(_) => {}
        }
    }

    pub(super) fn push_changes(&mut self, changes: &[Change]) {
        for file in changes.iter().flat_map(Change::files) {
            // The file's name is the first line.
            let gap = |gap: &std::ops::Range<u32>| LineFold {
                from: gap.start + 1,
                to: gap.end + 1,
                is_open: false,
                entries: None,
            };
            let folding = Folding::new(file.lines.len() + 1, file.gaps.iter().map(gap).collect());
            self.push_folding(Section::Diff(file, folding));
        }
    }

    pub(super) fn push_folding(&mut self, section: Section) {
        self.push(section.folding().map_or(0, Folding::rows), section);
    }

    pub(super) fn push_failure(&mut self, step: &Step) {
        if let StepKind::Tool(tool) = &step.kind
            && let Some(message) = &tool.error
        {
            self.push(1, Section::Failure(message.clone()));
        }
    }
}

/// Whether nothing but what a tool was given tells what it did.
pub(super) fn shows_input(tool: &ToolStep) -> bool {
    tool.command.is_none() && !tool.has_changes() && tool.kind != ToolKind::Think
}
