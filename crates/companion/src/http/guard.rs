//! Who may ask at all: exact lists of Host and Origin, on every route, before anything else.
//!
//! A page of another site that points its own name at this machine (DNS rebinding) sends that name as
//! Host; one that just calls this address sends its own Origin.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};

use super::{App, answer::Refusal};

/// The names under which the server may be asked for.
#[derive(Debug, Clone)]
pub struct Hosts {
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl Hosts {
    /// The names of this machine, with `port`.
    pub fn loopback(port: u16) -> Self {
        let hosts: Vec<String> =
            ["127.0.0.1", "localhost", "[::1]"].iter().map(|name| format!("{name}:{port}")).collect();
        let origins = hosts.iter().map(|host| format!("http://{host}")).collect();
        Self { hosts, origins }
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
            Ok(Some(_)) | Err(()) => {
                Err(Refusal::new(StatusCode::FORBIDDEN, "pages of other sites may not use this server"))
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

    fn check(hosts: &[&str], origins: &[&str]) -> u16 {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
        }
        for origin in origins {
            headers.append(header::ORIGIN, HeaderValue::from_bytes(origin.as_bytes()).unwrap());
        }
        match Hosts::loopback(4180).check(&Uri::from_static("/"), &headers) {
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
        for origin in [
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
        ] {
            assert_eq!(check(&["127.0.0.1:4180"], &[origin]), 403, "{origin}");
        }
        assert_eq!(check(&["localhost:4180"], &["http://localhost:4180", "http://localhost:4180"]), 403);
    }
}
