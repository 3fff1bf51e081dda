//! The headers that every answer carries.

use agent_tasks::paths::COMPANION_BASE;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// What the page may load and do. One file for every way the page is served.
pub const CSP: &str = include_str!("../../csp.txt");

/// Adds them. What a handler has set itself stays.
pub async fn harden(request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if is_api {
        set(headers, header::CACHE_CONTROL, "no-store");
    } else {
        set(headers, header::CONTENT_SECURITY_POLICY, CSP.trim());
    }
    response
}

/// Whether `path` belongs to the API.
pub fn is_api(path: &str) -> bool {
    path.strip_prefix(COMPANION_BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
