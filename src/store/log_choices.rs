//! How a reader likes logs; kept on the device.

use serde::{Deserialize, Serialize};

/// How a reader likes logs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LogChoices {
    /// Whether the outline stands beside the log.
    pub has_outline: bool,
}
