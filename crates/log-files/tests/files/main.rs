//! Log files of every kind, opened.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod chunks;
mod common;
mod kinds;
