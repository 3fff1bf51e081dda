//! The page of one repository: the tasks of everybody who works in it, below the prompt field.

use std::cell::Cell;

use leptos::prelude::*;

use super::agents_page::TaskOverview;
use super::deck::Deck;
use super::entering::{failed, note_budget};
use super::feed::{OPEN_PULLS_MAX, delay_after, hurry_too, reopen, settle_stops};
use super::way_in::WayIn;
use crate::api::{Client, Failure};
use crate::live::Poll;
use crate::store::{Connection, ConnectionId, Connections, Link, Remote, RepositoryAddress, TaskBook};
use crate::ui::memo;

/// A repository's tasks.
#[component]
pub(super) fn RepositoryPage(
    /// The page's state.
    deck: Deck,
    /// Which repository, where.
    address: RepositoryAddress,
) -> impl IntoView {
    let full_name = format!("{}/{}", address.owner, address.name);
    let server = address.server.clone();
    let connection = memo({
        let server = server.clone();
        move || deck.connections.with(|connections| connections.addressed(server.as_deref()).map(|it| it.id))
    });
    let list = RepositoryList::follow(deck, address, connection);
    choose(deck, connection, full_name.clone());
    document().set_title(&format!("{full_name} · Flightdeck"));
    let is_open = memo(move || {
        deck.connections.with(|connections| connections.get(connection.get()?).map(Connection::is_open)) == Some(true)
    });
    let overview = move || {
        is_open.get().then(|| {
            let on_reload = Callback::new(move |id| list.reload(deck, id));
            view! {
                <div class="repository-head">
                    <a class="session-back" href="#/">"All tasks"</a>
                    <h1><bdi>{full_name.clone()}</bdi></h1>
                </div>
                <TaskOverview deck book=list.book asked=list.asked on_reload/>
            }
        })
    };
    view! {
        <WayIn deck what="repository" base=server connection/>
        {overview}
    }
}

/// A new task starts here unless another repository is chosen.
fn choose(deck: Deck, connection: Memo<Option<ConnectionId>>, full_name: String) {
    Effect::new(move |_| {
        let base = connection.get().and_then(|id| {
            deck.connections.with_untracked(|connections| connections.get(id).map(|it| it.address.base().to_owned()))
        });
        let draft = deck.draft.get_untracked();
        if let Some(base) = base.filter(|base| *base != draft.choices.server || full_name != draft.choices.repository) {
            let choices = draft.choices.with_repository(base, full_name.clone());
            deck.set_draft(crate::store::Draft { choices, ..draft });
        }
    });
}

/// The tasks of a repository: a part of the whole list where that comes as a stream and holds everybody's tasks,
/// else the repository's own list, asked for again and again.
#[derive(Clone, Copy)]
struct RepositoryList {
    /// The tasks.
    book: RwSignal<TaskBook>,
    /// The server, with what came of reading this list.
    asked: Memo<Connections>,
    /// What came of reading the repository's own list.
    reading: RwSignal<Remote<()>>,
    /// Asks for the repository's own list.
    poll: StoredValue<Option<Poll>, LocalStorage>,
}

impl RepositoryList {
    /// Reads the list and keeps it fresh.
    fn follow(deck: Deck, address: RepositoryAddress, connection: Memo<Option<ConnectionId>>) -> Self {
        let (book, reading) = (RwSignal::new(TaskBook::default()), RwSignal::new(Remote::Loading));
        let poll = StoredValue::new_local(None::<Poll>);
        let client = memo(move || deck.clients.with(|clients| clients.get(&connection.get()?).cloned()));
        let has_stream = memo(move || {
            deck.connections.with(|connections| {
                let capabilities = connections.get(connection.get()?)?.capabilities.ready()?;
                Some(capabilities.calls.stream)
            })
        });
        let full_name = format!("{}/{}", address.owner, address.name);
        let name = full_name.clone();
        let asked = memo(move || {
            let Some(id) = connection.get() else { return Connections::default() };
            let mut asked = deck.connections.with(|connections| connections.only(id));
            if let (Some(false), Some(connection)) = (has_stream.get(), asked.get_mut(id)) {
                (connection.reading, connection.link) = (reading.get(), Link::Live);
            } else if let Some(connection) = asked.get_mut(id)
                && let Some(known) = connection.repositories.ready()
                && known.iter().all(|repository| repository.full_name != name)
            {
                connection.reading = Remote::Failed(format!("This server has no repository “{name}”."));
            }
            asked
        });
        Effect::new(move |_| {
            if let (Some(id), Some(true)) = (connection.get(), has_stream.get()) {
                book.set(deck.book.with(|whole| whole.of_repository(id, &full_name)));
            }
        });
        Effect::new(move |_| {
            poll.set_value(None);
            let (Some(id), Some(client), Some(false)) = (connection.get(), client.get(), has_stream.get()) else {
                return;
            };
            let address = address.clone();
            let is_known = Cell::new(false);
            poll.set_value(Some(Poll::start(async move || {
                let read = read_repository(deck, id, &client, &address, book, is_known.get()).await;
                note_budget(deck, id, &client);
                let is_busy = book.try_with_untracked(|book| book.is_busy(id)).unwrap_or_default();
                match read {
                    Ok(()) => {
                        is_known.set(true);
                        reading.try_set(Remote::Ready(()));
                        client.poll_delay_ms(is_busy)
                    }
                    Err(failure) => {
                        reading.try_set(Remote::Failed(failed(deck, id, &client, &failure)));
                        delay_after(&client, &failure, is_busy)
                    }
                }
            })));
        });
        hurry_too(deck, poll);
        on_cleanup(move || poll.set_value(None));
        Self { book, asked, reading, poll }
    }

    /// Reads the list again.
    fn reload(self, deck: Deck, id: ConnectionId) {
        let has_own = self.poll.with_value(|poll| poll.as_ref().map(Poll::hurry).is_some());
        if has_own {
            self.reading.set(Remote::Loading);
        } else {
            reopen(deck, id);
        }
    }
}

async fn read_repository(
    deck: Deck,
    id: ConnectionId,
    client: &Client,
    address: &RepositoryAddress,
    book: RwSignal<TaskBook>,
    is_known: bool,
) -> Result<(), Failure> {
    let read = client.repository_tasks((&address.owner, &address.name), is_known).await?;
    let Some(tasks) = read else {
        // A pull request and its checks change without their task.
        let tasks = book.try_with_untracked(|book| book.with_open_pull(id, OPEN_PULLS_MAX)).unwrap_or_default();
        let completed = client.complete(&tasks).await;
        if !completed.is_empty() {
            book.try_update(|book| completed.into_iter().for_each(|task| book.apply(id, task)));
        }
        return Ok(());
    };
    let mut fresh = TaskBook::default();
    settle_stops(deck, id, &tasks);
    let completed = client.complete(&tasks).await;
    tasks.into_iter().chain(completed).for_each(|task| fresh.apply(id, task));
    book.try_set(fresh);
    Ok(())
}
