//! What is looked at, and what of it is missing.

use leptos::prelude::*;
use session_log::{Fold, Layout, LogDocument, PlacedRow, RowPart, Want};

use super::LogScreen;
use crate::session::log_view::{LogContext, Looked};
use crate::session::reader::Frame;

impl LogScreen {
    /// What is on the page, and what of it is not in the document.
    pub(super) fn looked(self, context: LogContext, frame: &Frame) -> Looked {
        let step_at = |placed: Option<&PlacedRow>| placed.map_or(0, |placed| placed.row.step);
        let near = step_at(frame.rows.first())..step_at(frame.rows.last()) + 1;
        let mut wants = Vec::new();
        // Nobody waits for what is gone with the next frame.
        if frame.is_passing {
            return Looked { near, wants };
        }
        context.document.with_untracked(|document| {
            self.reader.with_value(|reader| {
                for rows in frame.rows.chunk_by(|a, b| a.row.step == b.row.step) {
                    let want = want_of(document, &reader.layout, rows);
                    wants.extend(want.filter(|want| !wants.contains(want)));
                }
            });
        });
        Looked { near, wants }
    }
}

/// What is missing of a step to show these rows of it.
fn want_of(document: &LogDocument, layout: &Layout, rows: &[PlacedRow]) -> Option<Want> {
    let index = rows.first()?.row.step;
    let (step, body) = (document.step(index)?, layout.body(index)?);
    let shown = rows.iter().filter_map(|placed| match placed.row.part {
        RowPart::Header => None,
        RowPart::Body(row) => Some(row),
    });
    let (first, end) = shown.fold((usize::MAX, 0), |(first, end), row| (first.min(row), end.max(row + 1)));
    let lines = if first < end { body.lines_wanted(document, step, first..end) } else { 0..0 };
    document.wants(index, layout.fold(index) != Fold::Closed, lines)
}
