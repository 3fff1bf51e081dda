//! Agents as processes: launch profiles, the ACP connection, supervision.
//! Knows nothing of tasks, HTTP or the database: a run gets a [`RunSpec`] and [`Control`]s, and tells
//! [`NewEvent`]s.
//!
//! `run` tells the story of a session; `conversation` is its one loop; `connection` and `lines` carry
//! JSON-RPC; the crate `acp-events` knows what ACP means in events; `spawn` and `supervise` own the processes; `rehearsal` is an agent of our own that plays scripts.

mod connection;
mod conversation;
mod failure;
mod lines;
mod outbox;
mod pause;
mod profiles;
mod rehearsal;
mod run;
mod spawn;
mod stderr;
mod supervise;

use std::{collections::BTreeMap, path::PathBuf};

use agent_tasks::{SessionId, event::SupervisionReport};
use serde::Deserialize;

pub use acp_events::NewEvent;
pub use profiles::{Catalogue, Offered, REHEARSAL_COMMAND, REHEARSAL_ID, catalogue};
pub use rehearsal::rehearse;
pub use run::run;
pub use supervise::{KEEPER_COMMAND, MARKER, Supervisor, keep, prepare};

use crate::config::Limits;

/// How to start an agent. In TOML a `[[agent]]` table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What a task names.
    pub id: String,
    /// For people; the id when absent.
    #[serde(default)]
    pub name: String,
    /// The program: a name on PATH or an absolute path.
    pub command: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// Variables to set. `{random}` in a value becomes 32 random hexadecimal digits, new for every run.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Variables to pass on from the companion's own environment, when they are set there.
    #[serde(default)]
    pub pass_env: Vec<String>,
    /// The mode to set before the first prompt, by the agent's own name for it (`read-only`, `plan` …). The
    /// session fails where the agent has no such mode: it must not run with more rights than wanted.
    #[serde(default)]
    pub mode: Option<String>,
}

/// One session to run.
#[derive(Debug, Clone)]
pub struct RunSpec {
    /// The session; also the mark by which its processes are found.
    pub session_id: SessionId,
    /// How to start the agent.
    pub profile: Profile,
    /// The worktree, absolute: the agent's working directory.
    pub worktree: PathBuf,
    /// What to do.
    pub prompt: String,
    /// The model, by the agent's own name for it.
    pub model: Option<String>,
    /// The agent's own id of the task's earlier session, to go on from.
    pub resume: Option<String>,
    /// The limits in force.
    pub limits: Limits,
}

/// What can be said to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// End it, and everything it started.
    Stop,
    /// Halt it, and everything it started.
    Pause,
    /// Let it go on.
    Resume,
    /// The answer to a permission request; `None` dismisses it.
    Answer {
        /// The request.
        request_id: String,
        /// The chosen option.
        option_id: Option<String>,
    },
}

/// How a run ended. By then none of its processes is left, unless the report says so.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOutcome {
    /// Why.
    pub end: RunEnd,
    /// The agent's own id of the session, for a later resume.
    pub agent_session: Option<String>,
    /// What became of its processes.
    pub report: SupervisionReport,
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// The agent ended its turn; carries ACP's stop reason.
    TurnEnded(String),
    /// It was stopped.
    Stopped,
    /// It could not go on; carries a sentence that says why and what to do.
    Failed(String),
}
