//! The way to the server of a page: to one that is not among the connections, which is not contacted before a
//! click, or to one that is and has no token.

use leptos::prelude::*;

use super::deck::Deck;
use super::{address, entering, servers};
use crate::api;
use crate::connections::{ClosedServer, LinkedServer};
use crate::store::{ConnectionId, Standing};
use crate::ui::memo;

/// What to do to see the page; nothing once its server is connected, and nothing while none is: then the panel of
/// the whole page says it.
#[component]
pub(super) fn WayIn(
    /// The page's state.
    deck: Deck,
    /// What the page shows, as a word.
    what: &'static str,
    /// The base of the server, as the address names it.
    base: Option<String>,
    /// The server, where it is among the connections.
    #[prop(into)]
    connection: Signal<Option<ConnectionId>>,
) -> impl IntoView {
    let closed = memo(move || {
        deck.connections.with(|connections| {
            let is_any_open = connections.open().next().is_some();
            let known = connections.get(connection.get()?)?;
            (is_any_open && matches!(known.standing, Standing::NoToken(_))).then_some(known.id)
        })
    });
    let unknown = memo(move || deck.is_ready.get() && connection.get().is_none());
    move || match (closed.get(), unknown.get(), &base) {
        (Some(id), _, _) => view! {
            <ClosedServer
                what
                id
                connections=deck.connections
                keeping=servers::keeping()
                local_access=deck.local_access
                page_origin=address::own_origin()
                needed=api::needed_permissions
                on_connect=Callback::new(move |(id, token)| entering::connect(deck, id, token))
            />
        }
        .into_any(),
        (None, true, Some(base)) => view! {
            <LinkedServer
                what
                base=base.clone()
                keeping=servers::keeping()
                local_access=deck.local_access
                page_origin=address::own_origin()
                needed=api::needed_permissions
                on_add=Callback::new(move |new| servers::add(deck, new))
            />
        }
        .into_any(),
        (None, _, _) => ().into_any(),
    }
}
