//! What the page knows: tasks, the open task, connections. Plain data and pure functions: no DOM, no
//! network, no clock.

mod choosing;
mod connection;
mod draft;
mod open_task;
mod pull_link;
pub mod status;
mod task_book;

pub use choosing::agent_name;
pub use connection::Connection;
pub use draft::{Choices, Draft};
pub use open_task::{Joined, join};
pub use pull_link::PullLink;
pub use task_book::TaskBook;

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
