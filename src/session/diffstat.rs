//! Lines added and removed, in numbers.

use leptos::prelude::*;

use crate::ui::counted;

/// `+3 −1`, and in how many files where that is known; a word where nothing changed.
#[component]
pub fn Diffstat(added: u64, removed: u64, #[prop(optional_no_strip)] files: Option<u64>) -> impl IntoView {
    if (added, removed) == (0, 0) && files.unwrap_or(0) == 0 {
        return view! { <span class="diffstat">"No changes"</span> }.into_any();
    }
    let files = files.map(|files| [" in ", &counted(files as usize, "file")].concat());
    view! {
        <span class="diffstat">
            <span class="added">"+" {added}</span> " " <span class="removed">"−" {removed}</span> {files}
        </span>
    }
    .into_any()
}
