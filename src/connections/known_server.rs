//! A server that the page knows and has no token for.

use leptos::prelude::*;

use super::entry::Entry;
use super::token_fields::NewToken;
use super::token_form::TokenForm;
use crate::store::{ConnectionId, Connections};
use crate::ui::memo;

/// Its name, its address, and the form for its token.
#[component]
pub fn KnownServer(
    /// Which server.
    id: ConnectionId,
    /// The servers.
    connections: Signal<Connections>,
    /// What the forms share.
    entry: Entry,
    /// A token was given.
    on_connect: Callback<(ConnectionId, NewToken)>,
) -> impl IntoView {
    let connection = memo(move || connections.with(|all| all.get(id).cloned()));
    let name = memo(move || connection.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default()));
    let base =
        memo(move || connection.with(|it| it.as_ref().map(|it| it.address.base().to_owned()).unwrap_or_default()));
    let on_connect = Callback::new(move |token| on_connect.run((id, token)));
    view! {
        <section class="known-server" aria-label=name>
            <h3>{name} " " <code>{base}</code></h3>
            <TokenForm entry connection on_connect/>
        </section>
    }
}
