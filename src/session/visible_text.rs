//! Text from an agent in which nothing is hidden.

use leptos::prelude::*;
use session_log::{Visible, visible, visible_line};

/// Text with markers for what cannot be seen; line feeds stay.
#[component]
pub fn VisibleText(text: String) -> impl IntoView {
    view! { <bdi class="visible-text">{runs(visible(&text))}</bdi> }
}

/// The same on one line: a line feed shows as a marker.
#[component]
pub fn VisibleLine(text: String) -> impl IntoView {
    view! { <bdi class="visible-text">{runs(visible_line(&text))}</bdi> }
}

/// The elements of runs.
pub fn runs(runs: Vec<Visible>) -> Vec<AnyView> {
    let run = |run| match run {
        Visible::Text(text) => text.into_any(),
        Visible::Marker(marker) => {
            view! { <mark class="hidden-character" title="A character that cannot be seen">{marker}</mark> }.into_any()
        }
    };
    runs.into_iter().map(run).collect()
}
