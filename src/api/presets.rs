//! What the page's host offers: the file `config.json` beside the page.

use agent_tasks::PagePresets;
use agent_tasks::presets::PRESETS_FILE;
use gloo_net::http::Method;

use super::request::{self, Call};

/// Reads the presets as they are now. A host without the file, or with one that cannot be read, offers nothing.
pub async fn presets() -> PagePresets {
    let call = Call { method: Method::GET, url: PRESETS_FILE, token: None, headers: &[], body: None };
    let reply = request::send(call).await.and_then(request::Reply::success);
    reply.and_then(|reply| reply.read()).unwrap_or_default()
}
