//! The page of a link to a task on a server that the page does not know: nothing is sent there before a person
//! has seen its address and pressed the button.

use agent_tasks::server::AddressProblem;
use agent_tasks::{Edition, Permission, ServerAddress, paths};
use leptos::prelude::*;

use super::add_form::{AddForm, NewConnection};
use super::entry::{Entry, Keeping};
use crate::store::LocalAccess;

/// Which server it is, and how to connect to it.
#[component]
pub fn LinkedServer(
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
    let way_in = match address_of(&base) {
        Ok(address) => view! {
            <p>"Nothing was sent there. If you know this server and trust it, connect to it to see the task."</p>
            <AddForm entry given=Some(address) on_add/>
        }
        .into_any(),
        Err(problem) => {
            view! { <p role="alert">"The page cannot connect there: " {problem.to_string()} "."</p> }.into_any()
        }
    };
    view! {
        <section class="connect-panel" aria-label="Connect">
            <h1>"This task is on a server that is not among your connections"</h1>
            <p class="linked-server-address"><code>{base}</code></p>
            {way_in}
            <a href="#/">"All tasks"</a>
        </section>
    }
}

/// The address; a base that does not end as a companion's is taken for a GitHub's.
fn address_of(base: &str) -> Result<ServerAddress, AddressProblem> {
    let edition = if base.ends_with(paths::COMPANION_BASE) { Edition::Companion } else { Edition::Github };
    ServerAddress::of_base(base, edition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_tells_its_edition() {
        for (base, edition) in [
            ("https://api.github.com", Edition::Github),
            ("https://ghe.example.com/api/v3", Edition::Github),
            ("http://127.0.0.1:4180/api", Edition::Companion),
        ] {
            assert_eq!(
                address_of(base).map(|address| (address.base().to_owned(), address.edition)),
                Ok((base.into(), edition))
            );
        }
        assert!(address_of("http://example.com/api").is_err());
    }
}
