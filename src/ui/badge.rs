//! A word in a coloured pill. The word says it all; the colour only helps the eye.

use leptos::prelude::*;

/// A badge.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    label: Signal<String>,
    /// The colour family: `neutral`, `info`, `success`, `warning` or `danger`.
    #[prop(into)]
    tone: Signal<&'static str>,
    /// Whether its dot moves: something is going on.
    #[prop(into, optional)]
    is_busy: Signal<bool>,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=move || tone.get() data-busy=move || is_busy.get().then_some("")>
            <span class="badge-dot" aria-hidden="true"></span>
            <span class="badge-label">{move || label.get()}</span>
        </span>
    }
}
