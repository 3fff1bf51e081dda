//! What the page is connected to, and how long it keeps the token.

use agent_tasks::Capabilities;
use leptos::prelude::*;

use crate::store::{Connection, Link, Remote};
use crate::ui::{Button, ButtonKind};

/// The panel behind the connection button.
#[component]
pub fn ConnectionDetails(
    /// The page's standing with its server.
    #[prop(into)]
    connection: Signal<Connection>,
    /// The server's address.
    #[prop(into)]
    address: String,
    /// What the server can do.
    #[prop(into)]
    capabilities: Signal<Remote<Capabilities>>,
    /// How the list's stream is doing.
    #[prop(into)]
    link: Signal<Link>,
    /// Whether the token should outlive the tab.
    on_remember: Callback<bool>,
    /// The token should be forgotten.
    on_forget: Callback<()>,
) -> impl IntoView {
    let facts = move || match capabilities.get() {
        Remote::Loading => view! { <p>"Asking the server what it can do…"</p> }.into_any(),
        Remote::Failed(sentence) => view! { <p>{sentence}</p> }.into_any(),
        Remote::Ready(capabilities) => view! { <ServerFacts capabilities/> }.into_any(),
    };
    let token = move || match connection.get() {
        Connection::Open { is_remembered } => view! { <TokenKeeping is_remembered on_remember on_forget/> }.into_any(),
        Connection::Pairing | Connection::NoToken(_) => view! { <p>"Not connected."</p> }.into_any(),
    };
    view! {
        <div class="connection-details">
            <h2>"Connection"</h2>
            <p class="connection-details-address"><code>{address}</code></p>
            <p role="status">{move || connection.with(|connection| link_sentence(connection, link.get()))}</p>
            <Show when=move || connection.with(Connection::is_open)>{facts}</Show>
            {token}
        </div>
    }
}

/// How the page stands with its server, in a few words.
pub fn link_sentence(connection: &Connection, link: Link) -> &'static str {
    match (connection, link) {
        (Connection::NoToken(_), _) => "Not connected",
        (Connection::Pairing, _) | (Connection::Open { .. }, Link::Connecting) => "Connecting…",
        (Connection::Open { .. }, Link::Live) => "Live",
        (Connection::Open { .. }, Link::Reconnecting) => "Reconnecting…",
    }
}

#[component]
fn ServerFacts(capabilities: Capabilities) -> impl IntoView {
    let Capabilities { server, version, supervision, limits, .. } = capabilities;
    view! {
        <dl class="facts">
            <div><dt>"Server"</dt><dd>{format!("{server} {version}")}</dd></div>
            <div><dt>"At once"</dt><dd>{format!("{} sessions; the rest wait", limits.running)}</dd></div>
            <div><dt>"Stop"</dt><dd>{format!("{}, at most {} s", supervision.layer, limits.stop_seconds)}</dd></div>
        </dl>
        <p class="connection-details-note">{supervision.description}</p>
    }
}

#[component]
fn TokenKeeping(is_remembered: bool, on_remember: Callback<bool>, on_forget: Callback<()>) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=is_remembered
                on:change=move |event| on_remember.run(event_target_checked(&event))
            />
            <span>
                "Remember on this device"
                <small>"Otherwise the token goes with this tab. Remembered, whoever can use this browser profile can start agents as you."</small>
            </span>
        </label>
        <Button kind=ButtonKind::Danger on_click=on_forget>"Forget the token"</Button>
    }
}
