//! The page of one task: reads it, follows its log, and wires the session page to both.

use agent_tasks::event::{EventBody, Unknown};
use agent_tasks::paths::{self, stream};
use agent_tasks::{Event, Steer, Task, TaskId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session_log::{Applied, LogDocument};

use super::actions;
use super::deck::Deck;
use super::server::failed;
use crate::api::{Client, Failure, read_json};
use crate::live::{EventStream, Frames, News, Source, SseEvent};
use crate::session::SessionPage;
use crate::store::{Action, Joined, Link, Remote, agent_name, join};
use crate::ui::memo;

/// One task's page.
#[component]
pub(super) fn OpenSession(
    /// The page's state.
    deck: Deck,
    /// Which task.
    id: TaskId,
) -> impl IntoView {
    let read = RwSignal::new(Remote::<Task>::Loading);
    let (follow_up, answer) = (RwSignal::new(Action::Ready), RwSignal::new(Action::Ready));
    let document = RwSignal::new(LogDocument::default());
    let link = RwSignal::new(Link::Connecting);

    let key = id.clone();
    let snapshot = memo(move || deck.book.with(|book| book.task(&key).cloned()));
    let joined = memo(move || {
        read.with(|read| match (read, snapshot.get()) {
            (Remote::Ready(task), Some(snapshot)) => {
                let mut task = task.clone();
                let joined = join(&mut task, &snapshot);
                (Remote::Ready(task), joined == Joined::SessionsChanged)
            }
            (read, _) => (read.clone(), false),
        })
    });
    let task = Signal::derive(move || joined.with(|(task, _)| task.clone()));
    let needs_reading = memo(move || joined.with(|(_, needs_reading)| *needs_reading));

    let key = id.clone();
    Effect::new(move |_| {
        needs_reading.track();
        if let Some(client) = deck.client.get() {
            spawn_local(read_task(deck, client, key.clone(), read));
        }
    });
    follow_log(deck, id.clone(), document, link);
    follow_title(task);

    let key = id.clone();
    let stop = memo(move || deck.stops.with(|stops| stops.get(&key).cloned().unwrap_or_default()));
    let agent = Signal::derive(move || {
        let agent_id = task.with(|task| task.ready().and_then(|task| task.agent_id.clone()))?;
        Some(deck.capabilities.with(|known| agent_name(known.ready(), &agent_id).to_owned()))
    });
    let key = id.clone();
    let on_stop = Callback::new(move |()| actions::stop(deck, key.clone()));
    let key = id.clone();
    let on_follow_up = Callback::new(move |prompt: agent_tasks::Prompt| {
        actions::steer(deck, follow_up, key.clone(), Steer::user_message(prompt.as_str()));
    });
    let on_answer = Callback::new(move |given: crate::session::Answer| {
        actions::steer(deck, answer, id.clone(), Steer::permission_response(given.request_id, Some(given.option_id)));
    });
    view! {
        <SessionPage
            task
            document
            link
            now=deck.now
            agent_name=agent
            stop
            follow_up
            answer
            on_stop
            on_follow_up
            on_answer
        />
    }
}

async fn read_task(deck: Deck, client: Client, id: TaskId, read: RwSignal<Remote<Task>>) {
    let outcome = client.task(&id).await;
    let is_known = read.try_with_untracked(|read| read.ready().is_some());
    match outcome {
        Ok(task) => drop(read.try_set(Remote::Ready(task))),
        Err(failure) => {
            let sentence = failed(deck, client.token(), &failure);
            // What was read before is better than a sentence in its place; the stream brings what is new.
            if is_known == Some(false) {
                read.try_set(Remote::Failed(sentence));
            }
        }
    }
}

/// Keeps the log's stream open while there is a client; a new client goes on where the old one ended.
fn follow_log(deck: Deck, id: TaskId, document: RwSignal<LogDocument>, link: RwSignal<Link>) {
    let open = StoredValue::new_local(None::<EventStream>);
    let frames = Frames::new(move |events: Vec<Event>| {
        let Some(gap) = document.try_update(|document| fold(document, &events)) else { return };
        if let Some(last_seq) = gap {
            open.with_value(|stream| stream.iter().for_each(|stream| stream.restart_from(resume_id(last_seq))));
        }
    });
    Effect::new(move |_| {
        open.set_value(None);
        let Some(client) = deck.client.get() else { return };
        let last_seq = document.with_untracked(LogDocument::last_seq);
        let source = Source {
            url: client.url(&paths::events(&id)),
            token: client.token().to_owned(),
            last_event_id: resume_id(last_seq),
        };
        let frames = frames.clone();
        let stream = EventStream::open(source, move |news| match news {
            News::Opened => drop(link.try_set(Link::Live)),
            News::Cut => drop(link.try_set(Link::Reconnecting)),
            News::Refused(status) => drop(failed(deck, client.token(), &Failure::from_answer(status, None, ""))),
            News::Event(event) if event.name == stream::RESET => {
                frames.clear();
                document.try_set(LogDocument::default());
            }
            News::Event(event) if event.name == stream::EVENT => frames.push(log_event(&event)),
            // A heartbeat, or something of a newer server.
            News::Event(_) => {}
        });
        open.set_value(Some(stream));
    });
    on_cleanup(move || open.set_value(None));
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

fn follow_title(task: Signal<Remote<Task>>) {
    let name = memo(move || task.with(|task| task.ready().map(|task| task.name.clone())));
    Effect::new(move |_| {
        let name = name.get().unwrap_or_else(|| "Session".to_owned());
        document().set_title(&format!("{name} · Flightdeck"));
    });
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
