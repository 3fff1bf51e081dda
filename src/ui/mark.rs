//! A symbol that says something by itself; the word for it is there for people who do not see it.

use leptos::prelude::*;

use super::{Icon, Symbol};

/// A mark.
#[component]
pub fn Mark(
    /// Its shape.
    symbol: Symbol,
    /// The word.
    word: &'static str,
    /// The colour family, as a badge has it.
    tone: &'static str,
) -> impl IntoView {
    view! {
        <span class="mark" data-tone=tone title=word>
            <Icon symbol/>
            <span class="visually-hidden">{word}</span>
        </span>
    }
}
