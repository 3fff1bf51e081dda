//! What the tabs of one browser tell each other: a new one gets the tokens of those that are open, and a token
//! that is forgotten in one is forgotten in all. One that is only remembered no longer stays with its tabs.

use leptos::ev;
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use super::address::is_shared_origin;
use super::deck::Deck;
use super::entering;
use super::storage::base_of_token_key;
use super::tokens;
use crate::api::read_json;
use crate::connections::NewToken;
use crate::store::{Connection, ConnectionId, Standing};

/// The channel's name. Only pages of the same origin hear it.
const CHANNEL: &str = "flightdeck";
/// Why a token is gone that this tab did not forget.
const FORGOTTEN: &str = "The token was forgotten in another tab. Connect again to go on.";

/// Asks the other tabs for the token of the server at `base`.
pub(super) fn ask(deck: Deck, base: &str) {
    say(deck, &json!({"ask": base}));
}

/// Tells the other tabs to forget the token of the server at `base`.
pub(super) fn forget(deck: Deck, base: &str) {
    say(deck, &json!({"forget": base}));
}

/// Listens to the other tabs.
pub(super) fn follow(deck: Deck) {
    let on_storage = window_event_listener(ev::storage, move |event| {
        let key = event.key();
        for Remembered { id, base, token } in remembered(deck) {
            match &key {
                // Everything that the device kept was cleared away.
                None => entering::leave(deck, id, Some(FORGOTTEN.to_owned())),
                // Remembered no longer is not forgotten: that is said on the channel.
                Some(key) if base_of_token_key(key) == Some(&base) && !tokens::is_remembered(&base, &token) => {
                    entering::remember(deck, id, false);
                }
                Some(_) => {}
            }
        }
    });
    deck.tabs.with_value(|channel| {
        let Some(channel) = channel else { return };
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                hear(deck, &text);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // The channel lives as long as the page.
        on_message.forget();
    });
    on_cleanup(move || on_storage.remove());
}

/// What another tab said.
fn hear(deck: Deck, text: &str) {
    let Some(said) = read_json::<serde_json::Value>(text) else { return };
    let word = |name: &str| said[name].as_str().map(str::to_owned);
    let connection_at = |base: &str| {
        deck.connections.with_untracked(|connections| connections.at_base(base).map(|it| (it.id, it.standing.clone())))
    };
    if let Some(base) = word("ask") {
        let token = connection_at(&base).filter(|(_, standing)| matches!(standing, Standing::Open { .. }));
        let token = token.and_then(|(id, _)| deck.tokens.with_value(|tokens| tokens.get(&id).cloned()));
        if let Some(given) = token {
            say(deck, &json!({"give": base, "token": given.token, "is_remembered": given.is_remembered}));
        }
    } else if let Some(base) = word("forget") {
        if let Some((id, _)) = connection_at(&base) {
            entering::leave(deck, id, Some(FORGOTTEN.to_owned()));
        }
    } else if let (Some(base), Some(token)) = (word("give"), word("token"))
        && let Some((id, Standing::NoToken(_))) = connection_at(&base)
    {
        let is_remembered = said["is_remembered"].as_bool().unwrap_or_default();
        entering::connect(deck, id, NewToken { token, is_remembered });
    }
}

/// Speaks on the channel that this tab listens on: a channel does not hear itself.
fn say(deck: Deck, message: &serde_json::Value) {
    deck.tabs.with_value(|channel| {
        if let Some(channel) = channel {
            // Fails only for a channel that is closed.
            let _ = channel.post_message(&message.to_string().into());
        }
    });
}

/// Opens the channel; none where others could hear it.
pub(super) fn open() -> Option<BroadcastChannel> {
    if is_shared_origin() { None } else { BroadcastChannel::new(CHANNEL).ok() }
}

/// A token that this tab left to the device.
struct Remembered {
    id: ConnectionId,
    base: String,
    token: String,
}

fn remembered(deck: Deck) -> Vec<Remembered> {
    let held = deck.tokens.get_value();
    let of = |connection: &Connection| {
        let held = held.get(&connection.id).filter(|held| held.is_remembered)?;
        let base = connection.address.base().to_owned();
        Some(Remembered { id: connection.id, base, token: held.token.clone() })
    };
    deck.connections.with_untracked(|connections| connections.iter().filter_map(of).collect())
}
