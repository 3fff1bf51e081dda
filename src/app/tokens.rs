//! Where tokens are kept: in the tab or on the device, each under its server. What one tab keeps is never taken
//! away by another that holds a different one.

use super::storage::{self, Keep, token_key};
use crate::connections::NewToken;

/// The token that is kept for the server at `base`; the tab's own comes first.
pub(super) fn kept(base: &str) -> Option<NewToken> {
    let of = |keep, is_remembered| Some(NewToken { token: read(keep, base)?, is_remembered });
    of(Keep::Tab, false).or_else(|| of(Keep::Device, true))
}

/// Keeps a token in one place, never in both, and tells how it is kept: where the browser keeps nothing for the
/// device, it goes with the tab.
pub(super) fn keep(base: &str, given: NewToken) -> NewToken {
    let key = token_key(base);
    if given.is_remembered {
        storage::write(Keep::Device, &key, &given.token);
    } else {
        drop_from(Keep::Device, base, &given.token);
    }
    let is_remembered = given.is_remembered && is_remembered(base, &given.token);
    if is_remembered {
        storage::remove(Keep::Tab, &key);
    } else {
        storage::write(Keep::Tab, &key, &given.token);
    }
    NewToken { is_remembered, ..given }
}

/// Takes this token out of where it is kept. One that came later stays.
pub(super) fn drop_token(base: &str, token: &str) {
    drop_from(Keep::Tab, base, token);
    drop_from(Keep::Device, base, token);
}

/// Takes out whatever is kept for the server at `base`: a person wants it gone.
pub(super) fn forget(base: &str) {
    storage::remove(Keep::Tab, &token_key(base));
    storage::remove(Keep::Device, &token_key(base));
}

/// Whether the device keeps this token.
pub(super) fn is_remembered(base: &str, token: &str) -> bool {
    read(Keep::Device, base).as_deref() == Some(token)
}

fn drop_from(keep: Keep, base: &str, token: &str) {
    if read(keep, base).as_deref() == Some(token) {
        storage::remove(keep, &token_key(base));
    }
}

fn read(keep: Keep, base: &str) -> Option<String> {
    storage::read(keep, &token_key(base)).filter(|token| !token.is_empty())
}
