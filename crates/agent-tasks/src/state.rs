//! The states of a task and of a session, in GitHub's words.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// Where a task or a session stands. A task's state is that of its newest session.
///
/// A state that this version does not know is kept as it came: it counts as active, shows as itself
/// and can be stopped, so that a server that learns a new word never hides a running agent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum State {
    /// Accepted; waits for a free place.
    Queued,
    /// The agent is at work.
    InProgress,
    /// The agent asked something and waits for the answer.
    WaitingForUser,
    /// Alive, with nothing to do.
    Idle,
    /// The agent ended its turn by itself. Says nothing about success.
    Completed,
    /// The agent or its server broke off; the session's error says why.
    Failed,
    /// The server ended it after its time limit.
    TimedOut,
    /// Someone stopped it, and nothing of it is left running.
    Cancelled,
    /// A word from a newer server.
    Unknown(String),
}

impl State {
    /// The states that this version knows, in the order in which a session may pass them.
    pub const KNOWN: [Self; 8] = [
        Self::Queued,
        Self::InProgress,
        Self::WaitingForUser,
        Self::Idle,
        Self::Completed,
        Self::Failed,
        Self::TimedOut,
        Self::Cancelled,
    ];

    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::InProgress => "in_progress",
            Self::WaitingForUser => "waiting_for_user",
            Self::Idle => "idle",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
            Self::Unknown(word) => word,
        }
    }

    /// Whether something may still happen without anyone asking: queued, running, waiting, idle, or a
    /// word that this version does not know.
    pub fn is_active(&self) -> bool {
        match self {
            Self::Queued | Self::InProgress | Self::WaitingForUser | Self::Idle | Self::Unknown(_) => true,
            Self::Completed | Self::Failed | Self::TimedOut | Self::Cancelled => false,
        }
    }

    /// Whether an agent is at work or about to be: queued, running, or a word that this version does not know.
    pub fn is_at_work(&self) -> bool {
        match self {
            Self::Queued | Self::InProgress | Self::Unknown(_) => true,
            Self::WaitingForUser | Self::Idle => false,
            Self::Completed | Self::Failed | Self::TimedOut | Self::Cancelled => false,
        }
    }

    /// Whether it is over for good.
    pub fn is_finished(&self) -> bool {
        !self.is_active()
    }
}

impl From<String> for State {
    fn from(word: String) -> Self {
        Self::KNOWN.into_iter().find(|state| state.as_str() == word).unwrap_or(Self::Unknown(word))
    }
}

impl FromJson for State {
    fn from_json(json: &serde_json::Value) -> Option<Self> {
        String::from_json(json).map(Self::from)
    }
}

impl From<&str> for State {
    fn from(word: &str) -> Self {
        word.to_owned().into()
    }
}

impl From<State> for String {
    fn from(state: State) -> Self {
        state.as_str().to_owned()
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_comes_back_as_it_went() {
        for state in State::KNOWN {
            assert_eq!(State::from(state.as_str()), state);
        }
        let newer = State::from("hibernating");
        assert_eq!(newer.as_str(), "hibernating");
        assert!(newer.is_active(), "an unknown state is never shown as done");
    }
}
