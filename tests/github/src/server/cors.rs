//! What GitHub says to browsers that ask from another origin. It never takes credentials of the browser's own.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::Stage;

/// The request headers that a page may send beside those that every page may.
const ALLOWED: &str = "Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, \
    Accept-Encoding, X-GitHub-OTP, X-Requested-With, User-Agent, GraphQL-Features, X-Github-Next-Global-ID, \
    X-GitHub-Api-Version, X-Fetch-Nonce, Copilot-Integration-Id, DD-CLIENT-TOKEN, X-Client-Application";
const METHODS: &str = "GET, POST, PATCH, PUT, DELETE";
const MAX_AGE_SECONDS: &str = "86400";
/// The answer's headers that a page may read.
const EXPOSED: &str = "ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, \
    X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, \
    X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset";
/// What browsers let every page send.
const ALWAYS_ALLOWED: [&str; 4] = ["accept", "accept-language", "content-language", "range"];

/// What every answer says.
pub fn add_to_answer(headers: &mut HeaderMap) {
    headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    headers.insert("access-control-expose-headers", HeaderValue::from_static(EXPOSED));
}

/// The headers of the answer to a preflight. The browser refuses what is not in them; a page that asks for such a
/// thing is told of too.
pub fn preflight(stage: &Stage, about: &str, asked: &HeaderMap) -> HeaderMap {
    let text = |name: &str| asked.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let method = text("access-control-request-method");
    if !listed(METHODS).any(|allowed| allowed == method) {
        stage.complain(about, &format!("a page may not send {method} to another origin"));
    }
    for name in listed(text("access-control-request-headers")).filter(|name| !name.is_empty()) {
        let is_allowed = listed(ALLOWED).chain(ALWAYS_ALLOWED).any(|allowed| allowed.eq_ignore_ascii_case(name));
        if !is_allowed {
            stage.complain(about, &format!("a page may not send the header '{name}' to GitHub"));
        }
    }
    let mut headers = HeaderMap::new();
    add_to_answer(&mut headers);
    for (name, value) in [
        ("access-control-allow-headers", ALLOWED),
        ("access-control-allow-methods", METHODS),
        ("access-control-max-age", MAX_AGE_SECONDS),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
}

fn listed(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim)
}
