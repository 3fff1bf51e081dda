//! What the pickers offer: repositories once per connection, branches once per repository.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deck::Deck;
use super::server::failed;
use crate::store::Remote;
use crate::ui::memo;

/// Reads repositories and branches as they are needed.
pub(super) fn follow_pickers(deck: Deck) {
    Effect::new(move |_| {
        let Some(client) = deck.client.get() else { return };
        spawn_local(async move {
            let read = client.repositories().await;
            deck.repositories.set(match read {
                Ok(repositories) => Remote::Ready(repositories),
                Err(failure) => Remote::Failed(failed(deck, client.token(), &failure)),
            });
        });
    });
    let repository = memo(move || {
        deck.repositories.with(|repositories| {
            let chosen = deck.draft.with(|draft| draft.choices.chosen_repository(repositories.ready()?).cloned())?;
            Some((chosen.owner.login, chosen.name))
        })
    });
    Effect::new(move |_| {
        let (Some(client), Some((owner, name))) = (deck.client.get(), repository.get()) else { return };
        deck.branches.set(Remote::Loading);
        spawn_local(async move {
            let read = client.branches(&owner, &name).await;
            if repository.try_get_untracked().flatten() != Some((owner, name)) {
                return;
            }
            deck.branches.set(match read {
                Ok(branches) => Remote::Ready(branches),
                Err(failure) => Remote::Failed(failed(deck, client.token(), &failure)),
            });
        });
    });
}
