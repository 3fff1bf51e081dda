//! Lines after one of Claude Code.
#![no_main]

#[path = "check.rs"]
mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| check::check(
    concat!(r#"{"type":"user","uuid":"u","sessionId":"s","message":{"role":"user","content":"a"}}"#, "\n"),
    input.0,
    input.1
));
