//! The page that an address of a task leads to: the task, once its server is known. A server that is not among
//! the connections is not contacted before a click.

use leptos::prelude::*;

use super::deck::Deck;
use super::later::{self, Later, Part};
use super::open_session::key_of;
use super::servers;
use crate::api;
use crate::connections::LinkedServer;
use crate::store::TaskAddress;
use crate::ui::memo;

/// A task's page, or the way to its server.
#[component]
pub(super) fn TaskPage(
    /// The page's state.
    deck: Deck,
    /// Which task, where.
    address: TaskAddress,
    /// The event whose step is meant.
    target_seq: Signal<Option<u64>>,
) -> impl IntoView {
    let base = address.server.clone();
    let key = memo(move || deck.is_ready.get().then(|| key_of(deck, &address)));
    later::load(deck);
    move || match (key.get(), &base) {
        // What the page's host offers is still being read.
        (None, _) => ().into_any(),
        (Some(Some(key)), _) => view! { <Later deck part=Part::Session { key, target_seq }/> }.into_any(),
        // There is no server yet: the panel above says how to connect to one.
        (Some(None), None) => ().into_any(),
        (Some(None), Some(base)) => view! {
            <UnknownServer deck what="task" base=base.clone()/>
        }
        .into_any(),
    }
}

/// The way to a server that is not among the connections.
#[component]
pub(super) fn UnknownServer(
    /// The page's state.
    deck: Deck,
    /// What the address leads to, as a word.
    what: &'static str,
    /// The server's base.
    base: String,
) -> impl IntoView {
    view! {
        <LinkedServer
            what
            base
            keeping=servers::keeping()
            local_access=deck.local_access
            page_origin=super::address::own_origin()
            needed=api::needed_permissions
            on_add=Callback::new(move |new| servers::add(deck, new))
        />
    }
}
