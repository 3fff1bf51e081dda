//! Whatever an agent says as JSON becomes events that can be written, read again and folded.
#![no_main]

use std::path::Path;

use acp_events::Translator;
use agent_tasks::{Event, EventBody, SessionId, Timestamp};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use session_log::{Applied, LogDocument};

fuzz_target!(|input: &str| {
    let mut translator = Translator::new(Path::new("/w"));
    let mut events = Vec::new();
    for line in input.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        match message["method"].as_str() {
            Some("session/request_permission") => events.extend(translator.ask("r", &message["params"], line).0),
            Some("stop") => translator.begin_stop(),
            Some("end") => events.extend(translator.end_turn(&message)),
            Some(_) => events.extend(translator.update(&message["params"]["update"], line)),
            None => events.extend(translator.update(&message, line)),
        }
    }
    events.extend(translator.end());
    let mut document = LogDocument::default();
    for (seq, event) in (1..).zip(events) {
        let data = event.body.data_json().expect("an event is JSON");
        let read = serde_json::from_str(&data).expect("and can be read");
        let body = EventBody::from_parts(event.body.type_name(), read);
        let event = Event {
            seq,
            session_id: SessionId("s".into()),
            id: seq.to_string(),
            timestamp: Timestamp::default(),
            parent_id: None,
            agent_id: None,
            ephemeral: event.ephemeral,
            body,
            raw: event.raw,
        };
        assert_eq!(document.apply(&event), Applied::Taken);
    }
});
