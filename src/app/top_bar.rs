//! The bar at the top: where home is, and how the page stands with its servers.

use leptos::prelude::*;

use super::deck::Deck;
use super::{entering, servers};
use crate::api;
use crate::connections::{ConnectionsPanel, connections_sentence};
use crate::ui::{Icon, Symbol, memo};

/// The bar.
#[component]
pub(super) fn TopBar(
    /// The page's state.
    deck: Deck,
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
            <button
                type="button"
                class="top-bar-link"
                popovertarget="connections"
                data-tone=move || standing.with(|(tone, _)| *tone)
            >
                <Icon symbol=Symbol::Plug/>
                <span class="visually-hidden">"Connections: "</span>
                <span>{move || standing.with(|(_, sentence)| sentence.clone())}</span>
            </button>
            <div id="connections" class="popover" popover="auto">
                <ConnectionsPanel
                    connections=deck.connections
                    keeping=servers::keeping()
                    local_access=deck.local_access
                    page_origin=super::address::own_origin()
                    needed=api::needed_permissions
                    on_add=Callback::new(move |new| servers::add(deck, new))
                    on_connect=Callback::new(move |(id, token)| entering::connect(deck, id, token))
                    on_remember=Callback::new(move |(id, is_remembered)| entering::remember(deck, id, is_remembered))
                    on_forget=Callback::new(move |id| entering::forget(deck, id))
                    on_remove=Callback::new(move |id| servers::remove(deck, id))
                    on_check=Callback::new(move |id| entering::check_permissions(deck, id))
                />
            </div>
        </header>
    }
}
