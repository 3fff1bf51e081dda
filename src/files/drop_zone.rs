//! Shows, while a file is held over the page, that it can be dropped there.

use leptos::prelude::*;

/// The whole page as a place to drop a file on.
#[component]
pub fn DropZone() -> impl IntoView {
    view! { <div class="drop-zone" role="status"><p>"Drop a log file anywhere to read it here"</p></div> }
}
