//! How a reader likes logs; kept on the device.

use agent_tasks::{FromJson, from_json};
use serde::Serialize;
use session_log::Showing;

/// The version of the stored form; another version is taken for nothing.
const VERSION: u32 = 1;

/// How a reader likes logs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, FromJson)]
#[serde(default)]
pub struct LogChoices {
    /// Whether the outline stands beside the log.
    pub has_outline: bool,
    /// Whether case matters in find.
    pub find_case: bool,
    /// Whether find finds whole words only.
    pub find_word: bool,
    /// Whether find takes regular expressions.
    pub find_regex: bool,
    /// What of a log is open, and what is left out.
    pub showing: Showing,
    /// The moments beside the steps.
    pub moments: Moments,
    /// Whether long lines of output are not broken.
    pub is_unwrapped: bool,
    /// Whether the plan above the log is one line.
    pub is_plan_closed: bool,
    /// Whether single letters do nothing.
    pub has_no_letter_keys: bool,
}

/// The moments beside the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Moments {
    /// None.
    #[default]
    None,
    /// By the clock.
    Clock,
    /// Since the session's start.
    SinceStart,
    /// Since the step before.
    SinceLast,
}

/// A stored value with its version.
#[derive(Serialize)]
struct Stored<'a> {
    version: u32,
    value: &'a LogChoices,
}

impl LogChoices {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use session_log::{Level, StepClass};

    #[test]
    fn choices_come_back_and_garbage_gives_defaults() {
        let mut showing = Showing { level: Level::Messages, is_errors_only: true, ..Showing::default() };
        showing.fold_class(StepClass::Read, true);
        showing.hide(StepClass::Reasoning, true);
        let choices = LogChoices {
            has_outline: true,
            showing,
            moments: Moments::SinceLast,
            is_unwrapped: true,
            is_plan_closed: true,
            has_no_letter_keys: true,
            find_case: true,
            find_word: true,
            find_regex: true,
        };
        assert_eq!(LogChoices::from_text(&choices.to_text()), choices);
        for garbage in [
            "",
            "{",
            "null",
            r#"{"version":0,"value":{"has_outline":true}}"#,
            r#"{"version":1,"value":{"has_outline":true,"moments":"of_a_newer_page"}}"#,
        ] {
            assert_eq!(LogChoices::from_text(garbage), LogChoices::default(), "{garbage}");
        }
        let older = r#"{"version":1,"value":{"has_outline":true}}"#;
        assert_eq!(LogChoices::from_text(older), LogChoices { has_outline: true, ..LogChoices::default() });
    }
}
