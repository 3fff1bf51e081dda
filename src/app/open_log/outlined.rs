//! A log that is shown by its outline: the outline around the reader first, then the stream of what comes after it, then
//! what is looked at, and, when nothing else is to do, the rest of the outline.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use agent_tasks::{Event, OutlineQuery};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session_log::{LogDocument, Want};

use super::streamed;
use super::want_queue::WantQueue;
use super::{OpenLog, Whose};
use crate::api::Failure;
use crate::app::entering::failed;
use crate::app::feed::{delay_after, is_passing};
use crate::live::{EventStream, Frames, Poll};
use crate::store::{Link, LogPlace, LogTarget};

/// How many steps the first answer tells.
const FIRST_STEPS: u32 = 200;
/// How long to wait between two slices of the outline that nobody looks at, in milliseconds.
const BACKGROUND_MS: u32 = 150;
/// The most steps whose one line is read though nobody looks at them.
const BACKGROUND_STEPS_MAX: usize = 50_000;
/// How long to wait once there is nothing to read in the background, in milliseconds.
const REST_MS: u32 = 2_000;

/// A log by its outline; nothing more is asked for when it is dropped.
pub(super) struct Outlined {
    whose: Whose,
    log: OpenLog,
    target: Signal<Option<LogTarget>>,
    frames: Frames<Event>,
    queue: RefCell<WantQueue>,
    stream: RefCell<Option<EventStream>>,
    /// Reads the outline, and goes on with what nobody looks at.
    poll: RefCell<Option<Poll>>,
    /// The wait after a failure.
    pause: RefCell<Option<Timeout>>,
    /// The step before which the outline is still to be read in the background.
    unread: Cell<usize>,
    /// Counts the documents: an answer for another one is dropped.
    opening: Cell<u32>,
}

impl Outlined {
    /// Begins to read.
    pub(super) fn open(
        whose: Whose,
        log: OpenLog,
        target: Signal<Option<LogTarget>>,
        frames: Frames<Event>,
    ) -> Rc<Self> {
        let outlined = Rc::new(Self {
            whose,
            log,
            target,
            frames,
            queue: RefCell::default(),
            stream: RefCell::default(),
            poll: RefCell::default(),
            pause: RefCell::default(),
            unread: Cell::new(0),
            opening: Cell::new(0),
        });
        let weak = Rc::downgrade(&outlined);
        let poll = Poll::start(async move || match weak.upgrade() {
            Some(outlined) => outlined.turn().await,
            None => REST_MS,
        });
        *outlined.poll.borrow_mut() = Some(poll);
        outlined
    }

    /// The screen wants this, and nothing else.
    pub(super) fn look(self: &Rc<Self>, wants: Vec<Want>) {
        self.queue.borrow_mut().look(wants);
        self.pump();
    }

    /// This is needed, on the screen or not.
    pub(super) fn need(self: &Rc<Self>, wants: Vec<Want>) {
        self.queue.borrow_mut().need(wants);
        self.pump();
    }

    /// Asks at once for what did not come.
    pub(super) fn retry(self: &Rc<Self>) {
        self.pause.borrow_mut().take();
        self.log.failure.set(None);
        self.pump();
    }

    /// The reader goes to the step that an event began: the outline around it is read unless it is there.
    pub(super) fn seek(self: &Rc<Self>, seq: u64) {
        let is_known = |document: &LogDocument| seq > document.last_seq() || document.find_seq(seq).is_some();
        if self.stream.borrow().is_none() || self.log.document.try_with_untracked(is_known) != Some(false) {
            return;
        }
        let (outlined, opening) = (Rc::downgrade(self), self.opening.get());
        let whose = self.whose.clone();
        spawn_local(async move {
            let query = OutlineQuery { seq: Some(seq), limit: Some(FIRST_STEPS), ..OutlineQuery::default() };
            let answer = whose.client.outline(&whose.id, &query).await;
            let Some(outlined) = outlined.upgrade().filter(|outlined| outlined.opening.get() == opening) else {
                return;
            };
            match answer {
                Ok(window) => {
                    if outlined.log.document.try_update(|document| document.tell(&window)) == Some(false) {
                        outlined.begin_anew();
                    }
                }
                // The rest of the outline comes by and by.
                Err(failure) => drop(failed(whose.deck, whose.connection, &whose.client, &failure)),
            }
        });
    }

    /// The stream goes on after this event: what came since does not fit.
    pub(super) fn restart_from(&self, last_seq: u64) {
        if let Some(stream) = &*self.stream.borrow() {
            stream.restart_from(streamed::resume_id(last_seq));
        }
    }

    /// One turn: opens the log, or reads on in the background. Tells when the next one is due, in milliseconds.
    async fn turn(self: &Rc<Self>) -> u32 {
        if self.stream.borrow().is_some() {
            return self.read_on();
        }
        // A new client goes on with what there is.
        let is_read = self.log.document.try_with_untracked(|document| document.last_seq() > 0) == Some(true);
        let outcome = if is_read { Ok(()) } else { self.read_outline().await };
        match outcome {
            Ok(()) => {
                self.log.failure.try_set(None);
                self.follow();
                self.read_on()
            }
            Err(failure) => {
                let Whose { deck, connection, client, .. } = &self.whose;
                self.log.link.try_set(Link::Reconnecting);
                self.log.place.try_set(LogPlace::Here);
                let sentence = failed(*deck, *connection, client, &failure);
                // A server that does not tell this outline tells the log itself.
                if matches!(failure, Failure::NotFound(_) | Failure::Refused(_) | Failure::Unreadable) {
                    self.follow();
                    return REST_MS;
                }
                self.log.failure.try_set(Some(sentence));
                delay_after(client, &failure, is_passing(&failure))
            }
        }
    }

    async fn read_outline(&self) -> Result<(), Failure> {
        let seq = self.target.try_get_untracked().flatten().map(LogTarget::seq);
        let query = OutlineQuery { seq, limit: Some(FIRST_STEPS), map: Some(true), ..OutlineQuery::default() };
        let window = self.whose.client.outline(&self.whose.id, &query).await?;
        self.log.place.try_set(LogPlace::Here);
        let document = LogDocument::of_outline(&window);
        self.unread.set(document.steps());
        self.log.document.try_set(document);
        Ok(())
    }

    /// Opens the stream after what is there.
    fn follow(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let on_reset = move || {
            if let Some(outlined) = Weak::upgrade(&weak) {
                outlined.begin_anew();
            }
        };
        let stream = streamed::open_with(self.whose.clone(), self.log, self.frames.clone(), on_reset);
        *self.stream.borrow_mut() = Some(stream);
        // What is on the screen may have been asked for by a feed that is closed.
        self.look(self.log.looked.with_value(|looked| looked.wants.clone()));
    }

    /// The log is another one: it is opened from its outline again.
    fn begin_anew(self: &Rc<Self>) {
        self.opening.set(self.opening.get() + 1);
        self.queue.borrow_mut().clear();
        self.pause.borrow_mut().take();
        self.frames.clear();
        self.log.document.try_set(LogDocument::default());
        // Not here, where the stream itself is speaking.
        let outlined = Rc::clone(self);
        spawn_local(async move {
            drop(outlined.stream.borrow_mut().take());
            outlined.poll.borrow().iter().for_each(Poll::hurry);
        });
    }

    /// Asks for a slice of the outline that nobody looks at.
    fn read_on(self: &Rc<Self>) -> u32 {
        if !self.queue.borrow().is_idle() || self.pause.borrow().is_some() {
            return BACKGROUND_MS;
        }
        let want = self.log.document.try_with_untracked(|document| {
            let first = document.steps().saturating_sub(BACKGROUND_STEPS_MAX);
            let mut step = self.unread.get().min(document.steps());
            let mut want = None;
            while step > first && want.is_none() {
                step -= 1;
                want = document.wants(step, false, 0..0).filter(|want| matches!(want, Want::Steps { .. }));
            }
            self.unread.set(step);
            want
        });
        let Some(Some(want)) = want else { return REST_MS };
        self.queue.borrow_mut().offer(want);
        self.pump();
        BACKGROUND_MS
    }

    /// Sends as many requests as may be under way.
    fn pump(self: &Rc<Self>) {
        if self.pause.borrow().is_some() || self.stream.borrow().is_none() {
            return;
        }
        loop {
            let next = self.queue.borrow_mut().next();
            let Some(want) = next else { return };
            // Nobody sees that something was asked for.
            self.log.document.update_untracked(|document| document.ask(&want));
            let (outlined, opening) = (Rc::downgrade(self), self.opening.get());
            let whose = self.whose.clone();
            spawn_local(async move {
                let answer = ask(&whose, &want).await;
                if let Some(outlined) = outlined.upgrade().filter(|outlined| outlined.opening.get() == opening) {
                    outlined.on_answer(&want, answer);
                }
            });
        }
    }

    fn on_answer(self: &Rc<Self>, want: &Want, answer: Result<Answer, Failure>) {
        match answer {
            Ok(answer) => {
                self.queue.borrow_mut().came(want);
                let fits = self.log.document.try_update(|document| match answer {
                    Answer::Steps(window) => document.tell(&window),
                    Answer::Events(events) => {
                        document.fill(want, Some(&events));
                        true
                    }
                });
                // The outline of another log: it was begun anew meanwhile.
                if fits == Some(false) {
                    return self.begin_anew();
                }
                if self.log.failure.try_with_untracked(Option::is_some) == Some(true) {
                    self.log.failure.set(None);
                }
                self.log.release();
                self.pump();
            }
            Err(failure) => {
                let Whose { deck, connection, client, .. } = &self.whose;
                let sentence = failed(*deck, *connection, client, &failure);
                let delay_ms = self.queue.borrow_mut().failed(want);
                let weak = Rc::downgrade(self);
                let pause = Timeout::new(failure.wait_ms().unwrap_or(delay_ms), move || {
                    if let Some(outlined) = weak.upgrade() {
                        // It is over by itself: nothing is left to be cleared.
                        if let Some(pause) = outlined.pause.borrow_mut().take() {
                            drop(pause.forget());
                        }
                        outlined.pump();
                    }
                });
                *self.pause.borrow_mut() = Some(pause);
                self.log.failure.try_set(Some(sentence));
                self.log.document.try_update(|document| document.fill(want, None));
            }
        }
    }
}

impl Drop for Outlined {
    fn drop(&mut self) {
        // What was asked for will not come: whoever reads on asks again.
        let asked = self.queue.borrow_mut().clear();
        if !asked.is_empty() {
            self.log.document.try_update(|document| asked.iter().for_each(|want| document.fill(want, None)));
        }
    }
}

/// What a server answered.
enum Answer {
    Steps(Box<agent_tasks::OutlineWindow>),
    Events(Vec<Event>),
}

async fn ask(whose: &Whose, want: &Want) -> Result<Answer, Failure> {
    let Whose { client, id, .. } = whose;
    let (from, to, is_facts) = match *want {
        Want::Steps { first, count } => {
            let (first, limit) = (Some(first as u32), Some(count as u32));
            let window = client.outline(id, &OutlineQuery { first, limit, ..OutlineQuery::default() }).await?;
            return Ok(Answer::Steps(Box::new(window)));
        }
        Want::Facts { from, to, .. } => (from, to, true),
        Want::Text { from, to, .. } => (from, to, false),
    };
    let mut events: Vec<Event> = Vec::new();
    let mut after = from.saturating_sub(1);
    // A window ends early where it is large.
    while after < to {
        let window = client.events(id, after, to + 1, is_facts).await?;
        let Some(last) = window.events.last() else { break };
        after = last.seq;
        events.extend(window.events);
    }
    Ok(Answer::Events(events))
}
