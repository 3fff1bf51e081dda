//! Each kind of violation is refused and told.

use github_stand_in::{Task, World};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::client::{Client, read};

/// Sends a request that is wrong in one way; it is refused with this status and told with this word.
async fn see_complaint(request: impl FnOnce(&Client) -> RequestBuilder, status: u16, word: &str) {
    let mut world = World::new();
    world.put(Task::new("t-1", "Mend the gate", World::HELLO_WORLD, "queued"));
    let client = Client::of(world).await;
    let answered = read(request(&client).send().await.unwrap()).await;
    let complaints = client.stand_in.complaints();
    assert_eq!((answered.status, complaints.len()), (status, 1), "{word}: {complaints:?} {}", answered.body);
    assert!(complaints[0].contains(word), "{word}: {complaints:?}");
}

#[tokio::test]
async fn what_is_not_described_is_told() {
    let get = |path: &'static str| move |client: &Client| client.request(Method::GET, path);
    see_complaint(get("/agents/capabilities"), 404, "no such path").await;
    see_complaint(get("/agents/tasks/t-1/outline"), 404, "no such path").await;
    see_complaint(get("/agents/tasks/"), 404, "no such path").await;
    see_complaint(get("/api/v3/agents/stream"), 404, "no such path").await;
    see_complaint(get("/graphql"), 404, "no such path").await;
    see_complaint(|client| client.request(Method::DELETE, "/agents/tasks"), 404, "takes GET only").await;
    see_complaint(|client| client.request(Method::POST, "/agents/tasks/t-1/steer"), 404, "no such path").await;
    see_complaint(get("/agents/tasks?cursor=x"), 422, "'cursor' is not described").await;
    see_complaint(get("/agents/tasks?per_page=101"), 422, "per_page").await;
    see_complaint(get("/user/repos?per_page=101"), 422, "at most 100").await;
    see_complaint(get("/agents/tasks?page=first"), 422, "page").await;
    see_complaint(get("/agents/tasks?state=asleep"), 422, "asleep").await;
    see_complaint(get("/repositories/hello"), 422, "number").await;
    see_complaint(get("/agents/tasks/t-1/events?after=3"), 422, "'after'").await;
    see_complaint(get("/repos/octocat/hello-world/labels"), 404, "does not serve").await;
}

#[tokio::test]
async fn wrong_bodies_are_told() {
    let start = |body| {
        move |client: &Client| client.request(Method::POST, "/agents/repos/octocat/hello-world/tasks").json(&body)
    };
    see_complaint(start(json!({})), 422, "prompt").await;
    see_complaint(start(json!({ "prompt": 1 })), 422, "/prompt").await;
    see_complaint(start(json!({ "prompt": "p", "agent_id": "claude" })), 422, "/agent_id is not described").await;
    see_complaint(|client| client.request(Method::POST, "/agents/repos/octocat/hello-world/tasks"), 422, "missing")
        .await;
    let not_json = |client: &Client| {
        let request = client.request(Method::POST, "/agents/repos/octocat/hello-world/tasks");
        request.header("content-type", "application/json").body("{")
    };
    see_complaint(not_json, 400, "not JSON").await;
    let plain = |client: &Client| {
        client.request(Method::POST, "/agents/repos/octocat/hello-world/tasks").body("{\"prompt\":\"p\"}")
    };
    see_complaint(plain, 400, "Content-Type").await;
    see_complaint(|client| client.request(Method::GET, "/user").json(&json!({})), 422, "takes none").await;
}

#[tokio::test]
async fn wrong_headers_are_told() {
    let bare = |client: &Client| client.bare(Method::GET, "/user");
    see_complaint(|client| bare(client).header("accept", "application/json"), 401, "no Authorization").await;
    let basic = |client: &Client| bare(client).header("accept", "application/json").basic_auth("octocat", Some("p"));
    see_complaint(basic, 401, "no Bearer token").await;
    see_complaint(|client| bare(client).bearer_auth(World::TOKEN), 415, "Accept").await;
    for accept in ["*/*", "text/event-stream", "application/vnd.github.raw"] {
        let request = |client: &Client| bare(client).bearer_auth(World::TOKEN).header("accept", accept);
        see_complaint(request, 415, accept).await;
    }
    let diff = |client: &Client| bare(client).bearer_auth(World::TOKEN).header("accept", "application/vnd.github.diff");
    see_complaint(diff, 422, "diff").await;
    let version = |client: &Client| client.request(Method::GET, "/user").header("x-github-api-version", "2031-01-01");
    see_complaint(version, 400, "2031-01-01").await;
    see_complaint(|client| client.request(Method::GET, "/user").header("cookie", "a=b"), 400, "cookie").await;
}

#[tokio::test]
async fn right_headers_are_not() {
    let client = Client::of(World::new()).await;
    for version in ["2022-11-28", "2026-03-10"] {
        let request = client
            .bare(Method::GET, "/user")
            .bearer_auth(World::TOKEN)
            .header("accept", "application/json; charset=utf-8");
        assert_eq!(read(request.header("x-github-api-version", version).send().await.unwrap()).await.status, 200);
    }
    client.see_no_complaint();
}

#[tokio::test]
async fn a_stand_in_that_is_wrong_itself_is_told() {
    let mut world = World::new();
    world.put(Task::new("t-1", "Mend the gate", World::HELLO_WORLD, "asleep"));
    let client = Client::of(world).await;
    assert_eq!(client.get("/agents/tasks/t-1").await.body["state"], "asleep");
    let complaints = client.stand_in.complaints();
    assert!(
        !complaints.is_empty() && complaints.iter().all(|complaint| complaint.contains("itself")),
        "{complaints:?}"
    );
}
