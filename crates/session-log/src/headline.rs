//! What a step's header says in words that are not the page's own.

use crate::{Step, StepKind};

impl Step {
    /// The words of its header that its rows do not repeat, a line for each. Ranges of a [`crate::Hit`] in a
    /// header count the bytes of this text.
    pub fn headline(&self) -> String {
        let parts: Vec<&str> = match &self.kind {
            StepKind::Session(session) => session.producer.iter().chain(&session.model).map(String::as_str).collect(),
            StepKind::Tool(tool) => {
                let title = tool.title.as_deref().filter(|title| Some(*title) != tool.command.as_deref());
                let mut parts: Vec<&str> = tool.command.as_deref().into_iter().chain(title).collect();
                parts.extend(tool.locations.iter().map(|location| location.path.as_str()));
                if parts.is_empty() {
                    parts.push(&tool.name);
                }
                parts
            }
            StepKind::Stop(word) | StepKind::Unknown(word) => vec![word],
            StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Plan(_)
            | StepKind::Permission(_)
            | StepKind::Error(_)
            | StepKind::Shutdown(_) => Vec::new(),
        };
        parts.join("\n")
    }
}

/// The word of a note, for people: `setup_step` is `Setup step`.
pub fn info_word(word: &str) -> String {
    let mut letters = word.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Info".to_owned(),
    }
}
