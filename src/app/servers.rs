//! Which servers there are: those that the page's host offers, and those that a person added.

use agent_tasks::{Edition, Preset, ServerAddress};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::{is_shared_origin, own_origin, take_pairing_code};
use super::deck::Deck;
use super::entering;
use super::kept_servers;
use crate::api;
use crate::connections::{Keeping, NewConnection};
use crate::store::{Connection, ConnectionId, Connections};

/// Reads which servers there are and enters them: the companion whose page this is with the code of the link that
/// opened the page, all others with the tokens that were kept. Tells whether there was a code and no such companion.
pub(super) fn enter_all(deck: Deck) -> ReadSignal<bool> {
    // First of all, so that the code is out of the address bar before anything is sent.
    let code = take_pairing_code();
    let (is_link_unused, set_link_unused) = signal(false);
    spawn_local(async move {
        let offered = api::presets().await;
        deck.connections.update(|connections| {
            for (preset, is_preset) in
                offered.connections.iter().map(|it| (it, true)).chain(kept_servers::read().iter().map(|it| (it, false)))
            {
                if let Some(address) = address_of(preset) {
                    connections.add(&preset.name, address, is_preset);
                }
            }
        });
        let (ids, own) = deck.connections.with_untracked(|connections| {
            let ids: Vec<ConnectionId> = connections.iter().map(|it| it.id).collect();
            (ids, own_companion(connections, &own_origin()))
        });
        set_link_unused.set(code.is_some() && own.is_none());
        for id in ids {
            match code.clone().filter(|_| own == Some(id)) {
                Some(code) => entering::enter_with_code(deck, id, code),
                None => entering::enter_with_kept_token(deck, id, None),
            }
        }
        deck.is_ready.set(true);
    });
    is_link_unused
}

/// The companion whose page this is. A pairing code is for it: sent to another, it would be given away.
fn own_companion(connections: &Connections, page_origin: &str) -> Option<ConnectionId> {
    let is_own = |it: &&Connection| {
        it.is_preset && it.address.edition == Edition::Companion && it.address.origin() == page_origin
    };
    connections.iter().find(is_own).map(|it| it.id)
}

/// Adds a server that a person named and enters it.
pub(super) fn add(deck: Deck, new: NewConnection) {
    let NewConnection { name, address, token } = new;
    let Some(id) = deck.connections.try_update(|connections| connections.add(&name, address, false)) else { return };
    if let Some(added) = added(deck, id) {
        kept_servers::keep(&added);
    }
    entering::connect(deck, id, token);
}

/// Forgets a server, its token and its tasks.
pub(super) fn remove(deck: Deck, id: ConnectionId) {
    entering::forget(deck, id);
    if let Some(added) = added(deck, id) {
        kept_servers::remove(&added.base);
    }
    deck.connections.update(|connections| connections.remove(id));
}

/// A server as it is kept; `None` for one that the page's host offers.
fn added(deck: Deck, id: ConnectionId) -> Option<Preset> {
    let connection = deck.connections.with_untracked(|connections| connections.get(id).cloned())?;
    let Connection { name, address, is_preset, .. } = connection;
    (!is_preset).then(|| Preset { name, base: address.base().to_owned(), edition: address.edition })
}

/// An address that a host's file or a storage says; `None` for one that is not plain or not safe.
fn address_of(preset: &Preset) -> Option<ServerAddress> {
    let base = if preset.base.starts_with('/') { own_origin() + &preset.base } else { preset.base.clone() };
    ServerAddress::of_base(&base, preset.edition).ok()
}

/// Whether tokens may outlive the tab here.
pub(super) fn keeping() -> Keeping {
    if is_shared_origin() { Keeping::SharedOrigin } else { Keeping::Allowed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pairing_code_is_for_the_companion_of_the_page_only() {
        const PAGE: &str = "http://127.0.0.1:4180";
        let check = |base: &str, edition, is_preset, expected: bool| {
            let mut connections = Connections::default();
            connections.add("GitHub", ServerAddress::github(), true);
            let id = connections.add("", ServerAddress::of_base(base, edition).unwrap(), is_preset);
            assert_eq!(own_companion(&connections, PAGE), expected.then_some(id), "{base}");
        };
        check("http://127.0.0.1:4180/api", Edition::Companion, true, true);
        check("http://127.0.0.1:4180/api", Edition::Companion, false, false);
        check("http://127.0.0.1:4180/api", Edition::Github, true, false);
        check("http://127.0.0.1:4181/api", Edition::Companion, true, false);
        check("http://localhost:4180/api", Edition::Companion, true, false);
        check("https://127.0.0.1:4180/api", Edition::Companion, true, false);
    }
}
