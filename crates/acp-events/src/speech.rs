//! Messages and thoughts: chunks that belong together, told as deltas and whole at their end. Some agents
//! name the message of a chunk, others leave it to the order.

use std::collections::BTreeSet;

use agent_tasks::event::{AssistantMessage, AssistantMessageDelta, AssistantReasoning, AssistantReasoningDelta};

use super::NewEvent;

/// A longer message is told in parts: none is held in memory without bound. In bytes.
const PART_BYTES_MAX: usize = 1024 * 1024;

/// When so many names are remembered, they are forgotten.
const NAMES_MAX: usize = 20_000;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The agent, to people.
    Message,
    /// The agent, to itself.
    Thought,
}

/// What is being said.
#[derive(Default)]
pub struct Speech {
    current: Option<Current>,
    /// The names given so far.
    used: BTreeSet<String>,
    count: usize,
}

struct Current {
    voice: Voice,
    /// The agent's name for it.
    agent_id: Option<String>,
    /// The name in events: an agent may use its own again.
    id: String,
    text: String,
}

impl Speech {
    /// More is said.
    pub fn say(&mut self, voice: Voice, agent_id: Option<&str>, text: &str) -> Vec<NewEvent> {
        let goes_on = self.current.as_ref().is_some_and(|current| {
            current.voice == voice && current.agent_id.as_deref() == agent_id && current.text.len() < PART_BYTES_MAX
        });
        let mut events = if goes_on { vec![] } else { self.end() };
        let mut current = match self.current.take() {
            Some(current) => current,
            None => self.begin(voice, agent_id),
        };
        // Some agents begin with empty lines.
        let text = if current.text.is_empty() { text.trim_start_matches(['\r', '\n']) } else { text };
        if !text.is_empty() {
            current.text.push_str(text);
            events.push(current.delta(text));
        }
        self.current = Some(current);
        events
    }

    /// It is said: the whole of it, unless it was nothing.
    pub fn end(&mut self) -> Vec<NewEvent> {
        let said = self.current.take().filter(|current| !current.text.is_empty());
        said.map(Current::whole).into_iter().collect()
    }

    fn begin(&mut self, voice: Voice, agent_id: Option<&str>) -> Current {
        self.count += 1;
        let wanted = agent_id.filter(|id| !id.is_empty() && !self.used.contains(*id));
        let id = wanted.map_or_else(|| format!("{}#{}", agent_id.unwrap_or("part"), self.count), ToOwned::to_owned);
        if self.used.len() == NAMES_MAX {
            self.used.clear();
        }
        self.used.insert(id.clone());
        Current { voice, agent_id: agent_id.map(ToOwned::to_owned), id, text: String::new() }
    }
}

impl Current {
    fn delta(&self, text: &str) -> NewEvent {
        let (id, text) = (self.id.clone(), text.to_owned());
        match self.voice {
            Voice::Message => NewEvent::passing(AssistantMessageDelta { message_id: id, delta_content: text }),
            Voice::Thought => NewEvent::passing(AssistantReasoningDelta { reasoning_id: id, delta_content: text }),
        }
    }

    fn whole(self) -> NewEvent {
        match self.voice {
            Voice::Message => NewEvent::lasting(AssistantMessage {
                message_id: self.id,
                content: self.text,
                ..AssistantMessage::default()
            }),
            Voice::Thought => NewEvent::lasting(AssistantReasoning { reasoning_id: self.id, content: self.text }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::EventBody;

    fn told(events: &[NewEvent]) -> Vec<String> {
        let line = |event: &NewEvent| match &event.body {
            EventBody::AssistantMessageDelta(it) => format!("{}+{}", it.message_id, it.delta_content),
            EventBody::AssistantMessage(it) => format!("{}={}", it.message_id, it.content),
            EventBody::AssistantReasoningDelta(it) => format!("({}+{})", it.reasoning_id, it.delta_content),
            EventBody::AssistantReasoning(it) => format!("({}={})", it.reasoning_id, it.content),
            other => panic!("{other:?}"),
        };
        events.iter().map(line).collect()
    }

    #[test]
    fn chunks_are_grouped_by_name_and_by_order() {
        let mut speech = Speech::default();
        let mut events = vec![];
        for (voice, id, text) in [
            (Voice::Thought, Some("t"), "\n\n"),
            (Voice::Thought, Some("t"), "hm"),
            (Voice::Message, None, "a"),
            (Voice::Message, None, "b"),
            (Voice::Message, Some("m"), "c"),
        ] {
            events.extend(speech.say(voice, id, text));
        }
        events.extend(speech.end());
        events.extend(speech.say(Voice::Message, Some("m"), "after a tool"));
        events.extend(speech.end());
        assert_eq!(
            told(&events),
            [
                "(t+hm)",
                "(t=hm)",
                "part#2+a",
                "part#2+b",
                "part#2=ab",
                "m+c",
                "m=c",
                "m#4+after a tool",
                "m#4=after a tool"
            ]
        );
        assert!(speech.end().is_empty());
    }

    #[test]
    fn a_message_without_end_is_told_in_parts() {
        let mut speech = Speech::default();
        let chunk = "x".repeat(PART_BYTES_MAX / 2);
        let events: Vec<_> = (0..4).flat_map(|_| speech.say(Voice::Message, None, &chunk)).collect();
        assert_eq!(events.iter().filter(|event| !event.ephemeral).count(), 1);
    }
}
