//! What is selected in a log, as places of the document, and what text that is. The page holds only the rows near the
//! screen; a selection reaches through all of them.

use std::borrow::Cow;
use std::ops::Range;

use session_log::{Body, Content, Fold, Layout, LogDocument, Row, RowPart, Step, StepKind, Want};

use super::step_line::StepLine;

/// The most bytes that are copied at once; a longer text is downloaded.
pub const COPY_BYTES_MAX: usize = 16 << 20;

/// A place in what a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The row.
    pub row: Row,
    /// UTF-16 units of its text before the place; [`Mark::END`] after all of it.
    pub at: usize,
}

/// What is selected: from where it was begun to where it was led.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// Where it was begun.
    pub anchor: Mark,
    /// Where it was led.
    pub focus: Mark,
}

/// What a row of the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownText {
    /// The text of its nodes, one after the other.
    pub text: String,
    /// Where one part ends and the next begins, in UTF-16 units of the text, and what separates them for the eye: a
    /// line feed, a tab, a blank.
    pub gaps: Vec<(usize, char)>,
}

/// What came of copying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// The text.
    Text(String),
    /// Some of it is not in the document. Carries what is to be asked for; nothing where all of it was already.
    Missing(Vec<Want>),
    /// It is longer than [`COPY_BYTES_MAX`].
    TooLong,
}

impl Mark {
    /// After all that a row shows.
    pub const END: usize = usize::MAX;
}

impl Selected {
    /// The whole log.
    pub fn all(document: &LogDocument, layout: &Layout) -> Option<Self> {
        let step = document.steps().checked_sub(1)?;
        let is_shown = |&step: &usize| !layout.is_hidden(step);
        let (first, last) = ((0..=step).find(is_shown)?, (0..=step).rev().find(is_shown)?);
        let part = match body_of(document, layout, last)?.rows() {
            0 => RowPart::Header,
            rows => RowPart::Body(rows - 1),
        };
        let anchor = Mark { row: Row { step: first, part: RowPart::Header }, at: 0 };
        Some(Self { anchor, focus: Mark { row: Row { step: last, part }, at: Mark::END } })
    }

    /// Its ends in the document's order.
    pub fn ends(self) -> (Mark, Mark) {
        let key = |mark: Mark| (place_of(mark.row), mark.at);
        if key(self.anchor) <= key(self.focus) { (self.anchor, self.focus) } else { (self.focus, self.anchor) }
    }
}

/// Where a row stands among all rows.
pub fn place_of(row: Row) -> (usize, usize) {
    match row.part {
        RowPart::Header => (row.step, 0),
        RowPart::Body(index) => (row.step, index + 1),
    }
}

/// The text between two places, in the document's order. `shown` gives what a row in the page shows; only a row that is
/// selected in part is asked for.
pub fn copied(
    document: &LogDocument,
    layout: &Layout,
    (from, to): (Mark, Mark),
    shown: impl Fn(Row) -> Option<ShownText>,
) -> Copied {
    if least_bytes(document, layout, from.row.step + 1..to.row.step) > COPY_BYTES_MAX as u64 {
        return Copied::TooLong;
    }
    let mut text = String::new();
    let (mut wants, mut is_missing) = (Vec::new(), false);
    for index in from.row.step..=to.row.step {
        let (Some(step), Some(body)) = (document.step(index), body_of(document, layout, index)) else { break };
        let body = body.as_ref();
        if layout.is_hidden(index) {
            continue;
        }
        let rows = rows_between(index, body, from.row, to.row);
        let is_open = layout.fold(index) != Fold::Closed;
        if let Some(want) = document.wants(index, is_open, body.lines_wanted(document, step, rows.clone())) {
            wants.push(want);
            continue;
        }
        // Nothing comes of it before all of it is there.
        if !wants.is_empty() {
            continue;
        }
        if (index, 0) >= place_of(from.row)
            && let Some(words) = header_words(document, step, layout.fold(index))
        {
            let row = Row { step: index, part: RowPart::Header };
            add(&mut text, part_of(row, from, to, &shown).unwrap_or(words), true);
        }
        for row in rows {
            let here = Row { step: index, part: RowPart::Body(row) };
            let Some(content) = body.content(step, row) else { continue };
            if content == Content::Absent {
                is_missing = true;
                break;
            }
            let Some(words) = words_of(&content) else { continue };
            let words = part_of(here, from, to, &shown).unwrap_or(words);
            // What does not end here has no line feed here.
            let is_line_end = here != to.row && !body.is_cut(step, row);
            add(&mut text, words, is_line_end);
            // Parts of a message stand apart.
            if is_line_end && matches!(content, Content::Markdown(_)) && row + 1 < body.rows() {
                text.push('\n');
            }
            if text.len() > COPY_BYTES_MAX {
                return Copied::TooLong;
            }
        }
    }
    if is_missing || !wants.is_empty() {
        return Copied::Missing(wants);
    }
    if to.row.part == RowPart::Header {
        text.truncate(text.trim_end_matches('\n').len());
    }
    Copied::Text(text)
}

/// How many bytes of text are open in these steps at least, as far as that is known before they are there.
fn least_bytes(document: &LogDocument, layout: &Layout, steps: Range<usize>) -> u64 {
    let open = steps.filter(|&index| !layout.is_hidden(index) && layout.fold(index) == Fold::Open);
    // A line has its line feed.
    let bytes = open.filter_map(|index| document.step(index)).map(|step| step.text.len().max(step.text.lines()) as u64);
    bytes.sum()
}

/// The rows under a step's header, also where they never came near the screen.
fn body_of<'a>(document: &LogDocument, layout: &'a Layout, step: usize) -> Option<Cow<'a, Body>> {
    match layout.body(step) {
        Some(body) => Some(Cow::Borrowed(body)),
        None => Some(Cow::Owned(Body::new(document, document.step(step)?, layout.fold(step)))),
    }
}

/// The rows under a step's header that are between two rows.
fn rows_between(step: usize, body: &Body, from: Row, to: Row) -> Range<usize> {
    let first = match from.part {
        RowPart::Body(index) if from.step == step => index,
        RowPart::Header | RowPart::Body(_) => 0,
    };
    let end = match to.part {
        RowPart::Header if to.step == step => 0,
        RowPart::Body(index) if to.step == step => index + 1,
        RowPart::Header | RowPart::Body(_) => body.rows(),
    };
    first..end.min(body.rows()).max(first)
}

/// What a step's header says: its word, what it is about, how it went; `None` of an open message, which has only a dot.
fn header_words(document: &LogDocument, step: &Step, fold: Fold) -> Option<String> {
    let StepLine { word, command, title, outcome, .. } = StepLine::new(document, step, fold);
    let is_message = matches!(step.kind, StepKind::Message);
    let word = Some(word).filter(|_| !is_message);
    let parts = [word, command, Some(title), outcome].into_iter().flatten().filter(|part| !part.is_empty());
    Some(parts.collect::<Vec<_>>().join(" ")).filter(|words| !words.is_empty())
}

/// What a row says; `None` where it has only words of the page's own.
fn words_of(content: &Content<'_>) -> Option<String> {
    match content {
        Content::Earlier(_) | Content::Answer(_) | Content::Unchanged(_) => None,
        Content::Markdown(_) => Some(content.copied().trim_end_matches('\n').to_owned()),
        content => Some(content.copied().into_owned()),
    }
}

/// What is selected of a row that is not selected whole.
fn part_of(row: Row, from: Mark, to: Mark, shown: impl Fn(Row) -> Option<ShownText>) -> Option<String> {
    let start = if row == from.row { from.at } else { 0 };
    let end = if row == to.row { to.at } else { Mark::END };
    if start == 0 && end == Mark::END {
        return None;
    }
    let ShownText { text, gaps } = shown(row)?;
    let units: Vec<u16> = text.encode_utf16().collect();
    // A browser has no end but the last unit.
    if start == 0 && end >= units.len() {
        return None;
    }
    let end = end.min(units.len());
    let mut at = start.min(end);
    let mut part = String::new();
    for (place, gap) in gaps.into_iter().filter(|(place, _)| (start + 1..end).contains(place)) {
        part.push_str(&String::from_utf16_lossy(&units[at..place]));
        if !part.ends_with(char::is_whitespace) {
            part.push(gap);
        }
        at = place;
    }
    part.push_str(&String::from_utf16_lossy(&units[at..end]));
    Some(part)
}

fn add(text: &mut String, words: String, is_line_end: bool) {
    text.push_str(&words);
    if is_line_end {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use agent_tasks::Event;
    use serde_json::{Value, json};

    use super::*;

    fn document(events: &[(&str, Value)]) -> (LogDocument, Layout) {
        let mut document = LogDocument::default();
        for (index, (kind, payload)) in events.iter().enumerate() {
            let event: Event = serde_json::from_value(json!({
                "seq": index + 1, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z",
                "type": kind, "data": payload,
            }))
            .unwrap();
            document.apply(&event);
        }
        let mut layout = Layout::default();
        layout.sync(&document);
        (document, layout)
    }

    fn with_output(output: &str) -> (LogDocument, Layout) {
        let (document, mut layout) = document(&[
            ("user.message", json!({"content": "Say **it**"})),
            ("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "x"})),
            ("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": output})),
            ("assistant.message", json!({"messageId": "m", "content": "Done.\n\nAll of it."})),
        ]);
        layout.set_fold(&document, 2, Fold::Open);
        (document, layout)
    }

    fn row(step: usize, index: usize) -> Row {
        Row { step, part: RowPart::Body(index) }
    }

    fn text((document, layout): &(LogDocument, Layout), from: Mark, to: Mark) -> String {
        let shown = |row: Row| {
            let RowPart::Body(index) = row.part else { return None };
            let step = document.step(row.step)?;
            let text = layout.body(row.step)?.content(step, index)?.words().into_owned();
            Some(ShownText { text, gaps: Vec::new() })
        };
        match copied(document, layout, Selected { anchor: to, focus: from }.ends(), shown) {
            Copied::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn five_thousand_rows_are_the_text() {
        let output: String = (0..5_000).map(|line| format!("line {line}: ünïcode 🚀\n")).collect();
        let log = with_output(&output);
        let whole = text(&log, Mark { row: row(2, 0), at: 0 }, Mark { row: row(2, 4_999), at: Mark::END });
        assert_eq!(whole, output.trim_end());
    }

    #[test]
    fn ends_are_cut_by_what_the_page_shows() {
        let log = with_output("first 🚀 line\n\nlast line\n");
        let from = Mark { row: row(2, 0), at: 6 };
        assert_eq!(text(&log, from, Mark { row: row(2, 2), at: 4 }), "🚀 line\n\nlast");
        assert_eq!(text(&log, from, Mark { row: row(2, 0), at: 8 }), "🚀");
    }

    #[test]
    fn parts_of_a_row_stay_apart() {
        let (document, layout) = with_output("one\n");
        let message = row(3, 0);
        let shown =
            |_| Some(ShownText { text: "Done.🚀All of it.cell".to_owned(), gaps: vec![(7, '\n'), (17, '\t')] });
        for (from, to, text) in
            [(0, 12, "Done.🚀\nAll o"), (2, 20, "ne.🚀\nAll of it.\tcel"), (0, 7, "Done.🚀"), (7, 17, "All of it.")]
        {
            let ends = (Mark { row: message, at: from }, Mark { row: message, at: to });
            assert_eq!(copied(&document, &layout, ends, shown), Copied::Text(text.to_owned()), "{from} to {to}");
        }
    }

    #[test]
    fn colours_are_no_text_and_a_line_in_two_rows_is_one() {
        let long = "x".repeat(5_000);
        let log = with_output(&format!("\u{1b}[31mred\u{1b}[0m\n{long}\nend\n"));
        let whole = text(&log, Mark { row: row(2, 0), at: 0 }, Mark { row: row(2, 3), at: Mark::END });
        assert_eq!(whole, format!("red\n{long}\nend"));
    }

    #[test]
    fn the_whole_log_is_what_would_be_seen() {
        let mut log = with_output("one\ntwo\n");
        let all = Selected::all(&log.0, &log.1).unwrap();
        let open = text(&log, all.anchor, all.focus);
        assert!(open.ends_with("x\none\ntwo\nDone.\n\nAll of it."), "{open}");
        assert!(open.contains("Say it"), "{open}");
        log.1.set_fold(&log.0, 2, Fold::Closed);
        let closed = text(&log, all.anchor, all.focus);
        assert!(closed.lines().all(|line| line != "one"), "what is folded away is not copied: {closed}");
    }

    #[test]
    fn more_than_the_limit_is_not_copied() {
        let line = format!("{}\n", "x".repeat(4_000));
        let (document, layout) = with_output(&line.repeat(COPY_BYTES_MAX / 4_000));
        let all = Selected::all(&document, &layout).unwrap();
        assert_eq!(copied(&document, &layout, all.ends(), |_| None), Copied::TooLong);
    }
}
