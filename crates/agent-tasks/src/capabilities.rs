//! What a server can do. A companion tells it; what GitHub can do is known to the page's client.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// What a server is and can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Capabilities {
    /// The server's name: `flightdeck`.
    pub server: String,
    /// The server's version.
    pub version: String,
    /// The calls beyond GitHub's public ones that it answers.
    pub calls: Calls,
    /// What a start takes beside the prompt, the repository and the base branch.
    #[serde(default)]
    pub start: StartFields,
    /// The agents on offer, the default first.
    pub agents: Vec<AgentOffer>,
    /// The agents it knows and did not find.
    #[serde(default)]
    pub missing_agents: Vec<MissingAgent>,
    /// Its limits.
    pub limits: Limits,
    /// How it ends processes; absent where there are none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervision: Option<Supervision>,
}

/// The optional fields of a start that a server acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct StartFields {
    /// `custom_agent`: an agent that the repository defines.
    pub custom_agent: bool,
    /// `create_pull_request`: one is opened when the work is done.
    pub create_pull_request: bool,
    /// `head_ref`: the work goes on an existing branch.
    pub head_ref: bool,
}

/// The optional calls of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Calls {
    /// The log of a task, as windows and as a stream.
    pub events: bool,
    /// What there is in a log, step by step: a part of a log can be shown without the rest.
    pub outline: bool,
    /// Find in a log.
    pub search: bool,
    /// The list of tasks as a stream.
    pub stream: bool,
    /// Follow-ups.
    pub steer: bool,
    /// Stop.
    pub stop: bool,
    /// Answers to permission requests.
    pub answer: bool,
    /// Pause and resume.
    pub pause: bool,
    /// The changes of a branch.
    pub compare: bool,
}

/// An agent that can be started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgentOffer {
    /// What a new task names.
    pub id: String,
    /// For people.
    pub name: String,
    /// One line on what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it only plays a script: no model is involved.
    #[serde(default)]
    pub rehearsal: bool,
    /// The models a task may name; empty when only the agent knows.
    #[serde(default)]
    pub models: Vec<String>,
}

/// An agent that was not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingAgent {
    /// Its profile.
    pub id: String,
    /// For people.
    pub name: String,
    /// How to install it: a command or a sentence.
    pub install: String,
}

/// A server's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    /// Bytes of the longest prompt.
    pub prompt_bytes: usize,
    /// Sessions that run at once; the rest wait. Absent where the server does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<usize>,
    /// Seconds from a stop to the last signal. Absent where the server does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_seconds: Option<u64>,
}

/// How a server ends processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Supervision {
    /// A word: `subreaper`, `process_group` …
    pub layer: String,
    /// One sentence on what it does and does not cover.
    pub description: String,
}
