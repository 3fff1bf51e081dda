//! What stands on a page whose server is among the connections and not connected, while others are.

use agent_tasks::{Permission, ServerAddress};
use leptos::prelude::*;

use super::entry::{Entry, Keeping};
use super::known_server::KnownServer;
use super::token_fields::NewToken;
use crate::store::{ConnectionId, Connections, LocalAccess};

/// Which server it is, and the form for its token.
#[component]
pub fn ClosedServer(
    /// What the page shows, as a word.
    what: &'static str,
    /// The server.
    id: ConnectionId,
    /// All servers.
    #[prop(into)]
    connections: Signal<Connections>,
    /// Whether a token may outlive the tab.
    keeping: Keeping,
    /// Whether the page may ask servers on this machine.
    #[prop(into)]
    local_access: Signal<LocalAccess>,
    /// The permissions that a token for a server needs.
    needed: fn(&ServerAddress) -> Vec<Permission>,
    /// Scheme, host and port of this page.
    #[prop(into)]
    page_origin: String,
    /// A token was given.
    on_connect: Callback<(ConnectionId, NewToken)>,
) -> impl IntoView {
    let entry = Entry::new(keeping, local_access, needed, page_origin);
    view! {
        <section class="connect-panel" aria-label="Connect to this server">
            <h2>{format!("This {what} is on a server that is not connected")}</h2>
            <KnownServer id connections entry on_connect/>
            <a href="#/">"All tasks"</a>
        </section>
    }
}
