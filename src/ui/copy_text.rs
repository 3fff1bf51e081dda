//! Hands text to the clipboard.

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What is said when the browser has no clipboard for the page, or refuses it.
const NOT_COPIED: &str =
    "Not copied: the browser does not let this page copy by itself. Select the text and copy it with the keys.";

/// Copies a text. A page that did not come by a safe way has no clipboard at all.
///
/// # Errors
///
/// When nothing was copied, with a sentence for people.
pub async fn copy_text(text: &str) -> Result<(), &'static str> {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
    if !clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        return Err(NOT_COPIED);
    }
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.map(drop).map_err(|_| NOT_COPIED)
}
