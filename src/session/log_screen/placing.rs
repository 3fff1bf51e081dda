//! A frame's way onto the page: rows are made, put in their places and measured.

use leptos::prelude::*;
use session_log::{LogDocument, PlacedRow, Row, RowPart};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{LogScreen, MadeBy};
use crate::session::focus::focus_in_place;
use crate::session::folded::RowPlace;
use crate::session::kept_rows::{KeptRows, NewContent, NewRow};
use crate::session::log_view::LogContext;
use crate::session::marked;
use crate::session::reader::Frame;
use crate::session::row::{body_row, is_absent};
use crate::session::step_header::StepHeader;
use crate::ui::px;

/// How far the rows' height may be off before each of them is measured, in pixels.
const HEIGHT_SLACK_PX: f64 = 0.5;

impl LogScreen {
    /// Makes the rows of a frame.
    pub(super) fn place_rows(self, context: LogContext, frame: &Frame) {
        let Some(parent) = self.rows.get_untracked() else { return };
        let made_by = MadeBy {
            revision: context.document.with_untracked(LogDocument::revision),
            has_failure: context.load_failure.with_untracked(Option::is_some),
        };
        let has_focus = self.has_focus();
        let before = self.made_by.try_update_value(|before| std::mem::replace(before, made_by));
        let before = before.unwrap_or_default();
        // Rows ask for things while they are made: nothing is locked then.
        let Some(mut kept) = self.kept.try_update_value(std::mem::take) else { return };
        let has_come = |row: Row| {
            before.has_failure != made_by.has_failure
                || before.revision != made_by.revision && !is_row_absent(context, self, row)
        };
        let has_made = kept.sync(&parent, &frame.rows, &frame.aside, has_come, |placed| self.make(context, placed));
        self.kept.set_value(kept);
        // The focus goes with a row that goes: the keys would be the page's then.
        if has_focus && !self.has_focus() {
            self.take_focus();
        }
        if has_made {
            self.mark(self.marked.get_value());
            self.select_again();
        }
    }

    /// Whether the focus is in a row.
    fn has_focus(self) -> bool {
        let (Some(rows), Some(active)) = (self.rows.get_untracked(), document().active_element()) else { return false };
        rows.contains(Some(&active))
    }

    /// Gives the focus to the log itself.
    pub(in crate::session) fn take_focus(self) {
        if let Some(scroll) = self.scroll.get_untracked() {
            focus_in_place(scroll.unchecked_into());
        }
    }

    /// One row: a step's header, or a row under it.
    fn make(self, context: LogContext, placed: PlacedRow) -> NewRow {
        let Row { step, part } = placed.row;
        match part {
            RowPart::Header => {
                let view = view! { <StepHeader context screen=self step /> }.into_any();
                NewRow { content: NewContent::View(view), is_absent: false }
            }
            RowPart::Body(row) => body_row(context, self, RowPlace { step, row }),
        }
    }

    /// A row in which the selection ends may have been made anew: the browser has lost its place then.
    fn select_again(self) {
        let (Some(selected), Some(rows)) = (self.selected.get_value(), self.rows.get_untracked()) else { return };
        self.kept.with_value(|kept| {
            if marked::selected(&rows, kept) != Some(selected) {
                marked::select(selected, kept);
            }
        });
    }

    /// Puts the elements where the frame says.
    pub(super) fn place_elements(self, frame: &Frame) {
        let (Some(scroll), Some(space), Some(rows)) =
            (self.scroll.get_untracked(), self.space.get_untracked(), self.rows.get_untracked())
        else {
            return;
        };
        let (height, rows_top) = self.placed.get_value();
        if height != frame.height {
            set_style(&space, "height", frame.height);
        }
        if rows_top != frame.rows_top {
            set_style(&rows, "padding-top", frame.rows_top.max(0.0));
        }
        // No padding is below zero: near the start of a scaled log rows begin above the scroll bar's own start.
        if rows_top.min(0.0) != frame.rows_top.min(0.0) {
            set_style(&rows, "top", frame.rows_top.min(0.0));
        }
        self.placed.set_value((frame.height, frame.rows_top));
        if (f64::from(scroll.scroll_top()) - frame.scroll_top).abs() >= 1.0 {
            scroll.set_scroll_top(frame.scroll_top as i32);
        }
        let placed = f64::from(scroll.scroll_top());
        self.reader.update_value(|reader| reader.on_placed(placed));
    }

    /// Measures the rows, unless together they are as tall as they were thought to be; tells whether that was news.
    pub(super) fn measure(self) -> bool {
        let Some(height) = self.kept.try_with_value(KeptRows::height) else { return false };
        let known = self.reader.with_value(|reader| reader.rows_height());
        // A page that is not laid out (in a hidden part, for one) measures nothing.
        if height == 0.0 || (height - known).abs() < HEIGHT_SLACK_PX {
            return false;
        }
        let heights = self.kept.with_value(KeptRows::heights);
        let is_news = self.reader.try_update_value(|reader| {
            reader.hold(|layout| {
                heights.iter().fold(false, |is_news, &(row, height)| layout.measure(row, height) || is_news)
            })
        });
        is_news == Some(true)
    }
}

fn set_style(element: &HtmlElement, property: &str, length: f64) {
    let _ = element.style().set_property(property, &px(length));
}

/// Whether what a row shows is not in the document.
fn is_row_absent(context: LogContext, screen: LogScreen, row: Row) -> bool {
    match row.part {
        RowPart::Header => false,
        RowPart::Body(index) => is_absent(context, screen, row.step, index),
    }
}
