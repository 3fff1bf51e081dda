//! Code in rows: which language it is in, and what the rows before leave open.

use agent_tasks::event::ToolKind;

use std::cell::Cell;

use super::{Content, Section};
use crate::highlight::{self, Language, State};
use crate::markdown::{Block, BlockSpan};
use crate::terminal::{self, Style};
use crate::{Step, StepKind, StepState, Text};

/// Lines that are read before each stretch of so many, to know what they are inside of. What began before them is not
/// seen: a row must not cost more for standing at the end of a long file.
const LOOK_BACK_LINES: usize = 48;
/// The same in bytes, for a row of a message's code.
const LOOK_BACK_BYTES: usize = 8_192;

/// What the lines before one leave open. Kept from one row to the next: most are asked for one after another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached {
    line: usize,
    state: State,
}

/// The language of a step's output: that of the file which a tool read.
pub(super) fn language(step: &Step) -> Option<Language> {
    match &step.kind {
        StepKind::Tool(tool) if tool.kind == ToolKind::Read && tool.command.is_none() => {
            Language::of_path(&tool.locations.first()?.path)
        }
        StepKind::Tool(_)
        | StepKind::Session(_)
        | StepKind::Prompt
        | StepKind::Info(_)
        | StepKind::Reasoning
        | StepKind::Message
        | StepKind::Plan(_)
        | StepKind::Permission(_)
        | StepKind::Error(_)
        | StepKind::Stop(_)
        | StepKind::Shutdown(_)
        | StepKind::Unknown(_) => None,
    }
}

/// A line of output: code where the file's language is known and the line has no colours of its own.
pub(super) fn output<'a>(
    text: &Text,
    line: usize,
    language: Option<Language>,
    reached: &Cell<Option<Reached>>,
) -> Content<'a> {
    let Some((shown, pen)) = text.line(line) else { return Content::Absent };
    let mut spans = terminal::spans(&shown, pen);
    let is_plain = spans.len() == 1 && spans[0].style == Style::default();
    let Some(language) = language.filter(|_| is_plain) else { return Content::Output(spans) };
    let state = state_before(text, line, language, reached.get());
    reached.set(Some(Reached { line, state }));
    Content::Code { text: std::mem::take(&mut spans[0].text), language, state }
}

/// What the lines before one leave open, from the stretch before its own on. It is the same whatever was reached before.
fn state_before(text: &Text, line: usize, language: Language, reached: Option<Reached>) -> State {
    let stretch = line / LOOK_BACK_LINES;
    let is_on_the_way = |reached: &Reached| reached.line <= line && reached.line / LOOK_BACK_LINES == stretch;
    let first = Reached { line: stretch.saturating_sub(1) * LOOK_BACK_LINES, state: State::default() };
    let from = reached.filter(is_on_the_way).unwrap_or(first);
    let lines = (from.line..line).filter_map(|line| Some(text.line(line)?.0));
    lines.fold(from.state, |state, line| highlight::pieces(language, highlight::numbered(&line).1, state).1)
}

/// Tells the code that a part of a message begins with what the parts before it leave open.
pub(super) fn continue_code(step: &Step, spans: &[BlockSpan], at: usize, blocks: &mut [Block]) {
    let Some(Block::Code(code)) = blocks.first_mut() else { return };
    code.is_continued = spans.get(at + 1).is_some_and(|next| !next.fence.is_empty());
    if spans[at].fence.is_empty() {
        return;
    }
    code.continues = true;
    let Some(language) = Language::named(&code.language) else { return };
    // The part before it, or as many as are in reach, up to the one that has the fence.
    let mut first = at;
    while first > 0 && !spans[first].fence.is_empty() && spans[at].from - spans[first - 1].from <= LOOK_BACK_BYTES {
        first -= 1;
    }
    let text = step.text.read(spans[first].from, spans[at].from);
    let fence = spans[at].fence.as_str();
    let code_from = match text.lines().position(|line| line.trim() == fence) {
        Some(line) if spans[first].fence.is_empty() => line + 1,
        Some(_) | None => 0,
    };
    code.state = highlight::state_after(language, text.lines().skip(code_from));
}

/// Lines of the step's text that fold, where it is JSON and all there.
pub(super) fn json(step: &Step) -> Option<Section> {
    let text = &step.text;
    let folds = (step.state != StepState::Running).then(|| super::json::folds(text)).flatten()?;
    Some(Section::Json(super::JsonOf::Output, super::Folding::new(text.lines(), folds)))
}

#[cfg(test)]
mod tests {
    use agent_tasks::Event;
    use serde_json::{Value, json};

    use crate::{Body, Content, Fold, LogDocument};

    fn read_file(lines: &str) -> LogDocument {
        let mut document = LogDocument::default();
        let mut say = |kind: &str, payload: Value| {
            let seq = document.last_seq() + 1;
            let event: Event = serde_json::from_value(json!({
                "seq": seq, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": payload,
            }))
            .unwrap();
            document.apply(&event);
        };
        let call = json!({"toolCallId": "t", "toolName": "read", "kind": "read", "locations": [{"path": "a.rs"}]});
        say("tool.execution_start", call);
        say("tool.execution_complete", json!({"toolCallId": "t", "success": true, "result": {"content": lines}}));
        document
    }

    #[test]
    fn a_line_of_code_is_the_same_whatever_was_asked_for_before() {
        let line = |line: usize| if line.is_multiple_of(29) { "/* begins\n" } else { "let a = 1; // */\n" };
        let document = read_file(&(0..400).map(line).collect::<String>());
        let step = document.step(1).unwrap();
        let body = || Body::new(&document, step, Fold::Open);
        let (down, up) = (body(), body());
        let upwards: Vec<Content<'_>> = (0..400).rev().map(|row| up.content(step, row).unwrap()).collect();
        for row in 0..400 {
            let alone = body();
            let shown = alone.content(step, row).unwrap();
            assert!(matches!(shown, Content::Code { .. }), "{shown:?}");
            assert_eq!(down.content(step, row).unwrap(), shown, "row {row}, downwards");
            assert_eq!(upwards[399 - row], shown, "row {row}, upwards");
        }
    }
}
