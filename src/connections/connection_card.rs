//! One server: how the page stands with it, what it can do, what is left of its rate limit, and its token.

use agent_tasks::{Capabilities, RateBudget};
use leptos::prelude::*;

use super::entry::Entry;
use super::permission_table::PermissionTable;
use super::sentence::tone_of;
use super::token_fields::{NewToken, RememberCheck};
use super::token_form::TokenForm;
use crate::store::{Connection, ConnectionId, Connections, Remote, Standing};
use crate::ui::{Badge, Button, ButtonKind, Notice, NoticeKind, clock_time, grouped, memo};

/// Below one part of so many of the limit the meter warns.
const LOW_PARTS: u32 = 10;

/// What can be asked for on a card.
#[derive(Clone, Copy)]
pub struct CardActions {
    /// A token was given.
    pub on_connect: Callback<(ConnectionId, NewToken)>,
    /// Whether the token should outlive the tab.
    pub on_remember: Callback<(ConnectionId, bool)>,
    /// The token should be forgotten.
    pub on_forget: Callback<ConnectionId>,
    /// The server should be forgotten.
    pub on_remove: Callback<ConnectionId>,
    /// The token's permissions should be tried.
    pub on_check: Callback<ConnectionId>,
}

/// A server.
#[component]
pub fn ConnectionCard(
    /// Which server.
    id: ConnectionId,
    /// All of them.
    connections: Signal<Connections>,
    /// What the forms share.
    entry: Entry,
    /// What can be asked for.
    actions: CardActions,
) -> impl IntoView {
    let connection = memo(move || connections.with(|connections| connections.get(id).cloned()));
    let part = move |part: fn(&Connection) -> String| {
        memo(move || connection.with(|connection| connection.as_ref().map(part).unwrap_or_default()))
    };
    let name = part(|connection| connection.name.clone());
    let base = part(|connection| connection.address.base().to_owned());
    let sentence = part(|connection| connection.sentence().to_owned());
    let tone = memo(move || connection.with(|connection| connection.as_ref().map_or("neutral", tone_of)));
    let is_open = memo(move || connection.with(|connection| connection.as_ref().is_some_and(Connection::is_open)));
    let is_removable = memo(move || connection.with(|connection| connection.as_ref().is_some_and(|it| !it.is_preset)));
    let on_connect = Callback::new(move |token| actions.on_connect.run((id, token)));
    let on_remove = Callback::new(move |()| actions.on_remove.run(id));
    view! {
        <section class="connection-card" aria-label=name>
            <div class="connection-card-head">
                <h3>{name}</h3>
                <Badge label=sentence tone/>
            </div>
            <p class="connection-card-address"><code>{base}</code></p>
            <Show
                when=move || is_open.get()
                fallback=move || view! { <TokenForm entry connection on_connect/> }
            >
                <OpenConnection id connection entry actions/>
            </Show>
            {move || is_removable.get().then(|| view! { <Button on_click=on_remove>"Remove this connection"</Button> })}
        </section>
    }
}

/// What stands behind an open connection.
#[component]
fn OpenConnection(
    id: ConnectionId,
    connection: Memo<Option<Connection>>,
    entry: Entry,
    actions: CardActions,
) -> impl IntoView {
    let capabilities = memo(move || connection.get().map_or(Remote::Loading, |it| it.capabilities));
    let budget = memo(move || connection.get().and_then(|it| it.budget));
    let permissions = memo(move || connection.get().map(|it| it.permissions).unwrap_or_default());
    let needs_any =
        memo(move || connection.with(|it| it.as_ref().is_some_and(|it| !(entry.needed)(&it.address).is_empty())));
    let is_remembered = memo(move || {
        connection.with(|it| it.as_ref().is_some_and(|it| it.standing == Standing::Open { is_remembered: true }))
    });
    let facts = move || match capabilities.get() {
        Remote::Loading => view! { <p>"Asking the server what it can do…"</p> }.into_any(),
        Remote::Failed(sentence) => view! { <Notice kind=NoticeKind::Problem>{sentence}</Notice> }.into_any(),
        Remote::Ready(capabilities) => server_facts(capabilities),
    };
    let tried = move || {
        let permissions = permissions.get();
        (!permissions.is_empty()).then(|| view! { <PermissionTable permissions is_tried=true/> })
    };
    let on_check = Callback::new(move |()| actions.on_check.run(id));
    let on_forget = Callback::new(move |()| actions.on_forget.run(id));
    let on_change = Callback::new(move |is_remembered| actions.on_remember.run((id, is_remembered)));
    view! {
        {facts}
        {move || budget.get().map(budget_meter)}
        {tried}
        <RememberCheck keeping=entry.keeping is_checked=is_remembered on_change/>
        <div class="connection-card-actions">
            {move || needs_any.get().then(|| view! { <Button on_click=on_check>"Check permissions"</Button> })}
            <Button kind=ButtonKind::Danger on_click=on_forget>"Forget the token"</Button>
        </div>
    }
}

/// What a server is and can do; what it does not tell is left out.
fn server_facts(known: Capabilities) -> AnyView {
    let fact = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let abilities = [
        (known.calls.events, "logs"),
        (known.calls.stop, "stop"),
        (known.calls.pause, "pause"),
        (known.calls.steer, "follow-ups"),
        (known.calls.answer, "answers to agents"),
        (known.start.create_pull_request, "pull requests"),
        (known.start.custom_agent, "custom agents"),
    ];
    let can: Vec<&str> = std::iter::once("start")
        .chain(abilities.into_iter().filter(|(is_there, _)| *is_there).map(|(_, word)| word))
        .collect();
    let at_once = known.limits.running.map(|running| fact("At once", format!("{running} sessions; the rest wait")));
    let layer = known.supervision.as_ref().map(|supervision| supervision.layer.as_str());
    let stop = known.limits.stop_seconds.map(|seconds| {
        let layer = layer.map(|layer| format!("{layer}, ")).unwrap_or_default();
        fact("Stop", format!("{layer}at most {seconds} s"))
    });
    view! {
        <dl class="facts">
            {fact("Server", format!("{} {}", known.server, known.version))}
            {fact("Can", can.join(", "))}
            {at_once}
            {stop}
        </dl>
        {known.supervision.map(|supervision| view! { <p class="connection-card-note">{supervision.description}</p> })}
    }
    .into_any()
}

fn budget_meter(budget: RateBudget) -> impl IntoView {
    let RateBudget { limit, remaining, reset_ms } = budget;
    let number = |count: u32| grouped(count as usize);
    let words =
        format!("{} of {} requests left, all again at {}", number(remaining), number(limit), clock_time(reset_ms));
    view! {
        <label class="rate-budget">
            <meter max=limit low=limit / LOW_PARTS value=remaining></meter>
            <span>{words}</span>
        </label>
    }
}
