//! A native select with a symbol, named for people who do not see it.

use leptos::prelude::*;

use super::{Icon, Symbol};

/// One of the things to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Whether it is only shown.
    pub is_disabled: bool,
}

/// A select.
#[component]
pub fn Select(
    /// Its name.
    label: &'static str,
    /// Its symbol.
    symbol: Symbol,
    /// What there is to choose from.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value that is chosen.
    #[prop(into)]
    chosen: Signal<String>,
    /// Something else was chosen.
    on_choose: Callback<String>,
) -> impl IntoView {
    // A closed select still says what it is for.
    let stand_in = move || choices.with(Vec::is_empty).then(|| view! { <option>{label}</option> });
    let options = move || {
        let chosen = chosen.get();
        choices
            .get()
            .into_iter()
            .map(|choice| {
                let is_chosen = choice.value == chosen;
                view! {
                    <option value=choice.value prop:selected=is_chosen disabled=choice.is_disabled>{choice.label}</option>
                }
            })
            .collect_view()
    };
    view! {
        <label class="select">
            <Icon symbol/>
            <span class="visually-hidden">{label}</span>
            <select
                disabled=move || choices.with(Vec::is_empty)
                on:change=move |event| on_choose.run(event_target_value(&event))
            >
                {stand_in} {options}
            </select>
        </label>
    }
}
