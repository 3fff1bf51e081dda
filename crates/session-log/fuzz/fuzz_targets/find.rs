//! Any query in any log: found in slices while the log grows, and found at once, are the same.
#![no_main]

use agent_tasks::Event;
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use session_log::{FindOptions, Finder, LogDocument, Query};

fuzz_target!(|input: (&str, u8, Vec<(&str, u8)>)| {
    let (text, flags, chunks) = input;
    let options = FindOptions {
        is_case_sensitive: flags & 1 > 0,
        is_whole_word: flags & 2 > 0,
        is_regex: flags & 4 > 0,
    };
    let Ok(query) = Query::new(text, options) else { return };
    let mut document = LogDocument::default();
    let mut sliced = Finder::new(query.clone());
    for (chunk, how) in chunks {
        let (kind, data) = match how % 4 {
            0 => ("assistant.message_delta", json!({"messageId": "m", "deltaContent": chunk})),
            1 => ("user.message", json!({"content": chunk})),
            how => ("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": chunk, "replace": how == 3})),
        };
        let event: Event = serde_json::from_value(json!({
            "seq": document.last_seq() + 1, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z",
            "type": kind, "data": data,
        }))
        .expect("written above");
        document.apply(&event);
        sliced.advance(&document, usize::from(how) * 8);
    }
    while !sliced.advance(&document, 256).is_done {}
    let mut at_once = Finder::new(query);
    at_once.advance(&document, usize::MAX);
    assert_eq!(sliced.hits(), at_once.hits());
    for hit in at_once.hits() {
        assert!(hit.excerpt(&document, 20).is_some_and(|excerpt| !excerpt.hit.is_empty()));
    }
});
