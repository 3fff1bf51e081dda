//! The page of one task: reads it, follows its log, and wires the session page to both.

use agent_tasks::Task;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::actions;
use super::deck::Deck;
use super::entering::{failed, note_budget};
use super::open_log::{OpenLog, follow_log};
use crate::api::Client;
use crate::live::Poll;
use crate::session::SessionPage;
use crate::store::{Action, Joined, Remote, TaskAddress, TaskKey, agent_name, join};
use crate::ui::memo;

/// One task's page.
#[component]
pub(super) fn OpenSession(
    /// The page's state.
    deck: Deck,
    /// Which task.
    key: TaskKey,
    /// The event whose step the address names.
    #[prop(into)]
    target_seq: Signal<Option<u64>>,
) -> impl IntoView {
    let key = StoredValue::new(key);
    let connection_id = key.with_value(|key| key.connection);
    let read = RwSignal::new(Remote::<Task>::Loading);
    let (follow_up, answer) = (RwSignal::new(Action::Ready), RwSignal::new(Action::Ready));
    let log = OpenLog::new();

    let snapshot = memo(move || deck.book.with(|book| key.with_value(|key| book.entry(key).cloned())));
    let joined = memo(move || {
        read.with(|read| match (read, snapshot.get()) {
            (Remote::Ready(task), Some(snapshot)) => {
                let mut task = task.clone();
                let joined = join(&mut task, &snapshot.task);
                (Remote::Ready(task), joined == Joined::SessionsChanged)
            }
            (read, _) => (read.clone(), false),
        })
    });
    let task = Signal::derive(move || joined.with(|(task, _)| task.clone()));
    let ready = move || joined.with_untracked(|(task, _)| task.ready().cloned());
    let needs_reading = memo(move || joined.with(|(_, needs_reading)| *needs_reading));
    let client = memo(move || deck.clients.with(|clients| clients.get(&connection_id).cloned()));
    let connection = memo(move || deck.connections.with(|connections| connections.get(connection_id).cloned()));

    Effect::new(move |_| {
        // Read, not only tracked: a memo that nobody has read follows nothing.
        let _ = needs_reading.get();
        if let Some(client) = client.get() {
            spawn_local(read_task(deck, client, key.get_value(), read));
        }
    });
    follow_unlisted(deck, key.get_value(), client, read);
    follow_log(deck, key.get_value(), log);
    follow_title(task);

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
    let step_address = Callback::new(move |seq: u64| {
        let address = deck.connections.with_untracked(|connections| key.with_value(|key| connections.address_of(key)));
        TaskAddress { seq: Some(seq), ..address }.fragment()
    });
    view! {
        <SessionPage
            task
            document=log.document
            link=log.link
            log=log.place
            now=deck.now
            connection
            is_one_of_many=Signal::derive(move || deck.connections.with(|connections| connections.len() > 1))
            agent_name=agent
            stop
            follow_ups
            follow_up
            answer
            target_seq
            step_address
            on_stop=Callback::new(move |()| actions::stop(deck, key.get_value()))
            on_follow_up=Callback::new(move |said| {
                if let Some(task) = ready() {
                    actions::follow_up(deck, follow_up, key.get_value(), task, said);
                }
            })
            on_answer=Callback::new(move |given| actions::answer(deck, answer, key.get_value(), given))
        />
    }
}

/// Keeps a task fresh that no list brings: somebody else's, or one from the archive.
fn follow_unlisted(deck: Deck, key: TaskKey, client: Memo<Option<Client>>, read: RwSignal<Remote<Task>>) {
    let poll = StoredValue::new_local(None::<Poll>);
    let has_stream = memo(move || {
        deck.connections.with(|connections| {
            let capabilities = connections.get(key.connection).and_then(|connection| connection.capabilities.ready());
            capabilities.is_none_or(|capabilities| capabilities.calls.stream)
        })
    });
    let key = StoredValue::new(key);
    Effect::new(move |_| {
        poll.set_value(None);
        let Some(client) = client.get().filter(|_| !has_stream.get()) else { return };
        poll.set_value(Some(Poll::start(async move || {
            let is_listed = deck.book.with_untracked(|book| key.with_value(|key| book.entry(key).is_some()));
            let is_read = read.try_with_untracked(|read| read.ready().is_some());
            if !is_listed && is_read == Some(true) {
                read_task(deck, client.clone(), key.get_value(), read).await;
            }
            let is_active = read.try_with_untracked(|read| read.ready().is_some_and(|task| task.state.is_active()));
            client.poll_delay_ms(is_active == Some(true))
        })));
    });
    on_cleanup(move || poll.set_value(None));
}

async fn read_task(deck: Deck, client: Client, key: TaskKey, read: RwSignal<Remote<Task>>) {
    let TaskKey { connection, id } = key;
    let outcome = client.task(&id).await;
    note_budget(deck, connection, &client);
    let is_known = read.try_with_untracked(|read| read.ready().is_some());
    match outcome {
        Ok(task) => drop(read.try_set(Remote::Ready(task))),
        Err(failure) => {
            let sentence = failed(deck, connection, &client, &failure);
            // What was read before is better than a sentence in its place; the list brings what is new.
            if is_known == Some(false) {
                read.try_set(Remote::Failed(sentence));
            }
        }
    }
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
