//! The way in while there is no open connection: it stands in the place of the list.

use agent_tasks::{Permission, ServerAddress};
use leptos::prelude::*;

use super::add_form::{AddForm, NewConnection};
use super::entry::{Entry, Keeping};
use super::known_server::KnownServer;
use super::token_fields::NewToken;
use crate::store::{ConnectionId, Connections, LocalAccess};
use crate::ui::memo;

/// What to do to connect; nothing while a connection is open.
#[component]
pub fn ConnectPanel(
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
) -> impl IntoView {
    let entry = Entry::new(keeping, local_access, needed, page_origin);
    // Kept while a server is being asked, so that what was typed is still there if it refuses.
    let ids = memo(move || {
        connections.with(|all| {
            let is_any_open = all.open().next().is_some();
            (!is_any_open).then(|| all.iter().map(|connection| connection.id).collect::<Vec<_>>())
        })
    });
    move || {
        let ids = ids.get()?;
        let is_first = ids.is_empty();
        let known = ids
            .into_iter()
            .map(|id| view! { <KnownServer id connections entry on_connect/> }.into_any())
            .collect_view();
        let other = match is_first {
            true => view! { <AddForm entry given=None on_add/> }.into_any(),
            false => view! {
                <details class="add-connection">
                    <summary>"Connect to another server"</summary>
                    <AddForm entry given=None on_add/>
                </details>
            }
            .into_any(),
        };
        Some(view! {
            <section class="connect-panel" aria-label="Connect to your agents">
                <h2>"Connect to your agents"</h2>
                <p class="connect-panel-note">
                    "Choose where your agents run. What you have typed on this page is kept."
                </p>
                {known} {other}
            </section>
        })
    }
}
