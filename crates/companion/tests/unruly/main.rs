//! Agents that misbehave in every way there is, against the real program: whatever they do, Stop leaves no
//! process, the state is told as it is, other sessions answer meanwhile, and the companion's memory does not grow.
//!
//! The long form plays every mode for longer; `UNRULY_ONLY=WORDS` plays the modes whose name holds these words.

#![expect(clippy::unwrap_used, reason = "everything here is a test")]

mod companion;
mod kill;
mod many;
mod measure;
mod modes;
mod processes;
mod stops;
mod table;

/// Held by a test that measures: another one beside it would be measured too.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
