//! The address bar: the pairing code that a link may carry, and what the page's own host is. A token is never
//! in it, and a server that it names is not contacted before its user says so.

use agent_tasks::pairing::PAIRING_FRAGMENT;

/// Domains on which an account has one origin for its own page and those of all its projects.
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
/// stored or said there can be read by them. Where below the origin the page itself is makes no difference.
pub(super) fn is_shared_origin() -> bool {
    web_sys::window().and_then(|window| window.location().hostname().ok()).is_some_and(|host| is_shared(&host))
}

fn is_shared(host: &str) -> bool {
    SHARED_HOSTS.iter().any(|shared| host.ends_with(shared))
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
    fn all_pages_of_an_account_share_its_origin() {
        for (host, shared) in [
            ("me.github.io", true),
            ("group.gitlab.io", true),
            ("agents.example.com", false),
            ("github.io.evil.test", false),
            ("notgithub.io", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(is_shared(host), shared, "{host}");
        }
    }
}
