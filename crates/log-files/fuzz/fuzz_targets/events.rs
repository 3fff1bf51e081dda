//! Lines after one that is an event.
#![no_main]

#[path = "check.rs"]
mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| check::check(
    concat!(
        r#"{"seq":1,"id":"a","timestamp":"2026-01-01T00:00:00Z","type":"user.message","data":{"content":"a"}}"#,
        "\n"
    ),
    input.0,
    input.1
));
