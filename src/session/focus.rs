//! Gives the focus to what is in its place already.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

/// Gives an element the focus without scrolling to it.
pub fn focus_in_place(element: Element) {
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // Fails for nothing that is in the page.
        let _ = element.focus_with_options(&options);
    }
}
