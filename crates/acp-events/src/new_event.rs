//! What a message says, not yet numbered.

use agent_tasks::EventBody;

/// Something that an agent tells, not yet numbered.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// What happened.
    pub body: EventBody,
    /// Whether a later event says the same whole.
    pub ephemeral: bool,
    /// The message as the agent sent it, where one message made this event.
    pub raw: Option<String>,
}

impl NewEvent {
    /// An event that stays.
    pub fn lasting(body: impl Into<EventBody>) -> Self {
        Self { body: body.into(), ephemeral: false, raw: None }
    }

    /// An event whose content a later one says whole.
    pub fn passing(body: impl Into<EventBody>) -> Self {
        Self { body: body.into(), ephemeral: true, raw: None }
    }
}
