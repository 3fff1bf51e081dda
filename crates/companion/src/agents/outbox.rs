//! Events on their way to the log. The log may be slow; a stop never waits for it.

use std::collections::VecDeque;

use agent_tasks::EventBody;
use tokio::sync::mpsc;

use super::NewEvent;

/// Above this many waiting events nothing more is read from the agent.
const WAITING_EVENTS_MAX: usize = 256;
/// And above this many bytes of text in them.
const WAITING_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The queue before a bounded channel.
pub struct Outbox {
    waiting: VecDeque<NewEvent>,
    /// How many bytes of text they hold.
    bytes: usize,
    /// `None` once nobody listens any more.
    events: Option<mpsc::Sender<NewEvent>>,
}

impl Outbox {
    /// A queue before `events`.
    pub fn new(events: mpsc::Sender<NewEvent>) -> Self {
        Self { waiting: VecDeque::new(), bytes: 0, events: Some(events) }
    }

    /// Adds events; never waits.
    pub fn push(&mut self, events: impl IntoIterator<Item = NewEvent>) {
        if self.events.is_some() {
            for event in events {
                self.bytes += bytes(&event);
                self.waiting.push_back(event);
            }
        }
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether more may be read from the agent.
    pub fn has_room(&self) -> bool {
        self.waiting.len() < WAITING_EVENTS_MAX && self.bytes < WAITING_BYTES_MAX
    }

    /// Hands on one event, as soon as the log takes one. Nothing is lost when the future is dropped.
    pub async fn send_one(&mut self) {
        let Some(events) = &self.events else { return };
        if let Ok(place) = events.reserve().await {
            if let Some(event) = self.waiting.pop_front() {
                self.bytes -= bytes(&event);
                place.send(event);
            }
            return;
        }
        self.events = None;
        self.waiting.clear();
        self.bytes = 0;
    }

    /// Hands on everything.
    pub async fn send_all(&mut self) {
        while !self.is_empty() {
            self.send_one().await;
        }
    }
}

/// The bytes of text in `event` that an agent can make as many as it likes.
fn bytes(event: &NewEvent) -> usize {
    let text = match &event.body {
        EventBody::AssistantMessageDelta(delta) => delta.delta_content.len(),
        EventBody::AssistantReasoningDelta(delta) => delta.delta_content.len(),
        EventBody::AssistantMessage(message) => message.content.len(),
        EventBody::AssistantReasoning(thought) => thought.content.len(),
        EventBody::ToolExecutionPartialResult(part) => part.partial_output.len(),
        EventBody::ToolExecutionComplete(end) => {
            end.result.as_ref().and_then(|result| result.content.as_ref()).map_or(0, String::len)
        }
        // Everything else is bounded where it is made.
        _ => 0,
    };
    text + event.raw.as_ref().map_or(0, String::len)
}
