//! What browsers ask before a page of another host may use the API, and what they must be told with each
//! answer. The guard has let in only pages that the user has named.
//!
//! Chrome asks people, not servers, before a page may reach this machine (Local Network Access); the header
//! of its earlier scheme (Private Network Access) is answered where it is still asked for.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::CorsLayer;

use super::guard::Hosts;

/// How long a browser may keep what it was told before a request.
const PREFLIGHT_LIFETIME: Duration = Duration::from_secs(600);
const METHODS: [Method; 2] = [Method::GET, Method::POST];
const REQUEST_HEADERS: [HeaderName; 7] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::ACCEPT,
    header::IF_NONE_MATCH,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("last-event-id"),
    HeaderName::from_static("x-github-api-version"),
];
/// What the page may read of an answer besides its body. The names are those that GitHub exposes, `Date`, and
/// the name of a file.
const ANSWER_HEADERS: [HeaderName; 13] = [
    header::CONTENT_DISPOSITION,
    header::DATE,
    header::ETAG,
    header::LINK,
    header::LOCATION,
    header::RETRY_AFTER,
    HeaderName::from_static("x-ratelimit-limit"),
    HeaderName::from_static("x-ratelimit-remaining"),
    HeaderName::from_static("x-ratelimit-reset"),
    HeaderName::from_static("x-ratelimit-resource"),
    HeaderName::from_static("x-ratelimit-used"),
    HeaderName::from_static("x-poll-interval"),
    HeaderName::from_static("x-github-request-id"),
];

/// For the guests of `hosts`; `None` when there are none. Never with credentials: a page brings its token.
pub fn for_guests(hosts: &Hosts) -> Option<CorsLayer> {
    let guests: Vec<HeaderValue> =
        hosts.guests().iter().filter_map(|guest| HeaderValue::from_str(guest.as_str()).ok()).collect();
    let layer = CorsLayer::new()
        .allow_methods(METHODS)
        .allow_headers(REQUEST_HEADERS)
        .allow_private_network(true)
        .expose_headers(ANSWER_HEADERS)
        .max_age(PREFLIGHT_LIFETIME)
        .vary([header::ORIGIN]);
    (!guests.is_empty()).then(|| layer.allow_origin(guests))
}
