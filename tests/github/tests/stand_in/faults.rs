//! Faults: each is sent as ordered, for as long as ordered.

use std::time::Duration;

use github_stand_in::{ALWAYS, EVERY, Fault, Task, World};
use reqwest::Method;
use serde_json::json;

use crate::client::{Client, read};

const LIST: &str = "agent-tasks/list-tasks";
const START: &str = "agent-tasks/create-task-in-repo";

#[tokio::test]
async fn refusals_are_those_of_github() {
    let client = Client::of(World::new()).await;
    let errors = vec![json!({ "code": "custom", "message": "too long" })];
    for (fault, status, message, retry_after) in [
        (Fault::BadCredentials, 401, "Bad credentials", ""),
        (Fault::Forbidden(None), 403, "Resource not accessible by personal access token", ""),
        (Fault::Forbidden(Some("Resource protected by organization SAML".into())), 403, "Resource protected", ""),
        (Fault::NotFound, 404, "Not Found", ""),
        (Fault::Invalid(errors), 422, "Validation Failed", ""),
        (Fault::TooMany { retry_after: 7 }, 429, "Too many", "7"),
        (Fault::SecondaryLimit { retry_after: Some(60) }, 403, "You have exceeded a secondary rate limit", "60"),
        (Fault::SecondaryLimit { retry_after: None }, 403, "You have exceeded a secondary rate limit", ""),
    ] {
        client.stand_in.fail(LIST, 1, fault);
        let answered = client.get("/agents/tasks").await;
        assert_eq!((answered.status, answered.header("retry-after")), (status, retry_after));
        assert!(answered.body["message"].as_str().unwrap().starts_with(message), "{}", answered.body);
        assert_eq!(client.get("/agents/tasks").await.status, 200);
    }
    client.see_no_complaint();
}

#[tokio::test]
async fn faults_last_as_long_as_ordered() {
    let client = Client::of(World::new()).await;
    client.stand_in.fail(LIST, 2, Fault::Broken(502));
    client.stand_in.fail(EVERY, ALWAYS, Fault::Broken(503));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(client.get("/agents/tasks").await.status);
    }
    assert_eq!(statuses, [502, 502, 503, 503]);
    assert_eq!(client.get("/user").await.status, 503);
    client.stand_in.heal(EVERY);
    assert_eq!(client.get("/user").await.status, 200);
    let logged: Vec<_> = client.stand_in.requests().iter().map(|request| request.status.unwrap()).collect();
    assert_eq!(logged, [502, 502, 503, 503, 503, 200]);
    client.see_no_complaint();
}

#[tokio::test]
async fn a_held_answer_waits() {
    let client = Client::of(World::new()).await;
    client.stand_in.fail("users/get-authenticated", 1, Fault::Held);
    let request = client.request(Method::GET, "/user").send();
    let mut waiting = std::pin::pin!(request);
    tokio::select! {
        _ = &mut waiting => panic!("a held answer came"),
        // Other answers come meanwhile; this one shows that the first request arrived, because it was first.
        answered = async {
            while client.stand_in.count("users/get-authenticated") == 0 {
                client.get("/agents/tasks").await;
            }
            client.get("/agents/tasks").await
        } => assert_eq!(answered.status, 200),
    }
    client.stand_in.release();
    assert_eq!(waiting.await.unwrap().status(), 200);
    client.see_no_complaint();
}

#[tokio::test]
async fn a_slow_answer_comes_late() {
    let client = Client::of(World::new()).await;
    client.stand_in.fail("users/get-authenticated", 1, Fault::Slow(Duration::from_millis(80)));
    let began = std::time::Instant::now();
    assert_eq!(client.get("/user").await.status, 200);
    assert!(began.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_cut_answer_is_done_all_the_same() {
    let client = Client::of(World::new()).await;
    client.stand_in.fail(START, 1, Fault::Cut);
    let path = "/agents/repos/octocat/hello-world/tasks";
    let mut response = client.request(Method::POST, path).json(&json!({ "prompt": "Paint" })).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let half = response.chunk().await.unwrap().unwrap();
    assert!(half.starts_with(b"{"));
    assert!(response.chunk().await.is_err());
    assert_eq!(client.get("/agents/tasks").await.body["tasks"][0]["name"], "Paint");
    client.see_no_complaint();
}

#[tokio::test]
async fn what_is_not_json_says_that_it_is() {
    let mut world = World::new();
    world.put(Task::new("t-1", "Mend", World::HELLO_WORLD, "queued"));
    let client = Client::of(world).await;
    client.stand_in.fail("agent-tasks/get-task-by-id", 1, Fault::NotJson);
    let answered = client.get("/agents/tasks/t-1").await;
    assert!(answered.header("content-type").starts_with("application/json"));
    assert!(answered.body.as_str().unwrap().contains("<title>"));
    client.see_no_complaint();
    // A fault does not hide what the client did wrong.
    client.stand_in.fail(EVERY, ALWAYS, Fault::Broken(500));
    let wrong = client.request(Method::GET, "/agents/tasks?cursor=1").send().await.unwrap();
    assert_eq!(read(wrong).await.status, 422);
    assert_eq!(client.stand_in.complaints().len(), 1);
}
