//! A step in a few words, for lists of steps and for people who listen. Pure.

use session_log::{LogDocument, Step};

/// What a step is and what it is about; only what it is while no more is known.
pub fn step_in_words(document: &LogDocument, index: usize) -> String {
    let word = document.step(index).map(Step::kind_word).unwrap_or_default();
    let title = document.title_of(index);
    if title.is_empty() { word } else { [&word, ": ", &title].concat() }
}
