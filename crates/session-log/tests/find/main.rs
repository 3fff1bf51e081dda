//! Find, as its readers see it: what is shown is found, whatever is open, however the log arrives and however
//! the work is sliced.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod cuts;
mod kept;
mod naive;
mod shown;
mod slices;
mod told;

use agent_tasks::Event;
use serde_json::{Value, json};
use session_log::{Applied, FindOptions, Finder, Hit, HitPart, LogDocument, Query};

pub type Told = (&'static str, Value);

pub fn apply(document: &mut LogDocument, (kind, payload): &Told) {
    let seq = document.last_seq() + 1;
    let event: Event = serde_json::from_value(json!({
        "seq": seq, "session_id": "s1", "id": seq.to_string(), "timestamp": "2026-01-01T00:00:00Z", "type": kind, "data": payload,
    }))
    .unwrap();
    assert_eq!(document.apply(&event), Applied::Taken);
}

pub fn fold(events: &[Told]) -> LogDocument {
    let mut document = LogDocument::default();
    events.iter().for_each(|told| apply(&mut document, told));
    document
}

pub fn output(id: &str, text: &str, replace: bool) -> Told {
    ("tool.execution_partial_result", json!({"toolCallId": id, "partialOutput": text, "replace": replace}))
}

pub fn finder(text: &str, options: FindOptions) -> Finder {
    Finder::new(Query::new(text, options).unwrap())
}

pub fn found(document: &LogDocument, text: &str, options: FindOptions) -> Vec<Hit> {
    let mut finder = finder(text, options);
    assert!(finder.advance(document, usize::MAX).is_done);
    finder.hits().to_vec()
}

pub fn parts(hits: &[Hit]) -> Vec<(usize, HitPart, u32)> {
    hits.iter().map(|hit| (hit.step, hit.part, hit.from)).collect()
}

pub const ANY: FindOptions = FindOptions { is_case_sensitive: false, is_whole_word: false, is_regex: false };
