//! What the page knows: tasks, the open task, connections. Plain data and pure functions: no DOM, no
//! network, no clock.

mod address;
mod choosing;
mod connection;
mod draft;
mod log_choices;
mod open_task;
mod pull_link;
mod reading_place;
pub mod status;
mod task_book;

pub use address::{LogSpot, RepositoryAddress, TaskAddress};
pub use choosing::{Place, agent_name};
pub use connection::{Connection, ConnectionId, Connections, Standing, TaskKey};
pub use draft::{Choices, Draft};
pub use log_choices::{LogChoices, Moments};
pub use open_task::{is_behind, join};
pub use pull_link::PullLink;
pub use reading_place::{LogTarget, ReadingPlace};
pub use task_book::{TaskBook, TaskEntry};

/// Data that lives on a server.
#[derive(Debug, Clone, PartialEq)]
pub enum Remote<T> {
    /// Asked for, not here yet.
    Loading,
    /// Here.
    Ready(T),
    /// Could not be had; carries a sentence that says what to do next.
    Failed(String),
}

impl<T> Remote<T> {
    /// The value, once it is here.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// Something that the user asked a server to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Action {
    /// Nothing under way; what was asked last has worked.
    #[default]
    Ready,
    /// Under way.
    Pending,
    /// Refused or lost; carries a sentence that says what to do next.
    Failed(String),
}

/// How a stream is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// The first connection is being made.
    #[default]
    Connecting,
    /// Events arrive as they happen.
    Live,
    /// Cut; it is being tried again.
    Reconnecting,
}

/// Where the log of a task can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogPlace {
    /// The server is being asked.
    #[default]
    Asking,
    /// Here.
    Here,
    /// On the server's own pages only.
    Elsewhere,
}

/// Whether this page may ask a server on the machine of the browser. A browser asks its user before a page
/// from elsewhere may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LocalAccess {
    /// It may, or the browser has no such rule.
    #[default]
    Granted,
    /// The browser will ask its user at the first request.
    Prompt,
    /// The user or an administrator has forbidden it.
    Denied,
}
