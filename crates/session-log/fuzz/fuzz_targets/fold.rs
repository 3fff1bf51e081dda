//! Any events, told twice, over gaps and again from anywhere: the same document as told once in order.
#![no_main]

use agent_tasks::Event;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use session_log::{Applied, LogDocument};

fn event(seq: usize, (kind, id, text): &(u8, u8, &str)) -> Event {
    let id = (id % 3).to_string();
    let (kind, data): (&str, Value) = match kind % 12 {
        0 => ("assistant.message_delta", json!({"messageId": id, "deltaContent": text})),
        1 => ("assistant.message", json!({"messageId": id, "content": text})),
        2 => ("assistant.reasoning_delta", json!({"reasoningId": id, "deltaContent": text})),
        3 => ("tool.execution_start", json!({"toolCallId": id, "kind": "execute", "command": text})),
        4 => ("tool.execution_partial_result", json!({"toolCallId": id, "partialOutput": text})),
        5 => ("tool.execution_partial_result", json!({"toolCallId": id, "partialOutput": text, "replace": true})),
        6 => ("tool.execution_complete", json!({"toolCallId": id, "success": text.is_empty()})),
        7 => ("user.message", json!({"content": text})),
        8 => ("session.shutdown", json!({"shutdownType": "routine"})),
        9 => ("permission.requested", json!({"requestId": id, "permissionRequest": {"kind": text}, "options": []})),
        10 => ("abort", json!({"reason": text})),
        _ => (text, json!({"a": text})),
    };
    serde_json::from_value(json!({
        "seq": seq + 1, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": data,
    }))
    .expect("written above")
}

fn shown(document: &LogDocument) -> Vec<String> {
    let steps = (0..document.steps()).filter_map(|index| document.step(index));
    steps.map(|step| format!("{:?} {:?} {:?}", step.kind, step.state, document.text(&step.text))).collect()
}

fuzz_target!(|input: (Vec<(u8, u8, &str)>, Vec<u8>)| {
    let (said, order) = input;
    let events: Vec<Event> = said.iter().enumerate().map(|(index, said)| event(index, said)).collect();
    let mut whole = LogDocument::default();
    for event in &events {
        assert_eq!(whole.apply(event), Applied::Taken);
    }
    let mut document = LogDocument::default();
    let told = order.iter().filter_map(|place| events.get(usize::from(*place)));
    for event in told.chain(&events) {
        let before = document.last_seq();
        let expected = match event.seq {
            seq if seq <= before => "repeated",
            seq if seq == before + 1 => "taken",
            _ => "gap",
        };
        let applied = match document.apply(event) {
            Applied::Taken => "taken",
            Applied::Repeated => "repeated",
            Applied::Gap(_) => "gap",
        };
        assert_eq!(applied, expected);
    }
    assert_eq!(shown(&document), shown(&whole));
});
