//! What the user asks a server to do. The outcome of every action goes beside its button.

use agent_tasks::{FollowUpWay, Prompt, Task};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deck::Deck;
use super::entering::{failed, note_budget};
use super::feed::{hurry, take_tasks};
use crate::api::{Client, Failure};
use crate::session::Answer;
use crate::store::{Action, ConnectionId, Draft, TaskKey};
use crate::tasks::Start;

/// What an action comes to without a connection.
const NOT_CONNECTED: &str = "The page is not connected to this task's server. Connect first; what you typed is kept.";
/// What a lost answer leaves open.
const MAY_HAVE_ARRIVED: &str = "It may have arrived all the same: look before you send it again.";

/// What a lost answer to a start leaves open.
const MAY_HAVE_STARTED: &str =
    "The task may have been started all the same: look at the list before you start it again.";

/// Starts a task. The prompt stays where it is until the task exists.
pub(super) fn start(deck: Deck, asked: Start) {
    let Some(client) = deck.client(asked.connection) else {
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
                begun(deck, asked.connection, &client, task);
                deck.start.set(Action::Ready);
            }
            Err(failure) => {
                let sentence = failed(deck, asked.connection, &client, &failure);
                deck.start.set(Action::Failed(lost_or_refused(&failure, sentence, MAY_HAVE_STARTED)));
            }
        }
    });
}

/// Stops a task's session. It stays pending until the list shows that the stop has arrived.
pub(super) fn stop(deck: Deck, key: TaskKey) {
    let is_pending = deck.stops.with_untracked(|stops| stops.get(&key) == Some(&Action::Pending));
    if is_pending {
        return;
    }
    let set = move |key: &TaskKey, action| deck.stops.update(|stops| drop(stops.insert(key.clone(), action)));
    let Some(client) = deck.client(key.connection) else {
        return set(&key, Action::Failed(NOT_CONNECTED.to_owned()));
    };
    set(&key, Action::Pending);
    spawn_local(async move {
        match stop_now(deck, &client, &key).await {
            Ok(()) => hurry(deck, key.connection),
            Err(failure) => set(&key, Action::Failed(failed(deck, key.connection, &client, &failure))),
        }
        note_budget(deck, key.connection, &client);
    });
}

async fn stop_now(deck: Deck, client: &Client, key: &TaskKey) -> Result<(), Failure> {
    let known = deck.book.with_untracked(|book| book.entry(key).map(|entry| entry.task.clone()));
    let task = match known {
        Some(task) => task,
        // An archived task, or one that the list does not reach.
        None => client.task(&key.id).await?,
    };
    client.stop(&task).await
}

/// Says what comes next; the outcome goes to `action`.
pub(super) fn follow_up(
    deck: Deck,
    action: RwSignal<Action>,
    key: TaskKey,
    task: Task,
    (way, prompt): (FollowUpWay, Prompt),
) {
    act(deck, action, key.connection, async move |client: Client| {
        if let Some(task) = client.follow_up(&task, &way, &prompt).await? {
            begun(deck, key.connection, &client, task);
        }
        Ok(())
    });
}

/// Answers a permission request; the outcome goes to `action`.
pub(super) fn answer(deck: Deck, action: RwSignal<Action>, key: TaskKey, given: Answer) {
    act(deck, action, key.connection, async move |client: Client| {
        client.answer(&key.id, &given.request_id, Some(given.option_id)).await
    });
}

/// Pauses a session, or lets it go on; the outcome goes to `action`.
pub(super) fn pause(deck: Deck, action: RwSignal<Action>, key: TaskKey, is_paused: bool) {
    act(deck, action, key.connection, async move |client: Client| client.pause(&key.id, is_paused).await);
}

/// Does one thing at a time for each `action`.
fn act(
    deck: Deck,
    action: RwSignal<Action>,
    id: ConnectionId,
    work: impl AsyncFnOnce(Client) -> Result<(), Failure> + 'static,
) {
    if action.get_untracked() == Action::Pending {
        return;
    }
    let Some(client) = deck.client(id) else {
        return action.set(Action::Failed(NOT_CONNECTED.to_owned()));
    };
    action.set(Action::Pending);
    spawn_local(async move {
        let outcome = match work(client.clone()).await {
            Ok(()) => Action::Ready,
            Err(failure) => {
                let sentence = failed(deck, id, &client, &failure);
                Action::Failed(lost_or_refused(&failure, sentence, MAY_HAVE_ARRIVED))
            }
        };
        hurry(deck, id);
        note_budget(deck, id, &client);
        // The page of the session may be closed by now.
        action.try_set(outcome);
    });
}

/// What became of an action: `sentence`, and `what_if` where the server may have done it before the answer was lost.
/// A fault of the server is no refusal: the machine before it gives up after a while, and the work goes on behind.
fn lost_or_refused(failure: &Failure, sentence: String, what_if: &str) -> String {
    match failure {
        Failure::Server(_) | Failure::Unreachable | Failure::Unreadable => format!("{sentence} {what_if}"),
        Failure::Unauthorized
        | Failure::Forbidden(_)
        | Failure::NotFound(_)
        | Failure::Refused(_)
        | Failure::RateLimited(_)
        | Failure::Closed => sentence,
    }
}

/// Shows a task that was started here.
fn begun(deck: Deck, id: ConnectionId, client: &Client, task: Task) {
    deck.started.set(Some(TaskKey { connection: id, id: task.id.clone() }));
    take_tasks(deck, id, vec![task]);
    hurry(deck, id);
    note_budget(deck, id, client);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_may_have_done_is_said_and_a_refusal_is_one() {
        let said = |failure: &Failure| lost_or_refused(failure, "No.".to_owned(), MAY_HAVE_ARRIVED);
        for lost in [Failure::Server(502), Failure::Unreachable, Failure::Unreadable] {
            assert_eq!(said(&lost), format!("No. {MAY_HAVE_ARRIVED}"), "{lost:?}");
        }
        for refused in [Failure::Unauthorized, Failure::Refused(String::new()), Failure::RateLimited(1)] {
            assert_eq!(said(&refused), "No.", "{refused:?}");
        }
    }
}
