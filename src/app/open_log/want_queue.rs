//! What is to be asked of a server for a log, in which order. Pure.

use std::collections::{HashSet, VecDeque};

use session_log::Want;

/// The most requests that are under way at once: a browser has six connections to a host, and the streams need two.
const REQUESTS_MAX: usize = 3;
/// The delay after a failure, in milliseconds; it doubles with each further one.
const FIRST_DELAY_MS: u32 = 1_000;
/// The longest such delay, in milliseconds.
const DELAY_MS_MAX: u32 = 30_000;

/// What is wanted of a log.
#[derive(Debug, Default)]
pub(super) struct WantQueue {
    /// What is on the screen: the newest view of it.
    looked: Vec<Want>,
    /// What is needed for another reason, until it is there.
    needed: HashSet<Want>,
    /// What of that is to be asked for, in its order.
    to_ask: VecDeque<Want>,
    /// What can wait until nothing else is wanted.
    background: Option<Want>,
    under_way: Vec<Want>,
    /// How often in a row it did not come.
    failures: u32,
}

impl WantQueue {
    /// The screen wants this; what it wanted before and was not asked for yet is dropped.
    pub(super) fn look(&mut self, wants: Vec<Want>) {
        self.looked = wants;
    }

    /// This is needed, on the screen or not.
    pub(super) fn need(&mut self, wants: Vec<Want>) {
        for want in wants {
            if self.needed.insert(want.clone()) {
                self.to_ask.push_back(want);
            }
        }
    }

    /// Whether anything is needed.
    pub(super) fn has_needed(&self) -> bool {
        !self.needed.is_empty()
    }

    /// What is needed and not there.
    pub(super) fn needed(&self) -> Vec<Want> {
        self.needed.iter().cloned().collect()
    }

    /// This may be asked for when there is nothing else to do.
    pub(super) fn offer(&mut self, want: Want) {
        self.background = Some(want);
    }

    /// Whether nothing is asked for or to be asked for.
    pub(super) fn is_idle(&self) -> bool {
        self.under_way.is_empty() && self.looked.is_empty() && self.needed.is_empty() && self.background.is_none()
    }

    /// What to ask for now; it is under way from now on.
    pub(super) fn next(&mut self) -> Option<Want> {
        if self.under_way.len() >= REQUESTS_MAX {
            return None;
        }
        loop {
            let want = if !self.looked.is_empty() {
                self.looked.remove(0)
            } else if let Some(want) = self.to_ask.pop_front() {
                want
            } else if self.under_way.is_empty() {
                self.background.take()?
            } else {
                return None;
            };
            if !self.under_way.contains(&want) {
                self.under_way.push(want.clone());
                return Some(want);
            }
        }
    }

    /// It came.
    pub(super) fn came(&mut self, want: &Want) {
        self.failures = 0;
        self.drop_want(want);
    }

    /// It is not asked for: something else of its step is, or it is there by now.
    pub(super) fn drop_want(&mut self, want: &Want) {
        self.end(want);
        self.needed.remove(want);
    }

    /// It did not come; tells how long to wait before anything is asked for again, in milliseconds.
    pub(super) fn failed(&mut self, want: &Want) -> u32 {
        self.end(want);
        if self.needed.contains(want) {
            self.to_ask.push_front(want.clone());
        } else if !self.looked.contains(want) {
            self.looked.push(want.clone());
        }
        self.delay_ms()
    }

    /// How long to wait after a failure, in milliseconds: each further one waits longer.
    pub(super) fn delay_ms(&mut self) -> u32 {
        let delay_ms = FIRST_DELAY_MS.saturating_mul(1 << self.failures.min(10)).min(DELAY_MS_MAX);
        self.failures += 1;
        delay_ms
    }

    /// Forgets everything; returns what was under way.
    pub(super) fn clear(&mut self) -> Vec<Want> {
        std::mem::take(self).under_way
    }

    fn end(&mut self, want: &Want) {
        self.under_way.retain(|asked| asked != want);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(step: usize) -> Want {
        Want::Text { step, from: 1, to: 2 }
    }

    fn all(queue: &mut WantQueue) -> Vec<Want> {
        std::iter::from_fn(|| queue.next()).collect()
    }

    #[test]
    fn what_is_on_the_screen_comes_first_and_few_at_once() {
        let mut queue = WantQueue::default();
        queue.need(vec![text(9)]);
        queue.offer(text(100));
        queue.look((0..5).map(text).collect());
        assert_eq!(all(&mut queue), [text(0), text(1), text(2)]);
        queue.came(&text(1));
        assert_eq!(all(&mut queue), [text(3)]);
        for step in [0, 2, 3] {
            queue.came(&text(step));
        }
        assert_eq!(all(&mut queue), [text(4), text(9)], "the background waits");
        queue.came(&text(4));
        queue.came(&text(9));
        assert_eq!(all(&mut queue), [text(100)]);
        assert!(!queue.is_idle());
        queue.came(&text(100));
        assert!(queue.is_idle());
    }

    #[test]
    fn what_is_no_longer_looked_at_is_not_asked_for() {
        let mut queue = WantQueue::default();
        queue.look((0..5).map(text).collect());
        assert_eq!(all(&mut queue).len(), REQUESTS_MAX);
        queue.look(vec![text(1), text(70)]);
        queue.came(&text(0));
        assert_eq!(all(&mut queue), [text(70)], "what is under way is not asked for twice");
    }

    #[test]
    fn what_did_not_come_is_asked_for_again_ever_later() {
        let mut queue = WantQueue::default();
        queue.need(vec![text(1)]);
        let mut delays = Vec::new();
        for _ in 0..7 {
            assert_eq!(all(&mut queue), [text(1)]);
            delays.push(queue.failed(&text(1)));
        }
        assert_eq!(delays, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(all(&mut queue), [text(1)]);
        queue.came(&text(1));
        assert!(queue.is_idle());
        queue.need(vec![text(1), text(1)]);
        assert_eq!(all(&mut queue), [text(1)]);
        queue.drop_want(&text(1));
        assert!(queue.is_idle(), "what is not asked for is not needed");
        queue.look(vec![text(2)]);
        assert_eq!(all(&mut queue), [text(2)]);
        assert_eq!(queue.failed(&text(2)), 1_000);
        assert_eq!(queue.next(), Some(text(2)), "also what the screen wanted");
        assert_eq!(queue.clear(), [text(2)]);
    }
}
