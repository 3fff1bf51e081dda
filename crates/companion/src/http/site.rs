//! What the companion's own page is told beside its files: its policy, and the connections it starts with.

use agent_tasks::{
    paths::COMPANION_BASE,
    presets::{PagePresets, Preset},
    server::Edition,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use hosting::Policy;

use super::App;
use crate::origin::Origin;

/// What a machine without a name is called.
const NAMELESS: &str = "This machine";

/// The companion's own page, but for its files.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its content security policy.
    pub policy: HeaderValue,
    /// The connections that it starts with: this companion.
    pub presets: PagePresets,
}

impl Site {
    /// A page that may also talk to `connect`, of a companion on the machine called `name`.
    pub fn new(connect: &[Origin], name: &str) -> Self {
        let policy =
            connect.iter().fold(Policy::of_companion(), |policy, origin| policy.connecting_to(origin.as_str()));
        let policy = HeaderValue::from_str(&policy.to_string()).expect("origins and the policy file are plain text");
        let name = if name.trim().is_empty() { NAMELESS } else { name.trim() };
        let own = Preset { name: name.into(), base: COMPANION_BASE.into(), edition: Edition::Companion };
        Self { policy, presets: PagePresets { connections: vec![own] } }
    }
}

/// `GET /config.json`
pub async fn presets(State(app): State<App>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], Json(app.site.presets.clone()))
}
