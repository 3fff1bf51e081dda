//! What an outline tells of one step: its one line, the names by which later events find it, and where its events are.

use serde::{Deserialize, Serialize};

use crate::event::{Location, PermissionOption, ToolKind};
use crate::{FromJson, SessionId, Timestamp};

/// The longest title, name or word of a summary, in characters. Longer ones are cut.
pub const TITLE_CHARS_MAX: usize = 200;
/// The longest command of a summary, in characters. A longer one is cut.
pub const COMMAND_CHARS_MAX: usize = 2_000;
/// The most places of a summary.
pub const LOCATIONS_MAX: usize = 16;
/// The most answers on offer of a summary.
pub const OPTIONS_MAX: usize = 16;

/// What the one line of a step says, and where its events are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StepSummary {
    /// The number of its first event: its permalink.
    pub seq: u64,
    /// The number of the last event that said something of it.
    pub last_seq: u64,
    /// Its session.
    pub session_id: SessionId,
    /// Two letters: what it is, and where it stands ([`super::StepCode`]); the same as in the map.
    pub code: String,
    /// The identifier by which events name it: of the message, the thought, the tool call or the permission request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The sub-agent that it came from, as its events name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The place of the sub-agent's step that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Lines of its text, as rows show them: a long one counts several times.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lines: u32,
    /// Bytes of its text.
    #[serde(default, skip_serializing_if = "is_zero_64")]
    pub bytes: u64,
    /// The first line of its text that says something; of a session's end, why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The word for the kind of an info or an error, the reason of a stop, the type of an unknown event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// The tokens that were used for it, where the agent told what it had used after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    /// Of a tool call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<ToolSummary>,
    /// Of the beginning of a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionSummary>,
    /// Of a permission request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<PermissionSummary>,
    /// Of a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanSummary>,
    /// Where reading its text may begin, in order, when there is more than one such place: about every 64 KiB.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<TextMark>,
}

/// A place where reading a text may begin: the start of a line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TextMark {
    /// The event whose part of the text the line starts in.
    pub seq: u64,
    /// Bytes of that event's part that stand before the line.
    #[serde(skip_serializing_if = "is_zero")]
    pub skip: u32,
    /// The line, from 0.
    pub line: u32,
    /// Where the line starts in the text, in bytes.
    pub at: u32,
    /// The style that the line starts with, as the parameters of an SGR sequence; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pen: String,
}

/// What the line of a tool call says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ToolSummary {
    /// The tool's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What kind of thing it does.
    pub kind: ToolKind,
    /// What the agent calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The files it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// The sub-agent's call that it is part of, by its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// How the command ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// The signal that ended the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// The last word on its progress.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<String>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Lines added by its changes.
    #[serde(skip_serializing_if = "is_zero")]
    pub added: u32,
    /// Lines removed by its changes.
    #[serde(skip_serializing_if = "is_zero")]
    pub removed: u32,
    /// Bytes of its changes; absent without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_bytes: Option<u64>,
    /// How many parts it has that are not text: pictures, links.
    #[serde(skip_serializing_if = "is_zero")]
    pub notes: u32,
    /// Lines of what it was given, as it is shown.
    #[serde(skip_serializing_if = "is_zero")]
    pub input_lines: u32,
}

/// What the line of a session's beginning says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SessionSummary {
    /// Its place among the task's sessions, from 1.
    pub number: u32,
    /// The program that runs it, as it names itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer: Option<String>,
    /// The model it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whether the agent remembers the sessions before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_resumed: bool,
}

/// What the line of a permission request says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PermissionSummary {
    /// A word for what is asked.
    pub kind: String,
    /// The tool call that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// What is asked, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The answers on offer, while it waits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<PermissionOption>,
    /// A word for what came of it; absent while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// The answer that was chosen, in the words of its button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
}

/// What the line of a plan says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PlanSummary {
    /// Entries that are done.
    pub done: u32,
    /// All entries.
    pub total: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn is_zero_64(number: &u64) -> bool {
    *number == 0
}
