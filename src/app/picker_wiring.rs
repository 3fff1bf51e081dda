//! What the pickers offer of the chosen repository: its branches, and the agents that it defines.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deck::Deck;
use super::entering::failed;
use crate::api::Client;
use crate::store::{ConnectionId, Link, Remote};
use crate::ui::memo;

/// What branches and agents are read of.
#[derive(Clone, PartialEq)]
struct Chosen {
    client: Client,
    id: ConnectionId,
    owner: String,
    name: String,
    /// Whether its server takes agents that a repository defines.
    has_agents: bool,
    /// Whether its server answers: what could not be read is read again when it comes back.
    is_live: bool,
}

/// Reads branches and agents as they are needed.
pub(super) fn follow_pickers(deck: Deck) {
    let chosen = memo(move || chosen(deck));
    Effect::new(move |before: Option<Option<Chosen>>| {
        let before = before.flatten();
        let Some(asked) = chosen.get().filter(|chosen| chosen.is_live) else { return before };
        let is_asked = move |asked: &Chosen| chosen.try_with_untracked(|chosen| chosen.as_ref() == Some(asked));
        if before.is_none_or(|before| (before.id, &before.owner, &before.name) != (asked.id, &asked.owner, &asked.name))
        {
            deck.branches.set(Remote::Loading);
            deck.custom_agents.set(Vec::new());
        }
        let reading = asked.clone();
        spawn_local(async move {
            let Chosen { client, id, owner, name, has_agents, .. } = &asked;
            let branches = client.branches(owner, name).await;
            if is_asked(&asked) != Some(true) {
                return;
            }
            deck.branches.set(match branches {
                Ok(branches) => Remote::Ready(branches),
                Err(failure) => Remote::Failed(failed(deck, *id, client, &failure)),
            });
            if !has_agents {
                return;
            }
            let agents = client.custom_agents(owner, name).await;
            // Without them the task can still be started.
            if let (Ok(agents), Some(true)) = (agents, is_asked(&asked)) {
                deck.custom_agents.set(agents);
            }
        });
        Some(reading)
    });
}

fn chosen(deck: Deck) -> Option<Chosen> {
    deck.connections.with(|connections| {
        let place = deck.draft.with(|draft| {
            let place = draft.choices.chosen_place(connections)?;
            Some((place.connection.id, place.repository.owner.login.clone(), place.repository.name.clone()))
        });
        let (id, owner, name) = place?;
        let connection = connections.get(id)?;
        let capabilities = connection.capabilities.ready();
        Some(Chosen {
            client: deck.clients.with(|clients| clients.get(&id).cloned())?,
            id,
            owner,
            name,
            has_agents: capabilities.is_some_and(|capabilities| capabilities.start.custom_agent),
            is_live: connection.link == Link::Live,
        })
    })
}
