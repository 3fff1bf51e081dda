//! The output of a tool call while it grows. Some agents send what is new, others everything each time,
//! others the end of everything.

use agent_tasks::event::ToolExecutionPartialResult;

use super::NewEvent;

/// One event carries at most this much output, in bytes.
const PARTIAL_BYTES_MAX: usize = 64 * 1024;

/// What of a call's output was told.
#[derive(Default)]
pub enum Output {
    /// Nothing yet.
    #[default]
    Nothing,
    /// Piece by piece, as it came: all of it was told, none of it is kept.
    Streamed,
    /// All of this.
    Told(String),
}

impl Output {
    /// New output of `call`.
    pub fn append(&mut self, call: &str, text: &str) -> Vec<NewEvent> {
        if text.is_empty() {
            return vec![];
        }
        *self = Self::Streamed;
        partials(call, text, false)
    }

    /// The output of `call` is `text` by now. What came as a stream is not told again.
    pub fn set(&mut self, call: &str, text: &str) -> Vec<NewEvent> {
        let events = match self {
            Self::Streamed => return vec![],
            Self::Nothing => partials(call, text, false),
            Self::Told(told) => match text.strip_prefix(told.as_str()) {
                Some(more) => partials(call, more, false),
                None => partials(call, text, true),
            },
        };
        *self = Self::Told(text.to_owned());
        events
    }

    /// `call` has ended and its whole output is `text`: what still has to be told, as more output or as
    /// the result's content.
    pub fn finish(&mut self, call: &str, text: Option<String>) -> (Vec<NewEvent>, Option<String>) {
        match (std::mem::take(self), text.filter(|text| !text.is_empty())) {
            (_, None) | (Self::Streamed, Some(_)) => (vec![], None),
            (Self::Nothing, Some(text)) => (vec![], Some(text)),
            (Self::Told(told), Some(text)) => match text.strip_prefix(told.as_str()) {
                Some(more) => (partials(call, more, false), None),
                None if told.trim_end() == text.trim_end() => (vec![], None),
                None => (vec![], Some(text)),
            },
        }
    }
}

fn partials(call: &str, mut text: &str, mut replace: bool) -> Vec<NewEvent> {
    let mut events = Vec::new();
    while !text.is_empty() {
        let (piece, rest) = text.split_at(text.floor_char_boundary(PARTIAL_BYTES_MAX));
        events.push(NewEvent::passing(ToolExecutionPartialResult {
            tool_call_id: call.to_owned(),
            partial_output: piece.to_owned(),
            replace: std::mem::take(&mut replace),
        }));
        text = rest;
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::EventBody;

    fn shown(events: &[NewEvent], shown: &mut String) {
        for event in events {
            let EventBody::ToolExecutionPartialResult(part) = &event.body else { panic!("{event:?}") };
            if part.replace {
                shown.clear();
            }
            shown.push_str(&part.partial_output);
        }
    }

    #[test]
    fn whatever_way_it_comes_the_reader_sees_the_same() {
        let mut text = String::new();
        let mut output = Output::default();
        for all in ["a", "a", "ab", "ab\nc", "…\nc", "…\ncd"] {
            shown(&output.set("1", all), &mut text);
            assert_eq!(text, all);
        }
        let (events, content) = output.finish("1", Some("…\ncde".into()));
        shown(&events, &mut text);
        assert_eq!((text.as_str(), content), ("…\ncde", None));
    }

    #[test]
    fn what_was_told_is_not_repeated_at_the_end() {
        let mut streamed = Output::default();
        assert_eq!(streamed.append("1", "é").len(), 1);
        assert_eq!(streamed.finish("1", Some("```\né\n```".into())), (vec![], None));
        let mut replaced = Output::Told("head".into());
        assert_eq!(replaced.finish("1", Some("tail".into())).1.as_deref(), Some("tail"));
        assert_eq!(Output::Nothing.finish("1", Some("once".into())).1.as_deref(), Some("once"));
    }

    #[test]
    fn long_output_is_cut_between_characters() {
        let all = "é".repeat(PARTIAL_BYTES_MAX);
        let events = Output::default().append("1", &all);
        let mut text = String::new();
        shown(&events, &mut text);
        assert!(events.len() >= 2 && text == all);
    }
}
