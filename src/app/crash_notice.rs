//! The last words after a panic. Plain DOM calls: nothing of the page can be trusted any more.

use wasm_bindgen::JsCast;

/// Says on the page that it broke and what to do. Repeated calls say it once.
pub fn show_crash() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    if document.query_selector(".crash-notice").is_ok_and(|found| found.is_some()) {
        return;
    }
    let (Some(body), Ok(notice), Ok(reload)) =
        (document.body(), document.create_element("div"), document.create_element("a"))
    else {
        return;
    };
    notice.set_class_name("crash-notice");
    notice.set_text_content(Some("Something broke. Reload; your draft is kept. "));
    reload.set_text_content(Some("Reload"));
    // Each fails only for a name that is no name.
    let _ = notice.set_attribute("role", "alert");
    let _ = reload.set_attribute("href", "");
    let _ = notice.append_child(reload.unchecked_ref());
    let _ = body.prepend_with_node_1(&notice);
}
