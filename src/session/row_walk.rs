//! The buttons and links of the log's rows, one beside the other. The log is one stop for the Tab key: arrows walk in
//! it. What a person must answer stays a stop of its own.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use super::find_bar::Way;

/// What one can use in a row, and what scrolls in it.
const CONTROLS: &str = "button:not(:disabled), a[href], summary, .prose-code, .prose-table";
/// What may be too wide for its row.
const SCROLLERS: &str = ".prose-code, .prose-table, .log-view-scroll";
/// A row that is kept out of sight.
const ASIDE: &str = "[data-aside]";

/// The nearest control of the rows before or after an element; one inside of it comes after it.
pub fn control_beside(rows: &Element, from: &Element, way: Way) -> Option<HtmlElement> {
    let found = rows.query_selector_all(CONTROLS).ok()?;
    let controls = (0..found.length()).filter_map(|index| found.item(index)).filter_map(|node| node.dyn_into().ok());
    let wanted = match way {
        Way::Next => Node::DOCUMENT_POSITION_FOLLOWING,
        Way::Previous => Node::DOCUMENT_POSITION_PRECEDING,
    };
    let is_meant = |control: &HtmlElement| from.compare_document_position(control) & wanted != 0 && is_usable(control);
    let mut meant = controls.filter(is_meant);
    match way {
        Way::Next => meant.next(),
        Way::Previous => meant.next_back(),
    }
}

/// Whether an element has something to scroll to in this way, as wide code has, and the log while lines are not wrapped.
pub fn can_scroll(element: &Element, way: Way) -> bool {
    let hidden = element.scroll_width() - element.client_width();
    let has_more = match way {
        Way::Next => element.scroll_left() < hidden,
        Way::Previous => element.scroll_left() > 0,
    };
    has_more && element.matches(SCROLLERS) == Ok(true)
}

/// Whether it can be seen; of what scrolls, whether there is anything to scroll.
fn is_usable(control: &HtmlElement) -> bool {
    control.offset_width() > 0
        && (control.matches(SCROLLERS) != Ok(true) || control.scroll_width() > control.client_width())
        && matches!(control.closest(ASIDE), Ok(None))
}
