//! What the user asks a server to do. Every action is one request, and its outcome goes beside its button.

use agent_tasks::{Steer, TaskId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deck::Deck;
use super::server::failed;
use crate::api::Failure;
use crate::store::{Action, Draft};
use crate::tasks::Start;

/// What an action comes to without a connection.
const NOT_CONNECTED: &str = "The page is not connected. Connect first; what you typed is kept.";

/// Starts a task. The prompt stays where it is until the task exists.
pub(super) fn start(deck: Deck, asked: Start) {
    let Some(client) = deck.client.get_untracked() else {
        return deck.start.set(Action::Failed(NOT_CONNECTED.to_owned()));
    };
    deck.start.set(Action::Pending);
    spawn_local(async move {
        match client.start(&asked.owner, &asked.repo, &asked.task).await {
            Ok(task) => {
                let draft = deck.draft.get_untracked();
                // What was typed while the request was under way belongs to the next task.
                if draft.prompt.trim() == asked.task.prompt {
                    deck.set_draft(Draft { prompt: String::new(), ..draft });
                }
                deck.started.set(Some(task.id.clone()));
                deck.book.update(|book| book.apply(task));
                deck.start.set(Action::Ready);
            }
            Err(failure @ (Failure::Unreachable | Failure::Unreadable)) => deck.start.set(Action::Failed(format!(
                "{failure} The task may have been started all the same: look at the list before you start it again."
            ))),
            Err(failure) => deck.start.set(Action::Failed(failed(deck, client.token(), &failure))),
        }
    });
}

/// Stops a task's session. It stays pending until the list shows that the stop has arrived.
pub(super) fn stop(deck: Deck, id: TaskId) {
    let is_pending = deck.stops.with_untracked(|stops| stops.get(&id) == Some(&Action::Pending));
    if is_pending {
        return;
    }
    let set = move |id: &TaskId, action| deck.stops.update(|stops| drop(stops.insert(id.clone(), action)));
    let Some(client) = deck.client.get_untracked() else {
        return set(&id, Action::Failed(NOT_CONNECTED.to_owned()));
    };
    set(&id, Action::Pending);
    spawn_local(async move {
        if let Err(failure) = client.steer(&id, &Steer::abort()).await {
            set(&id, Action::Failed(failed(deck, client.token(), &failure)));
        }
    });
}

/// Says something to a task's session; the outcome goes to `action`.
pub(super) fn steer(deck: Deck, action: RwSignal<Action>, id: TaskId, steer: Steer) {
    if action.get_untracked() == Action::Pending {
        return;
    }
    let Some(client) = deck.client.get_untracked() else {
        return action.set(Action::Failed(NOT_CONNECTED.to_owned()));
    };
    action.set(Action::Pending);
    spawn_local(async move {
        let outcome = match client.steer(&id, &steer).await {
            Ok(()) => Action::Ready,
            Err(failure) => Action::Failed(failed(deck, client.token(), &failure)),
        };
        // The page of the session may be closed by now.
        action.try_set(outcome);
    });
}
