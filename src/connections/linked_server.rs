//! The page of a link to something on a server that the page does not know: nothing is sent there before a person
//! has seen its address and pressed the button.

use agent_tasks::{Permission, ServerAddress};
use leptos::prelude::*;

use super::add_form::{AddForm, NewConnection};
use super::entry::{Entry, Keeping};
use crate::store::LocalAccess;

/// Which server it is, and how to connect to it.
#[component]
pub fn LinkedServer(
    /// What the link leads to, as a word.
    what: &'static str,
    /// The base that the link names.
    base: String,
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
    /// The connection was added.
    on_add: Callback<NewConnection>,
) -> impl IntoView {
    let entry = Entry::new(keeping, local_access, needed, page_origin);
    let way_in = match ServerAddress::of_link(&base) {
        Ok(address) => view! {
            <p>"Nothing was sent there. If you know this server and trust it, connect to it to see the " {what} "."</p>
            <AddForm entry given=Some(address) on_add/>
        }
        .into_any(),
        Err(problem) => {
            view! { <p role="alert">"The page cannot connect there: " {problem.to_string()} "."</p> }.into_any()
        }
    };
    view! {
        <section class="connect-panel" aria-label="Connect to this server">
            <h1>{format!("This {what} is on a server that is not among your connections")}</h1>
            <p class="linked-server-address"><code>{base}</code></p>
            {way_in}
            <a href="#/">"All tasks"</a>
        </section>
    }
}
