//! Tool calls: what an agent does with something outside itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::FromJson;

/// A tool call began. The same `toolCallId` again tells more of the same call: fields that are there
/// replace what was known, absent ones keep it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ToolExecutionStart {
    /// Unique in the session.
    pub tool_call_id: String,
    /// The tool's name: `bash`, `edit` …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tool_name: String,
    /// What the tool was given.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub arguments: Value,
    /// The sub-agent's call that this one is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_tool_call_id: Option<String>,
    /// Companion: what kind of thing the tool does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ToolKind>,
    /// Companion: what the agent calls it, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Companion: the command line, where the tool runs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Companion: the files it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
}

/// ACP's kinds of tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ToolKind {
    /// Reads files.
    Read,
    /// Changes files.
    Edit,
    /// Deletes files.
    Delete,
    /// Moves files.
    Move,
    /// Looks for something.
    Search,
    /// Runs a command.
    Execute,
    /// Thinks aloud.
    Think,
    /// Gets something from elsewhere.
    Fetch,
    /// Changes the agent's mode.
    SwitchMode,
    /// Anything else.
    #[default]
    #[serde(other)]
    Other,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Location {
    /// Below the worktree where it is there, else absolute.
    pub path: String,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

/// Output of a running tool call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ToolExecutionPartialResult {
    /// The call.
    pub tool_call_id: String,
    /// Text to append to the call's output.
    pub partial_output: String,
    /// Companion: whether the text stands in place of all output so far instead.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replace: bool,
}

/// A word on a tool call's progress.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ToolExecutionProgress {
    /// The call.
    pub tool_call_id: String,
    /// One line.
    pub progress_message: String,
}

/// A tool call ended.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ToolExecutionComplete {
    /// The call.
    pub tool_call_id: String,
    /// Whether the tool says that it worked.
    pub success: bool,
    /// What it gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ToolResult>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ToolError>,
}

/// What a tool gave.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ToolResult {
    /// The whole output, in place of the partial results; absent when those were complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The output with more detail, a whole diff for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detailed_content: Option<String>,
    /// The parts, where the tool gave parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<ToolContent>,
}

/// What went wrong in a tool.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ToolError {
    /// For people.
    pub message: String,
    /// For programs: `cancelled` when the session ended before the tool did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// One part of what a tool gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToolContent {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// How a command ended.
    #[serde(rename_all = "camelCase")]
    Terminal {
        /// Its output, where it was not sent as partial results.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Its exit code, where known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit_code: Option<i64>,
        /// The signal that ended it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signal: Option<String>,
    },
    /// A change of a file. Companion: ACP's diff.
    #[serde(rename_all = "camelCase")]
    Diff {
        /// Below the worktree where it is there, else absolute.
        path: String,
        /// The text before; absent for a new file. May be a part of the file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old_text: Option<String>,
        /// The text after.
        new_text: String,
    },
    /// A picture.
    #[serde(rename_all = "camelCase")]
    Image {
        /// Base 64.
        data: String,
        /// `image/png` …
        mime_type: String,
    },
    /// A pointer to something elsewhere.
    ResourceLink {
        /// Its address.
        uri: String,
        /// Its name.
        #[serde(default)]
        name: String,
    },
    /// A part of a kind that this version does not know.
    #[serde(untagged)]
    Other(Value),
}
