//! Addresses that a server told: a link only if they lead to that server's own pages. Pure.

/// The address, if it is below `web_origin`, encrypted, and holds nothing that a browser would read another way.
pub fn web_link(address: &str, web_origin: &str) -> Option<String> {
    let path = address.strip_prefix(web_origin)?.strip_prefix('/')?;
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (web_origin.starts_with("https://") && is_plain).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_servers_own_pages_are_linked() {
        let link = |address| web_link(address, "https://github.com").is_some();
        assert!(link("https://github.com/o/r/actions/runs/1?pr=2#a"));
        for other in [
            "https://github.com",
            "https://github.com.evil.test/o",
            "https://github.com@evil.test/o",
            "http://github.com/o",
            "https://evil.test/https://github.com/o",
            "https://github.com/o\t/r",
            "https://github.com/\\evil.test",
            "javascript:alert(1)",
            "",
        ] {
            assert!(!link(other), "{other}");
        }
        assert_eq!(web_link("http://127.0.0.1:1/o", "http://127.0.0.1:1"), None);
        assert_eq!(web_link("/o", ""), None);
    }
}
