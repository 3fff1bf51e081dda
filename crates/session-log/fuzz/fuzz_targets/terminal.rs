//! Output of any kind, in any two chunks: the same lines, and nothing in them that moves a cursor.
#![no_main]

use agent_tasks::Event;
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use session_log::LogDocument;

fuzz_target!(|input: (&str, usize)| {
    let (text, at) = input;
    let at = text.floor_char_boundary(at % (text.len() + 1));
    let shown = |chunks: &[&str]| {
        let mut document = LogDocument::default();
        for chunk in chunks {
            let event: Event = serde_json::from_value(json!({
                "seq": document.last_seq() + 1, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z",
                "type": "tool.execution_partial_result", "data": {"toolCallId": "t", "partialOutput": chunk},
            }))
            .expect("written above");
            document.apply(&event);
        }
        let text = &document.step(1).expect("the tool call").text;
        (0..text.lines()).map(|line| document.line(text, line)).collect::<Vec<_>>()
    };
    let lines = shown(&[text]);
    assert_eq!(lines, shown(&[&text[..at], &text[at..]]));
    for span in lines.iter().flatten() {
        assert!(!span.text.chars().any(|char| char.is_control() && char != '\t'));
    }
});
