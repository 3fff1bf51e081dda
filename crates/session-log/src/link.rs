//! Which addresses from an agent may become links.

/// An address that may be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub href: String,
    /// Where it leads: the host, or the mail address.
    pub place: String,
}

/// The link that `address` makes: `https`, `http` or `mailto`, to a plain host. Everything else is text.
pub fn link(address: &str) -> Option<Link> {
    if address.chars().any(|char| char.is_whitespace() || char == '\\' || crate::visible::is_hidden(char)) {
        return None;
    }
    let (scheme, rest) = address.split_once(':')?;
    let place = if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") {
        let rest = rest.strip_prefix("//")?;
        let host = rest.split(['/', '?', '#']).next()?;
        // User information and look-alike letters disguise where a link leads.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
        (!host.is_empty() && host.bytes().all(is_plain) && !host.contains("xn--")).then_some(host)?
    } else if scheme.eq_ignore_ascii_case("mailto") {
        rest.split('?').next().filter(|mail| !mail.is_empty())?
    } else {
        return None;
    };
    Some(Link { href: address.to_owned(), place: place.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_and_mail_addresses_become_links() {
        for (address, place) in [
            ("https://example.com/a?b#c", "example.com"),
            ("HTTP://localhost:8080", "localhost:8080"),
            ("mailto:a@example.com?subject=x", "a@example.com"),
        ] {
            assert_eq!(link(address).map(|link| link.place).as_deref(), Some(place));
        }
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "java\tscript:alert(1)",
            " https://a.test",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://a.test/1",
            "//a.test",
            "/etc/passwd",
            "#x",
            "https:a.test",
            "https://",
            "https://github.com@evil.test/",
            "https://gıthub.com",
            "https://xn--gthub-2ub.com",
            "https:\\\\a.test",
            "https://a.test\\@b.test",
            "https://a\u{202e}.test",
            "mailto:",
            "",
        ] {
            assert_eq!(link(address), None, "{address:?}");
        }
    }
}
