//! What an event says. `data` keeps the camel case of GitHub's SDK.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use super::{
    PermissionCompleted, PermissionRequested, ToolExecutionComplete, ToolExecutionPartialResult, ToolExecutionProgress,
    ToolExecutionStart,
};
use crate::{FromJson, Timestamp};

/// Writes the enum, its names on the wire, and both directions of serde from one table.
macro_rules! event_bodies {
    ($($(#[$doc:meta])* $name:ident = $wire:literal,)*) => {
        /// What happened: the `type` and the `data` of an event.
        #[derive(Debug, Clone, PartialEq)]
        pub enum EventBody {
            $($(#[$doc])* $name($name),)*
            /// A type that this version does not know, or data that does not fit its type.
            Unknown(Unknown),
        }

        impl EventBody {
            /// Every type that this version knows, as it stands on the wire.
            pub const TYPES: &[&str] = &[$($wire),*];

            /// The `type` on the wire.
            pub fn type_name(&self) -> &str {
                match self {
                    $(Self::$name(_) => $wire,)*
                    Self::Unknown(unknown) => &unknown.r#type,
                }
            }

            /// The body that `type` and `data` say.
            pub fn from_parts(type_name: &str, data: Value) -> Self {
                let known = match type_name {
                    $($wire => $name::from_json(&data).map(Self::$name),)*
                    _ => None,
                };
                known.unwrap_or_else(|| Self::Unknown(Unknown { r#type: type_name.to_owned(), data }))
            }
        }

        impl Serialize for EventBody {
            fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                let mut map = out.serialize_map(Some(2))?;
                map.serialize_entry("type", self.type_name())?;
                match self {
                    $(Self::$name(body) => map.serialize_entry("data", body)?,)*
                    Self::Unknown(unknown) => map.serialize_entry("data", &unknown.data)?,
                }
                map.end()
            }
        }

        $(impl From<$name> for EventBody {
            fn from(body: $name) -> Self {
                Self::$name(body)
            }
        })*
    };
}

event_bodies! {
    /// A session was asked for; it may wait in the queue.
    SessionRequested = "session.requested",
    /// Its agent runs and has taken the session.
    SessionStart = "session.start",
    /// Something worth knowing.
    SessionInfo = "session.info",
    /// Something went wrong.
    SessionError = "session.error",
    /// The session is over; the last event of a session.
    SessionShutdown = "session.shutdown",
    /// The session has a new title.
    SessionTitleChanged = "session.title_changed",
    /// What a person asked.
    UserMessage = "user.message",
    /// The agent began a turn.
    AssistantTurnStart = "assistant.turn_start",
    /// The agent ended a turn.
    AssistantTurnEnd = "assistant.turn_end",
    /// What the agent does now, in one line.
    AssistantIntent = "assistant.intent",
    /// More of a thought.
    AssistantReasoningDelta = "assistant.reasoning_delta",
    /// A whole thought.
    AssistantReasoning = "assistant.reasoning",
    /// More of a message.
    AssistantMessageDelta = "assistant.message_delta",
    /// A whole message.
    AssistantMessage = "assistant.message",
    /// The agent's plan, whole, in place of the one before.
    AssistantPlan = "assistant.plan",
    /// What was used so far.
    AssistantUsage = "assistant.usage",
    /// A tool call began, or more of it became known.
    ToolExecutionStart = "tool.execution_start",
    /// Output of a tool call.
    ToolExecutionPartialResult = "tool.execution_partial_result",
    /// A word on a tool call's progress.
    ToolExecutionProgress = "tool.execution_progress",
    /// A tool call ended.
    ToolExecutionComplete = "tool.execution_complete",
    /// The agent asks for permission.
    PermissionRequested = "permission.requested",
    /// The request was answered, or fell away.
    PermissionCompleted = "permission.completed",
    /// Somebody asked to stop.
    Abort = "abort",
}

impl<'de> Deserialize<'de> for EventBody {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let Unknown { r#type, data } = Unknown::deserialize(input)?;
        Ok(Self::from_parts(&r#type, data))
    }
}

impl FromJson for EventBody {
    fn from_json(json: &Value) -> Option<Self> {
        let Unknown { r#type, data } = Unknown::from_json(json)?;
        Some(Self::from_parts(&r#type, data))
    }
}

/// A body as it came.
#[derive(Debug, Clone, PartialEq, Deserialize, FromJson)]
pub struct Unknown {
    /// The `type` on the wire.
    pub r#type: String,
    /// The `data` on the wire.
    #[serde(default)]
    pub data: Value,
}

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

/// What a person asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct UserMessage {
    /// The text.
    pub content: String,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

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

/// Somebody asked to stop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Abort {
    /// `user_initiated`, `remote_command` …
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;
    use serde_json::json;

    #[test]
    fn an_event_is_one_flat_object() {
        let wire = json!({
            "seq": 3, "session_id": "s", "id": "e", "timestamp": "2026-11-02T08:15:30.000Z", "parentId": null,
            "type": "assistant.message_delta", "data": {"messageId": "m", "deltaContent": "Hi"}
        });
        let event: Event = serde_json::from_value(wire.clone()).unwrap();
        assert!(matches!(&event.body, EventBody::AssistantMessageDelta(delta) if delta.delta_content == "Hi"));
        assert_eq!(serde_json::to_value(event).unwrap(), wire);
    }

    #[test]
    fn unknown_types_and_unfit_data_are_kept_as_they_came() {
        for (type_name, data) in [("weather.report", json!({"rain": true})), ("abort", json!(["no object"]))] {
            let body = EventBody::from_parts(type_name, data.clone());
            let EventBody::Unknown(unknown) = &body else { panic!("{type_name} was taken for known") };
            assert_eq!((unknown.r#type.as_str(), &unknown.data), (type_name, &data));
            assert_eq!(serde_json::to_value(&body).unwrap(), json!({"type": type_name, "data": data}));
        }
    }

    #[test]
    fn new_words_in_known_fields_do_not_hide_an_event() {
        let body = EventBody::from_parts(
            "assistant.plan",
            json!({"entries": [{"content": "a", "priority": "urgent", "status": "blocked", "extra": 1}]}),
        );
        let EventBody::AssistantPlan(plan) = body else { panic!("the plan was not read") };
        assert_eq!(plan.entries[0].status, PlanStatus::Pending);
    }
}
