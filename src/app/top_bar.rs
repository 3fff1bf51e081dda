//! The bar at the top: where home is, and how the page stands with its servers.

use leptos::prelude::*;

use super::deck::Deck;
use super::file_drop::{Chosen, choose};
use super::later::{self, Later, Part, Shown};
use crate::connections::connections_sentence;
use crate::files::ChooseFile;
use crate::ui::{Icon, Symbol, memo};

/// The bar.
#[component]
pub(super) fn TopBar(
    /// The page's state.
    deck: Deck,
    /// Where a log file goes that is opened.
    chosen: Chosen,
) -> impl IntoView {
    let standing = memo(move || deck.connections.with(connections_sentence));
    view! {
        <header class="top-bar">
            <a href="#/" class="top-bar-home">
                <svg class="top-bar-mark" viewBox="0 0 20 20" aria-hidden="true">
                    <path d="M2 12.5 18 4l-5.5 13-3-5z"></path>
                </svg>
                "Flightdeck"
            </a>
            <ChooseFile on_choose=Callback::new(move |files| choose(chosen, &files))/>
            <button
                type="button"
                class="top-bar-link"
                popovertarget="connections"
                on:click=move |_| later::load(deck, Part::Session)
                data-tone=move || standing.with(|(tone, _)| *tone)
            >
                <Icon symbol=Symbol::Plug/>
                <span class="visually-hidden">"Connections: "</span>
                <span>{move || standing.with(|(_, sentence)| sentence.clone())}</span>
            </button>
            <div id="connections" class="popover" popover="auto">
                <Later deck shown=Shown::Connections/>
            </div>
        </header>
    }
}
