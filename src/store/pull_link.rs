//! The address of a pull request: a link only if it is one, exactly.

/// A pull request, parsed from an address that a server told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullLink {
    /// `https://<host>/<owner>/<repo>/pull/<number>`.
    pub address: String,
    /// The number that people use.
    pub number: u64,
}

impl PullLink {
    /// Reads `<origin>/<owner>/<repo>/pull/<number>` below GitHub.com or below `web_origin`, the pages of the
    /// server that told the address; anything else is no link.
    pub fn parse(address: &str, web_origin: &str) -> Option<Self> {
        let below = |origin: &str| address.strip_prefix(origin)?.strip_prefix('/');
        let mut parts = below("https://github.com").or_else(|| below(web_origin))?.split('/');
        let (owner, repo, pull, number) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_exact = is_name(owner) && is_name(repo) && pull == "pull" && parts.next().is_none();
        let is_number = number.len() <= 12 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if !is_exact || !is_number {
            return None;
        }
        Some(Self { address: address.to_owned(), number: number.parse().ok()? })
    }
}

/// Whether `text` can be an owner or a repository at GitHub; excludes `.` and `..`.
fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.bytes().all(allowed) && text.bytes().any(|byte| byte != b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pull_request_on_github_is_a_link() {
        assert_eq!(PullLink::parse("https://github.com/o/r.js/pull/42", "").map(|link| link.number), Some(42));
        let enterprise = "https://ghe.example.com/o/r/pull/7";
        assert_eq!(PullLink::parse(enterprise, "https://ghe.example.com").map(|link| link.number), Some(7));
        assert_eq!(PullLink::parse(enterprise, "https://github.com"), None);
        for other in [
            "http://github.com/o/r/pull/42",
            "https://github.com@evil.test/o/r/pull/42",
            "https://github.com.evil.test/o/r/pull/42",
            "https://gıthub.com/o/r/pull/42",
            "https://github.com/o/r/pull/42/files",
            "https://github.com/o/r/pull/",
            "https://github.com/o/r/pull/4x",
            "https://github.com/o/r/pull/+4",
            "https://github.com/o/r/issues/42",
            "https://github.com/../r/pull/42",
            "https://github.com/o/r\t/pull/42",
            "https://github.com//r/pull/42",
            "javascript:alert(1)//https://github.com/o/r/pull/42",
            " https://github.com/o/r/pull/42",
        ] {
            assert_eq!(PullLink::parse(other, "https://ghe.example.com"), None, "{other}");
        }
    }
}
