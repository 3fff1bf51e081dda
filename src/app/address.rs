//! The address bar: the pairing code that a link may carry, and what the page's own host is. A token is never
//! in it, and a server that it names is not contacted before its user says so.

use agent_tasks::pairing::PAIRING_FRAGMENT;

/// Hosts whose accounts share one origin among all of their pages.
const SHARED_HOSTS: [&str; 2] = [".github.io", ".gitlab.io"];

/// Takes the pairing code out of the address bar: from here on it is in no history and no request.
pub(super) fn take_pairing_code() -> Option<String> {
    let window = web_sys::window()?;
    let location = window.location();
    let code = pairing_code(&location.hash().ok()?)?.to_owned();
    let path = location.pathname().ok()? + &location.search().ok()?;
    window.history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)).ok()?;
    Some(code)
}

/// The origin that the page came from.
pub(super) fn own_origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Whether other people's pages, or other projects of the same account, may have the page's origin: what is
/// stored or said there can be read by them.
pub(super) fn is_shared_origin() -> bool {
    let location = web_sys::window().map(|window| window.location());
    location.is_some_and(|location| {
        let (host, path) = (location.hostname().unwrap_or_default(), location.pathname().unwrap_or_default());
        is_shared(&host, &path)
    })
}

fn is_shared(host: &str, path: &str) -> bool {
    SHARED_HOSTS.iter().any(|shared| host.ends_with(shared)) && path.matches('/').count() > 1
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

    #[test]
    fn a_project_page_of_an_account_shares_its_origin() {
        for (host, path, shared) in [
            ("me.github.io", "/flightdeck/", true),
            ("me.github.io", "/flightdeck/index.html", true),
            ("me.github.io", "/", false),
            ("group.gitlab.io", "/a/b/", true),
            ("agents.example.com", "/a/b/", false),
            ("github.io.evil.test", "/a/", false),
        ] {
            assert_eq!(is_shared(host, path), shared, "{host}{path}");
        }
    }
}
