//! The connections that a host gives its visitors: the file `config.json` beside the page.

use serde::{Deserialize, Serialize};

use crate::{FromJson, server::Edition};

/// The name of the file, beside the page's `index.html`.
pub const PRESETS_FILE: &str = "config.json";

/// What `config.json` says. It never carries a token; a field of that name is not read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[serde(default)]
pub struct PagePresets {
    /// The connections to offer, in order.
    pub connections: Vec<Preset>,
}

/// A connection that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Preset {
    /// For people.
    pub name: String,
    /// Where the API is: absolute, or a path of the page's own origin (`/api`).
    pub base: String,
    /// Which edition of the API is spoken there.
    pub edition: Edition,
}
