//! When an outline is of no use: it is of another log, or its server does not tell it.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session_log::LogDocument;

use super::Outlined;
use crate::api::Failure;
use crate::live::Poll;

/// How often an outline may turn out to be of another log before the log itself is streamed.
pub(super) const ANEW_MAX: u32 = 2;
/// How long the second such time waits before it is read again, in milliseconds.
const ANEW_MS: f64 = 3_000.0;
/// How often a server may fail to tell an outline before the log itself is streamed.
const OUTLINE_TRIES_MAX: u32 = 3;
/// What is said while the log is streamed because its outline does not fit.
pub(super) const UNFIT: &str =
    "The outline of this log does not fit the log, so all of it is loaded. Restart the companion if that takes long.";
/// What is said when the log is opened again from its outline.
pub(super) const ANEW: &str = "This log is not the one that was here before; it is opened again.";

impl Outlined {
    /// Whether asking for the outline again is of no use.
    pub(super) fn is_never_told(&self, failure: &Failure) -> bool {
        match failure {
            Failure::NotFound(_) | Failure::Refused(_) | Failure::Unreadable => true,
            Failure::Server(_) | Failure::Forbidden(_) => {
                self.failures.set(self.failures.get() + 1);
                self.failures.get() >= OUTLINE_TRIES_MAX
            }
            Failure::Unauthorized | Failure::RateLimited(_) | Failure::Unreachable | Failure::Closed => false,
        }
    }

    /// The log is another one: it is opened from its outline again, where the reader is; after a few times as a whole.
    pub(super) fn begin_anew(self: &Rc<Self>) {
        let times = self.anew.get().0 + 1;
        let wait_ms = if times > 1 { ANEW_MS } else { 0.0 };
        self.anew.set((times, js_sys::Date::now() + wait_ms));
        self.opening.set(self.opening.get() + 1);
        self.queue.borrow_mut().clear();
        self.pause.borrow_mut().take();
        let mut near = self.log.looked.with_value(|looked| looked.near.clone());
        let place = self.log.document.try_with_untracked(|document| {
            near.find_map(|step| document.step(step).filter(|step| step.is_told()).map(|step| step.seq))
        });
        self.place.set(place.flatten().or(self.place.get()));
        self.frames.clear();
        self.log.document.try_set(LogDocument::default());
        self.log.failure.try_set(Some(ANEW.to_owned()));
        // Not here, where the stream itself is speaking.
        let outlined = Rc::clone(self);
        spawn_local(async move {
            drop(outlined.stream.borrow_mut().take());
            outlined.poll.borrow().iter().for_each(Poll::hurry);
        });
    }
}
