//! What an event says. `data` keeps the camel case of GitHub's SDK.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use super::{assistant::*, permission::*, session::*, tool::*, user::*};
use crate::FromJson;

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

            /// The `data` on the wire, as JSON.
            pub fn data_json(&self) -> serde_json::Result<String> {
                match self {
                    $(Self::$name(body) => serde_json::to_string(body),)*
                    Self::Unknown(unknown) => serde_json::to_string(&unknown.data),
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
            assert_eq!(body.data_json().unwrap(), data.to_string());
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
