//! What every form for a token stands on: where the page is from, what its host and the browser allow.

use agent_tasks::{Permission, ServerAddress};
use leptos::prelude::*;

use crate::store::LocalAccess;

/// Whether a token may outlive the tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It may, if its owner wants that.
    Allowed,
    /// It may not: the page shares its origin with strangers' pages, which could read what is stored.
    SharedOrigin,
}

/// What the forms share.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Whether a token may outlive the tab.
    pub keeping: Keeping,
    /// Whether the page may ask servers on this machine.
    pub local_access: Signal<LocalAccess>,
    /// The permissions that a token for a server needs.
    pub needed: fn(&ServerAddress) -> Vec<Permission>,
    /// Scheme, host and port of this page.
    pub page_origin: StoredValue<String>,
}

impl Entry {
    /// The forms of a page at `page_origin`; of this page when that is empty.
    pub fn new(
        keeping: Keeping,
        local_access: Signal<LocalAccess>,
        needed: fn(&ServerAddress) -> Vec<Permission>,
        page_origin: String,
    ) -> Self {
        let page_origin = if page_origin.is_empty() { location().origin().unwrap_or_default() } else { page_origin };
        Self { keeping, local_access, needed, page_origin: StoredValue::new(page_origin) }
    }
}
