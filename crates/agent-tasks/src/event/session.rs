//! What a session says of itself: asked for, started, over.

use serde::{Deserialize, Serialize};

use crate::{FromJson, Timestamp};

/// A session was asked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SessionRequested {
    /// The launch profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The branch it will work on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_ref: Option<String>,
    /// The branch it starts from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_ref: Option<String>,
}

/// The agent has taken the session.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SessionStart {
    /// The agent's own name for the session; what a later session resumes by.
    pub session_id: String,
    /// The program that runs it, as it names itself: `opencode 1.18.33`.
    pub producer: String,
    /// When the agent's process was started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// The model it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_model: Option<String>,
    /// Companion: whether the agent remembers the task's earlier sessions.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub resumed: bool,
}

/// Something worth knowing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SessionInfo {
    /// A word for the kind: `queue`, `stderr`, `git`, `acp` …
    pub info_type: String,
    /// One sentence or line.
    pub message: String,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl SessionInfo {
    /// The kind that says that the agent's process is being started; it may take its time to answer.
    pub const LAUNCH: &str = "launch";
    /// The kind that says that everything of the session is halted.
    pub const PAUSE: &str = "pause";
    /// The kind that says that it goes on.
    pub const RESUME: &str = "resume";
}

/// Something went wrong.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SessionError {
    /// A word for the kind: `launch`, `authentication`, `protocol`, `agent`, `interrupted` …
    pub error_type: String,
    /// What happened and what to do next.
    pub message: String,
    /// More, as the program said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShutdownType {
    /// By itself, or because somebody stopped it.
    #[default]
    Routine,
    /// It broke off.
    #[serde(other)]
    Error,
}

/// The session is over.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SessionShutdown {
    /// How.
    pub shutdown_type: ShutdownType,
    /// Why, when it broke off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_reason: Option<String>,
    /// Companion: why the agent says its turn ended (`end_turn`, `max_tokens`, `refusal`, `cancelled` …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<String>,
    /// What changed on the branch since the task began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_changes: Option<CodeChanges>,
    /// Companion: what became of the agent's processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<SupervisionReport>,
}

/// What changed on a branch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CodeChanges {
    /// Lines added.
    pub lines_added: u64,
    /// Lines removed.
    pub lines_removed: u64,
    /// Paths below the repository's root.
    pub files_modified: Vec<String>,
}

/// What became of a session's processes: who got which signal, and how many are left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SupervisionReport {
    /// How the processes were found: `subreaper`, `process_group`, `cgroup` …
    pub layer: String,
    /// What was sent to whom, in order.
    pub signals: Vec<SignalSent>,
    /// How many processes of the session are left. Zero, or the stop has failed.
    pub remaining: u32,
    /// The processes that are left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub survivors: Vec<ProcessName>,
    /// From the request to the last process's end, in milliseconds.
    pub duration_ms: u64,
}

/// A signal that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignalSent {
    /// `session/cancel`, `session/close`, `stdin closed`, `SIGTERM`, `SIGKILL`.
    pub signal: String,
    /// To whom.
    #[serde(flatten)]
    pub process: ProcessName,
}

/// A process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProcessName {
    /// Its number.
    pub pid: u32,
    /// Its command, cut to a line.
    pub command: String,
}

/// The session has a new title.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SessionTitleChanged {
    /// The title.
    pub title: String,
}
