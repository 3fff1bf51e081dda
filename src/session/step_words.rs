//! A step in a few words, for lists of steps and for people who listen. Pure.

use session_log::{LogDocument, Step, StepKind, info_word};

use super::step_line::tool_word;

/// One word for what a step is.
pub fn kind_word(step: &Step) -> String {
    let word = match &step.kind {
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

/// What a step is and what it is about; only what it is while no more is known.
pub fn step_in_words(document: &LogDocument, index: usize) -> String {
    let word = document.step(index).map(kind_word).unwrap_or_default();
    let title = document.title_of(index);
    if title.is_empty() { word } else { [&word, ": ", &title].concat() }
}
