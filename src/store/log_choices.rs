//! How a reader likes logs; kept on the device.

use serde::{Deserialize, Serialize};

/// How a reader likes logs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LogChoices {
    /// Whether the outline stands beside the log.
    pub has_outline: bool,
    /// Whether case matters in find.
    pub find_case: bool,
    /// Whether find finds whole words only.
    pub find_word: bool,
    /// Whether find takes regular expressions.
    pub find_regex: bool,
}
