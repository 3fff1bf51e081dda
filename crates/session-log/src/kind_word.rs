//! One word for each kind of step: the same in headers, lists and copies, and for people who listen.

use agent_tasks::event::ToolKind;

use crate::{Step, StepKind};

impl Step {
    /// The word for what it is.
    pub fn kind_word(&self) -> String {
        let word = match &self.kind {
            StepKind::Session(_) => "Session",
            StepKind::Prompt => "Prompt",
            StepKind::Info(word) => return info_word(word),
            StepKind::Reasoning => "Thought",
            StepKind::Message => "Message",
            StepKind::Tool(tool) => tool_word(tool.kind),
            StepKind::Plan(_) => "Plan",
            StepKind::Permission(_) => "Permission",
            StepKind::Error(_) => "Error",
            StepKind::Stop(_) => "Stop",
            StepKind::Shutdown(_) => "End",
            StepKind::Unknown(_) => "Event",
        };
        word.to_owned()
    }
}

fn tool_word(kind: ToolKind) -> &'static str {
    match kind {
        ToolKind::Read => "Read",
        ToolKind::Edit => "Edit",
        ToolKind::Delete => "Delete",
        ToolKind::Move => "Move",
        ToolKind::Search => "Search",
        ToolKind::Execute => "Run",
        ToolKind::Think => "Think",
        ToolKind::Fetch => "Fetch",
        ToolKind::SwitchMode => "Mode",
        ToolKind::Other => "Tool",
    }
}

/// The word of a note, for people: `setup_step` is `Setup step`.
fn info_word(word: &str) -> String {
    let mut letters = word.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Info".to_owned(),
    }
}
