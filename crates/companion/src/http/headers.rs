//! The headers that every answer carries.

use agent_tasks::paths::COMPANION_BASE;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::App;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const JSON_IN_UTF_8: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Adds them. What a handler has set itself stays.
pub async fn harden(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if headers.get(header::CONTENT_TYPE) == Some(&JSON) {
        headers.insert(header::CONTENT_TYPE, JSON_IN_UTF_8);
    }
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    let is_for_a_guest = headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let readers = if is_for_a_guest { "cross-origin" } else { "same-origin" };
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), readers);
    if is_api {
        set(headers, header::CACHE_CONTROL, "no-store");
        set(headers, header::VARY, "Origin");
    } else {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| app.site.policy.clone());
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
