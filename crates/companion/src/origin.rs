//! Origins that the user names: of pages that may use the API, and of servers that the page may talk to.

use std::{fmt, str::FromStr};

use serde::Deserialize;
use url::{Host, Url};

/// An origin exactly as browsers write it: `https://deck.example.org`, `http://127.0.0.1:4181`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(String);

/// Why a text is no origin.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// It is another way to write this one, or an address below it.
    #[error("'{0}' is not written as browsers write an origin; write {1}")]
    OtherwiseWritten(String, String),
    /// It is none at all.
    #[error(
        "'{0}' is no origin; name one as scheme://host or scheme://host:port, without a path and without wildcards, \
         like https://deck.example.org"
    )]
    NoOrigin(String),
}

impl Origin {
    /// As browsers send it in the `Origin` header.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the host is an IPv6 address, which no content security policy can name.
    pub fn is_ipv6(&self) -> bool {
        self.0.contains("://[")
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let no_origin = || OriginError::NoOrigin(text.to_owned());
        let url = Url::parse(text).map_err(|_| no_origin())?;
        let is_plain_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        };
        let is_host = match url.host() {
            Some(Host::Domain(name)) => is_plain_name(name),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
            None => false,
        };
        let has_user = !url.username().is_empty() || url.password().is_some();
        if !matches!(url.scheme(), "http" | "https") || !is_host || has_user {
            return Err(no_origin());
        }
        let written = url.origin().ascii_serialization();
        if written == text { Ok(Self(written)) } else { Err(OriginError::OtherwiseWritten(text.to_owned(), written)) }
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        text.parse()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken_only_as_browsers_write_it() {
        for text in [
            "https://deck.example.org",
            "https://deck.example.org:8443",
            "http://localhost:8080",
            "http://127.0.0.1:4181",
            "http://[::1]:4181",
            "https://xn--bcher-kva.example",
        ] {
            assert_eq!(text.parse::<Origin>().map(|origin| origin.to_string()), Ok(text.to_owned()));
        }
        for (text, right) in [
            ("https://deck.example.org/", "https://deck.example.org"),
            ("https://deck.example.org/flightdeck/", "https://deck.example.org"),
            ("https://deck.example.org?x", "https://deck.example.org"),
            ("https://deck.example.org#x", "https://deck.example.org"),
            ("https://Deck.Example.org", "https://deck.example.org"),
            ("HTTPS://deck.example.org", "https://deck.example.org"),
            ("https://deck.example.org:443", "https://deck.example.org"),
            ("http://localhost:80", "http://localhost"),
            ("http://127.1:4181", "http://127.0.0.1:4181"),
            ("http://[0:0:0:0:0:0:0:1]:4181", "http://[::1]:4181"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            (" https://deck.example.org", "https://deck.example.org"),
            ("https:deck.example.org", "https://deck.example.org"),
            ("https:\\\\deck.example.org", "https://deck.example.org"),
        ] {
            let expected = OriginError::OtherwiseWritten(text.into(), right.into());
            assert_eq!(text.parse::<Origin>(), Err(expected));
        }
    }

    #[test]
    fn what_is_no_origin_of_a_page_is_refused() {
        for text in [
            "",
            "null",
            "*",
            "https://*",
            "https://*.example.org",
            "https://deck.example.org:*",
            "deck.example.org",
            "//deck.example.org",
            "localhost:8080",
            "file:///",
            "ws://127.0.0.1:4181",
            "data:,x",
            "blob:https://deck.example.org/1",
            "chrome-extension://abc",
            "https://user@deck.example.org",
            "https://user:pass@deck.example.org",
            "https://a;script-src",
            "https://a,b",
            "https://a'b",
            "https://a b",
            "https://a,https://b",
            "https://my_host",
            "https://deck.example.org:99999",
            "https://deck.example.org https://evil.test",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(OriginError::NoOrigin(text.into())));
        }
    }
}
