//! A step: one thing that happened in a session, from its first event to its last.

use std::sync::OnceLock;

pub use agent_tasks::outline::StepState;

use agent_tasks::Timestamp;
use agent_tasks::event::{
    Location, PermissionRequested, PermissionResult, PlanEntry, PlanStatus, SessionShutdown, ToolKind,
};
use agent_tasks::outline::{PlanSummary, StepCode, StepCodeKind};

use crate::diff::{FileDiff, count_changes, parse_unified};
use crate::{Picture, Text};

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Step {
    /// The number of its first event: its permalink; 0 while it is only counted.
    pub seq: u64,
    /// The number of the last event that said something of it.
    pub last_seq: u64,
    /// The identifier by which events name it: of the message, the thought, the tool call or the permission request.
    pub id: Option<Box<str>>,
    /// The sub-agent that it came from, as its events name it.
    pub agent_id: Option<Box<str>>,
    /// The place of the sub-agent's step that it is part of.
    pub parent: Option<u32>,
    /// The tokens that were used for it, where the agent told what it had used after it.
    pub tokens: Option<u64>,
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
    /// Its session's place among those of the document.
    pub(crate) session: u32,
    /// The event up to which all of its text is in it or told; later ones add to it.
    pub(crate) upto: u64,
    /// What is there of what it says beside its text.
    pub(crate) facts: Facts,
    /// Its rows before they were released.
    pub(crate) known_rows: Option<KnownRows>,
}

/// Rows of an open step that were known before they were released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownRows {
    pub above: u32,
    pub prose: u32,
    /// Those of a text that folds.
    pub folded: Option<u32>,
    pub below: u32,
}

/// What is there of what a step says beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Facts {
    /// All.
    Here,
    /// What its one line says.
    Told,
    /// Its kind, its state and its lines.
    Counted,
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
    /// How many entries there are, where those themselves are not there.
    pub(crate) told: PlanSummary,
}

impl PlanStep {
    /// How many entries are done, and how many there are.
    pub fn counts(&self) -> (usize, usize) {
        if self.entries.is_empty() {
            return (self.told.done as usize, self.told.total as usize);
        }
        let done = self.entries.iter().filter(|entry| entry.status == PlanStatus::Completed).count();
        (done, self.entries.len())
    }
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
    /// What it shows.
    pub pictures: Vec<Picture>,
    /// Other parts that are not text: links, sounds, parts of an unknown kind; one line each.
    pub notes: Vec<String>,
    /// The last word on its progress.
    pub progress: Option<String>,
    /// Lines added and removed, once counted.
    pub(crate) counted: OnceLock<(u32, u32)>,
    /// How much there is of what is not there.
    pub(crate) told: ToolCounts,
}

/// How much there is of what a tool call says, where that itself is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ToolCounts {
    /// Bytes of its changes; `None` without any.
    pub change_bytes: Option<u64>,
    pub notes: u32,
    pub input_lines: u32,
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
            return self.told.change_bytes.and_then(|_| self.counted.get().copied());
        }
        let count = || self.changes.iter().map(Change::count).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Some(*self.counted.get_or_init(count))
    }

    /// Whether it changed files.
    pub fn has_changes(&self) -> bool {
        self.change_bytes().is_some()
    }

    /// The bytes of its changes; `None` without any.
    pub(crate) fn change_bytes(&self) -> Option<u64> {
        if self.changes.is_empty() {
            return self.told.change_bytes;
        }
        Some(self.changes.iter().map(|change| change.bytes() as u64).sum())
    }

    /// How many parts it has that are not text.
    pub(crate) fn note_count(&self) -> u32 {
        match self.pictures.len() + self.notes.len() {
            0 => self.told.notes,
            here => here as u32,
        }
    }

    /// Lines of what it was given, as it is shown.
    pub(crate) fn input_lines(&self) -> u32 {
        if self.input.is_empty() { self.told.input_lines } else { self.input.lines() as u32 }
    }

    /// Keeps the counts of what is dropped: changes, parts that are not text, what it was given.
    pub(crate) fn count_only(&mut self) {
        let counted = self.diffstat();
        self.told =
            ToolCounts { change_bytes: self.change_bytes(), notes: self.note_count(), input_lines: self.input_lines() };
        if let Some(counted) = counted {
            self.counted = counted.into();
        }
        (self.changes, self.pictures, self.notes, self.input) = Default::default();
    }
}

impl Step {
    /// The document's revision when anything of it changed last: what is the same says the same.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether there is something to open.
    pub fn can_open(&self) -> bool {
        match &self.kind {
            StepKind::Session(_) | StepKind::Stop(_) => false,
            StepKind::Info(_) => self.text.lines() > 1,
            StepKind::Tool(tool) => {
                !self.text.is_empty()
                    || tool.has_changes()
                    || tool.note_count() > 0
                    || tool.error.is_some()
                    || (tool.command.is_none() && tool.input_lines() > 0)
            }
            StepKind::Prompt
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Plan(_)
            | StepKind::Permission(_)
            | StepKind::Error(_)
            | StepKind::Shutdown(_)
            | StepKind::Unknown(_) => true,
        }
    }

    /// Whether its one line is known. Of one that is only counted, the kind, the state and the lines are.
    pub fn is_told(&self) -> bool {
        self.facts != Facts::Counted
    }

    /// Whether all that it says beside its text is there.
    pub fn has_facts(&self) -> bool {
        self.facts == Facts::Here
    }

    /// What it is and where it stands.
    pub fn code(&self) -> StepCode {
        let kind = match &self.kind {
            StepKind::Session(_) => StepCodeKind::Session,
            StepKind::Prompt => StepCodeKind::Prompt,
            StepKind::Info(_) => StepCodeKind::Info,
            StepKind::Reasoning => StepCodeKind::Reasoning,
            StepKind::Message => StepCodeKind::Message,
            StepKind::Tool(tool) => StepCodeKind::Tool(tool.kind),
            StepKind::Plan(plan) if plan.is_newest => StepCodeKind::NewestPlan,
            StepKind::Plan(_) => StepCodeKind::Plan,
            StepKind::Permission(_) => StepCodeKind::Permission,
            StepKind::Error(_) => StepCodeKind::Error,
            StepKind::Stop(_) => StepCodeKind::Stop,
            StepKind::Shutdown(_) => StepCodeKind::Shutdown,
            StepKind::Unknown(_) => StepCodeKind::Unknown,
        };
        StepCode { kind, state: self.state }
    }

    /// Whether its text is markdown.
    pub fn is_prose(&self) -> bool {
        matches!(self.kind, StepKind::Prompt | StepKind::Reasoning | StepKind::Message)
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
