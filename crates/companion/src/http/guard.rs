//! Who may ask at all: exact lists of Host and Origin, on every route, before anything else.
//!
//! A page of another site that points its own name at this machine (DNS rebinding) sends that name as
//! Host; one that just calls this address sends its own Origin. Pages of other hosts that the user has named
//! are guests: they may use the API, and nothing else.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};

use super::{App, answer::Refusal, headers::is_api};
use crate::origin::Origin;

/// The names under which the server may be asked for.
#[derive(Debug, Clone)]
pub struct Hosts {
    hosts: Vec<String>,
    /// Of our own page.
    origins: Vec<String>,
    /// Of pages on other hosts that may use the API.
    guests: Vec<Origin>,
}

impl Hosts {
    /// The names of this machine, with `port`.
    pub fn loopback(port: u16) -> Self {
        let hosts: Vec<String> =
            ["127.0.0.1", "localhost", "[::1]"].iter().map(|name| format!("{name}:{port}")).collect();
        let origins = hosts.iter().map(|host| format!("http://{host}")).collect();
        Self { hosts, origins, guests: Vec::new() }
    }

    /// The same, with these pages as guests.
    pub fn with_guests(mut self, guests: Vec<Origin>) -> Self {
        self.guests = guests;
        self
    }

    /// The pages on other hosts that may use the API.
    pub fn guests(&self) -> &[Origin] {
        &self.guests
    }

    /// The address that people get.
    pub fn address(&self) -> &str {
        self.origins.first().map(String::as_str).unwrap_or_default()
    }

    fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, header::HOST)
            .map_err(|()| Refusal::new(StatusCode::BAD_REQUEST, "the request must name exactly one Host"))?
            .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "the request must name its Host"))?;
        let named = [Some(host), uri.authority().map(axum::http::uri::Authority::as_str)];
        if named.into_iter().flatten().any(|host| self.hosts.iter().all(|known| known != host)) {
            let message = format!("this server answers at {} only", self.address());
            return Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, message));
        }
        match only(headers, header::ORIGIN) {
            Ok(None) => Ok(()),
            Ok(Some(origin)) if self.origins.iter().any(|known| known == origin) => Ok(()),
            Ok(Some(origin)) if is_api(uri.path()) && self.guests.iter().any(|guest| guest.as_str() == origin) => {
                Ok(())
            }
            Ok(Some(_)) | Err(()) => {
                let message = "pages of other sites may not use this server; \
                    its owner can name one with `flightdeck serve --allow-origin`";
                Err(Refusal::new(StatusCode::FORBIDDEN, message))
            }
        }
    }
}

/// The value of a header that may be there once at most.
fn only(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, ()> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(());
    }
    value.to_str().map(Some).map_err(|_| ())
}

/// Refuses what is not on the lists.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Result<Response, Refusal> {
    app.hosts.check(request.uri(), request.headers())?;
    Ok(next.run(request).await)
}

#[cfg(test)]
mod tests {
    use axum::{http::HeaderValue, response::IntoResponse};

    use super::*;

    /// What is not our own page, though some of it looks like it.
    const STRANGE_ORIGINS: [&str; 41] = [
        "",
        "null",
        "NULL",
        "file://",
        "http://127.0.0.1",
        "https://127.0.0.1:4180",
        "http://127.0.0.1:4181",
        "http://127.0.0.1:4180/",
        "http://127.0.0.1:4180.",
        "http://127.0.0.1:41800",
        "HTTP://127.0.0.1:4180",
        "http://LOCALHOST:4180",
        "http://localhost.:4180",
        "http://localhost.evil.test:4180",
        "http://evil.test",
        "http://evil.test:4180",
        "http://127.0.0.1:4180@evil.test",
        "http://evil.test@127.0.0.1:4180",
        "http://127.0.0.1:4180.evil.test",
        "http://127.0.0.1:4180 http://evil.test",
        "http://evil.test, http://127.0.0.1:4180",
        "ws://127.0.0.1:4180",
        "chrome-extension://abc",
        "moz-extension://abc",
        "http://[::ffff:127.0.0.1]:4180",
        "http://2130706433:4180",
        "http://127.1:4180",
        "127.0.0.1:4180",
        "//127.0.0.1:4180",
        "http:127.0.0.1:4180",
        "http://127.0.0.1:4180#",
        "http://127.0.0.1:4180?",
        "blob:http://127.0.0.1:4180",
        "http://lоcalhost:4180",
        "http://0.0.0.0:4180",
        "http://127.0.0.1:04180",
        " http://127.0.0.1:4180",
        "http://127.0.0.1:4180\t",
        "data:",
        "about:blank",
        "http://127.0.0.1:",
    ];

    fn check(hosts: &[&str], origins: &[&str]) -> u16 {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
        }
        for origin in origins {
            headers.append(header::ORIGIN, HeaderValue::from_bytes(origin.as_bytes()).unwrap());
        }
        status(&Hosts::loopback(4180), "/", &headers)
    }

    fn status(hosts: &Hosts, path: &'static str, headers: &HeaderMap) -> u16 {
        match hosts.check(&Uri::from_static(path), headers) {
            Ok(()) => 200,
            Err(refusal) => refusal.into_response().status().as_u16(),
        }
    }

    #[test]
    fn only_this_machine_s_own_names_are_hosts() {
        for host in ["127.0.0.1:4180", "localhost:4180", "[::1]:4180"] {
            assert_eq!(check(&[host], &[]), 200, "{host}");
        }
        for host in [
            "",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:4181",
            "127.0.0.1:04180",
            "127.0.0.1:4180.",
            "127.0.0.1:4180 ",
            "127.0.0.1.:4180",
            "127.0.0.2:4180",
            "127.1:4180",
            "2130706433:4180",
            "0x7f000001:4180",
            "0177.0.0.1:4180",
            "0.0.0.0:4180",
            "[::]:4180",
            "[::ffff:127.0.0.1]:4180",
            "[0:0:0:0:0:0:0:1]:4180",
            "::1:4180",
            "LOCALHOST:4180",
            "localhost.:4180",
            "localhost",
            "localhost:4180:4180",
            "localhost:4180,evil.test",
            "evil.test",
            "evil.test:4180",
            "localhost.evil.test:4180",
            "evil-localhost:4180",
            "127.0.0.1:4180@evil.test",
            "evil.test@127.0.0.1:4180",
            "127.0.0.1:4180/",
            "127.0.0.1:4180#",
            "127.0.0.1:4180?",
            "http://127.0.0.1:4180",
            "lоcalhost:4180",
            "xn--lcalhost:4180",
            "127.0.0.1.nip.io:4180",
            "localtest.me:4180",
            "127.0.0.1%00:4180",
            "localhost%3a4180",
            "local host:4180",
        ] {
            assert!(matches!(check(&[host], &[]), 400 | 421), "{host}");
        }
        assert_eq!(check(&[], &[]), 400);
        assert_eq!(check(&["127.0.0.1:4180", "127.0.0.1:4180"], &[]), 400);
    }

    #[test]
    fn only_our_own_page_is_an_origin() {
        for origin in ["http://127.0.0.1:4180", "http://localhost:4180", "http://[::1]:4180"] {
            assert_eq!(check(&["localhost:4180"], &[origin]), 200, "{origin}");
        }
        for origin in STRANGE_ORIGINS {
            assert_eq!(check(&["127.0.0.1:4180"], &[origin]), 403, "{origin}");
        }
        assert_eq!(check(&["localhost:4180"], &["http://localhost:4180", "http://localhost:4180"]), 403);
    }
    #[test]
    fn a_guest_may_use_the_api_and_makes_no_stranger_welcome() {
        let guests = ["https://deck.example.org", "http://127.0.0.1:4182", "https://deck.example.org:8443"];
        let hosts = Hosts::loopback(4180).with_guests(guests.map(|guest| guest.parse().unwrap()).into());
        let ask = |host: &str, path: &'static str, origins: &[&str]| {
            let mut headers = HeaderMap::new();
            headers.append(header::HOST, host.parse().unwrap());
            for origin in origins {
                headers.append(header::ORIGIN, HeaderValue::from_bytes(origin.as_bytes()).unwrap());
            }
            status(&hosts, path, &headers)
        };
        for guest in guests {
            assert_eq!(ask("127.0.0.1:4180", "/api/user", &[guest]), 200, "{guest}");
            assert_eq!(ask("127.0.0.1:4180", "/api", &[guest]), 200, "{guest}");
            assert_eq!(ask("127.0.0.1:4180", "/", &[guest]), 403, "{guest}: the page");
            assert_eq!(ask("127.0.0.1:4180", "/config.json", &[guest]), 403, "{guest}: the page's presets");
            assert_eq!(ask("127.0.0.1:4180", "/apis", &[guest]), 403, "{guest}");
            assert_eq!(ask("deck.example.org", "/api/user", &[guest]), 421, "{guest}: the host comes first");
            assert_eq!(ask("127.0.0.1:4180", "/api/user", &[guest, guest]), 403, "{guest} twice");
        }
        let near = [
            "http://deck.example.org",
            "https://deck.example.org/",
            "https://deck.example.org:443",
            "https://deck.example.org:844",
            "https://deck.example.org:84430",
            "https://deck.example.org.",
            "https://deck.example.org.evil.test",
            "https://evil.test/https://deck.example.org",
            "https://deck.example.org@evil.test",
            "https://evil-deck.example.org",
            "https://x.deck.example.org",
            "https://example.org",
            "https://DECK.example.org",
            "https://deck.example.org https://evil.test",
            "https://deck.example.org, https://deck.example.org",
            "http://localhost:4182",
            "http://[::1]:4182",
            "https://127.0.0.1:4182",
        ];
        for origin in near.into_iter().chain(STRANGE_ORIGINS) {
            assert_eq!(ask("127.0.0.1:4180", "/api/user", &[origin]), 403, "{origin}");
        }
    }
}
