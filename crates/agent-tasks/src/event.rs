//! The log of a task: numbered events in the vocabulary of GitHub's Copilot SDK.
//!
//! On the wire an event is one JSON object: the envelope's fields beside `type` and `data`. A type that
//! this version does not know, or one whose data does not fit, becomes [`EventBody::Unknown`]: it is
//! shown plainly and never dropped.

mod assistant;
mod body;
mod permission;
mod session;
mod tool;
mod user;

use serde::{Deserialize, Serialize};

pub use assistant::*;
pub use body::*;
pub use permission::*;
pub use session::*;
pub use tool::*;
pub use user::*;

use crate::{FromJson, SessionId, Timestamp};

/// One line of a task's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// Companion: the event's number in its task, from 1, without gaps. Zero from servers that do not number.
    #[serde(default)]
    pub seq: u64,
    /// Companion: the session it belongs to.
    #[serde(default)]
    pub session_id: SessionId,
    /// Unique text.
    pub id: String,
    /// When it happened.
    pub timestamp: Timestamp,
    /// The event before it, by id.
    #[serde(rename = "parentId", default)]
    pub parent_id: Option<String>,
    /// The sub-agent that it came from.
    #[serde(rename = "agentId", default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// Whether a later event says the same whole: deltas, partial results.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ephemeral: bool,
    /// What happened.
    #[serde(flatten)]
    pub body: EventBody,
    /// Companion, when asked for with `raw=true`: the message as the agent sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

/// A window of a task's log, ascending by `seq`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventWindow {
    /// The events of the window.
    pub events: Vec<Event>,
    /// Companion: the lowest `seq` that the log holds; 0 when it is empty.
    #[serde(default)]
    pub first_seq: u64,
    /// Companion: the highest `seq` that the log holds; 0 when it is empty.
    #[serde(default)]
    pub last_seq: u64,
    /// How many events the log holds.
    #[serde(default)]
    pub total: u64,
    /// Companion, where `of` was asked for: these are all such events up to this `seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upto: Option<u64>,
}
