//! The rows that are in the page. A row that stays is not touched: neither made anew nor moved, so that what the browser
//! knows of it (the selection, the focus, an animation) stays as well.

use leptos::prelude::*;
use leptos::tachys::reactive_graph::{OwnedView, OwnedViewState};
use leptos::tachys::view::any_view::AnyViewState;
use session_log::{PlacedRow, Row};
use web_sys::Element;

use super::selection::place_of;

/// The rows of a log that are in the page, in the document's order.
#[derive(Default)]
pub struct KeptRows {
    rows: Vec<KeptRow>,
}

/// A row in the page.
struct KeptRow {
    row: Row,
    version: u64,
    /// What it shows was not in the document when it was made.
    is_absent: bool,
    is_aside: bool,
    element: Element,
    state: OwnedViewState<AnyViewState>,
}

/// A row as it is made.
pub struct NewRow {
    /// What is shown: one element.
    pub view: AnyView,
    /// Whether what it is to show is not in the document yet.
    pub is_absent: bool,
}

impl KeptRows {
    /// Makes the page hold these rows: `near` the screen, and `aside` of it. `has_come` tells of a row that showed
    /// nothing whether that is there now. Tells whether any row was made.
    pub fn sync(
        &mut self,
        parent: &Element,
        near: &[PlacedRow],
        aside: &[PlacedRow],
        has_come: impl Fn(Row) -> bool,
        make: impl Fn(PlacedRow) -> NewRow,
    ) -> bool {
        let mut wanted: Vec<(PlacedRow, bool)> = near.iter().map(|placed| (*placed, false)).collect();
        wanted.extend(aside.iter().map(|placed| (*placed, true)));
        if !aside.is_empty() {
            wanted.sort_by_key(|(placed, _)| place_of(placed.row));
        }
        let mut has_news = false;
        let mut before = std::mem::take(&mut self.rows).into_iter().peekable();
        for (placed, is_aside) in wanted {
            while let Some(mut gone) = before.next_if(|kept| place_of(kept.row) < place_of(placed.row)) {
                gone.state.unmount();
            }
            let same = before.next_if(|kept| kept.row == placed.row);
            let mut kept = match same {
                Some(kept) if kept.version == placed.version && !(kept.is_absent && has_come(kept.row)) => kept,
                same => {
                    has_news = true;
                    let marker = same.as_ref().or(before.peek()).map(|kept| kept.element.clone());
                    let made = KeptRow::mount(parent, marker.as_ref(), placed, &make);
                    if let Some(mut gone) = same {
                        gone.state.unmount();
                    }
                    let Some(made) = made else { continue };
                    made
                }
            };
            if kept.is_aside != is_aside {
                kept.is_aside = is_aside;
                drop(kept.element.toggle_attribute_with_force("data-aside", is_aside));
            }
            self.rows.push(kept);
        }
        for mut gone in before {
            gone.state.unmount();
        }
        has_news
    }

    /// The element of a row that is in the page.
    pub fn element(&self, row: Row) -> Option<&Element> {
        let at = self.rows.binary_search_by_key(&place_of(row), |kept| place_of(kept.row)).ok()?;
        Some(&self.rows[at].element)
    }

    /// The row that an element inside of `log` is in.
    pub fn row_around(&self, log: &Element, element: &Element) -> Option<Row> {
        let mut around = Some(element.clone()).filter(|element| log.contains(Some(element)));
        while let Some(element) = around {
            if let Some(row) = self.row_of(&element) {
                return Some(row);
            }
            around = element.parent_element().filter(|parent| log.contains(Some(parent)));
        }
        None
    }

    /// The row that an element of the page is.
    pub fn row_of(&self, element: &Element) -> Option<Row> {
        self.rows.iter().find(|kept| kept.element == *element).map(|kept| kept.row)
    }

    /// The last row.
    pub fn last(&self) -> Option<Row> {
        self.rows.last().map(|kept| kept.row)
    }

    /// The heights of the rows near the screen, in pixels. This has the browser lay out the page.
    pub fn heights(&self) -> Vec<(Row, f64)> {
        let near = self.rows.iter().filter(|kept| !kept.is_aside);
        let heights: Vec<_> = near.map(|kept| (kept.row, kept.element.get_bounding_client_rect().height())).collect();
        // A page that is not laid out (in a hidden part, for one) measures nothing.
        if heights.iter().all(|(_, height)| *height == 0.0) { Vec::new() } else { heights }
    }
}

impl KeptRow {
    fn mount(
        parent: &Element,
        marker: Option<&Element>,
        placed: PlacedRow,
        make: impl Fn(PlacedRow) -> NewRow,
    ) -> Option<Self> {
        // Nobody's child, as an owner keeps a trace of each child that it ever had: the row ends when this is dropped.
        let owner = Owner::default();
        let NewRow { view, is_absent } = owner.with(|| make(placed));
        let mut state = OwnedView::new_with_owner(view, owner).build();
        state.mount(parent, marker.map(AsRef::as_ref));
        let element = state.elements().into_iter().next()?;
        Some(Self { row: placed.row, version: placed.version, is_absent, is_aside: false, element, state })
    }
}
