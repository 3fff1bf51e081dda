//! GitHub's Agent tasks API as types, with what a companion adds to it.
//!
//! Both sides of the wire use this crate: the page and the companion agree by sharing it. It holds
//! facts and rules only: no framework, no browser, no runtime, no clock, no request.
//!
//! - [`Task`] and [`Session`]: what a list and a session page show;
//! - [`State`] and its rules ([`rules`]): may this session be stopped, steered, archived?
//! - [`Event`]: one line of a session's log; [`Progress`]: what a log says about its session's state;
//! - [`paths`]: every URL path of the API, for the server's router and the client's requests alike;
//! - [`ApiError`]: the body of every refusal.
//!
//! Source: GitHub's REST description of "agent tasks" (version 2026-03-10) and the session events of
//! GitHub's Copilot SDK. Fields that only a companion sends are optional and say so.

// The derive names this crate by its name from outside.
extern crate self as agent_tasks;

pub mod capabilities;
pub mod download;
pub mod error;
pub mod event;
pub mod follow_up;
pub mod from_json;
pub mod outline;
pub mod pairing;
pub mod paths;
pub mod presets;
pub mod progress;
pub mod prompt;
pub mod pull;
pub mod query;
pub mod repository;
pub mod rules;
#[cfg(feature = "schema")]
mod schema;
pub mod search;
pub mod server;
pub mod session;
pub mod state;
pub mod steer;
pub mod task;
pub mod timestamp;
pub mod token;

pub use capabilities::Capabilities;
pub use download::{LogFormat, LogQuery};
pub use error::{ApiError, ErrorCode, ErrorDetail};
pub use event::{Event, EventBody, EventWindow};
pub use follow_up::FollowUpWay;
pub use from_json::FromJson;
pub use outline::{Nesting, OutlineMap, OutlineQuery, OutlineWindow, PlacedStep, StepCode, StepSummary};
pub use pairing::{NewPairing, PairedToken};
pub use presets::{PagePresets, Preset};
pub use progress::Progress;
pub use prompt::Prompt;
pub use pull::{ChecksState, PullArtifact, PullState};
pub use query::{EventQuery, TaskQuery};
pub use repository::{Branch, Repository, User};
pub use search::{SearchHit, SearchPart, SearchQuery, SearchWindow, StepHits};
pub use server::{Edition, ServerAddress};
pub use session::{Session, SessionId};
pub use state::State;
pub use steer::Steer;
pub use task::{Artifact, NewTask, Task, TaskId, TaskList};
pub use timestamp::Timestamp;
pub use token::{Permission, RateBudget};
