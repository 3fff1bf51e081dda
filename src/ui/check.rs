//! A checkbox with what it is for.

use leptos::prelude::*;

/// A checkbox.
#[component]
pub fn Check(
    /// Its name.
    label: &'static str,
    /// What it means, in smaller letters.
    #[prop(optional)]
    hint: &'static str,
    /// Whether it is ticked.
    #[prop(into)]
    is_checked: Signal<bool>,
    /// Whether it is only shown.
    #[prop(optional)]
    is_disabled: bool,
    /// It was ticked or cleared.
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                aria-label=label
                aria-description=(!hint.is_empty()).then_some(hint)
                disabled=is_disabled
                prop:checked=is_checked
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>
                <span class="check-label">{label}</span>
                <small>{hint}</small>
            </span>
        </label>
    }
}
