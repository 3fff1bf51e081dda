//! What the page's own policy forbids. A server that it does not name cannot be asked at all, and to a request
//! that looks as if the network were down: so the browser's word is listened to.
//! <https://www.w3.org/TR/CSP3/#violation-events>

use std::time::Duration;

use js_sys::Reflect;
use leptos::prelude::*;

use super::deck::Deck;
use crate::store::{ConnectionId, Remote};

/// The browser tells of the policy and of the failed request in no certain order; this is said last.
const AFTERWARDS: Duration = Duration::from_millis(300);

/// Says beside a connection that the policy is what keeps the page from it.
pub(super) fn follow_refusals(deck: Deck) {
    let listener = window_event_listener_untyped("securitypolicyviolation", move |event| {
        let word = |name: &str| Reflect::get(&event, &name.into()).ok().and_then(|value| value.as_string());
        if word("effectiveDirective").as_deref() != Some("connect-src") {
            return;
        }
        let blocked = word("blockedURI").unwrap_or_default();
        let refused = deck.connections.with_untracked(|connections| {
            connections.iter().find(|it| blocked.starts_with(it.address.origin())).map(|it| it.id)
        });
        if let Some(id) = refused {
            set_timeout(move || say(deck, id), AFTERWARDS);
        }
    });
    on_cleanup(move || listener.remove());
}

fn say(deck: Deck, id: ConnectionId) {
    deck.change(id, |connection| {
        let sentence = sentence(connection.address.origin());
        connection.capabilities = match connection.capabilities.ready() {
            Some(known) => Remote::Ready(known.clone()),
            None => Remote::Failed(sentence.clone()),
        };
        connection.reading = Remote::Failed(sentence);
    });
}

fn sentence(origin: &str) -> String {
    format!(
        "This page's policy does not let it ask {origin}. Whoever hosts the page has to name it there; a companion is \
         started with “--connect {origin}”."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_what_to_do() {
        assert!(sentence("https://ghe.example.com").contains("--connect https://ghe.example.com"));
    }
}
