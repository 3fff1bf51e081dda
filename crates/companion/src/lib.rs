//! The companion: serves the page and the Agent tasks API on your own machine, and runs any agent that
//! speaks the Agent Client Protocol (ACP).
//!
//! `cli` → `serve` → [`http`] → [`tasks`] (the domain) → [`log`] (SQLite), [`agents`] (processes), [`git`]; what readers
//! ask of a log is [`derived`] from it: `http`, `tasks` → `derived` → `log`.

pub mod access;
pub mod agents;
pub mod cli;
pub mod clock;
pub mod config;
pub mod derived;
pub mod folder;
pub mod git;
pub mod http;
pub mod log;
pub mod origin;
pub mod serve;
pub mod server;
pub mod tasks;

pub use http::{App, app};
pub use server::{ConnectionLimits, run};
