//! Getting in and out: pairing, tokens, and what the server says of itself.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::take_pairing_code;
use super::deck::Deck;
use super::storage::{self, Keep, token_key};
use crate::api::{self, Client, Failure};
use crate::connections::NewToken;
use crate::store::{Connection, Remote};

/// A difference of clocks below this is the network's and the header's (which counts in seconds).
const CLOCK_LEAD_MS_MIN: i64 = 2_000;

/// Enters with the code of the link that opened the page, or else with a token that was kept.
pub(super) fn enter(deck: Deck) {
    // First of all, so that the code is out of the address bar before anything is sent.
    let code = take_pairing_code();
    let Some(code) = code else { return enter_with_kept_token(deck, None) };
    spawn_local(async move {
        match api::pair(&deck.base.get_value(), &code).await {
            Ok(paired) => connect(deck, NewToken { token: paired.token, is_remembered: false }),
            Err(failure) => enter_with_kept_token(deck, Some(pairing_sentence(&failure))),
        }
    });
}

/// Keeps a token and greets the server with it. Nothing else is sent until the server has answered.
pub(super) fn connect(deck: Deck, given: NewToken) {
    keep_token(deck, &given);
    deck.connection.set(Connection::Pairing);
    let client = Client::new(deck.base.get_value(), given.token);
    spawn_local(async move {
        if greet(deck, &client).await != Err(Failure::Unauthorized) {
            deck.connection.set(Connection::Open { is_remembered: given.is_remembered });
            deck.client.set(Some(client));
        }
    });
}

/// Asks the server what it can do.
pub(super) async fn greet(deck: Deck, client: &Client) -> Result<(), Failure> {
    match client.capabilities().await {
        Ok(greeting) => {
            if let Some(server_ms) = greeting.server_ms {
                let lead_ms = server_ms - js_sys::Date::now() as i64;
                deck.clock_lead_ms.set_value(if lead_ms.abs() < CLOCK_LEAD_MS_MIN { 0 } else { lead_ms });
            }
            deck.capabilities.set(Remote::Ready(greeting.capabilities));
            Ok(())
        }
        Err(failure) => {
            deck.capabilities.set(Remote::Failed(failed(deck, client.token(), &failure)));
            Err(failure)
        }
    }
}

/// The sentence for a failure. A refused token is dropped, once, whichever request found out.
pub(super) fn failed(deck: Deck, token: &str, failure: &Failure) -> String {
    let key = token_key(&deck.base.get_value());
    let is_refused = *failure == Failure::Unauthorized;
    // Another request may have found out before, and a new token may be in place by now.
    if is_refused && kept_token(&key).is_none_or(|kept| kept.token == token) {
        leave(deck, Some(failure.to_string()));
    }
    failure.to_string()
}

/// Forgets the token and closes everything that used it.
pub(super) fn leave(deck: Deck, problem: Option<String>) {
    let key = token_key(&deck.base.get_value());
    storage::remove(Keep::Tab, &key);
    storage::remove(Keep::Device, &key);
    deck.client.set(None);
    deck.connection.set(Connection::NoToken(problem));
}

/// Moves the token between the tab and the device.
pub(super) fn remember(deck: Deck, is_remembered: bool) {
    let Some(token) = deck.client.with_untracked(|client| client.as_ref().map(|client| client.token().to_owned()))
    else {
        return;
    };
    keep_token(deck, &NewToken { token, is_remembered });
    deck.connection.set(Connection::Open { is_remembered });
}

/// Leaves when another tab has forgotten the remembered token.
pub(super) fn follow_other_tabs(deck: Deck) {
    let listener = window_event_listener(ev::storage, move |event| {
        let is_token = event.key().is_none_or(|key| key == token_key(&deck.base.get_value()));
        let is_remembered = deck.connection.with_untracked(|it| *it == Connection::Open { is_remembered: true });
        let key = token_key(&deck.base.get_value());
        if is_token && is_remembered && kept_token(&key).is_none() {
            leave(deck, Some("The token was forgotten in another tab. Connect again to go on.".to_owned()));
        }
    });
    on_cleanup(move || listener.remove());
}

fn enter_with_kept_token(deck: Deck, problem: Option<String>) {
    match kept_token(&token_key(&deck.base.get_value())) {
        Some(kept) => connect(deck, kept),
        None => deck.connection.set(Connection::NoToken(problem)),
    }
}

fn kept_token(key: &str) -> Option<NewToken> {
    let of = |keep, is_remembered| {
        let token = storage::read(keep, key).filter(|token| !token.is_empty())?;
        Some(NewToken { token, is_remembered })
    };
    of(Keep::Tab, false).or_else(|| of(Keep::Device, true))
}

/// A token is kept in one place, never in both.
fn keep_token(deck: Deck, given: &NewToken) {
    let key = token_key(&deck.base.get_value());
    let (keep, other) = if given.is_remembered { (Keep::Device, Keep::Tab) } else { (Keep::Tab, Keep::Device) };
    storage::remove(other, &key);
    storage::write(keep, &key, &given.token);
}

fn pairing_sentence(failure: &Failure) -> String {
    match failure {
        Failure::Unauthorized | Failure::Forbidden(_) | Failure::NotFound(_) | Failure::Refused(_) => {
            "This link was used before or is older than five minutes. Run “flightdeck link” for a new one.".to_owned()
        }
        Failure::RateLimited(_) | Failure::Server(_) | Failure::Unreachable | Failure::Unreadable => {
            failure.to_string()
        }
    }
}
