//! What the companion is told by its TOML file: launch profiles and limits. Reads no environment.

use serde::Deserialize;

use crate::agents::Profile;

/// The configuration file. Everything has a default; unknown keys are refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Launch profiles of the user's own. One with the id of a built-in profile takes its place.
    pub agent: Vec<Profile>,
    /// The limits.
    pub limits: Limits,
}

/// The companion's limits.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Sessions that run at once; the rest are queued in order.
    pub running: usize,
    /// Bytes of the longest line that an agent may send; a longer one ends the session.
    pub line_bytes: usize,
    /// Seconds from a stop to SIGKILL: the agent has most of them to end by itself.
    pub stop_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { running: 8, line_bytes: 16 * 1024 * 1024, stop_seconds: 4 }
    }
}
