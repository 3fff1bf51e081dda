//! The companion: serves the page and the Agent tasks API on your own machine, and runs any agent that
//! speaks the Agent Client Protocol (ACP).

pub mod agents;
pub mod config;
pub mod git;
