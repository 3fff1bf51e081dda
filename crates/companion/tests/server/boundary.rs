//! The edge: hosts, origins, tokens, pairing, bodies, headers.

use agent_tasks::{ApiError, paths, paths::Method};
use axum::{
    body::Body,
    http::{Request, header},
};
use companion::http::OPERATIONS;
use serde_json::json;

use crate::harness::{Server, body};

async fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    (folder, server)
}

#[tokio::test]
async fn every_call_but_pairing_needs_a_token() {
    let (_folder, server) = server().await;
    for operation in OPERATIONS.iter().filter(|operation| operation.path != paths::PAIRINGS) {
        let method = match operation.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let path = format!("/api{}", operation.path.replace(['{', '}'], ""));
        for place in ["none", "query", "cookie", "basic", "twice"] {
            let mut request = Request::builder().method(method).header(header::HOST, "localhost:4180");
            let token = &server.token;
            request = match place {
                "cookie" => request.header(header::COOKIE, format!("token={token}")),
                "basic" => request.header(header::AUTHORIZATION, format!("Basic {token}")),
                "twice" => request
                    .header(header::AUTHORIZATION, format!("Bearer {token}"))
                    .header(header::AUTHORIZATION, format!("Bearer {token}")),
                _ => request,
            };
            let uri =
                if place == "query" { format!("{path}?token={token}&access_token={token}") } else { path.clone() };
            let response = server.send(request.uri(uri).body(Body::empty()).unwrap()).await;
            assert_eq!(response.status(), 401, "{method} {path} with the token in: {place}");
            assert!(response.headers().contains_key(header::WWW_AUTHENTICATE));
            let _: ApiError = serde_json::from_slice(&body(response).await).unwrap();
        }
    }
}

#[tokio::test]
async fn strange_hosts_and_origins_get_nothing_not_even_the_page() {
    let (_folder, server) = server().await;
    for path in
        ["/", "/index.html", "/config.json", "/x.js", "/api", "/api/user", "/api/openapi.json", "/api/agents/pairings"]
    {
        for (host, origin, status) in [
            (Some("evil.test:4180"), None, 421),
            (None, None, 400),
            (Some("127.0.0.1:4180"), Some("http://evil.test:4180"), 403),
            (Some("127.0.0.1:4180"), Some("null"), 403),
        ] {
            let mut request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", server.token));
            for (name, value) in [(header::HOST, host), (header::ORIGIN, origin)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            request = request.header("x-forwarded-host", "127.0.0.1:4180");
            let response = server.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(response.status(), status, "{path} {host:?} {origin:?}");
            assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        }
    }
}

#[tokio::test]
async fn a_right_token_passes_however_many_wrong_ones_came_before() {
    let (_folder, server) = server().await;
    let status = async |token: &str| {
        let request = Request::get("/api/user").header(header::HOST, "localhost:4180");
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap();
        let response = server.send(request).await;
        (response.status().as_u16(), response.headers().contains_key(header::RETRY_AFTER))
    };
    for _ in 0..10 {
        assert_eq!(status("wrong").await, (401, false));
    }
    assert_eq!(status("wrong").await, (429, true));
    assert_eq!(status(&server.token).await, (200, false));
    server.app.access.revoke("test").await.unwrap();
    assert_eq!(status(&server.token).await, (429, true));
}

#[tokio::test]
async fn a_pairing_code_is_good_once() {
    let (_folder, mut server) = server().await;
    let code = server.app.access.new_pairing().await.unwrap();
    server.token = String::new();
    assert_eq!(server.post(paths::PAIRINGS, &json!({"code": "guess"})).await.0, 403);
    let (status, paired) = server.post(paths::PAIRINGS, &json!({"code": code})).await;
    assert_eq!(status, 201);
    assert_eq!(server.post(paths::PAIRINGS, &json!({"code": code})).await.0, 403);
    server.token = paired["token"].as_str().unwrap().to_owned();
    assert_eq!(server.get::<serde_json::Value>(paths::USER).await["type"], "User");
}

#[tokio::test]
async fn bodies_that_are_not_what_they_should_be_are_refused_in_github_s_words() {
    let (_folder, server) = server().await;
    let path = format!("/api{}", paths::repo_tasks("local", "sample"));
    let json_type = Some("application/json");
    let long = format!("{{\"prompt\":\"{}\"}}", "x".repeat(2 << 20));
    let deep = "[".repeat(100_000);
    for (content_type, text, status) in [
        (json_type, "", 400),
        (json_type, "{", 400),
        (json_type, "\u{0}", 400),
        (json_type, deep.as_str(), 400),
        (json_type, "[]", 422),
        (json_type, "{}", 422),
        (json_type, "null", 422),
        (json_type, r#"{"prompt": 7}"#, 422),
        (json_type, r#"{"prompt": " "}"#, 422),
        (json_type, r#"{"prompt": "a", "prompt": "b"}"#, 422),
        (json_type, r#"{"prompt": "a\u0000b"}"#, 422),
        (json_type, r#"{"prompt": "a", "base_ref": "--upload-pack=x"}"#, 422),
        (json_type, r#"{"prompt": "a", "agent_id": "nobody"}"#, 422),
        (json_type, r#"{"prompt": "a", "create_pull_request": true}"#, 422),
        (json_type, r#"{"prompt": "a", "head_ref": "main"}"#, 422),
        (json_type, r#"{"prompt": "a", "model": "\u001b[31m"}"#, 422),
        (json_type, long.as_str(), 413),
        (None, r#"{"prompt": "a"}"#, 415),
        (Some("text/plain"), r#"{"prompt": "a"}"#, 415),
        (Some("application/x-www-form-urlencoded"), "prompt=a", 415),
        (Some("multipart/form-data; boundary=x"), "--x--", 415),
        (Some("text/plain; application/json"), r#"{"prompt": "a"}"#, 415),
    ] {
        let mut request = server.request("POST", &path);
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let response = server.send(request.body(Body::from(text.to_owned())).unwrap()).await;
        let start = text.chars().take(60).collect::<String>();
        assert_eq!(response.status(), status, "{content_type:?} {start}");
        let error: ApiError = serde_json::from_slice(&body(response).await).unwrap();
        assert_eq!(error.errors.is_empty(), status != 422, "{start}: {error:?}");
    }
    assert!(server.get::<agent_tasks::TaskList>(paths::TASKS).await.tasks.is_empty());
}

#[tokio::test]
async fn unknown_paths_and_methods_answer_in_json() {
    let (_folder, server) = server().await;
    for (method, path, status) in [
        ("GET", "/api/nope", 404),
        ("GET", "/api/agents/tasks/0193", 404),
        ("GET", "/api/agents/tasks/0193/events", 404),
        ("GET", "/api/repos/local/sample/compare/main...x", 406),
        ("PUT", "/api/user", 405),
        ("DELETE", "/api/agents/tasks", 405),
        ("GET", "/api/agents/tasks?per_page=0", 422),
        ("GET", "/api/agents/tasks?per_page=x", 422),
        ("GET", "/api/agents/tasks?state=done", 422),
        ("GET", "/api/agents/tasks?sort=name", 422),
        ("POST", "/nope", 405),
    ] {
        let response = server.send(server.request(method, path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), status, "{method} {path}");
        let _: ApiError = serde_json::from_slice(&body(response).await).unwrap();
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_it_here() {
    let (_folder, server) = server().await;
    for (path, cached) in [("/api/user", Some("no-store")), ("/api/nope", Some("no-store")), ("/", None)] {
        let response = server.send(server.request("GET", path).body(Body::empty()).unwrap()).await;
        let fields = response.headers();
        assert_eq!(fields["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(fields["cross-origin-resource-policy"], "same-origin", "{path}");
        assert_eq!(fields["referrer-policy"], "no-referrer", "{path}");
        match cached {
            Some(cached) => assert_eq!(fields["cache-control"], cached, "{path}"),
            None => assert!(fields["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'")),
        }
    }
}
