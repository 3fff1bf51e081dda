//! A request as the stand-in understands it.

use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderMap, Method},
};
use serde_json::Value;

/// Where a GitHub Enterprise Server has its REST API.
pub const ENTERPRISE_REST: &str = "/api/v3";
/// Where it has GraphQL.
const ENTERPRISE_GRAPHQL: &str = "/api/graphql";
/// Where GitHub has GraphQL.
const GRAPHQL_PATH: &str = "/graphql";
/// The largest body that is read, in bytes.
const BODY_BYTES_MAX: usize = 1 << 20;

/// A request.
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The path without the query, and without what an Enterprise Server puts before it.
    pub path: String,
    /// Names and values, without percent encoding.
    pub query: Vec<(String, String)>,
    /// All headers.
    pub headers: HeaderMap,
    /// The bytes of the body.
    pub bytes: Vec<u8>,
    /// Where the client finds the API, such as `http://127.0.0.1:4000/api/v3`.
    pub base: String,
}

impl Asked {
    /// Reads a request.
    pub async fn read(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default().to_vec();
        let whole = parts.uri.path();
        let (path, prefix) = match whole.strip_prefix(ENTERPRISE_REST) {
            _ if whole == ENTERPRISE_GRAPHQL => (GRAPHQL_PATH, ""),
            Some(path) if path.starts_with('/') => (path, ENTERPRISE_REST),
            Some(_) | None => (whole, ""),
        };
        let host = parts.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
        let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let (path, base) = (path.to_owned(), format!("http://{host}{prefix}"));
        Self { method: parts.method, path, query, base, headers: parts.headers, bytes }
    }

    /// Whether it is for GraphQL.
    pub fn is_graphql(&self) -> bool {
        self.path == GRAPHQL_PATH
    }

    /// A header's text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON: none where there is no body, an error where it is not JSON.
    pub fn json(&self) -> Result<Option<Value>, serde_json::Error> {
        if self.bytes.is_empty() { Ok(None) } else { serde_json::from_slice(&self.bytes).map(Some) }
    }

    /// The first value of a parameter of the query.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The request in a few words, for complaints.
    pub fn in_words(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
