//! The page of one task: reads it, follows its log, and wires the session page to both.

use std::cell::Cell;
use std::sync::Arc;

use agent_tasks::Task;
use leptos::prelude::*;

use super::actions;
use super::deck::Deck;
use super::entering::{failed, note_budget};
use super::feed::{DELAY_MS_MAX, delay_after, hurry_too, is_passing};
use super::log_choices::kept_log_choices;
use super::log_find::log_find;
use super::open_log::{OpenLog, follow_log};
use super::reading;
use super::save_log;
use crate::api::{Client, Failure};
use crate::live::Poll;
use crate::session::SessionPage;
use crate::store::{Action, LogSpot, Remote, TaskAddress, TaskEntry, TaskKey, agent_name, is_behind, join};
use crate::ui::memo;

/// One task's page.
#[component]
pub(super) fn OpenSession(
    /// The page's state.
    deck: Deck,
    /// Which task.
    key: TaskKey,
    /// The place in its log that the address names.
    #[prop(into)]
    spot: Signal<Option<LogSpot>>,
) -> impl IntoView {
    let key = StoredValue::new(key);
    let connection_id = key.with_value(|key| key.connection);
    let read = RwSignal::new(Remote::<Task>::Loading);
    let [follow_up, answer, pause] = [(); 3].map(|()| RwSignal::new(Action::Ready));
    let target = memo(move || reading::target(spot.get()));
    let log = OpenLog::new();

    let snapshot = memo(move || deck.book.with(|book| key.with_value(|key| book.entry(key).cloned())));
    let joined = memo(move || {
        read.with(|read| match (read, snapshot.get()) {
            (Remote::Ready(task), Some(snapshot)) => {
                let mut task = task.clone();
                join(&mut task, &snapshot.task);
                Remote::Ready(task)
            }
            (read, _) => read.clone(),
        })
    });
    let task = Signal::from(joined);
    let ready = move || joined.with_untracked(|task| task.ready().cloned());
    let client = memo(move || deck.clients.with(|clients| clients.get(&connection_id).cloned()));
    let connection = memo(move || deck.connections.with(|connections| connections.get(connection_id).cloned()));

    follow_task(deck, key.get_value(), client, snapshot, read);
    let is_at_work = memo(move || joined.with(|task| task.ready().is_some_and(|task| task.state.is_active())));
    follow_log(deck, key.get_value(), is_at_work, target.into(), log);
    follow_title(task);

    let sends_files = memo(move || {
        connection.with(|connection| {
            let capabilities = connection.as_ref().and_then(|connection| connection.capabilities.ready());
            capabilities.is_some_and(|capabilities| capabilities.calls.outline)
        })
    });
    let known = Signal::derive(move || task.with(|task| task.ready().cloned()));
    save_log::offer_task(client, sends_files, known, log.document);

    let stop = memo(move || deck.stops.with(|stops| key.with_value(|key| stops.get(key).cloned().unwrap_or_default())));
    let agent = Signal::derive(move || {
        let agent_id = task.with(|task| task.ready().and_then(|task| task.agent_id.clone()))?;
        connection.with(|connection| {
            let known = connection.as_ref().and_then(|connection| connection.capabilities.ready());
            Some(agent_name(known, &agent_id).to_owned())
        })
    });
    let follow_ups = Signal::derive(move || {
        let client = client.get();
        task.with(|task| client.zip(task.ready()).map(|(client, task)| client.follow_ups(task)).unwrap_or_default())
    });
    let address_of = move |spot| {
        let address = deck.connections.with_untracked(|connections| key.with_value(|key| connections.address_of(key)));
        TaskAddress { spot: Some(spot), ..address }.fragment()
    };
    view! {
        <SessionPage
            task
            document=log.document
            link=log.link
            log=log.place
            now=Signal::derive(move || {
                let now = deck.now.get();
                connection.with(|connection| connection.as_ref().map_or(now, |connection| connection.at(now)))
            })
            connection
            is_one_of_many=Signal::derive(move || deck.connections.with(|connections| connections.len() > 1))
            agent_name=agent
            stop
            follow_ups
            follow_up
            answer
            target
            step_address=Callback::new(move |seq| address_of(LogSpot { seq, line: None }))
            choices=kept_log_choices()
            find=log_find(deck, key.get_value(), client)
            on_look=Callback::new(move |looked| log.look(looked))
            on_want=Callback::new(move |wants| log.want(wants))
            load_failure=log.failure
            on_retry=Callback::new(move |()| log.retry())
            on_spot=Callback::new(move |spot| reading::set_address(&address_of(spot)))
            on_place=Callback::new(reading::keep)
            on_stop=Callback::new(move |()| actions::stop(deck, key.get_value()))
            pause
            on_pause=Callback::new(move |is_paused| actions::pause(deck, pause, key.get_value(), is_paused))
            on_follow_up=Callback::new(move |said| {
                if let Some(task) = ready() {
                    actions::follow_up(deck, follow_up, key.get_value(), task, said);
                }
            })
            on_answer=Callback::new(move |given| actions::answer(deck, answer, key.get_value(), given))
        />
    }
}

/// Reads the task, and again whenever its sessions may have changed. Where the list is no stream it tells less than
/// a read does, and tasks of others not at all: there a task at work is read at every turn.
fn follow_task(
    deck: Deck,
    key: TaskKey,
    client: Memo<Option<Client>>,
    snapshot: Memo<Option<Arc<TaskEntry>>>,
    read: RwSignal<Remote<Task>>,
) {
    let poll = StoredValue::new_local(None::<Poll>);
    let has_stream = move || {
        deck.connections.with_untracked(|connections| {
            let capabilities = connections.get(key.connection).and_then(|connection| connection.capabilities.ready());
            capabilities.is_none_or(|capabilities| capabilities.calls.stream)
        })
    };
    let is_late = move |snapshot: Option<&Arc<TaskEntry>>| {
        let is_behind = |task: &Task| snapshot.is_some_and(|known| is_behind(task, &known.task, has_stream()));
        read.try_with_untracked(|read| read.ready().is_some_and(is_behind)) == Some(true)
    };
    let id = StoredValue::new(key.id);
    Effect::new(move |_| {
        poll.set_value(None);
        let Some(client) = client.get() else { return };
        let is_to_read = Cell::new(true);
        poll.set_value(Some(Poll::start(async move || {
            let known = snapshot.try_get_untracked().flatten();
            let is_unheard = !has_stream() && (known.is_none() || is_active(read));
            if is_to_read.take() || is_unheard || is_late(known.as_ref()) {
                let key = TaskKey { connection: key.connection, id: id.get_value() };
                if let Err(failure) = read_task(deck, &client, key, read).await {
                    is_to_read.set(true);
                    return delay_after(&client, &failure, is_passing(&failure));
                }
            }
            let is_still_late = is_late(snapshot.try_get_untracked().flatten().as_ref());
            if has_stream() && !is_still_late {
                return DELAY_MS_MAX;
            }
            client.poll_delay_ms(is_still_late || is_active(read))
        })));
    });
    Effect::new(move |_| {
        if is_late(snapshot.get().as_ref()) {
            poll.with_value(|poll| poll.iter().for_each(Poll::hurry));
        }
    });
    hurry_too(deck, poll);
    on_cleanup(move || poll.set_value(None));
}

/// Whether the task was at work when it was read last.
fn is_active(read: RwSignal<Remote<Task>>) -> bool {
    read.try_with_untracked(|read| read.ready().is_some_and(|task| task.state.is_active())) == Some(true)
}

async fn read_task(deck: Deck, client: &Client, key: TaskKey, read: RwSignal<Remote<Task>>) -> Result<(), Failure> {
    let TaskKey { connection, id } = key;
    let outcome = client.task(&id).await;
    note_budget(deck, connection, client);
    match outcome {
        Ok(task) => drop(read.try_set(Remote::Ready(task))),
        Err(failure) => {
            let sentence = failed(deck, connection, client, &failure);
            // What was read before is better than a sentence in its place.
            if read.try_with_untracked(|read| read.ready().is_none()) == Some(true) {
                read.try_set(Remote::Failed(sentence));
            }
            return Err(failure);
        }
    }
    Ok(())
}

fn follow_title(task: Signal<Remote<Task>>) {
    let name = memo(move || task.with(|task| task.ready().map(|task| task.name.clone())));
    Effect::new(move |_| {
        let name = name.get().unwrap_or_else(|| "Session".to_owned());
        document().set_title(&format!("{name} · Flightdeck"));
    });
}

/// Names a task by its address, once the servers are known: `None` for a server that is not among them.
pub(super) fn key_of(deck: Deck, address: &TaskAddress) -> Option<TaskKey> {
    deck.connections.with(|connections| {
        let connection = connections.addressed(address.server.as_deref())?;
        Some(TaskKey { connection: connection.id, id: address.id.clone() })
    })
}
