//! The control that opens the browser's picker of files.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FileList, HtmlInputElement};

use crate::ui::{Icon, Symbol};

/// What the control says.
const LABEL: &str = "Open a log file…";

/// Opens a file. A native control: the keyboard reaches it, and whoever hears the page hears its name.
#[component]
pub fn ChooseFile(
    /// Files were chosen.
    on_choose: Callback<FileList>,
) -> impl IntoView {
    let on_change = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(files) = input.files() {
            on_choose.run(files);
        }
        // The same file can be chosen again.
        input.set_value("");
    };
    view! {
        <label class="top-bar-link choose-file">
            <input type="file" class="visually-hidden" aria-label=LABEL on:change=on_change/>
            <Icon symbol=Symbol::File/>
            <span class="choose-file-label" aria-hidden="true">{LABEL}</span>
        </label>
    }
}
