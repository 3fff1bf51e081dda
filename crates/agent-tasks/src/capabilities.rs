//! What a server can do. A server that does not answer this call is taken for GitHub.

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
    /// The agents on offer, the default first.
    pub agents: Vec<AgentOffer>,
    /// The agents it knows and did not find.
    #[serde(default)]
    pub missing_agents: Vec<MissingAgent>,
    /// Its limits.
    pub limits: Limits,
    /// How it ends processes.
    pub supervision: Supervision,
}

/// The optional calls of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Calls {
    /// The log of a task, as windows and as a stream.
    pub events: bool,
    /// The list of tasks as a stream.
    pub stream: bool,
    /// Follow-ups.
    pub steer: bool,
    /// Stop.
    pub stop: bool,
    /// Answers to permission requests.
    pub answer: bool,
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
    /// Sessions that run at once; the rest wait.
    pub running: usize,
    /// Seconds from a stop to the last signal.
    pub stop_seconds: u64,
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
