//! Getting in and out of one server: pairing, tokens, and what the server says of itself.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::is_shared_origin;
use super::deck::Deck;
use super::feed::Feed;
use super::local_access;
use super::{tabs, tokens};
use crate::api::{self, Client, Failure};
use crate::connections::NewToken;
use crate::store::{Connection, ConnectionId, Link, Remote, Standing};

/// A difference of clocks below this is the network's and the header's (which counts in seconds).
const CLOCK_LEAD_MS_MIN: i64 = 2_000;

/// Trades the code of the link that opened the page for a token, and enters with it.
pub(super) fn enter_with_code(deck: Deck, id: ConnectionId, code: String) {
    let Some(address) = address(deck, id) else { return };
    deck.change(id, |connection| connection.standing = Standing::Entering);
    spawn_local(async move {
        match api::pair(&address, &code).await {
            Ok(paired) => connect(deck, id, NewToken { token: paired.token, is_remembered: false }),
            Err(failure) => enter_with_kept_token(deck, id, Some(pairing_sentence(&failure))),
        }
    });
}

/// Enters with the token of an earlier visit, or asks the other tabs for theirs.
pub(super) fn enter_with_kept_token(deck: Deck, id: ConnectionId, problem: Option<String>) {
    let Some(address) = address(deck, id) else { return };
    match tokens::kept(address.base()) {
        Some(kept) => connect(deck, id, kept),
        None => {
            deck.change(id, |connection| connection.standing = Standing::NoToken(problem));
            tabs::ask(deck, address.base());
        }
    }
}

/// Keeps a token and greets the server with it. Nothing else is sent until the server has answered.
pub(super) fn connect(deck: Deck, id: ConnectionId, given: NewToken) {
    let Some(address) = address(deck, id) else { return };
    let given = NewToken { is_remembered: given.is_remembered && !is_shared_origin(), ..given };
    close(deck, id);
    let replaced = deck.tokens.try_update_value(|tokens| tokens.insert(id, given.clone())).flatten();
    if let Some(replaced) = replaced.filter(|replaced| replaced.token != given.token) {
        tokens::drop_token(address.base(), &replaced.token);
    }
    let given = tokens::keep(address.base(), given);
    let client = Client::new(address, given.token);
    deck.change(id, |connection| {
        connection.standing = Standing::Entering;
        if let Some(capabilities) = client.known_capabilities() {
            connection.capabilities = Remote::Ready(capabilities);
        }
    });
    spawn_local(async move {
        let greeted = greet(deck, id, &client).await;
        if greeted == Err(Failure::Unauthorized) {
            return;
        }
        // Another token may be in place by now, and another tab may have had this one remembered no longer.
        let current = deck.tokens.with_value(|tokens| tokens.get(&id).filter(|it| it.token == client.token()).cloned());
        let Some(NewToken { is_remembered, .. }) = current else { return };
        deck.change(id, |connection| connection.standing = Standing::Open { is_remembered });
        deck.clients.update(|clients| drop(clients.insert(id, client.clone())));
        open_feed(deck, id, client.clone());
        let read = client.repositories().await;
        let repositories = match read {
            Ok(repositories) => Remote::Ready(repositories),
            Err(Failure::Closed) => return,
            Err(failure) => Remote::Failed(failed(deck, id, &client, &failure)),
        };
        if deck.is_current(id, &client) {
            deck.change(id, |connection| connection.repositories = repositories);
        }
    });
}

/// Asks the server what it can do. A server that could not be reached may open later, with another feed.
pub(super) async fn greet(deck: Deck, id: ConnectionId, client: &Client) -> Result<(), Failure> {
    match client.greet().await {
        Ok(greeting) => {
            let lead_ms = greeting.server_ms.map_or(0, |server_ms| server_ms - js_sys::Date::now() as i64);
            let clock_lead_ms = if lead_ms.abs() < CLOCK_LEAD_MS_MIN { 0 } else { lead_ms };
            let capabilities = Remote::Ready(greeting.capabilities);
            let is_new = deck.connections.with_untracked(|connections| {
                connections.get(id).is_some_and(|connection| connection.capabilities != capabilities)
            });
            deck.change(id, |connection| {
                connection.capabilities = capabilities;
                connection.clock_lead_ms = clock_lead_ms;
            });
            note_budget(deck, id, client);
            if is_new && deck.is_current(id, client) {
                open_feed(deck, id, client.clone());
            }
            Ok(())
        }
        // It tells of a connection that is gone, not of the one that may be there by now.
        Err(Failure::Closed) => Err(Failure::Closed),
        Err(failure) => {
            if failure == Failure::Unreachable {
                local_access::look_now(deck).await;
            }
            let sentence = failed(deck, id, client, &failure);
            // What is known of a server that is away for a moment still holds.
            deck.change(id, |connection| {
                if connection.capabilities.ready().is_none() {
                    connection.capabilities = Remote::Failed(sentence);
                }
            });
            Err(failure)
        }
    }
}

/// Tries what the token may do.
pub(super) fn check_permissions(deck: Deck, id: ConnectionId) {
    let Some(client) = deck.client(id) else { return };
    spawn_local(async move {
        let repository = deck.connections.with_untracked(|connections| {
            let place = deck
                .draft
                .with_untracked(|draft| draft.choices.chosen_place(connections).map(|it| it.repository.clone()));
            let first = || connections.get(id)?.repositories.ready()?.first().cloned();
            place
                .filter(|chosen| {
                    let known = connections.get(id).and_then(|connection| connection.repositories.ready());
                    known.is_some_and(|known| known.contains(chosen))
                })
                .or_else(first)
        });
        let permissions = client.check_permissions(repository.as_ref()).await;
        note_budget(deck, id, &client);
        deck.change(id, |connection| connection.permissions = permissions);
    });
}

/// Shows what is left of the rate limit.
pub(super) fn note_budget(deck: Deck, id: ConnectionId, client: &Client) {
    let budget = client.budget();
    deck.change(id, |connection| connection.budget = budget);
}

/// The sentence for a failure. A refused token is dropped, once, whichever request found out.
pub(super) fn failed(deck: Deck, id: ConnectionId, client: &Client, failure: &Failure) -> String {
    // Another request may have found out before, and a new token may be in place by now.
    let is_in_use = deck.tokens.with_value(|tokens| tokens.get(&id).is_some_and(|it| it.token == client.token()));
    if *failure == Failure::Unauthorized && is_in_use {
        leave(deck, id, Some(failure.to_string()));
    }
    let refusal = || local_access::refusal(deck, client.address());
    (*failure == Failure::Unreachable).then(refusal).flatten().unwrap_or_else(|| failure.to_string())
}

/// Forgets the token, here, in every other tab and on the device.
pub(super) fn forget(deck: Deck, id: ConnectionId) {
    if let Some(address) = address(deck, id) {
        tabs::forget(deck, address.base());
        tokens::forget(address.base());
    }
    leave(deck, id, None);
    deck.book.update(|book| book.forget(|key| key.connection == id));
}

/// Drops the token and closes everything that used it. The tasks that are known stay in sight, and so does a
/// token that another tab has remembered since.
pub(super) fn leave(deck: Deck, id: ConnectionId, problem: Option<String>) {
    let dropped = deck.tokens.try_update_value(|tokens| tokens.remove(&id)).flatten();
    if let (Some(address), Some(dropped)) = (address(deck, id), dropped) {
        tokens::drop_token(address.base(), &dropped.token);
    }
    close(deck, id);
    deck.change(id, |connection| {
        *connection = Connection {
            standing: Standing::NoToken(problem),
            ..Connection::new(id, connection.name.clone(), connection.address.clone(), connection.is_preset)
        };
    });
}

/// Moves the token between the tab and the device.
pub(super) fn remember(deck: Deck, id: ConnectionId, is_remembered: bool) {
    let token = deck.tokens.with_value(|tokens| tokens.get(&id).map(|it| it.token.clone()));
    let (Some(token), Some(address)) = (token, address(deck, id)) else { return };
    let given = NewToken { token, is_remembered: is_remembered && !is_shared_origin() };
    let given = tokens::keep(address.base(), given);
    deck.change(id, |connection| match &mut connection.standing {
        Standing::Open { is_remembered } => *is_remembered = given.is_remembered,
        Standing::Entering | Standing::NoToken(_) => {}
    });
    deck.tokens.update_value(|tokens| drop(tokens.insert(id, given)));
}

/// The old feed goes first: there is never more than one.
fn open_feed(deck: Deck, id: ConnectionId, client: Client) {
    close_feed(deck, id);
    deck.change(id, |connection| connection.link = Link::Connecting);
    let feed = Feed::open(deck, id, client);
    deck.feeds.update_value(|feeds| drop(feeds.insert(id, feed)));
}

fn close(deck: Deck, id: ConnectionId) {
    close_feed(deck, id);
    if let Some(client) = deck.client(id) {
        // Whatever is under way with a clone of it ends there.
        client.close();
        deck.clients.update(|clients| drop(clients.remove(&id)));
    }
}

fn close_feed(deck: Deck, id: ConnectionId) {
    drop(deck.feeds.try_update_value(|feeds| feeds.remove(&id)));
}

fn address(deck: Deck, id: ConnectionId) -> Option<agent_tasks::ServerAddress> {
    deck.connections.with_untracked(|connections| connections.get(id).map(|it| it.address.clone()))
}

fn pairing_sentence(failure: &Failure) -> String {
    match failure {
        Failure::Unauthorized | Failure::Forbidden(_) | Failure::NotFound(_) | Failure::Refused(_) => {
            "This link was used before or is older than five minutes. Run “flightdeck link” for a new one.".to_owned()
        }
        Failure::RateLimited(_) | Failure::Server(_) | Failure::Unreachable | Failure::Unreadable | Failure::Closed => {
            failure.to_string()
        }
    }
}
