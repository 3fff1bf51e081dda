//! The mark beside a line: its number, which leads the address there.

use leptos::prelude::*;
use session_log::{Row, RowPart};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::log_view::{LogContext, LogScreen};
use crate::store::LogSpot;

/// The pointer is over the log: the line under it shows its number, and its step what can be done.
pub fn on_point(context: LogContext, screen: LogScreen, event: &Event) {
    let Some((element, row)) = row_at(screen, event) else { return screen.point_at(None) };
    screen.point_at(Some(row.step));
    if element.has_attribute("data-line") {
        return;
    }
    if row.part == RowPart::Header {
        return;
    }
    // A row without a number says so: it is not used again for one that has, and the pointer comes over that anew.
    let line = spot_of(context, screen, row).and_then(|spot| spot.line).map(|line| line.to_string());
    drop(element.set_attribute("data-line", &line.unwrap_or_default()));
}

/// The reader pressed the mark of a line: the address leads there from now on.
pub fn on_click(context: LogContext, screen: LogScreen, event: &Event) {
    let Some((element, row)) = row_at(screen, event) else { return };
    // The mark is the row's own; all that is in the row is in elements of its own.
    let is_mark = event.target().is_some_and(|target| target == *element.unchecked_ref::<web_sys::EventTarget>());
    let is_selecting = screen.selected.get_value().is_some();
    if !is_mark || is_selecting || row.part == RowPart::Header {
        return;
    }
    if spot_of(context, screen, row).is_some() {
        lead_to(context, screen, row);
    }
}

/// The address leads to the line that a row shows from now on, or else to its step; tells the line.
pub fn lead_to(context: LogContext, screen: LogScreen, row: Row) -> Option<u32> {
    let step = context.document.with_untracked(|document| document.step(row.step).map(|step| step.seq))?;
    let spot = spot_of(context, screen, row).unwrap_or(LogSpot { seq: step, line: None });
    screen.mark(Some(row));
    context.on_spot.run(spot);
    spot.line
}

/// The row that an event happened in.
fn row_at(screen: LogScreen, event: &Event) -> Option<(Element, Row)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let rows = screen.rows.get_untracked()?;
    let mut row = target;
    loop {
        let parent = row.parent_element()?;
        if parent == *rows.unchecked_ref::<Element>() {
            let found = screen.kept.with_value(|kept| kept.row_of(&row))?;
            return Some((row, found));
        }
        row = parent;
    }
}

/// The first line of the step's text that a row shows.
fn spot_of(context: LogContext, screen: LogScreen, row: Row) -> Option<LogSpot> {
    let RowPart::Body(index) = row.part else { return None };
    context.document.with_untracked(|document| {
        let step = document.step(row.step)?;
        let lines = screen.with_body(row.step, |body| body.lines_of(document, step, index..index + 1))?;
        (!lines.is_empty()).then(|| LogSpot { seq: step.seq, line: Some(lines.start as u32 + 1) })
    })
}
