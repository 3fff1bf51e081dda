//! What the page's host offers: the file `config.json` beside the page.

use agent_tasks::PagePresets;
use agent_tasks::presets::PRESETS_FILE;

use super::request;

/// Reads the presets. A host without the file, or with one that cannot be read, offers nothing.
pub async fn presets() -> PagePresets {
    request::get_plain(PRESETS_FILE).await.and_then(|answer| answer.read()).unwrap_or_default()
}
