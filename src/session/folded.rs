//! Rows that stand for others: unchanged lines of a file, what is inside of a JSON value.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use session_log::highlight::Language;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::code::CodeLine;
use super::log_view::{LogContext, LogScreen};
use crate::ui::{counted, memo};

/// The place of a row.
#[derive(Debug, Clone, Copy)]
pub struct RowPlace {
    /// The step's place.
    pub step: usize,
    /// The row under its header.
    pub row: usize,
}

/// Unchanged lines that are folded away; a click shows them.
#[component]
pub fn UnchangedRow(context: LogContext, screen: LogScreen, place: RowPlace, lines: u32) -> impl IntoView {
    let on_click = move |event: MouseEvent| {
        // The button goes with its row: the focus stays in the log.
        focus_log(&event);
        toggle(context, screen, place);
    };
    let words = ["… ", &counted(lines as usize, "unchanged line")].concat();
    view! {
        <button type="button" class="change-unchanged" tabindex="-1" aria-expanded="false" on:click=on_click>{words}</button>
    }
}

/// A line of JSON; where it begins an object or array, that can be folded away.
#[component]
pub fn JsonRow(
    context: LogContext,
    screen: LogScreen,
    place: RowPlace,
    text: String,
    entries: Option<u32>,
    is_input: bool,
) -> impl IntoView {
    let closing = if text.ends_with('[') { "]" } else { "}" };
    let fold = entries.map(|entries| {
        let is_open = memo(move || {
            screen.frame().track();
            screen.with_body(place.step, |body| body.is_open(place.row)).unwrap_or(true)
        });
        let folded = StoredValue::new(
            [" … ", &counted(entries as usize, if closing == "]" { "item" } else { "field" }), " ", closing].concat(),
        );
        let button = view! {
            <button
                type="button"
                class="json-row-toggle"
                tabindex="-1"
                aria-label="What is in it"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| toggle(context, screen, place)
            ></button>
        };
        let folded = view! {
            <Show when=move || !is_open.get()>
                <span class="json-row-folded">{folded.get_value()}</span>
            </Show>
        };
        (button, folded)
    });
    let (button, folded) = fold.unzip();
    view! {
        <code class="log-row-text json-row" data-input=is_input.then_some("true")>{button}<CodeLine text language=Language::json() />{folded}</code>
    }
}

fn toggle(context: LogContext, screen: LogScreen, place: RowPlace) {
    screen.arrange(context, move |layout, document| layout.toggle_row(document, place.step, place.row));
}

fn focus_log(event: &MouseEvent) {
    let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let log = button.and_then(|button| button.closest("[role=log]").ok().flatten());
    if let Some(log) = log.and_then(|log| log.dyn_into::<HtmlElement>().ok()) {
        // Refused only by an element that cannot have it.
        let _ = log.focus();
    }
}
