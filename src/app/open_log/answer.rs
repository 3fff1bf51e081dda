//! Asks a server for what is wanted of a log.

use agent_tasks::{Event, EventQuery, OutlineQuery, OutlineWindow};
use session_log::{Want, WantedEvents};

use super::Whose;
use crate::api::Failure;

/// What a server answered.
pub(super) enum Answer {
    /// A part of the outline.
    Steps(Box<OutlineWindow>),
    /// All events that were wanted.
    Events(Vec<Event>),
}

/// Asks for `want`, which is answered by the events `wanted`, or by an outline.
pub(super) async fn ask(whose: &Whose, want: &Want, wanted: Option<WantedEvents>) -> Result<Answer, Failure> {
    let Whose { client, id, .. } = whose;
    if let Want::Steps { first, count } = *want {
        let (first, limit) = (Some(first as u32), Some(count as u32));
        let window = client.outline(id, &OutlineQuery { first, limit, ..OutlineQuery::default() }).await?;
        return Ok(Answer::Steps(Box::new(window)));
    }
    let mut events: Vec<Event> = Vec::new();
    let Some(WantedEvents { from, to, facts, of }) = wanted else { return Ok(Answer::Events(events)) };
    let (session_id, of) = of.unzip();
    let before = Some(to + 1);
    let mut query = EventQuery { before, facts: Some(facts), session_id, of, ..EventQuery::default() };
    let mut after = from.saturating_sub(1);
    // A window ends early where it is large, or where much was looked through.
    while after < to {
        query.after = Some(after);
        let window = client.events(id, &query).await?;
        let last = window.events.last().map(|event| event.seq);
        let Some(upto) = window.upto.max(last).filter(|&upto| upto > after) else { break };
        after = upto;
        events.extend(window.events);
    }
    Ok(Answer::Events(events))
}
