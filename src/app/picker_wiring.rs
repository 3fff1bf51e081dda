//! What the pickers offer of the chosen repository: its branches, and the agents that it defines.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deck::Deck;
use super::entering::failed;
use crate::store::Remote;
use crate::ui::memo;

/// Reads branches and agents as they are needed.
pub(super) fn follow_pickers(deck: Deck) {
    let place = memo(move || {
        deck.connections.with(|connections| {
            let place = deck.draft.with(|draft| {
                draft.choices.chosen_place(connections).map(|place| {
                    (place.connection.id, place.repository.owner.login.clone(), place.repository.name.clone())
                })
            })?;
            let capabilities = connections.get(place.0)?.capabilities.ready();
            Some((place, capabilities.is_some_and(|capabilities| capabilities.start.custom_agent)))
        })
    });
    Effect::new(move |_| {
        let Some(((id, owner, name), has_agents)) = place.get() else { return };
        let Some(client) = deck.client(id) else { return };
        deck.branches.set(Remote::Loading);
        deck.custom_agents.set(Vec::new());
        let asked = place.get_untracked();
        spawn_local(async move {
            let read = client.branches(&owner, &name).await;
            if place.try_get_untracked() != Some(asked.clone()) {
                return;
            }
            deck.branches.set(match read {
                Ok(branches) => Remote::Ready(branches),
                Err(failure) => Remote::Failed(failed(deck, id, &client, &failure)),
            });
            let agents = if has_agents { client.custom_agents(&owner, &name).await } else { Ok(Vec::new()) };
            // Without them the task can still be started.
            if let (Ok(agents), true) = (agents, place.try_get_untracked() == Some(asked)) {
                deck.custom_agents.set(agents);
            }
        });
    });
}
