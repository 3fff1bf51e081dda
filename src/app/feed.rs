//! The list of one server: follows its stream, or asks for changes where it has none.

use std::cell::Cell;
use std::rc::Rc;

use agent_tasks::paths::{self, stream};
use agent_tasks::{Task, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deck::Deck;
use super::entering::{failed, greet, note_budget};
use super::whole_list::read_list;
use crate::api::{Client, Failure, read_json};
use crate::live::{EventStream, Frames, News, Poll, Source, SseEvent};
use crate::store::{ConnectionId, Link, Remote, TaskKey};

/// How often the whole list is read where only changes are asked for: what was archived elsewhere leaves then.
const WHOLE_LIST_MS: f64 = 15.0 * 60_000.0;
/// The most pull requests that are kept fresh: the newest, and no more than one query asks for.
pub(super) const OPEN_PULLS_MAX: usize = 100;
/// The longest delay in milliseconds: a browser's clock counts no further.
pub(super) const DELAY_MS_MAX: u32 = i32::MAX as u32;

/// What brings the news of a list, until it is dropped.
pub(super) enum Feed {
    /// The server sends them.
    Stream {
        /// Closes the stream when it is dropped.
        _stream: EventStream,
    },
    /// The server is asked.
    Poll(Rc<Poll>),
}

impl Feed {
    /// Begins to read the list, and to follow it.
    pub(super) fn open(deck: Deck, id: ConnectionId, client: Client) -> Self {
        let has_stream = deck.connections.with_untracked(|connections| {
            let capabilities = connections.get(id).and_then(|connection| connection.capabilities.ready());
            // A companion that cannot be reached yet says so by its stream, which goes on trying.
            capabilities.is_none_or(|capabilities| capabilities.calls.stream)
        });
        if has_stream {
            Self::Stream { _stream: open_stream(deck, id, client) }
        } else {
            Self::Poll(poll(deck, id, client))
        }
    }
}

/// Begins anew, with the list and with what brings its news.
pub(super) fn reopen(deck: Deck, id: ConnectionId) {
    deck.change(id, |connection| (connection.reading, connection.link) = (Remote::Loading, Link::Connecting));
    if let Some(client) = deck.client(id) {
        // The old feed goes first: there is never more than one.
        drop(deck.feeds.try_update_value(|feeds| feeds.remove(&id)));
        let feed = Feed::open(deck, id, client);
        drop(deck.feeds.try_update_value(|feeds| feeds.insert(id, feed)));
    }
}

/// Something was done that the server will tell: asks at once where it has to be asked.
pub(super) fn hurry(deck: Deck, id: ConnectionId) {
    deck.feeds.with_value(|feeds| match feeds.get(&id) {
        Some(Feed::Poll(poll)) => poll.hurry(),
        Some(Feed::Stream { .. }) | None => {}
    });
    deck.deeds.update(|deeds| *deeds = deeds.wrapping_add(1));
}

/// Hurries also what a page asks for by itself.
pub(super) fn hurry_too(deck: Deck, poll: StoredValue<Option<Poll>, LocalStorage>) {
    Effect::new(move |before: Option<u32>| {
        let deeds = deck.deeds.get();
        if before.is_some_and(|before| before != deeds) {
            poll.with_value(|poll| poll.iter().for_each(Poll::hurry));
        }
        deeds
    });
}

/// Takes tasks into the book.
pub(super) fn take_tasks(deck: Deck, id: ConnectionId, tasks: Vec<Task>) {
    settle_stops(deck, id, &tasks);
    if !tasks.is_empty() {
        deck.book.update(|book| tasks.into_iter().for_each(|task| book.apply(id, task)));
    }
}

/// Stops that were asked for and have arrived are no longer pending.
pub(super) fn settle_stops(deck: Deck, id: ConnectionId, tasks: &[Task]) {
    let settled: Vec<TaskKey> = tasks
        .iter()
        .filter(|task| task.stop_requested_at.is_some() || task.state.is_finished())
        .map(|task| TaskKey { connection: id, id: task.id.clone() })
        .collect();
    if deck.stops.with_untracked(|stops| settled.iter().any(|key| stops.contains_key(key))) {
        deck.stops.update(|stops| settled.iter().for_each(|key| drop(stops.remove(key))));
    }
}

/// Adds the names and pull requests that a server's lists leave out.
pub(super) async fn complete(deck: Deck, id: ConnectionId, client: &Client, tasks: Vec<Task>) {
    let completed = client.complete(&tasks).await;
    if deck.is_current(id, client) {
        take_tasks(deck, id, completed);
        note_budget(deck, id, client);
    }
}

fn open_stream(deck: Deck, id: ConnectionId, client: Client) -> EventStream {
    let source = Source { url: client.url(paths::STREAM), token: client.token().to_owned(), last_event_id: None };
    let frames = Frames::new(move |tasks| take_tasks(deck, id, tasks));
    let has_read = Cell::new(false);
    let read = move |client: &Client| {
        let client = client.clone();
        spawn_local(async move { drop(read_list(deck, id, &client).await) });
    };
    EventStream::open(source, move |news| {
        let is_first = !has_read.replace(true);
        // The stream is open before the list is read, so nothing falls between them.
        if is_first && !matches!(news, News::Refused(_)) {
            read(&client);
        }
        match news {
            News::Opened => {
                deck.change(id, |connection| connection.link = Link::Live);
                catch_up(deck, id, &client);
            }
            News::Cut => deck.change(id, |connection| connection.link = Link::Reconnecting),
            News::Refused(status) => refused(deck, id, client.clone(), status, is_first),
            News::Event(event) if event.name == stream::RESET => read(&client),
            News::Event(event) => {
                if let Some(task) = task_of(&event) {
                    frames.push(task);
                }
            }
        }
    })
}

/// A stream that is refused stays closed until somebody asks for it again; the list is worth reading all the same.
fn refused(deck: Deck, id: ConnectionId, client: Client, status: u16, is_to_read: bool) {
    let sentence = failed(deck, id, &client, &Failure::from_answer(status, None, ""));
    spawn_local(async move {
        if is_to_read && deck.is_current(id, &client) {
            drop(read_list(deck, id, &client).await);
        }
        if deck.is_current(id, &client) {
            deck.change(id, |connection| {
                (connection.reading, connection.link) = (Remote::Failed(sentence), Link::Reconnecting);
            });
        }
    });
}

/// Reads again what could not be read while the server was away.
fn catch_up(deck: Deck, id: ConnectionId, client: &Client) {
    let missing = deck.connections.with_untracked(|connections| {
        let connection = connections.get(id)?;
        let has_list = !matches!(connection.reading, Remote::Failed(_));
        Some((!has_list, connection.capabilities.ready().is_none(), connection.repositories.ready().is_none()))
    });
    let Some((list, capabilities, repositories)) = missing else { return };
    let client = client.clone();
    spawn_local(async move {
        if capabilities && greet(deck, id, &client).await.is_err() {
            return;
        }
        if list {
            drop(read_list(deck, id, &client).await);
        }
        if repositories && let Ok(repositories) = client.repositories().await {
            deck.change(id, |connection| connection.repositories = Remote::Ready(repositories));
        }
    });
}

/// A task that this version cannot read is left as it is known.
fn task_of(event: &SseEvent) -> Option<Task> {
    (event.name == stream::TASK).then(|| read_json(&event.data))?
}

fn poll(deck: Deck, id: ConnectionId, client: Client) -> Rc<Poll> {
    let whole_at_ms = Cell::new(f64::MIN);
    Rc::new(Poll::start(async move || {
        let is_whole = js_sys::Date::now() - whole_at_ms.get() > WHOLE_LIST_MS;
        let outcome = if is_whole { read_list(deck, id, &client).await } else { read_changes(deck, id, &client).await };
        if !deck.is_current(id, &client) {
            return 0;
        }
        note_budget(deck, id, &client);
        let is_busy = deck.book.with_untracked(|book| book.is_busy(id));
        match outcome {
            Ok(()) => {
                if is_whole {
                    whole_at_ms.set(js_sys::Date::now());
                }
                deck.change(id, |connection| {
                    (connection.link, connection.reading) = (Link::Live, Remote::Ready(()));
                });
                read_repositories_again(deck, id, &client).await;
                client.poll_delay_ms(is_busy)
            }
            Err(failure) => {
                deck.change(id, |connection| connection.link = Link::Reconnecting);
                delay_after(&client, &failure, is_busy || is_passing(&failure))
            }
        }
    }))
}

/// What came to nothing at the start is asked for again when the server answers.
async fn read_repositories_again(deck: Deck, id: ConnectionId, client: &Client) {
    let has_failed = deck.connections.with_untracked(|connections| {
        connections.get(id).is_some_and(|connection| matches!(connection.repositories, Remote::Failed(_)))
    });
    if has_failed && let Ok(repositories) = client.repositories().await {
        deck.change(id, |connection| connection.repositories = Remote::Ready(repositories));
    }
}

/// How long to wait after a failure before the server is asked again, in milliseconds.
pub(super) fn delay_after(client: &Client, failure: &Failure, is_busy: bool) -> u32 {
    failure.wait_ms().unwrap_or_else(|| client.poll_delay_ms(is_busy))
}

/// Whether a failure may be over the next moment, without anybody doing anything.
pub(super) fn is_passing(failure: &Failure) -> bool {
    match failure {
        Failure::Server(_) | Failure::Unreachable => true,
        Failure::Unauthorized
        | Failure::Forbidden(_)
        | Failure::NotFound(_)
        | Failure::Refused(_)
        | Failure::RateLimited(_)
        | Failure::Unreadable
        | Failure::Closed => false,
    }
}

/// Asks what has changed since the newest change that is known.
async fn read_changes(deck: Deck, id: ConnectionId, client: &Client) -> Result<(), Failure> {
    let since = deck.book.with_untracked(|book| book.changed_at(id)).unwrap_or_else(Timestamp::default);
    match client.changes(since).await {
        Ok(changes) => {
            if !deck.is_current(id, client) {
                return Ok(());
            }
            // A pull request and its checks change without their task.
            let mut tasks = deck.book.with_untracked(|book| book.with_open_pull(id, OPEN_PULLS_MAX));
            if let Some(changed) = changes {
                take_tasks(deck, id, changed.clone());
                tasks.retain(|task| changed.iter().all(|changed| changed.id != task.id));
                tasks.splice(..0, changed);
            }
            complete(deck, id, client, tasks).await;
            Ok(())
        }
        Err(failure) => {
            let sentence = failed(deck, id, client, &failure);
            // Of what passes by itself the link tells.
            if !is_passing(&failure) && deck.is_current(id, client) {
                deck.change(id, |connection| connection.reading = Remote::Failed(sentence));
            }
            Err(failure)
        }
    }
}
