//! Where one reader is in a log: what is open, what is near the screen, whether the tail is followed.
//! Plain numbers; the page's elements are not known here.

mod anew;
mod arrival;
mod news;
#[cfg(test)]
mod tests;

use session_log::{Anchor, Fold, Layout, LogDocument, PlacedRow, Row, RowPart, Scale};

use self::anew::LostPlace;
pub use self::arrival::Arrival;
use self::news::News;
use crate::store::ReadingPlace;

/// How far above and below the screen rows are made, in pixels.
const MARGIN_PX: f64 = 400.0;
/// The same while other rows are shown with each frame: the tail is followed, or the scroll bar is dragged.
const PASSING_MARGIN_PX: f64 = 120.0;
/// How near to the end counts as being there, in pixels.
const END_PX: f64 = 24.0;
/// How far the scroll bar is off before that is the reader's doing, in pixels: browsers round.
const ROUNDING_PX: f64 = 1.5;
/// A move of the scroll bar by at most so many screens is a wheel or a key, which goes by pixels of the document; a
/// longer one is the bar itself being dragged, which goes by its scale.
const WHEEL_SCREENS_MAX: f64 = 2.0;
/// How often rows are chosen again because the heights around them have changed.
const WINDOW_PASSES_MAX: usize = 4;

/// What is to be on the page now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// The rows near the screen.
    pub rows: Vec<PlacedRow>,
    /// Rows elsewhere that stay in the page, in the document's order: the selection ends in them.
    pub aside: Vec<PlacedRow>,
    /// The height of the element that scrolls.
    pub height: f64,
    /// Where it is scrolled to.
    pub scroll_top: f64,
    /// Where the first row stands in it.
    pub rows_top: f64,
    /// Whether the reader only passes by: with the next frame something else is shown.
    pub is_passing: bool,
    /// Whether the tail is followed.
    pub is_following: bool,
    /// Whether anything is below the screen.
    pub has_below: bool,
    /// Lines that came since the tail was let go.
    pub new_lines: usize,
}

/// How the scroll bar is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drag {
    /// By the wheel or a key, or not at all.
    None,
    /// It was dragged, or set elsewhere, once since it stood still.
    Once,
    /// It is being dragged: most rows on the screen are gone with the next frame.
    Again,
}

impl Drag {
    /// After another move of the scroll bar.
    fn after(self, is_far: bool) -> Self {
        match (is_far, self) {
            (false, _) => Self::None,
            (true, Self::None) => Self::Once,
            (true, Self::Once | Self::Again) => Self::Again,
        }
    }
}

/// The reader's place.
#[derive(Debug)]
pub struct Reader {
    /// Open steps and heights.
    pub layout: Layout,
    /// The height of the screen, in pixels.
    screen: f64,
    /// Pixels of the document above the screen.
    top: f64,
    /// Where the scroll bar was put last; anything else is the reader's doing.
    placed: f64,
    /// Whether a scaled scroll bar stays where it is, a little off its place, so that it does not fight the hand.
    is_bar_held: bool,
    /// How the scroll bar moved last.
    drag: Drag,
    /// Whether the tail is followed.
    is_following: bool,
    /// The rows in which the selection begins and ends.
    selected: Option<(Row, Row)>,
    /// The row of the caret, from which a selection may be led on.
    caret: Option<Row>,
    /// What was read before some of the log was left out; until the reader moves.
    read: Option<Anchor>,
    /// Where the reader was when the log was begun anew; until that place is there, or the reader moves.
    lost: Option<LostPlace>,
    /// The first and the last row near the screen.
    near: Option<(Row, Row)>,
    news: News,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            layout: Layout::default(),
            screen: 0.0,
            top: 0.0,
            placed: 0.0,
            is_bar_held: false,
            drag: Drag::None,
            is_following: true,
            selected: None,
            caret: None,
            read: None,
            lost: None,
            near: None,
            news: News::default(),
        }
    }
}

impl Reader {
    /// Changes the layout and keeps what is read where it is.
    pub fn hold<T>(&mut self, change: impl FnOnce(&mut Layout) -> T) -> T {
        let anchor = self.layout.anchor(self.top);
        let changed = change(&mut self.layout);
        if let Some(anchor) = anchor {
            self.top = self.layout.offset(anchor);
        }
        changed
    }

    /// The same for what is shown of the whole log: what is read may be left out for a while, and is read again when it
    /// is back.
    pub fn adapt<T>(&mut self, change: impl FnOnce(&mut Layout) -> T) -> T {
        let read = self.read.take().or_else(|| self.layout.anchor(self.top));
        let changed = change(&mut self.layout);
        if let Some(read) = read {
            self.top = self.layout.offset(read);
        }
        self.read = read;
        changed
    }

    /// Takes in what changed in the document; tells whether anything did.
    pub fn sync(&mut self, document: &LogDocument) -> bool {
        if self.news.count(document) {
            self.lose_place();
        }
        if self.is_following {
            self.news.count = 0;
        }
        let is_changed = self.hold(|layout| layout.sync(document));
        self.find_place(document);
        is_changed
    }

    /// The height of the screen that rows were last chosen for.
    pub fn screen(&self) -> f64 {
        self.screen
    }

    /// The screen has this height.
    pub fn set_screen(&mut self, height: f64) {
        self.screen = height;
    }

    /// The scroll bar is here now; tells whether the reader moved it.
    pub fn on_scroll(&mut self, scroll_top: f64) -> bool {
        let moved = scroll_top - self.placed;
        if moved.abs() < ROUNDING_PX {
            return false;
        }
        let scale = self.scale();
        self.leave();
        self.placed = scroll_top;
        self.is_bar_held = true;
        let end = self.end();
        self.drag = self.drag.after(moved.abs() > WHEEL_SCREENS_MAX * self.screen);
        self.top = if self.drag == Drag::None { self.top + moved } else { scale.document_top(scroll_top) };
        if !self.is_scaled() {
            // A fraction of a pixel must not keep anybody from either end.
            let bar_end = (scale.element() - self.screen).max(0.0);
            self.top = if scroll_top < 1.0 {
                0.0
            } else if scroll_top > bar_end - 1.0 {
                end
            } else {
                self.top
            };
        }
        self.top = self.top.max(0.0).min(end);
        let is_at_end = self.top >= end - END_PX;
        self.set_following(is_at_end && (self.is_following || moved > 0.0) && self.selected.is_none());
        true
    }

    /// The scroll bar stands still for a moment; tells whether it was dragged. What is on the screen is looked at now.
    pub fn on_stand(&mut self) -> bool {
        std::mem::replace(&mut self.drag, Drag::None) != Drag::None
    }

    /// Nobody's hand is on the scroll bar: it may go where it belongs.
    pub fn let_bar_go(&mut self) {
        self.is_bar_held = false;
        self.drag = Drag::None;
    }

    /// Lets go of the tail.
    pub fn let_go(&mut self) {
        self.set_following(false);
    }

    /// Follows the tail from now on.
    pub fn follow(&mut self) {
        self.leave();
        self.let_bar_go();
        self.selected = None;
        self.set_following(true);
    }

    /// Notes in which rows the selection begins and ends: they stay in the page, and what is read stays in place.
    pub fn select(&mut self, ends: Option<(Row, Row)>) {
        self.selected = ends;
        if ends.is_some() {
            self.let_go();
        }
    }

    /// Notes in which row the caret is: it stays in the page.
    pub fn put_caret(&mut self, row: Option<Row>) {
        self.caret = row;
    }

    /// Where the reader is, in words that outlive the page; `None` at the tail.
    pub fn place(&self, document: &LogDocument) -> Option<ReadingPlace> {
        let Anchor { row, within } = self.layout.anchor(self.top).filter(|_| !self.is_following)?;
        let row_index = match row.part {
            RowPart::Header => None,
            RowPart::Body(index) => Some(index as u32),
        };
        Some(ReadingPlace { seq: document.step(row.step)?.seq, row: row_index, within: within as i32 })
    }

    /// Brings a row to the upper third of the screen.
    pub fn reveal(&mut self, document: &LogDocument, row: Row) {
        self.leave();
        self.set_following(false);
        self.let_bar_go();
        self.layout.uncover(document, row.step);
        if row.part != RowPart::Header && self.layout.fold(row.step) == Fold::Closed {
            self.layout.set_fold(document, row.step, Fold::Open);
        }
        self.top = self.layout.top(row) - self.screen / 3.0;
    }

    /// What is to be on the page now.
    pub fn frame(&mut self, document: &LogDocument) -> Frame {
        let aside = self.aside_rows(document);
        let rows = self.rows_near(document);
        let (end, scroll_top) = (self.end(), self.bar());
        let above = rows.first().map_or(0.0, |row| self.top - row.top);
        self.near = rows.first().zip(rows.last()).map(|(first, last)| (first.row, last.row));
        Frame {
            aside: aside.into_iter().filter(|aside| rows.iter().all(|near| near.row != aside.row)).collect(),
            height: self.scale().element(),
            scroll_top,
            rows_top: scroll_top - above,
            rows,
            is_passing: self.drag == Drag::Again,
            is_following: self.is_following,
            has_below: self.top < end - END_PX,
            new_lines: self.news.count,
        }
    }

    /// How tall the rows near the screen are together, as far as that is known, in pixels.
    pub fn rows_height(&self) -> f64 {
        self.near.map_or(0.0, |(first, last)| self.bottom(last) - self.layout.top(first))
    }

    /// The scroll bar was put here.
    pub fn on_placed(&mut self, scroll_top: f64) {
        self.placed = scroll_top;
    }

    /// Where the scroll bar belongs.
    fn bar(&self) -> f64 {
        let scale = self.scale();
        let exact = scale.scroll_top(self.top).round();
        if !self.is_scaled() || !self.is_bar_held {
            return exact;
        }
        let (end, bar_end) = (self.end(), (scale.element() - self.screen).max(0.0));
        // Both reach their ends together.
        let fits = (self.placed < 1.0) == (self.top < 1.0) && (self.placed > bar_end - 1.0) == (self.top > end - 1.0);
        if fits && self.placed <= bar_end { self.placed } else { exact }
    }

    /// The rows near the screen. Rows that come near for the first time get their own height in place of a guess, above
    /// the screen too: what is read stays where it is.
    fn rows_near(&mut self, document: &LogDocument) -> Vec<PlacedRow> {
        let margin = if self.is_following || self.drag != Drag::None { PASSING_MARGIN_PX } else { MARGIN_PX };
        let mut rows = Vec::new();
        for _ in 0..WINDOW_PASSES_MAX {
            let end = self.end();
            self.top = if self.is_following { end } else { self.top.max(0.0).min(end) };
            let (from, to) = (self.top - margin, self.top + self.screen + margin);
            rows = self.hold(|layout| layout.window(document, from, to));
            if self.top - margin == from && self.end() == end {
                break;
            }
        }
        rows
    }

    /// The rows in which the selection begins and ends, or the caret is. A step that was closed has no such row any more.
    fn aside_rows(&mut self, document: &LogDocument) -> Vec<PlacedRow> {
        let caret = self.caret.map(|row| (row, row));
        let Some((first, last)) = self.selected.or(caret) else { return Vec::new() };
        let mut look = |row: Row| {
            self.hold(|layout| {
                let top = layout.top(row);
                layout.window(document, top, top + 1.0).into_iter().find(|placed| placed.row == row)
            })
        };
        // The first look works the rows of its step out, where they never came near the screen.
        let mut one = |row: Row| look(row).or_else(|| look(row));
        let first_row = one(first);
        first_row.into_iter().chain(if first == last { None } else { one(last) }).collect()
    }

    /// Where a row ends, in pixels.
    fn bottom(&self, row: Row) -> f64 {
        let rows = self.layout.body(row.step).map_or(0, session_log::Body::rows);
        let next = match row.part {
            RowPart::Header => 0,
            RowPart::Body(index) => index + 1,
        };
        if next < rows {
            return self.layout.top(Row { part: RowPart::Body(next), ..row });
        }
        // After the last step that is the end of the document.
        self.layout.top(Row { step: row.step + 1, part: RowPart::Header })
    }

    /// The reader goes elsewhere.
    fn leave(&mut self) {
        (self.read, self.lost) = (None, None);
    }

    fn set_following(&mut self, is_following: bool) {
        self.is_following = is_following;
        if is_following {
            self.news.count = 0;
        }
    }

    /// The lowest place that a reader can be at.
    fn end(&self) -> f64 {
        (self.layout.height() - self.screen).max(0.0)
    }

    fn is_scaled(&self) -> bool {
        self.scale().element() < self.layout.height()
    }

    fn scale(&self) -> Scale {
        Scale::new(self.layout.height(), self.screen)
    }
}
