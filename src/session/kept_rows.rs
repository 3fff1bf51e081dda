//! The rows that are in the page. A row that stays is not touched: neither made anew nor moved, so that what the browser
//! knows of it (the selection, the focus, an animation) stays as well.

use std::collections::VecDeque;

use leptos::prelude::*;
use leptos::tachys::reactive_graph::{OwnedView, OwnedViewState};
use leptos::tachys::view::any_view::AnyViewState;
use session_log::{PlacedRow, Row};
use web_sys::Element;

use super::plain_row::{PlainElement, PlainRow};
use super::selection::place_of;

/// The most plain rows that wait out of the page until they are needed again.
const SPARE_ROWS_MAX: usize = 64;

/// The rows of a log that are in the page, in the document's order.
#[derive(Default)]
pub struct KeptRows {
    rows: Vec<KeptRow>,
    /// Plain rows without a place.
    spare: Vec<PlainElement>,
}

/// A row in the page.
struct KeptRow {
    row: Row,
    version: u64,
    /// What it shows was not in the document when it was made.
    is_absent: bool,
    is_aside: bool,
    element: Element,
    shown: Shown,
}

/// How a row was made.
enum Shown {
    Plain(PlainElement),
    View(OwnedViewState<AnyViewState>),
}

/// A row as it is made.
pub struct NewRow {
    /// What is shown.
    pub content: NewContent,
    /// Whether what it is to show is not in the document yet.
    pub is_absent: bool,
}

/// What a row shows.
pub enum NewContent {
    /// Words.
    Plain(PlainRow),
    /// Anything else: one element.
    View(AnyView),
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
        let before = std::mem::take(&mut self.rows);
        let stays = staying(&before, &wanted, has_come);
        let mut before = Before(before.into_iter().zip(stays).collect());
        let mut has_news = false;
        // Nobody's child, as an owner keeps a trace of each child that it ever had: a row ends when its own is dropped.
        let mut owner = Owner::default();
        for (placed, is_aside) in wanted {
            let kept = before.take(placed.row, &mut self.spare).or_else(|| {
                has_news = true;
                let NewRow { content, is_absent } = owner.with(|| make(placed));
                let shown = match content {
                    NewContent::Plain(row) => Shown::Plain(before.show(parent, row, &mut self.spare)?),
                    NewContent::View(view) => {
                        let mut state = OwnedView::new_with_owner(view, std::mem::take(&mut owner)).build();
                        state.mount(parent, before.marker().map(AsRef::as_ref));
                        Shown::View(state)
                    }
                };
                KeptRow::new(placed, is_absent, shown)
            });
            let Some(mut kept) = kept else { continue };
            if kept.is_aside != is_aside {
                kept.is_aside = is_aside;
                drop(kept.element.toggle_attribute_with_force("data-aside", is_aside));
            }
            self.rows.push(kept);
        }
        before.0.into_iter().for_each(|(gone, _)| gone.leave(&mut self.spare));
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

    /// How tall the rows near the screen are together, in pixels. This has the browser lay out the page.
    pub fn height(&self) -> f64 {
        let mut near = self.rows.iter().filter(|kept| !kept.is_aside).map(|kept| &kept.element);
        let Some(first) = near.next() else { return 0.0 };
        let last = near.next_back().unwrap_or(first);
        last.get_bounding_client_rect().bottom() - first.get_bounding_client_rect().top()
    }

    /// The heights of the rows near the screen, in pixels. This has the browser lay out the page.
    pub fn heights(&self) -> Vec<(Row, f64)> {
        let near = self.rows.iter().filter(|kept| !kept.is_aside);
        let heights: Vec<_> = near.map(|kept| (kept.row, kept.element.get_bounding_client_rect().height())).collect();
        // A page that is not laid out (in a hidden part, for one) measures nothing.
        if heights.iter().all(|(_, height)| *height == 0.0) { Vec::new() } else { heights }
    }
}

/// Which of the rows that were in the page show what they are to show.
fn staying(before: &[KeptRow], wanted: &[(PlacedRow, bool)], has_come: impl Fn(Row) -> bool) -> Vec<bool> {
    let mut wanted = wanted.iter().map(|(placed, _)| placed).peekable();
    let stays = |kept: &KeptRow| {
        while wanted.next_if(|placed| place_of(placed.row) < place_of(kept.row)).is_some() {}
        let is_same = |placed: &&PlacedRow| placed.row == kept.row && placed.version == kept.version;
        wanted.peek().is_some_and(is_same) && !(kept.is_absent && has_come(kept.row))
    };
    before.iter().map(stays).collect()
}

/// The rows that were in the page and have not been looked at yet, and whether each stays. They stand in the page after
/// all rows that have their place already.
struct Before(VecDeque<(KeptRow, bool)>);

impl Before {
    /// The row, if it was in the page and stays. What stands before it goes.
    fn take(&mut self, row: Row, spare: &mut Vec<PlainElement>) -> Option<KeptRow> {
        let at = self.0.iter().position(|(_, stays)| *stays).filter(|&at| self.0[at].0.row == row)?;
        self.0.drain(..at).for_each(|(gone, _)| gone.leave(spare));
        self.0.pop_front().map(|(kept, _)| kept)
    }

    /// Shows a plain row in the place of one that goes: nothing moves then. Where there is none, in a place of its own.
    fn show(&mut self, parent: &Element, row: PlainRow, spare: &mut Vec<PlainElement>) -> Option<PlainElement> {
        while let Some((gone, _)) = self.0.pop_front_if(|(_, stays)| !*stays) {
            match gone.shown {
                Shown::Plain(mut plain) if plain.is_free() => {
                    plain.show(row);
                    return Some(plain);
                }
                Shown::Plain(_) | Shown::View(_) => gone.unmount(),
            }
        }
        let plain = match spare.pop() {
            Some(mut plain) => {
                plain.show(row);
                plain
            }
            None => PlainElement::new(row)?,
        };
        parent.insert_before(plain.element(), self.marker().map(AsRef::as_ref)).ok()?;
        Some(plain)
    }

    /// What the next row stands before.
    fn marker(&self) -> Option<&Element> {
        self.0.front().map(|(kept, _)| &kept.element)
    }
}

impl KeptRow {
    fn new(placed: PlacedRow, is_absent: bool, shown: Shown) -> Option<Self> {
        let element = match &shown {
            Shown::Plain(plain) => plain.element().clone(),
            Shown::View(state) => state.elements().into_iter().next()?,
        };
        Some(Self { row: placed.row, version: placed.version, is_absent, is_aside: false, element, shown })
    }

    /// Leaves the page; a plain row may come back as another one.
    fn leave(self, spare: &mut Vec<PlainElement>) {
        match self.shown {
            Shown::Plain(plain) if plain.is_free() && spare.len() < SPARE_ROWS_MAX => {
                plain.element().remove();
                spare.push(plain);
            }
            Shown::Plain(_) | Shown::View(_) => self.unmount(),
        }
    }

    fn unmount(self) {
        match self.shown {
            Shown::Plain(plain) => plain.element().remove(),
            Shown::View(mut state) => state.unmount(),
        }
    }
}
