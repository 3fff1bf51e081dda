//! The panel behind the button in the top bar: every connection, and the way to another one.

use agent_tasks::{Permission, ServerAddress};
use leptos::html::Details;
use leptos::prelude::*;

use super::add_form::{AddForm, NewConnection};
use super::connection_card::{CardActions, ConnectionCard};
use super::entry::{Entry, Keeping};
use super::token_fields::NewToken;
use crate::store::{ConnectionId, Connections, LocalAccess};
use crate::ui::memo;

/// All connections.
#[component]
pub fn ConnectionsPanel(
    /// The servers.
    #[prop(into)]
    connections: Signal<Connections>,
    /// Whether a token may outlive the tab.
    keeping: Keeping,
    /// Whether the page may ask servers on this machine.
    #[prop(into)]
    local_access: Signal<LocalAccess>,
    /// The permissions that a token for a server needs.
    needed: fn(&ServerAddress) -> Vec<Permission>,
    /// Scheme, host and port of this page; read from its address when left out.
    #[prop(into, optional)]
    page_origin: String,
    /// A connection was added.
    on_add: Callback<NewConnection>,
    /// A token was given.
    on_connect: Callback<(ConnectionId, NewToken)>,
    /// Whether a token should outlive the tab.
    on_remember: Callback<(ConnectionId, bool)>,
    /// A token should be forgotten.
    on_forget: Callback<ConnectionId>,
    /// A server should be forgotten.
    on_remove: Callback<ConnectionId>,
    /// A token's permissions should be tried.
    on_check: Callback<ConnectionId>,
) -> impl IntoView {
    let entry = Entry::new(keeping, local_access, needed, page_origin);
    let actions = CardActions { on_connect, on_remember, on_forget, on_remove, on_check };
    let ids = memo(move || connections.with(|all| all.iter().map(|connection| connection.id).collect::<Vec<_>>()));
    let details = NodeRef::<Details>::new();
    let on_add = Callback::new(move |added| {
        on_add.run(added);
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    });
    view! {
        <div class="connections-panel">
            <h2>"Connections"</h2>
            <For each=move || ids.get() key=|id| *id let:id>
                <ConnectionCard id connections entry actions/>
            </For>
            <details class="add-connection" node_ref=details>
                <summary>"Add a connection"</summary>
                <AddForm entry given=None on_add/>
            </details>
        </div>
    }
}
