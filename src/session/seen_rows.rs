//! Where a reader is, by what is on the page. Pure.

use session_log::{PlacedRow, Row, RowPart};

use super::reader::Frame;

impl Frame {
    /// Pixels of the document above the screen; 0 without rows.
    pub fn document_top(&self) -> f64 {
        self.rows.first().map_or(0.0, |first| first.top + self.scroll_top - self.rows_top)
    }

    /// The first row on the screen.
    pub fn first_seen(&self) -> Option<Row> {
        let top = self.document_top();
        let above = self.rows.partition_point(|row| row.top < top - 0.5);
        self.rows.get(above).or(self.rows.last()).map(|placed| placed.row)
    }

    /// Whether something of a step begins on a screen of this height.
    pub fn is_seen(&self, step: usize, screen_px: f64) -> bool {
        let top = self.document_top();
        let begins = |row: &PlacedRow| row.top >= top - 0.5 && row.top < top + screen_px;
        self.rows.iter().any(|placed| placed.row.step == step && begins(placed))
    }

    /// Whether a row is near the screen.
    pub fn has(&self, row: Row) -> bool {
        self.rows.iter().any(|placed| placed.row == row)
    }
}

/// The header of a step.
pub fn header_of(step: usize) -> Row {
    Row { step, part: RowPart::Header }
}

/// The place of a row under its header, and the header's before them all.
pub fn place_in_step(row: Row) -> Option<usize> {
    match row.part {
        RowPart::Header => None,
        RowPart::Body(index) => Some(index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_on_the_screen_is_the_first_that_starts_there() {
        let rows =
            (0..10).map(|step| PlacedRow { row: header_of(step), version: 0, top: 1_000.0 + 36.0 * step as f64 });
        let mut frame =
            Frame { rows: rows.collect(), rows_top: 500.0, scroll_top: 500.0, height: 9_000.0, ..Frame::default() };
        for (scroll_top, step) in [(500.0, 0), (510.0, 1), (536.0, 1), (536.4, 1), (2_000.0, 9)] {
            frame.scroll_top = scroll_top;
            assert_eq!(frame.first_seen(), Some(header_of(step)), "{scroll_top}");
        }
        frame.scroll_top = 536.0;
        let seen: Vec<usize> = (0..10).filter(|&step| frame.is_seen(step, 80.0)).collect();
        assert_eq!(seen, [1, 2, 3]);
        assert_eq!(Frame::default().first_seen(), None);
        assert!(frame.has(header_of(9)) && !frame.has(header_of(10)));
        assert!(place_in_step(header_of(1)) < place_in_step(Row { step: 1, part: RowPart::Body(0) }));
    }
}
