//! A file of any kind, from its first byte.
#![no_main]

#[path = "check.rs"]
mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| check::check("", input.0, input.1));
