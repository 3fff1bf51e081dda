//! What the user has typed or chosen and not sent yet. Where it is kept is the edge's business.

use agent_tasks::{FromJson, from_json};
use serde::Serialize;

/// The version of the stored form; another version is taken for nothing.
const VERSION: u32 = 2;

/// A task that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The prompt as typed.
    pub prompt: String,
    /// Where and with whom.
    pub choices: Choices,
}

/// The pickers' values; remembered from one task to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, FromJson)]
#[serde(default)]
pub struct Choices {
    /// The base of the server that the repository is on; empty until one is chosen.
    pub server: String,
    /// `owner/name`; empty until one is chosen.
    pub repository: String,
    /// Empty stands for the repository's default branch.
    pub base_ref: String,
    /// Whether the work goes on the branch `base_ref` itself instead of a new one.
    pub is_continued: bool,
    /// Empty stands for the server's default agent.
    pub agent_id: String,
    /// Empty stands for the agent's default model.
    pub model: String,
    /// An agent that the repository defines; empty for none.
    pub custom_agent: String,
    /// Whether a pull request is opened when the work is done.
    pub opens_pull_request: bool,
}

/// A stored value with its version.
#[derive(Serialize)]
struct Stored<'a> {
    version: u32,
    value: &'a Choices,
}

impl Choices {
    /// The form to store.
    pub fn to_text(&self) -> String {
        serde_json::to_string(&Stored { version: VERSION, value: self }).unwrap_or_default()
    }

    /// Reads the stored form; anything else gives the defaults.
    pub fn from_text(text: &str) -> Self {
        let Ok(stored) = serde_json::from_str(text) else { return Self::default() };
        let is_ours = from_json::field(&stored, "version") == Some(VERSION);
        is_ours.then(|| from_json::field(&stored, "value")).flatten().unwrap_or_default()
    }

    /// The choices with another repository: its branches and its own agents are others, and so are the
    /// agents and models of another server.
    pub fn with_repository(&self, server: String, repository: String) -> Self {
        let kept = if server == self.server { self.clone() } else { Self::default() };
        Self {
            base_ref: String::new(),
            is_continued: false,
            custom_agent: String::new(),
            opens_pull_request: self.opens_pull_request,
            server,
            repository,
            ..kept
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Choices {
        Choices {
            server: "https://a/api".into(),
            repository: "o/r".into(),
            base_ref: "dev".into(),
            is_continued: true,
            agent_id: "a".into(),
            model: "m".into(),
            custom_agent: "reviewer".into(),
            opens_pull_request: true,
        }
    }

    #[test]
    fn choices_come_back_and_garbage_gives_defaults() {
        assert_eq!(Choices::from_text(&choices().to_text()), choices());
        for garbage in
            ["", "{", "[]", "null", r#"{"version":1,"value":{"repository":"o/r"}}"#, r#"{"version":2,"value":7}"#]
        {
            assert_eq!(Choices::from_text(garbage), Choices::default(), "{garbage}");
        }
    }

    #[test]
    fn another_repository_keeps_what_still_holds() {
        let sibling = choices().with_repository("https://a/api".into(), "o/s".into());
        assert_eq!((sibling.base_ref.as_str(), sibling.agent_id.as_str(), sibling.model.as_str()), ("", "a", "m"));
        assert!(sibling.custom_agent.is_empty() && !sibling.is_continued && sibling.opens_pull_request);
        let stranger = choices().with_repository("https://b/api".into(), "o/r".into());
        assert_eq!((stranger.server.as_str(), stranger.agent_id.as_str()), ("https://b/api", ""));
    }
}
