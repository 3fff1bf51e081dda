//! Whether the browser lets this page ask servers on its own machine. A page that came from this machine may;
//! for others Chromium asks its user, once.
//! <https://wicg.github.io/local-network-access/>

use agent_tasks::ServerAddress;
use js_sys::{Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::address::own_origin;
use super::deck::Deck;
use crate::connections::LOCAL_ACCESS_DENIED;
use crate::store::LocalAccess;

/// The names under which browsers know the permission, the newest first. One that a browser does not know is
/// passed over.
const NAMES: [&str; 3] = ["loopback-network", "local-network-access", "local-network"];
/// The origins of pages of this machine start so.
const LOOPBACK: [&str; 3] = ["http://127.0.0.1", "http://localhost", "http://[::1]"];

/// Looks up how things stand. Asks the browser, not its user.
pub(super) fn look(deck: Deck) {
    spawn_local(look_now(deck));
}

/// The same, to know it at once: the user may have answered meanwhile.
pub(super) async fn look_now(deck: Deck) {
    if LOOPBACK.iter().any(|loopback| own_origin().starts_with(loopback)) {
        return;
    }
    for name in NAMES {
        if let Some(state) = state_of(name).await {
            if deck.local_access.get_untracked() != state {
                deck.local_access.set(state);
            }
            return;
        }
    }
}

/// Why a server that cannot be reached is none of its own fault, and what to do: the browser keeps the page away.
pub(super) fn refusal(deck: Deck, address: &ServerAddress) -> Option<String> {
    let is_denied = deck.local_access.get_untracked() == LocalAccess::Denied;
    (is_denied && address.is_loopback()).then(|| {
        format!("{LOCAL_ACCESS_DENIED} Or open the server’s own page, which needs none of this: {}/", address.origin())
    })
}

async fn state_of(name: &str) -> Option<LocalAccess> {
    let permissions = Reflect::get(&window().navigator(), &"permissions".into()).ok()?;
    let query = Reflect::get(&permissions, &"query".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"name".into(), &name.into()).ok()?;
    let asked = query.call1(&permissions, &descriptor).ok()?.dyn_into::<Promise>().ok()?;
    let status: JsValue = JsFuture::from(asked).await.ok()?;
    match Reflect::get(&status, &"state".into()).ok()?.as_string()?.as_str() {
        "granted" => Some(LocalAccess::Granted),
        "denied" => Some(LocalAccess::Denied),
        _ => Some(LocalAccess::Prompt),
    }
}
