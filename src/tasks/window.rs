//! Which rows of a long list are worth drawing. Pure arithmetic in pixels.

use std::ops::Range;

/// Rows drawn beyond each edge of the screen, so that a scroll shows no gap before the next frame.
const SPARE_ROWS: usize = 8;

/// The rows to draw of a list of `count` rows, each `row_px` high. `top_px` is where the list's top edge is
/// in the viewport (negative when scrolled past), `viewport_px` the viewport's height.
pub fn visible_rows(count: usize, row_px: f64, top_px: f64, viewport_px: f64) -> Range<usize> {
    if row_px < 1.0 {
        return 0..count.min(SPARE_ROWS);
    }
    let first = (-top_px / row_px).floor().max(0.0) as usize;
    let end = ((viewport_px - top_px) / row_px).ceil().max(0.0) as usize;
    let first = first.saturating_sub(SPARE_ROWS).min(count);
    first..end.saturating_add(SPARE_ROWS).clamp(first, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_the_screen_and_stays_in_the_list() {
        assert_eq!(visible_rows(10_000, 60.0, 300.0, 900.0), 0..18);
        assert_eq!(visible_rows(10_000, 60.0, -60_000.0, 900.0), 992..1_023);
        assert_eq!(visible_rows(10_000, 60.0, -599_940.0, 900.0), 9_991..10_000);
        assert_eq!(visible_rows(10_000, 60.0, -700_000.0, 900.0), 10_000..10_000);
        assert_eq!(visible_rows(10_000, 60.0, 5_000.0, 900.0), 0..8);
        assert_eq!(visible_rows(0, 60.0, 0.0, 900.0), 0..0);
        assert_eq!(visible_rows(3, 0.0, 0.0, 900.0), 0..3);
    }
}
