//! The log of the open task: what there is of it and how its news are doing. How it is read depends on what its server
//! can do: by its outline, by its stream alone, or by asking again and again.

mod answer;
mod asked;
mod folded;
mod outlined;
mod streamed;
mod want_queue;

use std::ops::Range;
use std::rc::Rc;

use agent_tasks::{Event, TaskId};
use leptos::prelude::*;
use session_log::{LogDocument, Want};

use self::folded::fold;
use self::outlined::Outlined;
use super::deck::Deck;
use crate::api::Client;
use crate::live::{EventStream, Frames, Poll};
use crate::session::Looked;
use crate::store::{ConnectionId, Link, LogPlace, LogTarget, Remote, TaskKey};
use crate::ui::memo;

/// The most bytes of text that are kept of a log that can be read again; what is farthest from the reader goes first.
const TEXT_BYTES_MAX: usize = 48 << 20;
/// How much more there may be before anything goes: letting go has its price.
const TEXT_BYTES_SLACK: usize = 8 << 20;
/// How long it is not looked again whether there is too much, in milliseconds.
const RELEASE_MS: f64 = 1_000.0;

/// How long what was needed is kept at least, in milliseconds: whoever needs it takes it then.
const HELD_MS: f64 = 10_000.0;

/// The log, and how its news are doing.
#[derive(Clone, Copy)]
pub(super) struct OpenLog {
    /// What was read of it.
    pub(super) document: RwSignal<LogDocument>,
    /// How its news are doing.
    pub(super) link: RwSignal<Link>,
    /// Where it can be read.
    pub(super) place: RwSignal<LogPlace>,
    /// Why what is looked at could not be loaded.
    pub(super) failure: RwSignal<Option<String>>,
    /// What the screen shows.
    looked: StoredValue<Looked>,
    /// What is needed and was not brought by a feed that is closed.
    needed: StoredValue<Vec<Want>>,
    /// The steps that were needed last, and since when, by the machine's clock.
    held: StoredValue<Option<(Range<usize>, f64)>>,
    /// How often a reader asked to open the log again.
    openings: RwSignal<u32>,
    /// When it was looked last whether too much text is held, by the machine's clock.
    released_ms: StoredValue<f64>,
    feed: StoredValue<Option<LogFeed>, LocalStorage>,
}

/// What brings the log; closed when it is dropped.
enum LogFeed {
    Stream(EventStream),
    Outline(Rc<Outlined>),
    Poll { _poll: Poll },
}

/// How a server tells a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Feeding {
    /// It did not say yet what it can do.
    Unknown,
    /// It could not be asked.
    Unreachable,
    /// It said so.
    Known { has_stream: bool, has_outline: bool },
}

/// Which log, of which server, for whom.
#[derive(Clone)]
struct Whose {
    deck: Deck,
    connection: ConnectionId,
    client: Client,
    id: TaskId,
}

impl OpenLog {
    /// Nothing read yet.
    pub(super) fn new() -> Self {
        Self {
            document: RwSignal::new(LogDocument::default()),
            link: RwSignal::new(Link::Connecting),
            place: RwSignal::new(LogPlace::Asking),
            failure: RwSignal::new(None),
            looked: StoredValue::new(Looked { near: 0..0, wants: Vec::new() }),
            needed: StoredValue::new(Vec::new()),
            held: StoredValue::new(None),
            openings: RwSignal::new(0),
            released_ms: StoredValue::new(0.0),
            feed: StoredValue::new_local(None),
        }
    }

    /// The screen shows this now.
    pub(super) fn look(self, looked: Looked) {
        self.looked.set_value(looked.clone());
        self.with_outlined(|outlined| outlined.look(looked.wants));
    }

    /// This is needed, on the screen or not.
    pub(super) fn want(self, wants: Vec<Want>) {
        self.hold(&wants);
        self.with_outlined(|outlined| outlined.need(wants));
    }

    /// Asks at once for what could not be loaded: a part of the log, or all of it.
    pub(super) fn retry(self) {
        if self.document.with_untracked(|document| document.steps() == 0) {
            self.failure.set(None);
            self.openings.update(|openings| *openings += 1);
        } else {
            self.with_outlined(|outlined| outlined.retry());
        }
    }

    /// Takes events in. What comes before them and is missing is asked for.
    fn take(self, events: &[Event]) {
        let Some(gap) = self.document.try_update(|document| fold(document, events)) else { return };
        self.release();
        let Some(last_seq) = gap else { return };
        self.feed.with_value(|feed| match feed {
            Some(LogFeed::Stream(stream)) => stream.restart_from(streamed::resume_id(last_seq)),
            Some(LogFeed::Outline(outlined)) => outlined.restart_from(last_seq),
            Some(LogFeed::Poll { .. }) | None => {}
        });
    }

    /// Keeps the texts of a log that can be read again within their limit.
    fn release(self) {
        let now_ms = js_sys::Date::now();
        if now_ms - self.released_ms.get_value() < RELEASE_MS {
            return;
        }
        self.released_ms.set_value(now_ms);
        let is_full = |document: &LogDocument| document.bytes() > TEXT_BYTES_MAX + TEXT_BYTES_SLACK;
        if self.document.try_with_untracked(is_full) == Some(true) {
            let near = self.looked.with_value(|looked| looked.near.clone());
            let held = self.held_now(now_ms);
            self.document.update(|document| document.release_but(near, held, TEXT_BYTES_MAX));
        }
    }

    /// Keeps the steps that are needed until they were taken.
    fn hold(self, wants: &[Want]) {
        let steps = wants.iter().map(|want| match *want {
            Want::Steps { first, count } => first..first + count,
            Want::Facts { step, .. } | Want::Text { step, .. } => step..step + 1,
        });
        let before = self.held.get_value().map(|(steps, _)| steps);
        let all = steps.chain(before).reduce(|one, other| one.start.min(other.start)..one.end.max(other.end));
        self.held.set_value(all.map(|steps| (steps, js_sys::Date::now())));
    }

    /// The steps that are kept for whoever needs them.
    fn held_now(self, now_ms: f64) -> Range<usize> {
        let mut is_needed = false;
        self.with_outlined(|outlined| is_needed = outlined.has_needed());
        let held = self.held.get_value().filter(|(_, since)| is_needed || now_ms - since < HELD_MS);
        self.held.set_value(held.clone());
        held.map_or(0..0, |(steps, _)| steps)
    }

    fn with_outlined(self, work: impl FnOnce(&Rc<Outlined>)) {
        let outlined = self.feed.try_with_value(|feed| match feed {
            Some(LogFeed::Outline(outlined)) => Some(Rc::clone(outlined)),
            Some(LogFeed::Stream(_) | LogFeed::Poll { .. }) | None => None,
        });
        if let Some(Some(outlined)) = outlined {
            work(&outlined);
        }
    }
}

/// Keeps the log's news coming while its server is open; a new client goes on where the old one ended.
///
/// `is_active` tells whether the task is at work, `target` where the reader begins.
pub(super) fn follow_log(
    deck: Deck,
    key: TaskKey,
    is_active: Memo<bool>,
    target: Signal<Option<LogTarget>>,
    log: OpenLog,
) {
    let TaskKey { connection, id } = key;
    let frames = Frames::new(move |events: Vec<Event>| log.take(&events));
    let client = memo(move || deck.clients.with(|clients| clients.get(&connection).cloned()));
    let calls = memo(move || {
        deck.connections.with(|connections| {
            Some(match &connections.get(connection)?.capabilities {
                Remote::Ready(capabilities) => {
                    let calls = &capabilities.calls;
                    Feeding::Known { has_stream: calls.events && calls.stream, has_outline: calls.outline }
                }
                Remote::Loading => Feeding::Unknown,
                Remote::Failed(_) => Feeding::Unreachable,
            })
        })
    });
    Effect::new(move |_| {
        log.openings.track();
        log.feed.set_value(None);
        let Some(client) = client.get() else { return };
        let whose = Whose { deck, connection, client, id: id.clone() };
        let feed = match calls.get() {
            // What it can do is told in a moment: the log is not begun in another way before.
            None | Some(Feeding::Unknown) => return,
            Some(Feeding::Known { has_stream: true, has_outline: true }) => {
                LogFeed::Outline(Outlined::open(whose, log, target, frames.clone()))
            }
            Some(Feeding::Known { has_stream: false, .. }) => {
                LogFeed::Poll { _poll: asked::open(whose, is_active, log) }
            }
            // A companion that cannot be reached yet says so by its stream, which goes on trying.
            Some(Feeding::Known { has_stream: true, has_outline: false } | Feeding::Unreachable) => {
                LogFeed::Stream(streamed::open(whose, log, frames.clone()))
            }
        };
        log.feed.set_value(Some(feed));
    });
    Effect::new(move |_| {
        if let Some(target) = target.get() {
            log.with_outlined(|outlined| outlined.seek(target.seq()));
        }
    });
    on_cleanup(move || log.feed.set_value(None));
}
