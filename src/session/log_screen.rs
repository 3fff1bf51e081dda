//! The page's side of a reader: makes the rows that a [`Frame`] names, measures them, moves the scroll bar. Nothing else
//! touches either.

mod looked;
mod placing;

use leptos::{html::Div, prelude::*};
use session_log::{Body, Fold, Layout, LogDocument, Row};
use web_sys::Element;

use super::kept_rows::KeptRows;
use super::log_view::{LogContext, Looked};
use super::marked;
use super::reader::{Arrival, Frame, Reader};
use super::seen_rows::header_of;
use super::selection::Selected;
use crate::store::{LogTarget, ReadingPlace};

/// How often rows are measured and laid out again before they are painted as they are.
const PASSES_MAX: usize = 3;

/// The page's side of a reader.
#[derive(Clone, Copy)]
pub struct LogScreen {
    pub(super) reader: StoredValue<Reader, LocalStorage>,
    pub(super) kept: StoredValue<KeptRows, LocalStorage>,
    /// What the browser has selected in the log.
    pub(super) selected: StoredValue<Option<Selected>>,
    /// What is marked because an address names it.
    marked: StoredValue<Option<Row>>,
    /// What the rows in the page were made by.
    made_by: StoredValue<MadeBy>,
    /// Whether the reader was taken elsewhere, and nobody has asked yet.
    has_gone: StoredValue<bool>,
    /// Whether the reader moved, and nobody has asked yet.
    has_moved: StoredValue<bool>,
    /// The step whose rows the pointer is over.
    pointed: StoredValue<Option<usize>>,
    /// How tall what scrolls is, and where the first row stands in it, in pixels.
    placed: StoredValue<(f64, f64)>,
    /// What was told last of what is looked at.
    looked: StoredValue<Option<Looked>>,
    frame: RwSignal<Frame>,
    /// Grows whenever steps may have been opened or closed.
    folds: RwSignal<u64>,
    pub(super) scroll: NodeRef<Div>,
    pub(super) space: NodeRef<Div>,
    pub(super) rows: NodeRef<Div>,
}

/// What the places of rows that are still to be loaded are made by.
#[derive(Debug, Clone, Copy, Default)]
struct MadeBy {
    /// The document's revision.
    revision: u64,
    /// Whether loading failed, which each such row says.
    has_failure: bool,
}

impl LogScreen {
    /// A log that is read from its end.
    pub fn new() -> Self {
        Self {
            reader: StoredValue::new_local(Reader::default()),
            kept: StoredValue::new_local(KeptRows::default()),
            selected: StoredValue::new(None),
            marked: StoredValue::new(None),
            made_by: StoredValue::new(MadeBy::default()),
            has_gone: StoredValue::new(false),
            has_moved: StoredValue::new(false),
            pointed: StoredValue::new(None),
            placed: StoredValue::new((0.0, 0.0)),
            looked: StoredValue::new(None),
            frame: RwSignal::new(Frame::default()),
            folds: RwSignal::new(0),
            scroll: NodeRef::new(),
            space: NodeRef::new(),
            rows: NodeRef::new(),
        }
    }

    /// Changes what is open or shown, and keeps what is read where it is.
    pub fn arrange(self, context: LogContext, change: impl FnOnce(&mut Layout, &LogDocument)) {
        self.has_gone.set_value(true);
        self.change(context, |reader, document| {
            reader.let_go();
            reader.hold(|layout| change(layout, document));
        });
    }

    /// The same for what is shown of the whole log: the tail stays followed.
    pub fn adapt(self, context: LogContext, change: impl FnOnce(&mut Layout, &LogDocument)) {
        self.change(context, |reader, document| reader.adapt(|layout| change(layout, document)));
    }

    /// What the layout says; tells again when what is open or shown changes.
    pub fn read<T>(self, work: impl FnOnce(&Layout) -> T) -> T {
        self.folds.track();
        self.with_layout(work)
    }

    /// What the layout says now.
    pub fn with_layout<T>(self, work: impl FnOnce(&Layout) -> T) -> T {
        self.reader.with_value(|reader| work(&reader.layout))
    }

    /// The height of the screen, in pixels.
    pub fn screen_px(self) -> f64 {
        self.reader.with_value(Reader::screen)
    }

    /// Brings a row to the upper third of the screen; its step is opened if it is folded away. The tail is let go.
    pub fn reveal(self, context: LogContext, row: Row) {
        self.has_gone.set_value(true);
        self.change(context, |reader, document| reader.reveal(document, row));
    }

    /// Opens or closes a step.
    pub fn toggle(self, context: LogContext, step: usize) {
        self.arrange(context, |layout, document| {
            let fold = if layout.fold(step) == Fold::Open { Fold::Closed } else { Fold::Open };
            layout.set_fold(document, step, fold);
        });
    }

    /// What is on the page now. It tells again after each change, when the rows are made, measured and in their places.
    pub fn frame(self) -> ReadSignal<Frame> {
        self.frame.read_only()
    }

    /// How a step is folded; tells again when that changes.
    pub fn fold(self, step: usize) -> Fold {
        self.folds.track();
        self.reader.with_value(|reader| reader.layout.fold(step))
    }

    /// The element of a row that is in the page.
    pub fn row_element(self, row: Row) -> Option<Element> {
        self.kept.with_value(|kept| kept.element(row).cloned())
    }

    /// The row of the page that an element is in.
    pub fn row_at(self, element: &Element) -> Option<Row> {
        let rows = self.rows.get_untracked()?;
        self.kept.with_value(|kept| kept.row_around(&rows, element))
    }

    /// Works with the rows under a step's header.
    pub fn with_body<T>(self, step: usize, work: impl FnOnce(&Body) -> T) -> Option<T> {
        self.reader.with_value(|reader| reader.layout.body(step).map(work))
    }

    /// Something in the rows may have another height now, or the screen.
    pub fn settle(self, context: LogContext) {
        let screen_px = self.screen_px();
        self.heed();
        // Rows that were just made are of another height than those before, which is no news.
        if self.measure() || self.screen_px() != screen_px {
            self.show(context);
        }
    }

    /// Goes where an address leads.
    pub(super) fn go_to(self, context: LogContext, target: LogTarget) -> Arrival {
        let arrival = context.document.with_untracked(|document| {
            self.reader.try_update_value(|reader| {
                reader.sync(document);
                reader.go_to(document, target)
            })
        });
        let arrival = arrival.unwrap_or(Arrival::Awaited);
        if let (Arrival::There(row) | Arrival::Unshown(row), LogTarget::Spot(_)) = (arrival, target) {
            self.mark(Some(row));
        }
        self.folds.update(|folds| *folds += 1);
        self.show(context);
        arrival
    }

    /// The browser's caret is in this row now: a selection may be led on from there.
    pub(super) fn on_caret(self, row: Option<Row>) {
        self.reader.update_value(|reader| reader.put_caret(row));
    }

    /// The browser has this selected in the log now.
    pub(super) fn on_selected(self, context: LogContext, selected: Option<Selected>) {
        if self.selected.get_value() == selected {
            return;
        }
        self.selected.set_value(selected);
        let rows = selected.map(Selected::ends).map(|(from, to)| (from.row, to.row));
        self.reader.update_value(|reader| reader.select(rows));
        self.show(context);
    }

    /// Selects from one place of the log to another.
    pub(super) fn select(self, context: LogContext, selected: Selected) {
        self.on_selected(context, Some(selected));
        self.kept.with_value(|kept| marked::select(selected, kept));
    }

    /// Marks the row that an address names.
    pub(super) fn mark(self, row: Option<Row>) {
        let set = |row: Option<Row>, is_marked: bool| {
            if let Some(element) = row.and_then(|row| self.row_element(row)) {
                drop(element.toggle_attribute_with_force("data-marked", is_marked));
            }
        };
        set(self.marked.get_value(), false);
        self.marked.set_value(row);
        set(row, true);
    }

    /// The pointer is over a row of this step: its header shows what can be done.
    pub(super) fn point_at(self, step: Option<usize>) {
        let set = |step: Option<usize>, is_pointed: bool| {
            if let Some(element) = step.and_then(|step| self.row_element(header_of(step))) {
                drop(element.toggle_attribute_with_force("data-pointed", is_pointed));
            }
        };
        let before = self.pointed.get_value();
        if before != step {
            set(before, false);
        }
        self.pointed.set_value(step);
        set(step, true);
    }

    /// Where the reader is; `None` at the tail.
    pub(super) fn place(self, context: LogContext) -> Option<ReadingPlace> {
        context.document.with_untracked(|document| self.reader.try_with_value(|reader| reader.place(document)))?
    }

    /// Follows the tail.
    pub(super) fn follow(self, context: LogContext) {
        self.selected.set_value(None);
        marked::deselect();
        self.change(context, |reader, _| reader.follow());
    }

    /// The page's width or its letters changed.
    pub(super) fn forget_heights(self, context: LogContext) {
        self.change(context, |reader, document| reader.hold(|layout| layout.forget_heights(document)));
    }

    fn change(self, context: LogContext, change: impl FnOnce(&mut Reader, &LogDocument)) {
        context.document.with_untracked(|document| {
            self.reader.update_value(|reader| {
                reader.sync(document);
                change(reader, document);
            });
        });
        self.folds.update(|folds| *folds += 1);
        self.show(context);
    }

    /// Whether the reader has moved since this was asked last.
    pub(super) fn take_move(self) -> bool {
        self.heed();
        self.has_moved.try_update_value(std::mem::take) == Some(true)
    }

    /// Whether the reader was taken elsewhere (by a key, a hit, the outline) since this was asked last.
    pub(super) fn take_leap(self) -> bool {
        self.has_gone.try_update_value(std::mem::take) == Some(true)
    }

    /// Takes in where the scroll bar is and how tall the screen.
    fn heed(self) {
        let Some(scroll) = self.scroll.try_get_untracked().flatten() else { return };
        let (height, top) = (f64::from(scroll.client_height()), f64::from(scroll.scroll_top()));
        let has_moved = self.reader.try_update_value(|reader| {
            // A screen that has just changed its height moves the scroll bar too; the reader has not.
            let is_same_screen = reader.screen() == height;
            reader.set_screen(height);
            is_same_screen && reader.on_scroll(top)
        });
        if has_moved == Some(true) {
            self.has_moved.set_value(true);
        }
    }

    /// Takes in what changed, and puts it on the page.
    pub(super) fn show(self, context: LogContext) {
        // What the reader did is heard before anything is moved, even if the browser has not told of it yet.
        self.heed();
        let mut frame = None;
        let mut has_news = false;
        for _ in 0..PASSES_MAX {
            let next = context.document.with_untracked(|document| {
                self.reader.try_update_value(|reader| {
                    has_news |= reader.sync(document);
                    reader.frame(document)
                })
            });
            // The log may have left the page since this was asked for.
            let Some(next) = next else { return };
            self.place_rows(context, &next);
            self.place_elements(&next);
            frame = Some(next);
            if !self.measure() {
                break;
            }
        }
        let Some(frame) = frame else { return };
        // A step that goes on or ends may open or close by it.
        if has_news {
            self.folds.update(|folds| *folds += 1);
        }
        let looked = self.looked(context, &frame);
        // Told also when nothing moved: somebody may wait for a row that was here before.
        self.frame.set(frame);
        if self.looked.with_value(|before| before.as_ref() != Some(&looked)) {
            self.looked.set_value(Some(looked.clone()));
            context.on_look.run(looked);
        }
    }
}
