//! The invariants of the README as tests: what must never be named where. Each check is a function from
//! sources to complaints, and each has a test that feeds it a violation.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod arrows;
mod colours;
mod contrast;
mod map;
mod rule;
mod shape;
mod sinks;
mod source;

use source::Source;

/// Fails with every complaint.
fn see_none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// A source that never was on disk.
fn planted(path: &str, text: &str) -> Vec<Source> {
    vec![Source { path: path.into(), text: text.into() }]
}
