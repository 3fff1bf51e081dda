//! What outlives a reload. Every access may fail (private mode, full, switched off) and then counts as
//! empty: the page works on from memory.

use web_sys::Storage;

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// As long as the tab.
    Tab,
    /// Until it is removed.
    Device,
}

/// The prompt that is being written; of the tab, so that two tabs do not overwrite each other.
pub(super) const DRAFT_KEY: &str = "flightdeck.draft";
/// The pickers' last values.
pub(super) const CHOICES_KEY: &str = "flightdeck.choices";
/// The connections that a person added; without their tokens.
pub(super) const CONNECTIONS_KEY: &str = "flightdeck.connections";
/// What the keys of tokens start with.
const TOKEN_PREFIX: &str = "flightdeck.token:";

/// The key of the token for the server at `base`; a token is never used for another.
pub(super) fn token_key(base: &str) -> String {
    format!("{TOKEN_PREFIX}{base}")
}

/// The base of the server whose token has this key.
pub(super) fn base_of_token_key(key: &str) -> Option<&str> {
    key.strip_prefix(TOKEN_PREFIX)
}

/// What is kept under `key`.
pub(super) fn read(keep: Keep, key: &str) -> Option<String> {
    storage(keep)?.get_item(key).ok()?
}

/// Keeps `text` under `key`, if it can be kept.
pub(super) fn write(keep: Keep, key: &str, text: &str) {
    if let Some(storage) = storage(keep) {
        let _ = storage.set_item(key, text);
    }
}

/// Forgets what is kept under `key`.
pub(super) fn remove(keep: Keep, key: &str) {
    if let Some(storage) = storage(keep) {
        let _ = storage.remove_item(key);
    }
}

fn storage(keep: Keep) -> Option<Storage> {
    let window = web_sys::window()?;
    match keep {
        Keep::Tab => window.session_storage().ok()?,
        Keep::Device => window.local_storage().ok()?,
    }
}
