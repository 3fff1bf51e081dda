//! The bar at the top: where home is, and how the page stands with its server.

use leptos::prelude::*;

use super::deck::Deck;
use super::server;
use crate::connections::{ConnectionDetails, link_sentence};
use crate::store::{Connection, Link};
use crate::ui::{Icon, Symbol};

/// The bar.
#[component]
pub(super) fn TopBar(
    /// The page's state.
    deck: Deck,
) -> impl IntoView {
    let sentence = move || deck.connection.with(|connection| link_sentence(connection, deck.link.get()));
    let tone = move || match (deck.connection.with(Connection::is_open), deck.link.get()) {
        (true, Link::Live) => "success",
        (true, Link::Connecting) => "neutral",
        (true, Link::Reconnecting) | (false, _) => "warning",
    };
    view! {
        <header class="top-bar">
            <a href="/" class="top-bar-home">
                <svg class="top-bar-mark" viewBox="0 0 20 20" aria-hidden="true">
                    <path d="M2 12.5 18 4l-5.5 13-3-5z"></path>
                </svg>
                "Flightdeck"
            </a>
            <button type="button" class="top-bar-link" popovertarget="connection" data-tone=tone>
                <Icon symbol=Symbol::Plug/>
                <span class="visually-hidden">"Connection: "</span>
                <span>{sentence}</span>
            </button>
            <div id="connection" class="popover" popover="auto">
                <ConnectionDetails
                    connection=deck.connection
                    address=deck.base.get_value()
                    capabilities=deck.capabilities
                    link=deck.link
                    on_remember=Callback::new(move |is_remembered| server::remember(deck, is_remembered))
                    on_forget=Callback::new(move |()| server::leave(deck, None))
                />
            </div>
        </header>
    }
}
