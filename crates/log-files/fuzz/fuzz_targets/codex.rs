//! Lines after one of Codex.
#![no_main]

#[path = "check.rs"]
mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| check::check(
    concat!(r#"{"timestamp":"2026-01-01T00:00:00Z","type":"session_meta","payload":{"id":"a","cwd":"/w"}}"#, "\n"),
    input.0,
    input.1
));
