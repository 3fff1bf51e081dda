//! Pages of other hosts that the user has named, and what browsers ask on their behalf.

use agent_tasks::{ApiError, paths};
use axum::{
    body::Body,
    http::{HeaderMap, Request, header},
    response::Response,
};
use serde_json::{Value, json};

use crate::harness::{Server, body};

const GUEST: &str = "https://deck.example.org";
const OTHER_COMPANION: &str = "http://127.0.0.1:4182";

async fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with_guests(folder.path(), 1, &[GUEST, OTHER_COMPANION]).await;
    (folder, server)
}

fn preflight(path: &str, origin: &str) -> axum::http::request::Builder {
    Request::options(path)
        .header(header::HOST, "127.0.0.1:4180")
        .header(header::ORIGIN, origin)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type,idempotency-key")
}

/// The words of a header that lists them.
fn words(fields: &HeaderMap, name: &str) -> Vec<String> {
    let values = fields.get_all(name).iter().map(|value| value.to_str().unwrap());
    values.flat_map(|value| value.split(',')).map(|word| word.trim().to_ascii_lowercase()).collect()
}

fn see_guest(response: &Response, origin: &str, what: &str) {
    let fields = response.headers();
    assert_eq!(fields[header::ACCESS_CONTROL_ALLOW_ORIGIN], origin, "{what}");
    assert!(!fields.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "{what}");
    assert!(words(fields, "vary").contains(&"origin".into()), "{what}");
    assert_eq!(fields["cross-origin-resource-policy"], "cross-origin", "{what}");
}

#[tokio::test]
async fn a_browser_that_asks_for_a_guest_is_told_what_it_may_send() {
    let (_folder, server) = server().await;
    for origin in [GUEST, OTHER_COMPANION] {
        for path in ["/api/agents/pairings", "/api/agents/tasks", "/api/agents/repos/local/sample/tasks"] {
            let response = server.send(preflight(path, origin).body(Body::empty()).unwrap()).await;
            assert!(response.status().is_success(), "{path}");
            see_guest(&response, origin, path);
            let fields = response.headers();
            assert_eq!(words(fields, "access-control-allow-methods"), ["get", "post"]);
            let allowed = words(fields, "access-control-allow-headers");
            for name in [
                "authorization",
                "content-type",
                "accept",
                "if-none-match",
                "idempotency-key",
                "last-event-id",
                "x-github-api-version",
            ] {
                assert!(allowed.contains(&name.into()), "{name} in {allowed:?}");
            }
            assert!(!fields.contains_key("access-control-allow-private-network"), "it was not asked for");
        }
    }
    let asks = preflight("/api/user", GUEST).header("access-control-request-private-network", "true");
    let response = server.send(asks.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["access-control-allow-private-network"], "true");
}

#[tokio::test]
async fn a_guest_reads_answers_and_refusals_alike() {
    let (_folder, server) = server().await;
    let tasks = format!("/api{}", paths::repo_tasks("local", "sample"));
    let right = format!("Bearer {}", server.token);
    for (method, path, token, text, status) in [
        ("GET", "/api/user", &*right, "", 200),
        ("GET", "/api/agents/tasks", &right, "", 200),
        ("POST", &tasks, &right, r#"{"prompt": "Greet"}"#, 201),
        ("POST", &tasks, &right, "{", 400),
        ("GET", "/api/user", "", "", 401),
        ("GET", "/api/user", "Bearer wrong", "", 401),
        ("GET", "/api/agents/tasks/0193", &right, "", 404),
        ("GET", "/api/nope", &right, "", 404),
        ("PUT", "/api/user", &right, "", 405),
        ("POST", &tasks, &right, "{}", 422),
        ("POST", "/api/agents/pairings", "", r#"{"code": "guess"}"#, 403),
    ] {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:4180");
        let request = request.header(header::ORIGIN, GUEST).header(header::CONTENT_TYPE, "application/json");
        let request = request.header(header::AUTHORIZATION, token).body(Body::from(text)).unwrap();
        let response = server.send(request).await;
        let what = format!("{method} {path} {token} {text}");
        assert_eq!(response.status(), status, "{what}");
        see_guest(&response, GUEST, &what);
        let exposed = words(response.headers(), "access-control-expose-headers");
        for name in ["etag", "link", "location", "retry-after", "x-ratelimit-remaining", "x-poll-interval", "date"] {
            assert!(exposed.contains(&name.into()), "{name} in {exposed:?}");
        }
        if status >= 400 {
            let _: ApiError = serde_json::from_slice(&body(response).await).unwrap();
        }
    }
}

#[tokio::test]
async fn a_guest_pairs_and_uses_its_token() {
    let (_folder, server) = server().await;
    let code = server.app.access.new_pairing().await.unwrap();
    let ask = |method: &str, path: &str| {
        Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:4180").header(header::ORIGIN, GUEST)
    };
    let pair = ask("POST", "/api/agents/pairings").header(header::CONTENT_TYPE, "application/json");
    let response = server.send(pair.body(Body::from(json!({"code": code}).to_string())).unwrap()).await;
    assert_eq!(response.status(), 201);
    let paired: Value = serde_json::from_slice(&body(response).await).unwrap();
    let token = paired["token"].as_str().unwrap();
    let request = ask("GET", "/api/user").header(header::AUTHORIZATION, format!("Bearer {token}"));
    assert_eq!(server.send(request.body(Body::empty()).unwrap()).await.status(), 200);
}

#[tokio::test]
async fn nobody_else_is_told_anything() {
    let (_folder, with_guests) = server().await;
    let folder = tempfile::tempdir().unwrap();
    let alone = Server::start(folder.path(), 1).await;
    for (server, origin, host, status) in [
        (&with_guests, "https://evil.test", "127.0.0.1:4180", 403),
        (&with_guests, "https://deck.example.org.evil.test", "127.0.0.1:4180", 403),
        (&with_guests, "https://DECK.example.org", "127.0.0.1:4180", 403),
        (&with_guests, "null", "127.0.0.1:4180", 403),
        (&with_guests, "http://127.0.0.1:4181", "127.0.0.1:4180", 403),
        (&with_guests, GUEST, "deck.example.org", 421),
        (&with_guests, GUEST, "evil.test:4180", 421),
        (&alone, GUEST, "127.0.0.1:4180", 403),
        (&alone, OTHER_COMPANION, "127.0.0.1:4180", 403),
    ] {
        for method in ["OPTIONS", "GET", "POST"] {
            let mut request = preflight("/api/agents/pairings", origin).method(method).body(Body::empty()).unwrap();
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            let response = server.send(request).await;
            assert_eq!(response.status(), status, "{method} {origin} {host}");
            let told = response.headers().keys().find(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(told, None, "{method} {origin} {host}");
            assert_eq!(response.headers()["cross-origin-resource-policy"], "same-origin");
        }
    }
}

#[tokio::test]
async fn our_own_page_is_no_guest_and_guests_do_not_get_it() {
    let (_folder, server) = server().await;
    let request = server.request("GET", "/api/user").header(header::ORIGIN, "http://127.0.0.1:4180");
    let response = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    for path in ["/", "/index.html", "/config.json"] {
        let request = server.request("GET", path).header(header::ORIGIN, GUEST);
        assert_eq!(server.send(request.body(Body::empty()).unwrap()).await.status(), 403, "{path}");
    }
}

#[tokio::test]
async fn the_page_starts_with_this_companion_alone() {
    let (_folder, server) = server().await;
    let request = Request::get("/config.json").header(header::HOST, "127.0.0.1:4180");
    let response = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json; charset=utf-8");
    let presets: Value = serde_json::from_slice(&body(response).await).unwrap();
    let expected = json!({"connections": [{"name": "lab", "base": "/api", "edition": "companion"}]});
    assert_eq!(presets, expected, "and no token");
}
