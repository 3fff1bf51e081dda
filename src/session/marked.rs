//! The browser's selection, read and set in places of the document. What a person marks in the page is the browser's
//! own; it reaches as far as there are rows, and the rows in which it ends stay.

use js_sys::Function;
use leptos::prelude::*;
use session_log::Row;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Node};

use super::kept_rows::KeptRows;
use super::log_view::{LogContext, LogScreen};
use super::selection::{Mark, Selected, ShownText};

/// What a walk through text nodes shows (`NodeFilter.SHOW_TEXT`).
const SHOW_TEXT: u32 = 4;
const SELECTION_CHANGE: &str = "selectionchange";
/// What a step's line is made of.
const HEADER_PART: &str = "[class^='step-']";

/// What the browser has selected in `log`; `None` where that is nothing, or something that ends elsewhere.
pub fn selected(log: &Element, rows: &KeptRows) -> Option<Selected> {
    let selection = window().get_selection().ok()??;
    if selection.is_collapsed() {
        return None;
    }
    let mark = |node: Option<Node>, offset: u32| {
        let node = node.filter(|node| log.contains(Some(node)))?;
        mark_of(log, rows, &node, offset)
    };
    Some(Selected {
        anchor: mark(selection.anchor_node(), selection.anchor_offset())?,
        focus: mark(selection.focus_node(), selection.focus_offset())?,
    })
}

/// The row that the browser's caret is in, or the start of what is selected; `None` where that is elsewhere.
fn caret(log: &Element, rows: &KeptRows) -> Option<Row> {
    let selection = window().get_selection().ok()??;
    let node = selection.anchor_node().filter(|node| log.contains(Some(node)))?;
    let around = node.dyn_ref::<Element>().cloned().or_else(|| node.parent_element())?;
    rows.row_around(log, &around)
}

/// Tells the screen whenever something else is selected in its log.
pub fn follow(log: &Element, screen: LogScreen, context: LogContext) {
    let log = log.clone();
    let on_change = Closure::<dyn Fn()>::new(move || {
        let now = screen.kept.try_with_value(|kept| (selected(&log, kept), caret(&log, kept)));
        if let Some((now, caret)) = now {
            screen.on_caret(caret);
            screen.on_selected(context, now);
        }
    });
    let listener: &Function = on_change.as_ref().unchecked_ref();
    if document().add_event_listener_with_callback(SELECTION_CHANGE, listener).is_err() {
        return;
    }
    let kept = StoredValue::new_local(on_change);
    on_cleanup(move || {
        kept.try_with_value(|on_change| {
            drop(document().remove_event_listener_with_callback(SELECTION_CHANGE, on_change.as_ref().unchecked_ref()));
        });
    });
}

/// Selects from one place to another; both rows must be in the page.
pub fn select(selected: Selected, rows: &KeptRows) {
    let point = |mark: Mark| point_of(rows.element(mark.row)?, mark.at);
    let (Some((anchor, from)), Some((focus, to))) = (point(selected.anchor), point(selected.focus)) else { return };
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.set_base_and_extent(&anchor, from, &focus, to);
    }
}

/// Selects nothing.
pub fn deselect() {
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.remove_all_ranges();
    }
}

/// The text of a row that a person can select, and where its parts end.
pub fn text_of(row: &Element) -> ShownText {
    let mut shown = ShownText::default();
    let mut units = 0;
    let mut before: Option<Element> = None;
    for text in texts(row) {
        let around = block_around(row, &text);
        if let (Some(before), Some(around)) = (&before, &around)
            && let Some(gap) = gap_between(row, before, around, &text)
        {
            shown.gaps.push((units, gap));
        }
        shown.text.push_str(&text.node_value().unwrap_or_default());
        units += length(&text);
        before = around.or(before);
    }
    shown
}

/// The innermost element around a text that is laid out as a box of its own; a header is one line of parts.
fn block_around(row: &Element, text: &Node) -> Option<Element> {
    let mut around = text.parent_element()?;
    if is_header(row) {
        return around.closest(HEADER_PART).ok()?;
    }
    while around != *row && display_of(&around).starts_with("inline") {
        around = around.parent_element()?;
    }
    Some(around)
}

/// What stands for the eye between a text and the one before it, in these boxes; nothing within a line.
fn gap_between(row: &Element, before: &Element, around: &Element, text: &Node) -> Option<char> {
    if before == around {
        let above = text.previous_sibling().and_then(|sibling| sibling.dyn_into::<Element>().ok());
        return above.filter(|above| above.tag_name() == "BR").map(|_| '\n');
    }
    let mut common = around.clone();
    while common != *row && !common.contains(Some(before)) {
        common = common.parent_element()?;
    }
    Some(match display_of(&common).as_str() {
        "table-row" => '\t',
        "flex" | "inline-flex" => ' ',
        _ if is_header(row) => ' ',
        _ => '\n',
    })
}

fn is_header(row: &Element) -> bool {
    row.class_list().contains("step-header")
}

fn display_of(element: &Element) -> String {
    let style = window().get_computed_style(element).ok().flatten();
    style.and_then(|style| style.get_property_value("display").ok()).unwrap_or_default()
}

/// The place of a point of the page.
fn mark_of(log: &Element, rows: &KeptRows, node: &Node, offset: u32) -> Option<Mark> {
    let inside = |node: &Node| node.dyn_ref::<Element>().cloned().or_else(|| node.parent_element());
    let mut row = inside(node);
    while let Some(element) = row {
        if let Some(found) = rows.row_of(&element) {
            return Some(Mark { row: found, at: units_before(&element, node, offset) });
        }
        row = element.parent_element().filter(|parent| log.contains(Some(parent)));
    }
    // Between two rows: the start of the one after, or the end of the last one.
    let next = node.child_nodes().item(offset).and_then(|child| inside(&child));
    match next.and_then(|element| rows.row_of(&element)) {
        Some(row) => Some(Mark { row, at: 0 }),
        None => rows.last().map(|row| Mark { row, at: Mark::END }),
    }
}

/// How much of a row's text stands before a point in it.
fn units_before(row: &Element, node: &Node, offset: u32) -> usize {
    let mut units = 0;
    let boundary = if node.node_type() == Node::TEXT_NODE { None } else { node.child_nodes().item(offset) };
    let is_past = |text: &Node| match &boundary {
        // A point in an element: what follows its child of that number is past it, and so is all that is after it.
        Some(child) => {
            child.compare_document_position(text) & Node::DOCUMENT_POSITION_FOLLOWING != 0 || child.contains(Some(text))
        }
        None => {
            node.compare_document_position(text) & Node::DOCUMENT_POSITION_FOLLOWING != 0 && !node.contains(Some(text))
        }
    };
    for text in texts(row) {
        if text == *node {
            return units + offset as usize;
        }
        if is_past(&text) {
            break;
        }
        units += length(&text);
    }
    units
}

/// The point of the page after so much of a row's text.
fn point_of(row: &Element, at: usize) -> Option<(Node, u32)> {
    let texts = texts(row);
    if at == Mark::END || texts.is_empty() {
        return Some(match texts.last() {
            Some(last) => (last.clone(), length(last) as u32),
            None => (row.clone().unchecked_into(), 0),
        });
    }
    let mut left = at;
    for text in &texts {
        let length = length(text);
        if left <= length {
            return Some((text.clone(), left as u32));
        }
        left -= length;
    }
    texts.last().map(|last| (last.clone(), length(last) as u32))
}

fn length(text: &Node) -> usize {
    text.node_value().map_or(0, |text| text.encode_utf16().count())
}

/// The text nodes of a row, without those that cannot be selected: numbers, signs, marks.
fn texts(row: &Element) -> Vec<Node> {
    let Ok(walker) = document().create_tree_walker_with_what_to_show(row, SHOW_TEXT) else { return Vec::new() };
    let mut texts = Vec::new();
    while let Ok(Some(text)) = walker.next_node() {
        let is_selectable = text.parent_element().is_some_and(|around| {
            let style = window().get_computed_style(&around).ok().flatten();
            style.and_then(|style| style.get_property_value("user-select").ok()).as_deref() != Some("none")
        });
        if is_selectable {
            texts.push(text);
        }
    }
    texts
}
