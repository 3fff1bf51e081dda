//! The stand-in answers as GitHub describes itself, and tells whatever is not allowed.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod answers;
mod browsers;
mod cancelling;
mod client;
mod faults;
mod graphql;
mod lists;
mod strictness;
