//! The address bar: the page's own origin, and the pairing code that a link may carry. A server's address is
//! never taken from a link.

use agent_tasks::pairing::PAIRING_FRAGMENT;
use agent_tasks::paths::COMPANION_BASE;

/// The base of the API: the origin that the page came from.
pub(super) fn own_base() -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    format!("{origin}{COMPANION_BASE}")
}

/// Takes the pairing code out of the address bar: from here on it is in no history and no request.
pub(super) fn take_pairing_code() -> Option<String> {
    let window = web_sys::window()?;
    let location = window.location();
    let code = pairing_code(&location.hash().ok()?)?.to_owned();
    let path = location.pathname().ok()? + &location.search().ok()?;
    window.history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)).ok()?;
    Some(code)
}

/// The code of `#pair=CODE`.
fn pairing_code(hash: &str) -> Option<&str> {
    let code = hash.strip_prefix('#')?.strip_prefix(PAIRING_FRAGMENT)?.strip_prefix('=')?;
    (!code.is_empty()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pairing_fragment_carries_a_code() {
        assert_eq!(pairing_code("#pair=ab-12"), Some("ab-12"));
        for other in ["", "#", "#pair", "#pair=", "#server=http://evil.test", "?pair=x"] {
            assert_eq!(pairing_code(other), None, "{other}");
        }
    }
}
