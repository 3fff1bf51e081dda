//! Which rows of an open step show which lines of its text.

use std::ops::Range;

use memchr::memchr_iter;

use super::folding::FoldedRow;
use super::{Body, Section};
use crate::{LogDocument, Step};

impl Body {
    /// The lines of the step's text that these rows show; none where they show something else.
    pub fn lines_of(&self, document: &LogDocument, step: &Step, rows: Range<usize>) -> Range<usize> {
        let (text_at, below_at) = (self.text_at as usize, self.below_at as usize);
        let (from, to) = (rows.start.max(text_at), rows.end.min(below_at));
        if from >= to {
            return 0..0;
        }
        match self.find(text_at) {
            Some((Section::Markdown(blocks), _)) => {
                let (first, last) = (&blocks[from - text_at], &blocks[to - text_at - 1]);
                let (text, end) = (document.text(&step.text), last.to.saturating_sub(1).max(last.from));
                let lines_in = |bytes: Range<usize>| memchr_iter(b'\n', &text.as_bytes()[bytes]).count();
                let line = lines_in(0..first.from);
                line..line + lines_in(first.from..end) + 1
            }
            Some((Section::Absent, _)) | None => 0..0,
            Some((Section::Json(_, folding), _)) => {
                let line_at = |row: usize| match folding.row(row)? {
                    FoldedRow::Line(line, _) | FoldedRow::Gap(line, _) => Some(line as usize),
                };
                match (line_at(from - text_at), line_at(to - text_at - 1)) {
                    (Some(first), Some(last)) => first..last + 1,
                    (Some(_) | None, _) => 0..0,
                }
            }
            Some(_) => {
                let from_line = self.text_from as usize;
                from - text_at + from_line..to - text_at + from_line
            }
        }
    }

    /// Those of them that may not be there. Prose has rows only when all of it is.
    pub fn lines_wanted(&self, document: &LogDocument, step: &Step, rows: Range<usize>) -> Range<usize> {
        match self.find(self.text_at as usize) {
            Some((Section::Markdown(_), _)) => 0..0,
            Some(_) | None => self.lines_of(document, step, rows),
        }
    }

    /// The row that shows a line of the step's text, from 0; `None` while it is folded away or there is none.
    pub fn row_of_line(&self, document: &LogDocument, step: &Step, line: usize) -> Option<usize> {
        let text_at = self.text_at as usize;
        let rows = self.below_at.checked_sub(self.text_at)? as usize;
        let row = match self.find(text_at)? {
            (Section::Markdown(blocks), _) => {
                let text = document.text(&step.text);
                let byte = match line.checked_sub(1) {
                    None => 0,
                    Some(before) => text.match_indices('\n').nth(before)?.0 + 1,
                };
                // An empty line between two parts belongs to the one before it.
                blocks.partition_point(|block| block.from <= byte).saturating_sub(1)
            }
            (Section::Absent, _) => return None,
            (Section::Json(_, folding), _) => folding.row_of(line)?,
            _ => line.checked_sub(self.text_from as usize)?,
        };
        (row < rows).then_some(text_at + row)
    }

    /// Whether the step's text is still to come: no row shows a line of it, and rows will.
    pub fn awaits_text(&self) -> bool {
        matches!(self.find(self.text_at as usize), Some((Section::Absent, _))) && self.text_at < self.below_at
    }

    /// Whether a row ends in the middle of a line, which goes on in the next row.
    pub fn is_cut(&self, step: &Step, row: usize) -> bool {
        match self.find(row) {
            Some((Section::Output(from), at)) => {
                let line = *from as usize + at;
                line + 1 < step.text.lines() && step.text.has_line(line) && !step.text.has_feed(line)
            }
            Some(_) | None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use agent_tasks::Event;
    use serde_json::json;

    use crate::{Body, Fold, LogDocument};

    fn document(events: &[serde_json::Value]) -> LogDocument {
        let mut document = LogDocument::default();
        for (index, event) in events.iter().enumerate() {
            let event: Event = serde_json::from_value(json!({
                "seq": index + 1, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z",
                "type": event["type"], "data": event["data"],
            }))
            .unwrap();
            document.apply(&event);
        }
        document
    }

    #[test]
    fn a_line_of_output_has_a_row_and_a_row_its_lines() {
        let output: String = (0..50).map(|line| format!("line {line}\n")).collect();
        let document = document(&[
            json!({"type": "tool.execution_start", "data": {"toolCallId": "t", "command": "x"}}),
            json!({"type": "tool.execution_partial_result", "data": {"toolCallId": "t", "partialOutput": output}}),
        ]);
        let step = document.step(1).unwrap();
        let open = Body::new(&document, step, Fold::Open);
        assert_eq!(open.row_of_line(&document, step, 41), Some(41));
        assert_eq!(open.lines_of(&document, step, 40..60), 40..50);
        assert_eq!(open.row_of_line(&document, step, 50), None);
        let preview = Body::new(&document, step, Fold::Preview);
        assert_eq!(preview.row_of_line(&document, step, 44), None);
        let row = preview.row_of_line(&document, step, 47).unwrap();
        assert_eq!(preview.lines_of(&document, step, row..row + 1), 47..48);
        let closed = Body::new(&document, step, Fold::Closed);
        assert_eq!((closed.row_of_line(&document, step, 0), closed.lines_of(&document, step, 0..9)), (None, 0..0));
    }

    #[test]
    fn a_line_of_a_message_is_in_one_of_its_parts() {
        let content = "# Head\n\nFirst\nsecond\n\n- a\n- b";
        let document = document(&[json!({"type": "user.message", "data": {"content": content}})]);
        let step = document.step(1).unwrap();
        let body = Body::new(&document, step, Fold::Open);
        let rows: Vec<_> = (0..7).map(|line| body.row_of_line(&document, step, line)).collect();
        assert_eq!(rows[0], Some(0));
        assert_eq!((rows[2], rows[3]), (Some(1), Some(1)));
        assert_eq!((rows[5], rows[6]), (Some(2), Some(2)));
        assert_eq!(body.row_of_line(&document, step, 7), None);
        assert_eq!(body.lines_of(&document, step, 1..2), 2..4);
    }

    #[test]
    fn a_long_line_goes_on_in_the_next_row() {
        let output = format!("{}\nshort\n", "x".repeat(5_000));
        let document = document(&[
            json!({"type": "tool.execution_start", "data": {"toolCallId": "t", "command": "x"}}),
            json!({"type": "tool.execution_partial_result", "data": {"toolCallId": "t", "partialOutput": output}}),
        ]);
        let step = document.step(1).unwrap();
        let body = Body::new(&document, step, Fold::Open);
        let cut: Vec<_> = (0..body.rows()).map(|row| body.is_cut(step, row)).collect();
        assert_eq!(cut, [true, false, false]);
    }
}
