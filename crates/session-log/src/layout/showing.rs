//! How a reader likes a log to be shown: how much of it is open, and what is left out. It holds for the steps that
//! are there and for those that come.

use agent_tasks::FromJson;
use serde::Serialize;

use super::class::StepClass;
use crate::{Fold, Step, StepKind};

/// How a log is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, FromJson)]
#[serde(default)]
pub struct Showing {
    /// How much is open.
    pub level: Level,
    /// Sorts of steps that are all open, whatever the level says.
    pub opened: Vec<StepClass>,
    /// Sorts of steps that are all closed, whatever the level says.
    pub closed: Vec<StepClass>,
    /// Sorts of steps that are left out.
    pub hidden: Vec<StepClass>,
    /// Whether the output of tools stays folded away until a step is opened.
    pub hides_output: bool,
    /// Whether everything but errors is left out.
    pub is_errors_only: bool,
}

/// How much of a log is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The lines of the sessions.
    Sessions,
    /// What was asked and said; what was done in between is one line.
    Messages,
    /// Every step is one line.
    Lines,
    /// What a step has to say decides.
    #[default]
    Steps,
    /// Everything is open.
    All,
}

impl Showing {
    /// Opens all steps of a sort, or takes that back: where the level opens them anyway, it closes them.
    pub fn fold_class(&mut self, class: StepClass, is_open: bool) {
        self.opened.retain(|&other| other != class);
        self.closed.retain(|&other| other != class);
        match (is_open, self.level) {
            (true, Level::Sessions | Level::Messages | Level::Lines | Level::Steps) => self.opened.push(class),
            (false, Level::All) => self.closed.push(class),
            (true, Level::All) | (false, Level::Sessions | Level::Messages | Level::Lines | Level::Steps) => {}
        }
    }

    /// Opens this much; sorts of steps have no will of their own any more.
    pub fn set_level(&mut self, level: Level) {
        self.level = level;
        self.opened.clear();
        self.closed.clear();
    }

    /// Leaves a sort of steps out, or shows it.
    pub fn hide(&mut self, class: StepClass, is_hidden: bool) {
        self.hidden.retain(|&other| other != class);
        if is_hidden {
            self.hidden.push(class);
        }
    }

    /// Whether something is left out.
    pub fn has_filter(&self) -> bool {
        self.is_errors_only || self.hides_output || !self.hidden.is_empty()
    }

    /// How a step is folded until the reader says otherwise.
    pub(super) fn fold_of(&self, step: &Step, class: StepClass) -> Fold {
        if class == StepClass::Session {
            return if self.level == Level::Sessions { Fold::Closed } else { Fold::Open };
        }
        if super::class::is_asking(step) {
            return Fold::Open;
        }
        if self.opened.contains(&class) {
            return Fold::Open;
        }
        if self.closed.contains(&class) {
            return Fold::Closed;
        }
        match self.level {
            Level::Lines => Fold::Closed,
            Level::All => Fold::Open,
            // A sub-agent's steps stand under its line once that is open.
            Level::Sessions | Level::Messages | Level::Steps if class == StepClass::Agent => Fold::Closed,
            Level::Sessions | Level::Messages | Level::Steps if self.hides_output && is_output(step) => Fold::Closed,
            Level::Sessions | Level::Messages | Level::Steps => Fold::of(step),
        }
    }

    pub(super) fn hidden_bits(&self) -> u32 {
        self.hidden.iter().fold(0, |bits, class| bits | class.bit())
    }
}

/// Whether its rows are output and nothing else.
fn is_output(step: &Step) -> bool {
    matches!(&step.kind, StepKind::Tool(tool) if !tool.has_changes())
}
