//! Where a server is and which edition of the API it speaks. Pure: an address is text that was checked.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// Which edition of the API a server speaks. Only the page's client asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// A companion's: it tells its capabilities.
    Companion,
    /// GitHub's public one: its capabilities are known.
    Github,
}

/// The address of a server's API, checked: `http` or `https`, a host, a path without a slash at its end.
///
/// Plain `http` is for this machine only: a token must not cross a network in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServerAddress {
    base: String,
    /// Which edition of the API is spoken there.
    pub edition: Edition,
}

/// Why a text is no server's address: a fragment that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressProblem {
    /// There is no host in it, or one with characters that a host cannot have.
    NoHost,
    /// It carries a user name, a query or a fragment.
    NotPlain,
    /// It would send the token over a network in the clear.
    NotSecure,
}

impl std::fmt::Display for AddressProblem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::NoHost => "this is no address; write one like https://github.example.com or 127.0.0.1:4180",
            Self::NotPlain => "the address may not carry a user name, a query or a fragment; write host and path only",
            Self::NotSecure => "only a server on this machine may be reached without https; write https://",
        })
    }
}

impl std::error::Error for AddressProblem {}

/// GitHub.com's API.
const GITHUB_BASE: &str = "https://api.github.com";
/// Where a GitHub Enterprise Server has its API.
const ENTERPRISE_PATH: &str = "/api/v3";
/// The domain of GitHub Enterprise Cloud with data residency: `api.` stands before a customer's name.
const ENTERPRISE_CLOUD: &str = ".ghe.com";

impl ServerAddress {
    /// GitHub.com.
    pub fn github() -> Self {
        Self { base: GITHUB_BASE.to_owned(), edition: Edition::Github }
    }

    /// The base that a preset or a link names, as it is.
    pub fn of_base(base: &str, edition: Edition) -> Result<Self, AddressProblem> {
        let (scheme, rest) = split_scheme(base).ok_or(AddressProblem::NoHost)?;
        checked(scheme, rest).map(|base| Self { base, edition })
    }

    /// The base that a link names; one that does not end as a companion's is taken for a GitHub's.
    pub fn of_link(base: &str) -> Result<Self, AddressProblem> {
        let is_companion = base.trim_end_matches('/').ends_with(crate::paths::COMPANION_BASE);
        Self::of_base(base, if is_companion { Edition::Companion } else { Edition::Github })
    }

    /// The GitHub host that a person named: `github.com`, `acme.ghe.com`, `https://github.example.com`.
    pub fn of_github_host(text: &str) -> Result<Self, AddressProblem> {
        let (scheme, host) = typed(text)?;
        let base = match host.as_str() {
            "github.com" | "www.github.com" | "api.github.com" => return Ok(Self::github()),
            host if host.ends_with(ENTERPRISE_CLOUD) && !host.starts_with("api.") => format!("{scheme}api.{host}"),
            host if host.ends_with(ENTERPRISE_CLOUD) => format!("{scheme}{host}"),
            host => format!("{scheme}{host}{ENTERPRISE_PATH}"),
        };
        Self::of_base(&base, Edition::Github)
    }

    /// The companion that a person named: `127.0.0.1:4180`, `localhost:4180`, `https://agents.example.com`.
    pub fn of_companion_host(text: &str) -> Result<Self, AddressProblem> {
        let (scheme, host) = typed(text)?;
        Self::of_base(&format!("{scheme}{host}{}", crate::paths::COMPANION_BASE), Edition::Companion)
    }

    /// The base of every path, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        let after_scheme = self.base.find("://").map_or(0, |at| at + 3);
        let end = self.base[after_scheme..].find('/').map_or(self.base.len(), |at| after_scheme + at);
        &self.base[..end]
    }

    /// Host and port: the short name of the server.
    pub fn host(&self) -> &str {
        let origin = self.origin();
        origin.split_once("://").map_or(origin, |(_, host)| host)
    }

    /// Whether the server is on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    /// The origin of the pages for people that belong to this API: `https://github.com` for GitHub's.
    pub fn web_origin(&self) -> String {
        let origin = self.origin();
        match origin.strip_prefix("https://api.") {
            Some(host) => format!("https://{host}"),
            None => origin.to_owned(),
        }
    }
}

/// Scheme (with `://`) and host of what a person typed; a path is passed over.
fn typed(text: &str) -> Result<(&'static str, String), AddressProblem> {
    let text = text.trim();
    let (scheme, rest) = match split_scheme(text) {
        Some(parts) => parts,
        None if text.contains("://") => return Err(AddressProblem::NoHost),
        None if is_loopback(text.split('/').next().unwrap_or_default()) => ("http://", text),
        None => ("https://", text),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') {
        return Err(AddressProblem::NotPlain);
    }
    Ok((scheme, host.to_ascii_lowercase()))
}

fn split_scheme(text: &str) -> Option<(&'static str, &str)> {
    ["https://", "http://"].into_iter().find_map(|scheme| text.strip_prefix(scheme).map(|rest| (scheme, rest)))
}

/// The base, where host and path are what they should be.
fn checked(scheme: &str, rest: &str) -> Result<String, AddressProblem> {
    let rest = rest.trim_end_matches('/');
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    if rest.contains(['@', '?', '#', '\\']) {
        return Err(AddressProblem::NotPlain);
    }
    let is_path_char = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    if !is_host(host) || !path.bytes().all(is_path_char) || path.contains("/..") || path.contains("//") {
        return Err(AddressProblem::NoHost);
    }
    if scheme == "http://" && !is_loopback(host) {
        return Err(AddressProblem::NotSecure);
    }
    Ok(format!("{scheme}{}{path}", host.to_ascii_lowercase()))
}

fn is_host(host: &str) -> bool {
    let (name, port) = split_port(host);
    let is_name_char = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_address =
        |inner: &str| !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    let is_name = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(inner) => is_address(inner),
        None => !name.is_empty() && name.bytes().all(is_name_char) && !name.starts_with('.') && !name.contains(".."),
    };
    is_name && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn split_port(host: &str) -> (&str, Option<&str>) {
    let name_end = host.rfind(']').map_or(0, |at| at + 1);
    match host[name_end..].find(':') {
        Some(at) => (&host[..name_end + at], Some(&host[name_end + at + 1..])),
        None => (host, None),
    }
}

fn is_loopback(host: &str) -> bool {
    let name = split_port(host).0.to_ascii_lowercase();
    matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_becomes_a_base() {
        let check = |parse: fn(&str) -> Result<ServerAddress, AddressProblem>, text: &str, base: &str| {
            assert_eq!(parse(text).as_ref().map(ServerAddress::base), Ok(base), "{text}");
        };
        for text in ["github.com", " https://github.com/ ", "api.github.com", "GitHub.com/copilot"] {
            check(ServerAddress::of_github_host, text, "https://api.github.com");
        }
        check(ServerAddress::of_github_host, "ghe.example.com", "https://ghe.example.com/api/v3");
        check(ServerAddress::of_github_host, "https://ghe.example.com:8443/x", "https://ghe.example.com:8443/api/v3");
        check(ServerAddress::of_github_host, "acme.ghe.com", "https://api.acme.ghe.com");
        check(ServerAddress::of_github_host, "https://api.acme.ghe.com/", "https://api.acme.ghe.com");
        check(ServerAddress::of_github_host, "http://127.0.0.1:9", "http://127.0.0.1:9/api/v3");
        check(ServerAddress::of_companion_host, "127.0.0.1:4180", "http://127.0.0.1:4180/api");
        check(ServerAddress::of_companion_host, "http://localhost:4180/#/tasks/1", "http://localhost:4180/api");
        check(ServerAddress::of_companion_host, "agents.example.com", "https://agents.example.com/api");
        check(ServerAddress::of_companion_host, "[::1]:4180", "http://[::1]:4180/api");
    }

    #[test]
    fn a_link_tells_the_edition_by_its_end() {
        for (base, edition) in [
            ("https://api.github.com", Edition::Github),
            ("https://ghe.example.com/api/v3", Edition::Github),
            ("http://127.0.0.1:4180/api/", Edition::Companion),
        ] {
            assert_eq!(ServerAddress::of_link(base).map(|address| address.edition), Ok(edition), "{base}");
        }
    }

    #[test]
    fn what_is_no_plain_secure_address_is_refused() {
        let check = |text: &str, problem| {
            assert_eq!(ServerAddress::of_base(text, Edition::Companion), Err(problem), "{text}");
        };
        for text in ["", "https://", "ftp://a", "//a", "javascript:alert(1)", "https://a b", "https://a:99999/api"] {
            check(text, AddressProblem::NoHost);
        }
        for text in ["https://exa mple.com", "https://gıthub.com", "https://a/../b", "https://a//b", "https://.a"] {
            check(text, AddressProblem::NoHost);
        }
        for text in ["https://api.github.com@evil.test", "https://a/?b", "https://a/#b", "https://a\\b"] {
            check(text, AddressProblem::NotPlain);
        }
        for text in ["http://example.com", "http://127.0.0.1.evil.test", "http://localhost.evil.test/api"] {
            check(text, AddressProblem::NotSecure);
        }
    }

    #[test]
    fn an_address_knows_its_parts() {
        let github = ServerAddress::github();
        assert_eq!((github.host(), github.web_origin().as_str()), ("api.github.com", "https://github.com"));
        let own = ServerAddress::of_base("http://127.0.0.1:4180/api", Edition::Companion).unwrap();
        assert_eq!((own.origin(), own.host(), own.is_loopback()), ("http://127.0.0.1:4180", "127.0.0.1:4180", true));
        let enterprise = ServerAddress::of_github_host("ghe.example.com").unwrap();
        assert_eq!((enterprise.web_origin().as_str(), enterprise.is_loopback()), ("https://ghe.example.com", false));
    }
}
