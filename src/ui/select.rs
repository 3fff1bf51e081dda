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
    /// The heading that it stands under with its neighbours; none when empty.
    pub group: String,
}

impl Choice {
    /// A choice that is shown as `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), is_disabled: false, group: String::new() }
    }

    /// A choice that is shown as it is.
    pub fn plain(value: &str) -> Self {
        Self::new(value, value)
    }
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
        choices.with(|choices| {
            choices
                .chunk_by(|one, next| one.group == next.group)
                .map(|neighbours| grouped_options(neighbours, &chosen))
                .collect_view()
        })
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

fn grouped_options(choices: &[Choice], chosen: &str) -> AnyView {
    let options = choices
        .iter()
        .cloned()
        .map(|choice| {
            let is_chosen = choice.value == chosen;
            view! { <option value=choice.value prop:selected=is_chosen disabled=choice.is_disabled>{choice.label}</option> }
        })
        .collect_view();
    match choices.first().map(|choice| choice.group.clone()).filter(|group| !group.is_empty()) {
        Some(group) => view! { <optgroup label=group>{options}</optgroup> }.into_any(),
        None => options.into_any(),
    }
}
