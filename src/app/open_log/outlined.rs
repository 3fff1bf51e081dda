//! A log that is shown by its outline: the outline around the reader first, then the stream of what comes after it, then
//! what is looked at, and, when nothing else is to do, the rest of the outline.

mod anew;
mod seeking;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use agent_tasks::{Event, OutlineQuery, OutlineWindow};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session_log::{LogDocument, Told, Want};

use self::anew::{ANEW, ANEW_MAX, UNFIT};
use super::answer::{Answer, ask};
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
/// How long the reader must have looked at one place before anything is read that nobody looks at, in milliseconds.
const LOOKED_MS: f64 = 500.0;
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
    /// When the reader looked elsewhere last, by the machine's clock.
    looked_ms: Cell<f64>,
    /// The step before which the outline is still to be read in the background.
    unread: Cell<usize>,
    /// Counts the documents: an answer for another one is dropped.
    opening: Cell<u32>,
    /// How often the log was begun anew, and when that may be done next, by the machine's clock.
    anew: Cell<(u32, f64)>,
    /// How often the outline did not come.
    failures: Cell<u32>,
    /// Where the reader was when the log was begun anew.
    place: Cell<Option<u64>>,
    /// The event whose step is still to be looked for in the outline.
    sought: Cell<Option<u64>>,
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
            looked_ms: Cell::new(0.0),
            unread: Cell::new(0),
            opening: Cell::new(0),
            anew: Cell::new((0, 0.0)),
            failures: Cell::new(0),
            place: Cell::new(None),
            sought: Cell::new(None),
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
        self.looked_ms.set(js_sys::Date::now());
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

    /// Whether something is needed that is not on the screen.
    pub(super) fn has_needed(&self) -> bool {
        self.queue.borrow().has_needed()
    }

    /// Takes in a part of the outline; tells whether it is in. One that is of another log begins anew.
    fn tell(self: &Rc<Self>, window: &OutlineWindow) -> bool {
        match self.log.document.try_update(|document| document.tell(window)) {
            Some(Told::Taken) => true,
            Some(Told::Other) => {
                self.begin_anew();
                false
            }
            Some(Told::Older) | None => false,
        }
    }

    /// Asks for nothing for a while, and says why.
    fn pause(self: &Rc<Self>, failure: Option<&Failure>, delay_ms: u32) {
        let Whose { deck, connection, client, .. } = &self.whose;
        if let Some(failure) = failure {
            self.log.failure.try_set(Some(failed(*deck, *connection, client, failure)));
        }
        let weak = Rc::downgrade(self);
        let pause = Timeout::new(failure.and_then(Failure::wait_ms).unwrap_or(delay_ms), move || {
            if let Some(outlined) = weak.upgrade() {
                // It is over by itself: nothing is left to be cleared.
                if let Some(pause) = outlined.pause.borrow_mut().take() {
                    drop(pause.forget());
                }
                outlined.pump();
            }
        });
        *self.pause.borrow_mut() = Some(pause);
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
        let (times, not_before_ms) = self.anew.get();
        let wait_ms = not_before_ms - js_sys::Date::now();
        if wait_ms > 0.0 {
            return wait_ms as u32;
        }
        // A new client goes on with what there is, if that was made of an outline.
        let is_outlined = self.log.document.try_with_untracked(LogDocument::is_outlined) == Some(true);
        let is_plain = times > ANEW_MAX;
        let outcome = if is_outlined || is_plain { Ok(()) } else { self.read_outline().await };
        match outcome {
            Ok(()) => {
                self.failures.set(0);
                self.log.failure.try_set(match times {
                    0 => None,
                    times if times > ANEW_MAX => Some(UNFIT.to_owned()),
                    _ => Some(ANEW.to_owned()),
                });
                self.unread.set(self.log.document.try_with_untracked(LogDocument::steps).unwrap_or_default());
                self.follow();
                self.read_on()
            }
            Err(failure) => {
                let Whose { deck, connection, client, .. } = &self.whose;
                self.log.link.try_set(Link::Reconnecting);
                self.log.place.try_set(LogPlace::Here);
                let sentence = failed(*deck, *connection, client, &failure);
                // A server that does not tell this outline tells the log itself.
                if self.is_never_told(&failure) {
                    self.follow();
                    return REST_MS;
                }
                self.log.failure.try_set(Some(sentence));
                delay_after(client, &failure, is_passing(&failure))
            }
        }
    }

    async fn read_outline(&self) -> Result<(), Failure> {
        let seq = self.place.get().or_else(|| self.target.try_get_untracked().flatten().map(LogTarget::seq));
        let query = OutlineQuery { seq, limit: Some(FIRST_STEPS), map: Some(true), ..OutlineQuery::default() };
        let opening = self.opening.get();
        let window = self.whose.client.outline(&self.whose.id, &query).await?;
        if self.opening.get() != opening {
            return Err(Failure::Closed);
        }
        self.log.place.try_set(LogPlace::Here);
        // What a stream brought before is told by the outline.
        self.frames.clear();
        self.log.document.try_set(LogDocument::of_outline(&window));
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
        // What is needed and what is on the screen may have been asked for by a feed that is closed.
        self.queue.borrow_mut().need(self.log.needed.try_update_value(std::mem::take).unwrap_or_default());
        self.look(self.log.looked.with_value(|looked| looked.wants.clone()));
    }

    /// Asks for a slice of the outline that nobody looks at.
    fn read_on(self: &Rc<Self>) -> u32 {
        let is_moving = (js_sys::Date::now() - self.looked_ms.get()).abs() < LOOKED_MS;
        if is_moving || !self.queue.borrow().is_idle() || self.pause.borrow().is_some() {
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
        self.look_for();
        loop {
            let next = self.queue.borrow_mut().next();
            let Some(want) = next else { return };
            // Nobody sees that something was asked for.
            let asked = self.log.document.try_update_untracked(|document| {
                let wanted = document.wanted_events(&want);
                document.ask(&want).then_some(wanted)
            });
            let Some(Some(wanted)) = asked else {
                self.queue.borrow_mut().drop_want(&want);
                continue;
            };
            let (outlined, opening) = (Rc::downgrade(self), self.opening.get());
            let whose = self.whose.clone();
            spawn_local(async move {
                let answer = ask(&whose, &want, wanted).await;
                if let Some(outlined) = outlined.upgrade().filter(|outlined| outlined.opening.get() == opening) {
                    outlined.on_answer(&want, answer);
                }
            });
        }
    }

    fn on_answer(self: &Rc<Self>, want: &Want, answer: Result<Answer, Failure>) {
        let failure = match answer {
            Ok(Answer::Steps(window)) => {
                let opening = self.opening.get();
                if self.tell(&window) {
                    return self.on_taken(want);
                }
                if self.opening.get() != opening {
                    return;
                }
                // It is older than what is here: the server has a newer one soon.
                None
            }
            Ok(Answer::Events(events)) => {
                let upto = match *want {
                    Want::Facts { to, .. } | Want::Text { to, .. } => to,
                    Want::Steps { .. } => 0,
                };
                self.log.document.try_update(|document| document.fill(want, Some((&events, upto))));
                return self.on_taken(want);
            }
            Err(failure) => Some(failure),
        };
        self.log.document.try_update(|document| document.fill(want, None));
        let delay_ms = self.queue.borrow_mut().failed(want);
        self.pause(failure.as_ref(), delay_ms);
    }

    fn on_taken(self: &Rc<Self>, want: &Want) {
        self.queue.borrow_mut().came(want);
        if self.log.failure.try_with_untracked(Option::is_some) == Some(true) {
            self.log.failure.set(None);
        }
        self.log.release();
        self.pump();
    }
}

impl Drop for Outlined {
    fn drop(&mut self) {
        // What was asked for will not come: whoever reads on asks again.
        let needed = self.queue.borrow().needed();
        self.log.needed.try_update_value(|left| left.extend(needed));
        let asked = self.queue.borrow_mut().clear();
        if !asked.is_empty() {
            self.log.document.try_update(|document| asked.iter().for_each(|want| document.fill(want, None)));
        }
    }
}
