//! Events into the document: in order, none twice, none lost. Pure.

use agent_tasks::Event;
use agent_tasks::event::{EventBody, Unknown};
use agent_tasks::paths::stream::number_of;
use session_log::{Applied, LogDocument};

use crate::api::read_json;
use crate::live::SseEvent;

/// Folds events in; `Some` with the last `seq` that is in when what comes next is missing.
pub(super) fn fold(document: &mut LogDocument, events: &[Event]) -> Option<u64> {
    let is_gap = events.iter().any(|event| match document.apply(event) {
        Applied::Gap(_) => true,
        Applied::Taken | Applied::Repeated => false,
    });
    is_gap.then(|| document.last_seq())
}

/// The event, or what came in its place: something that cannot be read is shown, never dropped.
pub(super) fn log_event(event: &SseEvent) -> Event {
    read_json(&event.data).unwrap_or_else(|| Event {
        seq: number_of(&event.id).unwrap_or_default(),
        session_id: agent_tasks::SessionId::default(),
        id: event.id.clone(),
        timestamp: agent_tasks::Timestamp::default(),
        parent_id: None,
        agent_id: None,
        ephemeral: false,
        body: EventBody::Unknown(Unknown { r#type: "unreadable".to_owned(), data: event.data.clone().into() }),
        raw: None,
    })
}

#[cfg(test)]
mod tests {
    use agent_tasks::paths::stream;

    use super::*;

    #[test]
    fn an_event_that_cannot_be_read_keeps_its_place_in_the_log() {
        let event = SseEvent { id: "7".into(), name: stream::EVENT.into(), data: "{broken".into() };
        let shown = log_event(&event);
        assert_eq!((shown.seq, shown.body.type_name()), (7, "unreadable"));
    }

    #[test]
    fn a_gap_is_asked_for_once_and_repeats_are_silent() {
        let numbered =
            |seq| Event { seq, ..log_event(&SseEvent { id: String::new(), name: String::new(), data: String::new() }) };
        let mut document = LogDocument::default();
        assert_eq!(fold(&mut document, &[numbered(1), numbered(2), numbered(2)]), None);
        assert_eq!(fold(&mut document, &[numbered(4), numbered(5)]), Some(2));
        assert_eq!(fold(&mut document, &[numbered(3), numbered(4), numbered(5)]), None);
        assert_eq!(document.last_seq(), 5);
    }
}
