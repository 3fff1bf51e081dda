//! How a page gets its token without anyone typing it.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// The longest time a pairing code is good for, in seconds.
pub const PAIRING_SECONDS: u64 = 300;
/// The key of the fragment of a link that carries a pairing code: `#pair=CODE`.
pub const PAIRING_FRAGMENT: &str = "pair";

/// The body that trades a single-use pairing code for a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewPairing {
    /// The code from the link.
    pub code: String,
}

/// The token that a pairing gave. It is told once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PairedToken {
    /// The bearer token.
    pub token: String,
    /// The label under which it can be revoked.
    pub label: String,
}
