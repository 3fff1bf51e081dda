//! The list: reads its pages, follows its stream.

use std::collections::HashSet;

use agent_tasks::paths::{self, stream};
use agent_tasks::{Task, TaskId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deck::Deck;
use super::server::{failed, greet};
use crate::api::{Client, Failure, read_json};
use crate::live::{EventStream, Frames, News, Source, SseEvent};
use crate::store::{Link, Remote};

/// The most pages of the list that are read: 10,000 tasks.
const PAGES_MAX: u32 = 100;

/// Keeps the list's stream open while there is a client, and the list read.
pub(super) fn follow_list(deck: Deck) {
    let open = StoredValue::new_local(None::<EventStream>);
    Effect::new(move |_| {
        // The old stream goes first: there is never more than one.
        open.set_value(None);
        deck.link.set(Link::Connecting);
        open.set_value(deck.client.get().map(|client| open_stream(deck, client)));
    });
}

/// Reads the whole list, page by page, into the book.
pub(super) async fn read_list(deck: Deck, client: Client) {
    let known_before: HashSet<TaskId> = deck.book.with_untracked(|book| book.ids().cloned().collect());
    let mut listed = HashSet::new();
    for page in 1..=PAGES_MAX {
        let read = client.tasks(page).await;
        if deck.client.with_untracked(|current| current.as_ref() != Some(&client)) {
            return;
        }
        match read {
            Ok(page) => {
                listed.extend(page.tasks.iter().map(|task| task.id.clone()));
                take_tasks(deck, page.tasks);
                deck.reading.set(Remote::Ready(()));
                if !page.has_next {
                    break;
                }
            }
            Err(failure) => return deck.reading.set(Remote::Failed(failed(deck, client.token(), &failure))),
        }
    }
    deck.book.update(|book| book.forget(|id| known_before.contains(id) && !listed.contains(id)));
}

fn open_stream(deck: Deck, client: Client) -> EventStream {
    let source = Source { url: client.url(paths::STREAM), token: client.token().to_owned(), last_event_id: None };
    let frames = Frames::new(move |tasks| take_tasks(deck, tasks));
    let has_read = StoredValue::new(false);
    let read = move |client: &Client| spawn_local(read_list(deck, client.clone()));
    EventStream::open(source, move |news| {
        // The stream is open before the list is read, so nothing falls between them; where it cannot be
        // opened, the list is still worth reading.
        if !has_read.get_value() {
            has_read.set_value(true);
            read(&client);
        }
        match news {
            News::Opened => {
                deck.link.set(Link::Live);
                catch_up(deck, &client);
            }
            News::Cut => deck.link.set(Link::Reconnecting),
            News::Refused(status) => {
                failed(deck, client.token(), &Failure::from_answer(status, None, ""));
            }
            News::Event(event) if event.name == stream::RESET => read(&client),
            News::Event(event) => {
                if let Some(task) = task_of(&event) {
                    frames.push(task);
                }
            }
        }
    })
}

/// Reads again what could not be read while the server was away.
fn catch_up(deck: Deck, client: &Client) {
    let client = client.clone();
    if deck.reading.with_untracked(|reading| matches!(reading, Remote::Failed(_))) {
        spawn_local(read_list(deck, client.clone()));
    }
    if deck.capabilities.with_untracked(|known| known.ready().is_none()) {
        spawn_local(async move { drop(greet(deck, &client).await) });
    }
}

/// A task that this version cannot read is left as it is known.
fn task_of(event: &SseEvent) -> Option<Task> {
    (event.name == stream::TASK).then(|| read_json(&event.data))?
}

fn take_tasks(deck: Deck, tasks: Vec<Task>) {
    let settled: Vec<TaskId> = tasks
        .iter()
        .filter(|task| task.stop_requested_at.is_some() || task.state.is_finished())
        .map(|task| task.id.clone())
        .collect();
    if deck.stops.with_untracked(|stops| settled.iter().any(|id| stops.contains_key(id))) {
        deck.stops.update(|stops| settled.iter().for_each(|id| drop(stops.remove(id))));
    }
    deck.book.update(|book| tasks.into_iter().for_each(|task| book.apply(task)));
}
