//! The log of the open task: follows its stream, or asks for what is new where the server has none.

use std::rc::Rc;

use agent_tasks::event::{EventBody, Unknown};
use agent_tasks::paths::{self, stream};
use agent_tasks::{Event, TaskId};
use leptos::prelude::*;
use session_log::{Applied, LogDocument};

use super::deck::Deck;
use super::entering::{failed, note_budget};
use super::feed::{DELAY_MS_MAX, delay_after};
use crate::api::{Client, Failure, LogCursor, read_json};
use crate::live::{EventStream, Frames, News, Poll, Source, SseEvent};
use crate::store::{ConnectionId, Link, LogPlace, TaskKey};
use crate::ui::memo;

/// The log, and how its news are doing.
#[derive(Clone, Copy)]
pub(super) struct OpenLog {
    /// What was read of it.
    pub(super) document: RwSignal<LogDocument>,
    /// How its news are doing.
    pub(super) link: RwSignal<Link>,
    /// Where it can be read.
    pub(super) place: RwSignal<LogPlace>,
}

impl OpenLog {
    /// Nothing read yet.
    pub(super) fn new() -> Self {
        Self {
            document: RwSignal::new(LogDocument::default()),
            link: RwSignal::new(Link::Connecting),
            place: RwSignal::new(LogPlace::Asking),
        }
    }
}

/// Closes what brings the news when it is dropped.
enum LogFeed {
    Stream { _stream: EventStream },
    Poll { _poll: Poll },
}

/// Keeps the log's news coming while its server is open; a new client goes on where the old one ended.
///
/// `is_active` tells whether the task is at work.
pub(super) fn follow_log(deck: Deck, key: TaskKey, is_active: Memo<bool>, log: OpenLog) {
    let TaskKey { connection, id } = key;
    let open = StoredValue::new_local(None::<LogFeed>);
    let frames = Frames::new(move |events: Vec<Event>| {
        let Some(gap) = log.document.try_update(|document| fold(document, &events)) else { return };
        if let Some(last_seq) = gap {
            open.with_value(|source| match source {
                Some(LogFeed::Stream { _stream: stream }) => stream.restart_from(resume_id(last_seq)),
                Some(LogFeed::Poll { .. }) | None => {}
            });
        }
    });
    let client = memo(move || deck.clients.with(|clients| clients.get(&connection).cloned()));
    let has_stream = memo(move || {
        deck.connections.with(|connections| {
            let capabilities = connections.get(connection)?.capabilities.ready()?;
            Some(capabilities.calls.events && capabilities.calls.stream)
        })
    });
    Effect::new(move |_| {
        open.set_value(None);
        let Some(client) = client.get() else { return };
        let source = match has_stream.get() {
            Some(false) => LogFeed::Poll { _poll: open_poll(deck, connection, client, id.clone(), is_active, log) },
            // A companion that cannot be reached yet says so by its stream, which goes on trying.
            Some(true) | None => {
                LogFeed::Stream { _stream: open_stream(deck, connection, client, &id, log, frames.clone()) }
            }
        };
        open.set_value(Some(source));
    });
    on_cleanup(move || open.set_value(None));
}

fn open_stream(
    deck: Deck,
    connection: ConnectionId,
    client: Client,
    id: &TaskId,
    log: OpenLog,
    frames: Frames<Event>,
) -> EventStream {
    log.place.set(LogPlace::Here);
    let source = Source {
        url: client.url(&paths::events(id)),
        token: client.token().to_owned(),
        last_event_id: resume_id(log.document.with_untracked(LogDocument::last_seq)),
    };
    EventStream::open(source, move |news| match news {
        News::Opened => drop(log.link.try_set(Link::Live)),
        News::Cut => drop(log.link.try_set(Link::Reconnecting)),
        News::Refused(status) => {
            drop(failed(deck, connection, &client, &Failure::from_answer(status, None, "")));
        }
        News::Event(event) if event.name == stream::RESET => {
            frames.clear();
            log.document.try_set(LogDocument::default());
        }
        News::Event(event) if event.name == stream::EVENT => frames.push(log_event(&event)),
        // A heartbeat, or something of a newer server.
        News::Event(_) => {}
    })
}

/// Asks whether the server tells logs at all, and then for what is new.
fn open_poll(
    deck: Deck,
    connection: ConnectionId,
    client: Client,
    id: TaskId,
    is_active: Memo<bool>,
    log: OpenLog,
) -> Poll {
    log.document.set(LogDocument::default());
    let cursor = Rc::new(std::cell::RefCell::new(LogCursor::default()));
    Poll::start(async move || {
        let read = read_log(&client, &id, &cursor, log).await;
        note_budget(deck, connection, &client);
        let is_active = is_active.try_get_untracked() == Some(true);
        match read {
            Ok(LogPlace::Here) if cursor.borrow().has_more() => 0,
            Ok(LogPlace::Here | LogPlace::Asking) => client.poll_delay_ms(is_active),
            // Nothing will come of asking again.
            Ok(LogPlace::Elsewhere) => DELAY_MS_MAX,
            Err(failure) => {
                log.link.try_set(Link::Reconnecting);
                failed(deck, connection, &client, &failure);
                delay_after(&client, &failure, is_active)
            }
        }
    })
}

async fn read_log(
    client: &Client,
    id: &TaskId,
    cursor: &std::cell::RefCell<LogCursor>,
    log: OpenLog,
) -> Result<LogPlace, Failure> {
    if !client.has_log(id).await? {
        log.place.try_set(LogPlace::Elsewhere);
        // There is nothing to wait for.
        log.link.try_set(Link::Live);
        return Ok(LogPlace::Elsewhere);
    }
    log.place.try_set(LogPlace::Here);
    let mut at = cursor.borrow().clone();
    let events = client.log_since(id, &mut at).await?;
    *cursor.borrow_mut() = at;
    if !events.is_empty() {
        log.document.try_update(|document| fold(document, &events));
    }
    log.link.try_set(Link::Live);
    Ok(LogPlace::Here)
}

/// Folds events in; `Some` with the last `seq` that is in when what comes next is missing.
fn fold(document: &mut LogDocument, events: &[Event]) -> Option<u64> {
    let is_gap = events.iter().any(|event| match document.apply(event) {
        Applied::Gap(_) => true,
        Applied::Taken | Applied::Repeated => false,
    });
    is_gap.then(|| document.last_seq())
}

/// Nothing read yet means: from the start.
fn resume_id(last_seq: u64) -> Option<String> {
    (last_seq > 0).then(|| last_seq.to_string())
}

/// The event, or what came in its place: something that cannot be read is shown, never dropped.
fn log_event(event: &SseEvent) -> Event {
    read_json(&event.data).unwrap_or_else(|| Event {
        seq: event.id.parse().unwrap_or_default(),
        session_id: agent_tasks::SessionId::default(),
        id: event.id.clone(),
        timestamp: agent_tasks::Timestamp::default(),
        parent_id: None,
        agent_id: None,
        ephemeral: false,
        body: EventBody::Unknown(Unknown { r#type: "unreadable".to_owned(), data: event.data.clone().into() }),
        raw: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_cannot_be_read_keeps_its_place_in_the_log() {
        let event = SseEvent { id: "7".into(), name: stream::EVENT.into(), data: "{broken".into() };
        let shown = log_event(&event);
        assert_eq!((shown.seq, shown.body.type_name()), (7, "unreadable"));
    }

    #[test]
    fn a_gap_is_asked_for_once_and_repeats_are_silent() {
        let numbered =
            |seq| Event { seq, ..log_event(&SseEvent { id: String::new(), name: String::new(), data: String::new() }) };
        let mut document = LogDocument::default();
        assert_eq!(fold(&mut document, &[numbered(1), numbered(2), numbered(2)]), None);
        assert_eq!(fold(&mut document, &[numbered(4), numbered(5)]), Some(2));
        assert_eq!(fold(&mut document, &[numbered(3), numbered(4), numbered(5)]), None);
        assert_eq!(document.last_seq(), 5);
    }
}
