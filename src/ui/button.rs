//! A button.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// One of several things to do.
    #[default]
    Plain,
    /// The thing to do here.
    Primary,
    /// Ends or removes something.
    Danger,
    /// Part of a bar; without a frame until it is pointed at.
    Quiet,
}

impl ButtonKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Primary => "primary",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

/// A button; `submit` inside a form when it has no `on_click`.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// Why it cannot be pressed; it can when there is no reason.
    #[prop(into, optional)]
    disabled_reason: Signal<Option<String>>,
    /// Its name for people who do not see it, where that says more than its text.
    #[prop(into, optional)]
    label: Signal<Option<String>>,
    /// It was pressed.
    #[prop(into, optional)]
    on_click: Option<Callback<()>>,
    /// Text, symbol.
    children: Children,
) -> impl IntoView {
    let button_type = if on_click.is_some() { "button" } else { "submit" };
    let press = move |_: MouseEvent| {
        if let Some(on_click) = on_click {
            on_click.run(());
        }
    };
    view! {
        <button
            type=button_type
            class="button"
            data-kind=kind.as_str()
            disabled=move || disabled_reason.with(Option::is_some)
            title=move || disabled_reason.get()
            aria-label=move || label.get()
            on:click=press
        >
            {children()}
        </button>
    }
}
