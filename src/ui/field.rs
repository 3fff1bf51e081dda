//! A line to type into, with its name above it and what is wrong below it.

use leptos::prelude::*;

/// A text field.
#[component]
pub fn Field(
    /// Its name.
    label: &'static str,
    /// What is in it.
    value: RwSignal<String>,
    /// What stands in it while it is empty.
    #[prop(into, optional)]
    placeholder: Signal<String>,
    /// Whether nobody should read along.
    #[prop(optional)]
    is_secret: bool,
    /// What is wrong with it.
    #[prop(into, optional)]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let is_wrong = move || problem.with(Option::is_some).then_some("true");
    view! {
        <div class="field">
            <label>
                <span class="field-label">{label}</span>
                <input
                    type=if is_secret { "password" } else { "text" }
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder=placeholder
                    aria-invalid=is_wrong
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </label>
            {move || problem.get().map(|sentence| view! { <p class="field-problem" role="alert">{sentence}</p> })}
        </div>
    }
}
