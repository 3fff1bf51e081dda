//! The events that answer a want.

use agent_tasks::SessionId;

use super::Want;
use crate::{LogDocument, StepKind};

/// Which events answer a want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedEvents {
    /// The `seq` of the first event.
    pub from: u64,
    /// The `seq` of the last event.
    pub to: u64,
    /// Whether parts of texts are left out.
    pub facts: bool,
    /// The session and the identifier that they name; all events of the range where the step has none.
    pub of: Option<(SessionId, String)>,
}

impl LogDocument {
    /// Which events answer a want; `None` where it is answered by an outline. Between the first and the last event of a
    /// step there may be any number of others: they are not asked for.
    pub fn wanted_events(&self, want: &Want) -> Option<WantedEvents> {
        let (step, from, to, is_facts) = match *want {
            Want::Steps { .. } => return None,
            Want::Facts { step, from, to } => (step, from, to, true),
            Want::Text { step, from, to } => (step, from, to, false),
        };
        let step = self.step(step)?;
        let has_parts = matches!(step.kind, StepKind::Reasoning | StepKind::Message | StepKind::Tool(_));
        let of = step.id.as_deref().map(str::to_owned);
        let of = self.session_of(step).cloned().zip(of);
        Some(WantedEvents { from, to, facts: is_facts || !has_parts, of })
    }
}
