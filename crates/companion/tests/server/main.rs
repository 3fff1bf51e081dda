//! The companion through its API: real git, real SQLite, and an agent that does what the test says.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should panic")]

mod boundary;
mod downloads;
mod events;
mod guests;
mod harness;
mod outlines;
mod pause;
mod queue;
mod ready_made;
mod restart;
mod resume;
mod searches;
mod steering;
mod streams;
mod tasks;
mod truth;
mod windows;
