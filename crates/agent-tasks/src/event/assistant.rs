//! What the agent says: thoughts, messages, its plan, what it used.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::FromJson;

/// The agent began a turn.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssistantTurnStart {
    /// Unique in the session.
    pub turn_id: String,
}

/// The agent ended a turn.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssistantTurnEnd {
    /// Unique in the session.
    pub turn_id: String,
    /// Companion: why (`end_turn`, `max_tokens`, `max_turn_requests`, `refusal`, `cancelled`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<String>,
}

/// What the agent does now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AssistantIntent {
    /// One line.
    pub intent: String,
}

/// More of a thought.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssistantReasoningDelta {
    /// The thought it belongs to.
    pub reasoning_id: String,
    /// The text to append.
    pub delta_content: String,
}

/// A whole thought.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssistantReasoning {
    /// Unique in the session.
    pub reasoning_id: String,
    /// The text, in place of all deltas.
    pub content: String,
}

/// More of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssistantMessageDelta {
    /// The message it belongs to.
    pub message_id: String,
    /// The text to append.
    pub delta_content: String,
}

/// A whole message.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssistantMessage {
    /// Unique in the session. The same id with longer content replaces what was there.
    pub message_id: String,
    /// Markdown, in place of all deltas.
    pub content: String,
    /// The tool calls that the message announces, as the server sent them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_requests: Vec<Value>,
    /// The tool call of the sub-agent that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_tool_call_id: Option<String>,
}

/// The agent's plan. Companion only; the shape is ACP's plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AssistantPlan {
    /// All entries.
    pub entries: Vec<PlanEntry>,
}

/// One entry of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanEntry {
    /// What to do.
    pub content: String,
    /// `high`, `medium` or `low`.
    #[serde(default)]
    pub priority: String,
    /// How far it is.
    #[serde(default)]
    pub status: PlanStatus,
}

/// How far an entry of a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Being done.
    InProgress,
    /// Done.
    Completed,
    /// Not begun, or a word that this version does not know.
    #[default]
    #[serde(other)]
    Pending,
}

/// What was used so far. Absent fields are not known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssistantUsage {
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Tokens read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// Tokens thought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_tokens: Option<u64>,
    /// Tokens read from a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_read_tokens: Option<u64>,
    /// Companion: tokens in the agent's context now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_used: Option<u64>,
    /// Companion: tokens that fit into the agent's context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_size: Option<u64>,
    /// What it cost so far, in `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// Companion: ISO 4217 code of `cost`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}
