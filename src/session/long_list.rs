//! A list of any length of which only the rows near the screen are in the page. All rows are equally tall.

use std::ops::Range;

use leptos::{html::Div, prelude::*};
use session_log::Scale;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::ResizeObserver;

use crate::ui::{memo, px};

/// How tall a row is, in heights of the page's letters; the style sheets of the lists say the same.
const ROW_REM: f64 = 1.75;
/// Rows made above and below the screen.
const MARGIN_ROWS: usize = 4;

/// What of a list is in the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListWindow {
    /// The rows.
    pub rows: Range<usize>,
    /// Where the first of them stands in the element that scrolls, in pixels.
    pub top: f64,
    /// How tall that element is, in pixels.
    pub height: f64,
}

impl ListWindow {
    /// The rows of `count` that are near a screen of so many pixels, with the scroll bar there.
    pub fn new(count: usize, row_px: f64, screen_px: f64, scroll_top: f64) -> Self {
        let scale = Scale::new(count as f64 * row_px, screen_px);
        let top = scale.document_top(scroll_top);
        let first = ((top / row_px) as usize).saturating_sub(MARGIN_ROWS).min(count);
        let end = (((top + screen_px) / row_px) as usize + 1 + MARGIN_ROWS).min(count);
        Self { rows: first..end.max(first), top: scroll_top - (top - first as f64 * row_px), height: scale.element() }
    }
}

/// Where the scroll bar must be so that a row is on the screen; `None` where it is already.
pub fn scroll_to(row: usize, count: usize, row_px: f64, screen_px: f64, scroll_top: f64) -> Option<f64> {
    let scale = Scale::new(count as f64 * row_px, screen_px);
    let (top, row_top) = (scale.document_top(scroll_top), row as f64 * row_px);
    if row_top < top {
        Some(scale.scroll_top(row_top))
    } else if row_top + row_px > top + screen_px {
        Some(scale.scroll_top(row_top + row_px - screen_px))
    } else {
        None
    }
}

/// The page's side of such a list.
#[derive(Clone, Copy)]
pub struct LongList {
    /// What scrolls.
    pub scroll: NodeRef<Div>,
    count: Memo<usize>,
    row_px: f64,
    scroll_top: RwSignal<f64>,
    screen_px: RwSignal<f64>,
    /// What is in the page.
    pub window: Memo<ListWindow>,
}

impl LongList {
    /// A list of so many rows.
    pub fn new(count: Memo<usize>) -> Self {
        let (scroll_top, screen_px, row_px) = (RwSignal::new(0.0), RwSignal::new(0.0), ROW_REM * letter_px());
        let window = memo(move || ListWindow::new(count.get(), row_px, screen_px.get(), scroll_top.get()));
        let list = Self { scroll: NodeRef::new(), count, row_px, scroll_top, screen_px, window };
        Effect::new(move |_| {
            if list.scroll.get().is_some() {
                list.watch_size();
            }
        });
        list
    }

    /// The scroll bar was moved.
    pub fn on_scroll(self) {
        if let Some(scroll) = self.scroll.get_untracked() {
            self.scroll_top.set(f64::from(scroll.scroll_top()));
        }
    }

    /// Brings a row to the screen.
    pub fn show(self, row: usize) {
        let Some(scroll) = self.scroll.get_untracked() else { return };
        let (screen_px, scroll_top) = (f64::from(scroll.client_height()), f64::from(scroll.scroll_top()));
        let count = self.count.get_untracked();
        if screen_px > 0.0
            && let Some(to) = scroll_to(row, count, self.row_px, screen_px, scroll_top)
        {
            scroll.set_scroll_top(to as i32);
            self.scroll_top.set(to);
            // Where the element has had no height until now.
            request_animation_frame(move || scroll.set_scroll_top(to as i32));
        }
    }

    /// How many rows there are.
    pub fn count(self) -> usize {
        self.count.get()
    }

    /// Runs again what calls this when the screen has another height.
    pub fn track_screen(self) {
        self.screen_px.track();
    }

    /// How many rows are on the screen.
    pub fn page(self) -> usize {
        ((self.screen_px.get_untracked() / self.row_px) as usize).max(1)
    }

    /// The height of the element that scrolls, for its style.
    pub fn height(self) -> String {
        px(self.window.with(|window| window.height))
    }

    /// Where the rows stand in it, for their style.
    pub fn top(self) -> String {
        px(self.window.with(|window| window.top))
    }

    fn watch_size(self) {
        let Some(scroll) = self.scroll.get_untracked() else { return };
        self.screen_px.set(f64::from(scroll.client_height()));
        let watched = scroll.clone();
        let on_resize = Closure::<dyn Fn()>::new(move || {
            self.screen_px.try_set(f64::from(watched.client_height()));
        });
        let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else { return };
        observer.observe(&scroll);
        let kept = StoredValue::new_local((observer, on_resize));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    }
}

/// How tall the page's letters are, in pixels: what people have chosen in their browser.
fn letter_px() -> f64 {
    let chosen = document()
        .document_element()
        .and_then(|root| window().get_computed_style(&root).ok().flatten())
        .and_then(|style| style.get_property_value("font-size").ok())
        .map(|size| js_sys::parse_float(&size));
    chosen.filter(|size| *size > 0.0).unwrap_or(16.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_near_the_screen_are_made() {
        for (count, scroll_top, rows) in [
            (0, 0.0, 0..0),
            (3, 0.0, 0..3),
            (25_000, 0.0, 0..15),
            (25_000, 28_000.0, 996..1_015),
            (25_000, 25_000.0 * 28.0 - 280.0, 24_986..25_000),
        ] {
            let window = ListWindow::new(count, 28.0, 280.0, scroll_top);
            assert_eq!(window.rows, rows, "{count} rows, {scroll_top} px");
            let shown = window.top - scroll_top + 28.0 * rows.len() as f64;
            assert!(count < 11 || shown >= 280.0, "the screen is filled: {window:?}");
        }
    }

    #[test]
    fn every_row_of_ten_million_can_be_shown() {
        let count = 10_000_000;
        for row in [0, 1, 4_999_999, count - 1] {
            let to = scroll_to(row, count, 28.0, 280.0, 8_000_000.0).unwrap();
            let window = ListWindow::new(count, 28.0, 280.0, to);
            assert!(window.rows.contains(&row), "{row} in {window:?}");
            assert!(window.height < 33_000_000.0);
        }
    }

    #[test]
    fn a_row_on_the_screen_moves_nothing() {
        for (row, to) in [(0, Some(0.0)), (9, Some(252.0)), (10, None), (19, None), (20, Some(308.0))] {
            assert_eq!(scroll_to(row, 100, 28.0, 280.0, 280.0), to, "row {row}");
        }
    }
}
