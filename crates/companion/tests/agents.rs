//! Whole runs with real processes: the rehearsal agent plays, the companion watches.

#![expect(clippy::unwrap_used, reason = "everything here is a test")]

#[path = "agents/garbage.rs"]
mod garbage;
#[path = "agents/harness.rs"]
mod harness;
#[path = "agents/left.rs"]
mod left;
#[path = "agents/pause.rs"]
mod pause;
#[path = "agents/stop.rs"]
mod stop;
#[path = "agents/turn.rs"]
mod turn;
