//! What the user has typed or chosen and not sent yet. Where it is kept is the edge's business.

use agent_tasks::{FromJson, from_json};
use serde::Serialize;

/// The version of the stored form; another version is taken for nothing.
const VERSION: u32 = 1;

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
    /// `owner/name`; empty until one is chosen.
    pub repository: String,
    /// Empty stands for the repository's default branch.
    pub base_ref: String,
    /// Empty stands for the server's default agent.
    pub agent_id: String,
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

    /// The choices with another repository: its branches are others.
    pub fn with_repository(&self, repository: String) -> Self {
        Self { repository, base_ref: String::new(), agent_id: self.agent_id.clone() }
    }

    /// Owner and name of the chosen repository.
    pub fn owner_and_name(&self) -> Option<(&str, &str)> {
        self.repository.split_once('/').filter(|(owner, name)| !owner.is_empty() && !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_come_back_and_garbage_gives_defaults() {
        let choices = Choices { repository: "o/r".into(), base_ref: "dev".into(), agent_id: "a".into() };
        assert_eq!(Choices::from_text(&choices.to_text()), choices);
        for garbage in
            ["", "{", "[]", "null", r#"{"version":2,"value":{"repository":"o/r"}}"#, r#"{"version":1,"value":7}"#]
        {
            assert_eq!(Choices::from_text(garbage), Choices::default(), "{garbage}");
        }
    }

    #[test]
    fn another_repository_forgets_the_branch_and_keeps_the_agent() {
        let choices = Choices { repository: "o/r".into(), base_ref: "dev".into(), agent_id: "a".into() };
        let other = choices.with_repository("o/s".into());
        assert_eq!((other.base_ref.as_str(), other.agent_id.as_str()), ("", "a"));
        assert_eq!(other.owner_and_name(), Some(("o", "s")));
        assert_eq!(Choices::default().owner_and_name(), None);
    }
}
