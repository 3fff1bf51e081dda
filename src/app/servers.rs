//! Which servers there are: those that the page's host offers, and those that a person added.

use agent_tasks::{PagePresets, Preset, ServerAddress};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::{is_shared_origin, own_origin, take_pairing_code};
use super::deck::Deck;
use super::entering;
use super::storage::{self, CONNECTIONS_KEY, Keep};
use crate::api;
use crate::connections::{Keeping, NewConnection};
use crate::store::ConnectionId;

/// Reads which servers there are and enters them: the first one offered with the code of the link that opened
/// the page, all others with the tokens that were kept.
pub(super) fn enter_all(deck: Deck) {
    // First of all, so that the code is out of the address bar before anything is sent.
    let code = take_pairing_code();
    spawn_local(async move {
        let offered = api::presets().await;
        deck.connections.update(|connections| {
            for (preset, is_preset) in
                offered.connections.iter().map(|it| (it, true)).chain(kept().iter().map(|it| (it, false)))
            {
                if let Some(address) = address_of(preset) {
                    connections.add(&preset.name, address, is_preset);
                }
            }
        });
        let ids: Vec<ConnectionId> =
            deck.connections.with_untracked(|connections| connections.iter().map(|it| it.id).collect());
        for (index, id) in ids.into_iter().enumerate() {
            match code.clone().filter(|_| index == 0) {
                Some(code) => entering::enter_with_code(deck, id, code),
                None => entering::enter_with_kept_token(deck, id, None),
            }
        }
        deck.is_ready.set(true);
    });
}

/// Adds a server that a person named and enters it.
pub(super) fn add(deck: Deck, new: NewConnection) {
    let NewConnection { name, address, token } = new;
    if let Some(id) = deck.connections.try_update(|connections| connections.add(&name, address, false)) {
        keep(deck);
        entering::connect(deck, id, token);
    }
}

/// Forgets a server, its token and its tasks.
pub(super) fn remove(deck: Deck, id: ConnectionId) {
    entering::forget(deck, id);
    deck.connections.update(|connections| connections.remove(id));
    keep(deck);
}

/// An address that a host's file or a storage says; `None` for one that is not plain or not safe.
fn address_of(preset: &Preset) -> Option<ServerAddress> {
    let base = if preset.base.starts_with('/') { own_origin() + &preset.base } else { preset.base.clone() };
    ServerAddress::of_base(&base, preset.edition).ok()
}

fn kept() -> Vec<Preset> {
    let stored = storage::read(Keep::Device, CONNECTIONS_KEY).and_then(|text| api::read_json::<PagePresets>(&text));
    stored.unwrap_or_default().connections
}

fn keep(deck: Deck) {
    let added = |connection: &crate::store::Connection| Preset {
        name: connection.name.clone(),
        base: connection.address.base().to_owned(),
        edition: connection.address.edition,
    };
    let connections = deck.connections.with_untracked(|connections| {
        connections.iter().filter(|connection| !connection.is_preset).map(added).collect()
    });
    storage::write(
        Keep::Device,
        CONNECTIONS_KEY,
        &serde_json::to_string(&PagePresets { connections }).unwrap_or_default(),
    );
}

/// Whether tokens may outlive the tab here.
pub(super) fn keeping() -> Keeping {
    if is_shared_origin() { Keeping::SharedOrigin } else { Keeping::Allowed }
}
