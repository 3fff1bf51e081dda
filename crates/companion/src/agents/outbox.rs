//! Events on their way to the log. The log may be slow; a stop never waits for it.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::NewEvent;

/// Above this many waiting events nothing more is read from the agent.
const WAITING_EVENTS_MAX: usize = 256;

/// The queue before a bounded channel.
pub struct Outbox {
    waiting: VecDeque<NewEvent>,
    /// `None` once nobody listens any more.
    events: Option<mpsc::Sender<NewEvent>>,
}

impl Outbox {
    /// A queue before `events`.
    pub fn new(events: mpsc::Sender<NewEvent>) -> Self {
        Self { waiting: VecDeque::new(), events: Some(events) }
    }

    /// Adds events; never waits.
    pub fn push(&mut self, events: impl IntoIterator<Item = NewEvent>) {
        if self.events.is_some() {
            self.waiting.extend(events);
        }
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether more may be read from the agent.
    pub fn has_room(&self) -> bool {
        self.waiting.len() < WAITING_EVENTS_MAX
    }

    /// Hands on one event, as soon as the log takes one. Nothing is lost when the future is dropped.
    pub async fn send_one(&mut self) {
        let Some(events) = &self.events else { return };
        if let Ok(place) = events.reserve().await {
            if let Some(event) = self.waiting.pop_front() {
                place.send(event);
            }
            return;
        }
        self.events = None;
        self.waiting.clear();
    }

    /// Hands on everything.
    pub async fn send_all(&mut self) {
        while !self.is_empty() {
            self.send_one().await;
        }
    }
}
