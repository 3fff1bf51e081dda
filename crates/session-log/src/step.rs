//! A step: one thing that happened in a session, from its first event to its last.

use std::sync::OnceLock;

pub use agent_tasks::outline::StepState;

use agent_tasks::Timestamp;
use agent_tasks::event::{Location, PermissionRequested, PermissionResult, PlanEntry, SessionShutdown, ToolKind};

use crate::Text;
use crate::diff::{FileDiff, count_changes, parse_unified};

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Step {
    /// The number of its first event: its permalink.
    pub seq: u64,
    /// What it is.
    pub kind: StepKind,
    /// Where it stands.
    pub state: StepState,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Its text: markdown of prompts, reasoning and messages; the output of a tool; plain text of the rest.
    pub text: Text,
    /// Changes whenever anything but `text` does.
    pub version: u32,
    /// The document's revision when anything of it changed last.
    pub(crate) revision: u64,
}

/// What a step is.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// A session begins.
    Session(SessionStep),
    /// What a person asked.
    Prompt,
    /// Lines worth knowing; carries a word for their kind.
    Info(String),
    /// A thought.
    Reasoning,
    /// A message of the agent.
    Message,
    /// A tool call.
    Tool(Box<ToolStep>),
    /// The plan as it stood.
    Plan(PlanStep),
    /// A permission request.
    Permission(Box<PermissionStep>),
    /// Something went wrong; carries a word for its kind.
    Error(String),
    /// Somebody asked to stop; carries the reason.
    Stop(String),
    /// The session is over.
    Shutdown(Box<SessionShutdown>),
    /// A type that this version does not know; carries its name.
    Unknown(String),
}

/// The start of a session.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SessionStep {
    /// Its place among the task's sessions, from 1.
    pub number: u32,
    /// The program that runs it, as it names itself.
    pub producer: Option<String>,
    /// The model it runs on.
    pub model: Option<String>,
    /// Whether the agent remembers the sessions before.
    pub is_resumed: bool,
}

/// A plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanStep {
    /// What is to be done.
    pub entries: Vec<PlanEntry>,
    /// Whether the session has no newer plan.
    pub is_newest: bool,
}

/// A tool call.
#[derive(Debug, Clone, Default)]
pub struct ToolStep {
    /// The tool's name.
    pub name: String,
    /// What kind of thing it does.
    pub kind: ToolKind,
    /// What the agent calls it.
    pub title: Option<String>,
    /// The command line.
    pub command: Option<String>,
    /// The files it is about.
    pub locations: Vec<Location>,
    /// The sub-agent's call that it is part of.
    pub parent_id: Option<String>,
    /// What the tool was given, as JSON; shown where nothing else tells it.
    pub input: Text,
    /// How the command ended.
    pub exit_code: Option<i64>,
    /// The signal that ended the command.
    pub signal: Option<String>,
    /// The changes it made.
    pub changes: Vec<Change>,
    /// What went wrong.
    pub error: Option<String>,
    /// Parts that are not text: pictures, links, parts of an unknown kind; one line each.
    pub notes: Vec<String>,
    /// The last word on its progress.
    pub progress: Option<String>,
    /// Lines added and removed, once counted.
    pub(crate) counted: OnceLock<(u32, u32)>,
}

/// A change of files.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The text of one file before and after.
    Texts {
        /// The file.
        path: String,
        /// Before; absent for a new file.
        old: Option<String>,
        /// After.
        new: String,
    },
    /// A unified diff.
    Unified(String),
}

impl Change {
    /// The files that changed, with their lines.
    pub fn files(&self) -> Vec<FileDiff> {
        match self {
            Self::Texts { path, old, new } => vec![FileDiff::between(path, old.as_deref(), new)],
            Self::Unified(text) => parse_unified(text),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Texts { old, new, .. } => old.as_ref().map_or(0, String::len) + new.len(),
            Self::Unified(text) => text.len(),
        }
    }

    fn count(&self) -> (u32, u32) {
        match self {
            Self::Texts { old, new, .. } => count_changes(old.as_deref().unwrap_or_default(), new),
            Self::Unified(text) => {
                parse_unified(text).iter().fold((0, 0), |sum, file| (sum.0 + file.added, sum.1 + file.removed))
            }
        }
    }
}

impl ToolStep {
    /// Lines added and removed by its changes; `None` without any.
    pub fn diffstat(&self) -> Option<(u32, u32)> {
        if self.changes.is_empty() {
            return None;
        }
        let count = || self.changes.iter().map(Change::count).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Some(*self.counted.get_or_init(count))
    }
}

/// A permission request.
#[derive(Debug, Clone, PartialEq)]
pub struct PermissionStep {
    /// What is asked, with the answers on offer.
    pub asked: PermissionRequested,
    /// What came of it.
    pub result: Option<PermissionResult>,
    /// The change it asks for.
    pub changes: Vec<Change>,
}

impl PermissionStep {
    /// What was chosen, in the words of the button.
    pub fn chosen(&self) -> Option<&str> {
        let chosen = self.result.as_ref()?.option_id.as_deref()?;
        self.asked.options.iter().find(|option| option.option_id == chosen).map(|option| option.name.as_str())
    }
}
