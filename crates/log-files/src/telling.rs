//! What was read so far, and the events that were made of it.

use agent_tasks::event::{EventBody, SessionInfo, ToolError, ToolExecutionComplete, Unknown};
use agent_tasks::{Event, SessionId, Timestamp};
use serde_json::Value;

use crate::FileKind;

/// The word for lines that are shown as they are.
const AS_IT_IS: &str = "not understood";

/// What is known of a file that is being read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Its kind, once it was recognised.
    pub kind: Option<FileKind>,
    /// Bytes read.
    pub bytes: u64,
    /// Lines read.
    pub lines: u64,
    /// Lines, or parts of lines, that were not understood and are shown as they are.
    pub not_understood: u64,
    /// Places that were no UTF-8 and show a replacement character.
    pub replaced: u64,
    /// Thoughts that the agent keeps encrypted.
    pub encrypted: u64,
    /// The session's title, where the file tells one.
    pub title: Option<String>,
}

/// Numbers events and hands them on.
#[derive(Debug, Default)]
pub struct Telling {
    /// What is known of the file.
    pub told: Told,
    /// The session that the next events belong to.
    pub session: SessionId,
    /// The moment of the next events: that of the line, or of the one before.
    pub moment: Timestamp,
    /// The sub-agent that the next events come from.
    pub agent: Option<String>,
    events: Vec<Event>,
    seq: u64,
}

impl Telling {
    /// Nothing is read; what tells no moment happened at `moment`.
    pub fn new(moment: Timestamp) -> Self {
        Self { moment, ..Self::default() }
    }

    /// The line says when it was written.
    pub fn happened(&mut self, moment: &Value) {
        if let Some(moment) = moment.as_str().and_then(Timestamp::parse) {
            self.moment = moment;
        }
    }

    /// Tells something.
    pub fn tell(&mut self, body: impl Into<EventBody>) {
        self.seq += 1;
        self.events.push(Event {
            seq: self.seq,
            session_id: self.session.clone(),
            id: self.seq.to_string(),
            timestamp: self.moment,
            parent_id: None,
            agent_id: self.agent.clone(),
            ephemeral: false,
            body: body.into(),
            raw: None,
        });
    }

    /// Hands on an event that was one already.
    pub fn pass(&mut self, event: Event) {
        self.seq += 1;
        self.moment = event.timestamp;
        self.events.push(Event { seq: self.seq, raw: None, ..event });
    }

    /// Tells something worth knowing.
    pub fn info(&mut self, word: &str, message: impl Into<String>) {
        self.tell(SessionInfo { info_type: word.to_owned(), message: message.into(), url: None });
    }

    /// Tells what an agent notes for itself, in one line.
    pub fn note(&mut self, word: &str, json: &Value) {
        self.info(word, json.to_string());
    }

    /// Shows a line that is no JSON.
    pub fn line_as_it_is(&mut self, line: &str) {
        self.told.not_understood += 1;
        self.info(AS_IT_IS, line);
    }

    /// Shows JSON that was not understood; `word` says what it calls itself.
    pub fn json_as_it_is(&mut self, word: &str, json: Value) {
        self.told.not_understood += 1;
        let word = if word.is_empty() { AS_IT_IS } else { word };
        self.tell(EventBody::Unknown(Unknown { r#type: word.to_owned(), data: json }));
    }

    /// The file ends before a call did.
    pub fn cut_off(&mut self, call: String) {
        let error = ToolError { message: "the file ends before this did".into(), code: Some("cancelled".into()) };
        self.tell(ToolExecutionComplete { tool_call_id: call, success: false, result: None, error: Some(error) });
    }

    /// What was told since the last time.
    pub fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}
