//! Every operation that is served answers validly by the description.

use github_stand_in::{Access, Artifact, EVENTS, NodeId, NodeKind, Pull, REPOSITORY_BY_ID, Run, Task, World};
use reqwest::Method;
use serde_json::json;

use crate::client::{Client, read};

fn world() -> World {
    let mut world = World::with_tasks(40);
    let pull = Pull { diff: "diff --git a/a b/a\n".into(), ..Pull::new(42, 700, World::HELLO_WORLD, "Mend the gate") };
    let mut task = Task::new("t-1", "Mend the gate", World::HELLO_WORLD, "in_progress").with_pull(&pull);
    task.sessions[0].usage = Some(json!({ "type": "ai_credits", "amount": 1_500_000_000 }));
    task.custom_agent = Some("docs".into());
    world.put(task);
    world.runs.push(Run::of_agent(900, World::HELLO_WORLD, &pull.head, "t-1"));
    world.runs.push(Run::of_workflow(901, World::HELLO_WORLD, &pull.head, "ci.yml"));
    world.repositories[0].diffs.insert(format!("main...{}", pull.head), "diff --git a/b b/b\n".into());
    world.pulls.push(pull);
    world
}

#[tokio::test]
async fn every_served_operation_answers_validly() {
    let client = Client::of(world()).await;
    for (path, operation) in [
        ("/user", "users/get-authenticated"),
        ("/user/2", "users/get-by-id"),
        ("/user/repos?per_page=100&sort=pushed", "repos/list-for-authenticated-user"),
        ("/repositories/1296269", REPOSITORY_BY_ID),
        ("/repos/octocat/hello-world", "repos/get"),
        ("/repos/octocat/hello-world/branches", "repos/list-branches"),
        ("/repos/octocat/hello-world/contents/.github/agents", "repos/get-content"),
        ("/repos/octocat/hello-world/contents/README.md", "repos/get-content"),
        ("/repos/octocat/hello-world/pulls?state=all", "pulls/list"),
        ("/repos/octocat/hello-world/pulls?head=octocat:copilot/fix-700", "pulls/list"),
        ("/repos/octocat/hello-world/pulls/700", "pulls/get"),
        ("/repos/octocat/hello-world/actions/runs?branch=copilot/fix-700", "actions/list-workflow-runs-for-repo"),
        ("/repos/octocat/hello-world/actions/runs/900", "actions/get-workflow-run"),
        ("/agents/tasks", "agent-tasks/list-tasks"),
        ("/agents/tasks/t-1", "agent-tasks/get-task-by-id"),
        ("/agents/repos/octocat/hello-world/tasks", "agent-tasks/list-tasks-for-repo"),
        ("/agents/repos/octocat/hello-world/tasks/t-1", "agent-tasks/get-task-by-repo-and-id"),
    ] {
        let before = client.stand_in.count(operation);
        let answered = client.get(path).await;
        assert_eq!((answered.status, client.stand_in.count(operation)), (200, before + 1), "{path}: {}", answered.body);
        assert_ne!(answered.body, json!([]), "{path}");
    }
    for (path, body, status) in [
        ("/repos/octocat/hello-world/issues/700/comments", json!({ "body": "@copilot mend it" }), 201),
        ("/agents/repos/octocat/hello-world/tasks", json!({ "prompt": "Paint the gate\ngreen" }), 201),
        ("/repos/octocat/hello-world/actions/runs/900/cancel", json!(null), 202),
        ("/repos/octocat/hello-world/actions/runs/901/force-cancel", json!(null), 202),
    ] {
        let request = client.request(Method::POST, path);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answered = read(request.send().await.unwrap()).await;
        assert_eq!(answered.status, status, "{path}: {}", answered.body);
    }
    client.see_no_complaint();
    assert_eq!(client.stand_in.world(|world| world.comments[0].body.clone()), "@copilot mend it");
}

#[tokio::test]
async fn names_and_numbers_are_those_of_the_world() {
    let client = Client::of(world()).await;
    let repository = client.get("/repositories/1300192").await.body;
    assert_eq!(repository["full_name"], "octocat/spoon-knife");
    assert_eq!(repository["node_id"], NodeId { kind: NodeKind::Repository, number: 1_300_192 }.modern());
    assert_eq!((&repository["private"], &repository["owner"]["login"]), (&json!(true), &json!("octocat")));
    assert_eq!(client.get("/user/2").await.body["login"], "monalisa");
    let pull = client.get("/repos/octocat/hello-world/pulls/700").await.body;
    assert_eq!(
        (&pull["id"], &pull["head"]["ref"], &pull["draft"]),
        (&json!(42), &json!("copilot/fix-700"), &json!(true))
    );
    let runs = client.get("/repos/octocat/hello-world/actions/runs?branch=copilot/fix-700").await.body;
    assert_eq!(runs["workflow_runs"][0]["path"], "dynamic/copilot-swe-agent/copilot");
    assert_eq!(runs["total_count"], 2);
    let task = client.get("/agents/tasks/t-1").await.body;
    assert_eq!(task["artifacts"][0]["data"]["id"], 42);
    assert_eq!(task["sessions"][0]["head_ref"], "copilot/fix-700");
    // GitHub's own host is nowhere in what it says: a client that follows an address stays here.
    assert!(task["url"].as_str().unwrap().starts_with(&client.stand_in.address()), "{}", task["url"]);
    client.see_no_complaint();
}

#[tokio::test]
async fn diffs_are_text() {
    let client = Client::of(world()).await;
    for path in ["/repos/octocat/hello-world/pulls/700", "/repos/octocat/hello-world/compare/main...copilot/fix-700"] {
        let request =
            client.bare(Method::GET, path).bearer_auth(World::TOKEN).header("accept", "application/vnd.github.diff");
        let answered = read(request.send().await.unwrap()).await;
        assert!(answered.body.as_str().unwrap().starts_with("diff --git"), "{path}");
    }
    client.see_no_complaint();
}

#[tokio::test]
async fn a_started_task_is_there_afterwards() {
    let client = Client::of(World::new()).await;
    let started = client
        .post("/agents/repos/octocat/hello-world/tasks", &json!({ "prompt": "Paint\nit", "base_ref": "develop" }))
        .await;
    assert_eq!(
        (started.status, &started.body["state"], &started.body["name"]),
        (201, &json!("queued"), &json!("Paint"))
    );
    let id = started.body["id"].as_str().unwrap().to_owned();
    client.stand_in.world(|world| {
        world.task_mut(&id).artifacts = vec![Artifact::Pull { id: 5, global_id: None }];
        world.task_mut(&id).become_state("failed");
    });
    let task = client.get(&format!("/agents/tasks/{id}")).await.body;
    assert_eq!((&task["state"], &task["sessions"][0]["base_ref"]), (&json!("failed"), &json!("develop")));
    for wrong in [json!({ "prompt": " " }), json!({ "prompt": "p", "base_ref": "nowhere" })] {
        assert_eq!(client.post("/agents/repos/octocat/hello-world/tasks", &wrong).await.status, 422, "{wrong}");
    }
    client.see_no_complaint();
}

#[tokio::test]
async fn odd_tasks_are_sent_as_they_are() {
    let mut world = World::new();
    let pull = Pull::new(42, 700, World::HELLO_WORLD, "Mend the gate");
    world.put(Task::hibernating("cold", World::HELLO_WORLD));
    world.put(Task::with_unknown_field("odd", World::HELLO_WORLD));
    world.put(Task::without_addresses("shy", World::HELLO_WORLD));
    world.put(Task::without_repository("lost"));
    world.put(Task::with_resource_artifact("new", &pull));
    let client = Client::of(world).await;
    let listed = client.get("/agents/tasks").await.body;
    let row = |id: &str| listed["tasks"].as_array().unwrap().iter().find(|task| task["id"] == id).unwrap().clone();
    assert_eq!(row("cold")["state"], "hibernating");
    assert_eq!(row("odd")["weather"]["sky"][0], "clear");
    assert_eq!((row("shy").get("html_url"), &row("shy")["repository"]["id"]), (None, &json!(World::HELLO_WORLD)));
    assert_eq!(row("lost").get("repository"), None);
    assert_eq!(row("new")["artifacts"][0]["type"], "github_resource");
    assert_eq!(client.get("/agents/tasks/cold").await.body["sessions"][0]["state"], "hibernating");
    client.see_no_complaint();
}

#[tokio::test]
async fn events_are_there_only_where_they_are_switched_on() {
    let mut world = World::new();
    let id = world.put(Task::new("t-1", "Talk", World::HELLO_WORLD, "in_progress"));
    world.events.insert(id, (0..130).map(|index| json!({ "id": index, "type": "user.message" })).collect());
    let client = Client::of(world).await;
    let path = "/agents/tasks/t-1/events?page=2&per_page=100";
    assert_eq!(client.get(path).await.status, 404);
    client.stand_in.world(|world| world.serves_events = true);
    let events = client.get(path).await.body;
    assert_eq!((events["events"].as_array().unwrap().len(), &events["total"]), (30, &json!(130)));
    assert_eq!(client.stand_in.count(EVENTS), 2);
    client.see_no_complaint();
}

#[tokio::test]
async fn a_token_can_do_what_it_may() {
    let client = Client::of(world()).await;
    client.stand_in.world(|world| {
        let token = world.token_mut(World::TOKEN);
        token.agent_tasks = Access::Read;
        token.actions = Access::None;
        (token.issues, token.pulls) = (Access::Read, Access::Read);
    });
    let refused = client.post("/agents/repos/octocat/hello-world/tasks", &json!({ "prompt": "p" })).await;
    assert_eq!(
        (refused.status, &refused.body["message"]),
        (403, &json!("Resource not accessible by personal access token"))
    );
    assert_eq!(client.get("/repos/octocat/hello-world/actions/runs").await.status, 403);
    assert_eq!(
        client.post("/repos/octocat/hello-world/issues/700/comments", &json!({ "body": "x" })).await.status,
        403
    );
    assert_eq!(client.get("/agents/tasks").await.status, 200);
    let unknown = client.bare(Method::GET, "/user").bearer_auth("unknown").header("accept", "application/json");
    assert_eq!(read(unknown.send().await.unwrap()).await.status, 401);
    client.see_no_complaint();
}

#[tokio::test]
async fn an_enterprise_server_has_the_same_below_another_path() {
    let client = Client::of(world()).await.of_enterprise();
    let listed = client.get("/agents/tasks?per_page=10").await;
    assert_eq!(listed.status, 200);
    assert!(
        listed.header("link").contains("/api/v3/agents/tasks?per_page=10&page=2>; rel=\"next\""),
        "{}",
        listed.header("link")
    );
    assert!(listed.body["tasks"][0]["url"].as_str().unwrap().contains("/api/v3/agents/repos/"));
    assert_eq!(client.stand_in.count("agent-tasks/list-tasks"), 1);
    client.see_no_complaint();
}
