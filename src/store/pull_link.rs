//! The address of a pull request: a link only if it is one, exactly.

/// A pull request on GitHub, parsed from an address that a server told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullLink {
    /// `https://github.com/<owner>/<repo>/pull/<number>`.
    pub address: String,
    /// The number that people use.
    pub number: u64,
}

impl PullLink {
    /// Reads `https://github.com/<owner>/<repo>/pull/<number>`; anything else is no link.
    pub fn parse(address: &str) -> Option<Self> {
        let mut parts = address.strip_prefix("https://github.com/")?.split('/');
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
        assert_eq!(PullLink::parse("https://github.com/o/r.js/pull/42").map(|link| link.number), Some(42));
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
            assert_eq!(PullLink::parse(other), None, "{other}");
        }
    }
}
