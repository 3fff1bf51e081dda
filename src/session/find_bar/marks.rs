//! Marks the hits in the rows that are in the page, without making any row anew: the browser paints over ranges of
//! their text. Where it cannot, the row of the hit that is looked at is marked.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use js_sys::{Array, Function, Map, Reflect};
use leptos::prelude::*;
use session_log::{Hit, PlacedRow, Query, Row, RowPart};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node, StaticRange};

use super::row_words::{RowWords, as_list};
use super::search::LogSearch;

/// The browser's name for all hits; the style sheet has it too.
const ALL: &str = "log-hit";
/// The same for the hit that is looked at.
const PRESENT: &str = "log-hit-present";
/// Marks the row of the hit that is looked at where nothing in it is marked.
const ROW_MARK: &str = "data-present-hit";

/// The rows near the screen as they were searched last: what has not changed is not read again in every frame.
#[derive(Default)]
pub struct SearchedRows {
    /// The query's number.
    round: u64,
    rows: HashMap<Row, Rc<SearchedRow>>,
}

/// A row that was searched.
struct SearchedRow {
    version: u64,
    words: String,
    /// The hits, in bytes of the words.
    hits: Vec<Range<usize>>,
}

/// Keeps the marks where the hits are.
pub fn keep_marks(search: LogSearch) {
    Effect::new(move |was_needed: Option<bool>| {
        let is_needed = search.query.with(Option::is_some);
        if is_needed {
            search.screen.frame().track();
            search.found.track();
            search.context.document.track();
        }
        if is_needed || was_needed == Some(true) {
            // All rows are made by then, and nothing has been painted yet.
            queue_microtask(move || search.mark());
        }
        is_needed
    });
    on_cleanup(clear);
}

impl LogSearch {
    fn mark(self) {
        self.unmark_row();
        let Some(query) = self.query.try_get_untracked().flatten() else { return clear() };
        let (mut all, mut present) = (Vec::new(), Vec::new());
        let looked_at = self.found.with_untracked(super::found::FoundHits::present);
        let looked_at = looked_at.and_then(|hit| {
            let row = self.screen.with_layout(|layout| layout.row_showing(&hit))?;
            Some((hit, row))
        });
        let round = self.round.get_value();
        let before = self.searched.try_update_value(std::mem::take).filter(|searched| searched.round == round);
        let before = before.unwrap_or_default();
        let mut searched = SearchedRows { round, ..SearchedRows::default() };
        self.screen.frame().with_untracked(|frame| {
            let mut spill = 0;
            for placed in &frame.rows {
                let here = looked_at.filter(|(_, row)| *row == placed.row).map(|(hit, _)| hit);
                let Some(row) = self.searched_row(&query, placed, &before) else { continue };
                let words = &row.words;
                let hits = hits_of_row(row.hits.clone(), words, here, std::mem::take(&mut spill));
                searched.rows.insert(placed.row, Rc::clone(&row));
                spill = hits.spill;
                if hits.all.is_empty() && hits.present.is_none() {
                    continue;
                }
                let Some(element) = self.screen.row_element(placed.row) else { continue };
                let shown = RowWords::read(&element);
                let (ranges, at) = hits.in_page(&query, words, &shown);
                all.extend(ranges);
                if let Some(at) = at.as_ref().filter(|_| here.is_some())
                    && self.has_unfolded.try_update_value(|has| std::mem::replace(has, true)) == Some(false)
                {
                    unfold(at);
                }
                if here.is_some() && at.is_none() {
                    let _ = element.set_attribute(ROW_MARK, "");
                }
                present.extend(at);
            }
        });
        self.searched.set_value(searched);
        let can_mark = set(ALL, all.into_iter()) && set(PRESENT, present.into_iter());
        if !can_mark && let Some((_, row)) = looked_at {
            self.mark_row(row);
        }
    }

    /// A row's words and the hits in them. A header has one version for good, and is short.
    fn searched_row(self, query: &Query, placed: &PlacedRow, before: &SearchedRows) -> Option<Rc<SearchedRow>> {
        let is_same = |row: &&Rc<SearchedRow>| placed.row.part != RowPart::Header && row.version == placed.version;
        if let Some(row) = before.rows.get(&placed.row).filter(is_same) {
            return Some(Rc::clone(row));
        }
        let words = self.words_of(placed.row)?;
        Some(Rc::new(SearchedRow { version: placed.version, hits: query.find_in(&words), words }))
    }

    /// The words of a row, as they are searched.
    fn words_of(self, row: Row) -> Option<String> {
        self.context.document.with_untracked(|document| {
            let step = document.step(row.step)?;
            match row.part {
                RowPart::Header => Some(step.headline()),
                RowPart::Body(index) => self
                    .screen
                    .with_body(row.step, |body| Some(body.content(step, index)?.words().into_owned()))
                    .flatten(),
            }
        })
    }

    fn mark_row(self, row: Row) {
        if let Some(element) = self.screen.row_element(row) {
            let _ = element.set_attribute(ROW_MARK, "");
        }
    }

    fn unmark_row(self) {
        let panel = self.panel.try_get_untracked().flatten();
        let marked = panel.and_then(|panel| panel.query_selector(&["[", ROW_MARK, "]"].concat()).ok().flatten());
        if let Some(marked) = marked {
            let _ = marked.remove_attribute(ROW_MARK);
        }
    }
}

/// The hits in one row, in bytes of its words.
struct RowHits {
    all: Vec<Range<usize>>,
    /// The hit that is looked at.
    present: Option<Range<usize>>,
    /// How far that one goes on in the next row.
    spill: usize,
}

/// Of all hits in a row those to mark; `spill` bytes of it belong to a hit of the row before.
fn hits_of_row(mut all: Vec<Range<usize>>, words: &str, here: Option<Hit>, spill: usize) -> RowHits {
    let present = here.map(|hit| hit.from as usize..(hit.to as usize).min(words.len()));
    let goes_on = here.map_or(0, |hit| (hit.to as usize).saturating_sub(words.len()));
    let rest = (spill > 0).then(|| 0..spill.min(words.len()));
    if let Some(cut) = &rest {
        all.retain(|hit| hit.start >= cut.end);
    }
    RowHits { all, present: present.or(rest), spill: goes_on }
}

impl RowHits {
    /// The hits as ranges of the page, and that of the one that is looked at. Where the page shows less of a row's
    /// words, or in another order, they are those that its own words have.
    fn in_page(&self, query: &Query, words: &str, shown: &RowWords) -> (Vec<StaticRange>, Option<StaticRange>) {
        if shown.text == words {
            let present = self.present.clone().and_then(|range| shown.range(range));
            return (self.all.iter().filter_map(|range| shown.range(range.clone())).collect(), present);
        }
        let all = query.find_in(&shown.text);
        let nth = self.present.as_ref().and_then(|present| self.all.iter().position(|hit| hit == present));
        let present = nth.and_then(|nth| all.get(nth)).and_then(|range| shown.range(range.clone()));
        (all.into_iter().filter_map(|range| shown.range(range)).collect(), present)
    }
}

/// Opens what a part of the page is folded away in. The reader may close it again.
fn unfold(range: &StaticRange) {
    let start: Option<Node> =
        Reflect::get(range, &"startContainer".into()).ok().and_then(|start| start.dyn_into().ok());
    let around = start.and_then(|start| start.parent_element());
    let is_closed = |around: &Element| matches!(around.closest("details:not([open]) > :not(summary)"), Ok(Some(_)));
    if let Some(around) = around.filter(is_closed)
        && let Ok(Some(details)) = around.closest("details")
    {
        // The log is laid out anew when the browser tells of it.
        let _ = details.set_attribute("open", "");
    }
}

/// Marks these ranges; tells whether the browser can.
fn set(name: &str, ranges: impl Iterator<Item = StaticRange>) -> bool {
    set_list(name, &as_list(ranges)).is_some()
}

fn set_list(name: &str, ranges: &Array) -> Option<()> {
    let highlight: Function = Reflect::get(&js_sys::global(), &"Highlight".into()).ok()?.dyn_into().ok()?;
    let marks = Reflect::construct(&highlight, ranges).ok()?;
    registry()?.set(&name.into(), &marks);
    Some(())
}

/// The browser's list of marks; it has the methods of a map.
fn registry() -> Option<Map> {
    let css = Reflect::get(&js_sys::global(), &"CSS".into()).ok()?;
    let registry: JsValue = Reflect::get(&css, &"highlights".into()).ok()?;
    registry.is_object().then(|| registry.unchecked_into())
}

fn clear() {
    if let Some(registry) = registry() {
        registry.delete(&ALL.into());
        registry.delete(&PRESENT.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session_log::{FindOptions, HitPart};

    #[test]
    fn a_hit_over_the_cut_of_a_long_line_is_marked_on_both_sides() {
        let query = Query::new("needle", FindOptions::default()).unwrap();
        let hit = Hit { step: 0, part: HitPart::Text(0), from: 10, to: 16 };
        let hits_in = |words: &str, here, spill| hits_of_row(query.find_in(words), words, here, spill);
        let first = hits_in("needle ...nee", Some(hit), 0);
        assert_eq!((first.all, first.present, first.spill), (vec![0..6], Some(10..13), 3));
        let second = hits_in("dle and needle", None, 3);
        assert_eq!((second.all, second.present, second.spill), (vec![8..14], Some(0..3), 0));
    }
}
