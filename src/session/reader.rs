//! Where one reader is in a log: what is open, what is near the screen, whether the tail is followed.
//! Plain numbers; the page's elements are not known here.

use session_log::{Anchor, Fold, Layout, LogDocument, PlacedRow, Row, RowPart, Scale};

/// How far above and below the screen rows are made, in pixels.
const MARGIN_PX: f64 = 400.0;
/// How near to the end counts as being there, in pixels.
const END_PX: f64 = 24.0;

/// What is to be on the page now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// The rows near the screen.
    pub rows: Vec<PlacedRow>,
    /// The height of the element that scrolls.
    pub height: f64,
    /// Where it is scrolled to.
    pub scroll_top: f64,
    /// Where the first row stands in it.
    pub rows_top: f64,
    /// Whether the tail is followed.
    pub is_following: bool,
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
    /// Whether the tail is followed.
    is_following: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Self { layout: Layout::default(), screen: 0.0, top: 0.0, placed: 0.0, is_following: true }
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
        if (scroll_top - self.placed).abs() < 1.5 {
            return false;
        }
        let scale = self.scale();
        let goes_up = scroll_top < self.placed;
        self.placed = scroll_top;
        self.top = scale.document_top(scroll_top);
        let is_at_end = self.top + self.screen >= self.layout.height() - END_PX;
        self.is_following = is_at_end && (self.is_following || !goes_up);
        true
    }

    /// Lets go of the tail.
    pub fn let_go(&mut self) {
        self.is_following = false;
    }

    /// Follows the tail from now on.
    pub fn follow(&mut self) {
        self.is_following = true;
    }

    /// Goes to a step and opens it.
    pub fn go_to(&mut self, document: &LogDocument, step: usize) {
        self.is_following = false;
        self.layout.uncover(document, step);
        if self.layout.fold(step) != Fold::Open {
            self.layout.set_fold(document, step, Fold::Open);
        }
        self.top = self.layout.offset(Anchor { row: Row { step, part: RowPart::Header }, within: 0.0 });
    }

    /// Brings a row to the middle of the screen.
    pub fn reveal(&mut self, document: &LogDocument, row: Row) {
        self.is_following = false;
        self.layout.uncover(document, row.step);
        if row.part != RowPart::Header && self.layout.fold(row.step) == Fold::Closed {
            self.layout.set_fold(document, row.step, Fold::Open);
        }
        self.top = self.layout.top(row) - self.screen / 3.0;
    }

    /// What is to be on the page now.
    pub fn frame(&mut self, document: &LogDocument) -> Frame {
        let end = (self.layout.height() - self.screen).max(0.0);
        self.top = if self.is_following { end } else { self.top.clamp(0.0, end) };
        let scale = self.scale();
        let scroll_top = scale.scroll_top(self.top).round();
        let rows = self.layout.window(document, self.top - MARGIN_PX, self.top + self.screen + MARGIN_PX);
        let above = rows.first().map_or(0.0, |row| self.top - row.top);
        Frame {
            rows,
            height: scale.element(),
            scroll_top,
            rows_top: scale.scroll_top(self.top) - above,
            is_following: self.is_following,
        }
    }

    /// The scroll bar was put here.
    pub fn on_placed(&mut self, scroll_top: f64) {
        self.placed = scroll_top;
    }

    fn scale(&self) -> Scale {
        Scale::new(self.layout.height(), self.screen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::Event;
    use serde_json::json;

    fn grow(document: &mut LogDocument, reader: &mut Reader, messages: u64) -> Frame {
        for _ in 0..messages {
            let seq = document.last_seq() + 1;
            let event: Event = serde_json::from_value(json!({
                "seq": seq, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z",
                "type": "user.message", "data": {"content": "text"},
            }))
            .unwrap();
            document.apply(&event);
        }
        reader.hold(|layout| layout.sync(document));
        let frame = reader.frame(document);
        reader.on_placed(frame.scroll_top);
        frame
    }

    #[test]
    fn the_tail_is_followed_until_the_reader_scrolls_up() {
        let (mut document, mut reader) = (LogDocument::default(), Reader::default());
        reader.set_screen(500.0);
        let frame = grow(&mut document, &mut reader, 100);
        assert_eq!(frame.scroll_top, frame.height - 500.0);
        assert!(frame.is_following && frame.rows.len() < 40);

        assert!(!reader.on_scroll(frame.scroll_top), "our own move");
        assert!(reader.on_scroll(frame.scroll_top - 300.0));
        let held = grow(&mut document, &mut reader, 100);
        assert_eq!((held.is_following, held.scroll_top), (false, frame.scroll_top - 300.0));

        assert!(reader.on_scroll(held.height - 500.0));
        assert!(grow(&mut document, &mut reader, 1).is_following);
    }

    #[test]
    fn what_is_read_stays_while_heights_above_change() {
        let (mut document, mut reader) = (LogDocument::default(), Reader::default());
        reader.set_screen(500.0);
        let frame = grow(&mut document, &mut reader, 100);
        reader.on_scroll(frame.height / 2.0);
        let before = reader.frame(&document);
        let seen = before.rows[before.rows.len() / 2].row;
        let on_screen = |reader: &Reader, frame: &Frame| reader.layout.top(seen) - frame.scroll_top;
        let place = on_screen(&reader, &before);
        reader.hold(|layout| layout.measure(Row { step: 1, part: RowPart::Body(0) }, 900.0));
        let after = reader.frame(&document);
        assert!((on_screen(&reader, &after) - place).abs() <= 1.0);
    }
}
