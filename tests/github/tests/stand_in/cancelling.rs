//! Cancelling a run, in the ways in which it goes.

use github_stand_in::{OnCancel, Run, Task, World};
use reqwest::Method;

use crate::client::{Client, read};

const RUN: &str = "/repos/octocat/hello-world/actions/runs/900";

async fn client(on_cancel: OnCancel) -> Client {
    let mut world = World::new();
    world.put(Task::new("t-1", "Mend the gate", World::HELLO_WORLD, "in_progress").on_branch("copilot/gate", "main"));
    world.runs.push(Run { on_cancel, ..Run::of_agent(900, World::HELLO_WORLD, "copilot/gate", "t-1") });
    world.runs.push(Run::of_workflow(901, World::HELLO_WORLD, "copilot/gate", "ci.yml"));
    Client::of(world).await
}

async fn cancel(client: &Client, word: &str) -> u16 {
    read(client.request(Method::POST, &format!("{RUN}/{word}")).send().await.unwrap()).await.status
}

async fn state(client: &Client) -> String {
    client.get("/agents/tasks/t-1").await.body["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_run_ends_with_its_task_after_some_polls() {
    let client = client(OnCancel::EndsAfterPolls(3)).await;
    assert_eq!(state(&client).await, "in_progress");
    assert_eq!(cancel(&client, "cancel").await, 202);
    assert_eq!(state(&client).await, "in_progress");
    assert_eq!(client.get(RUN).await.body["status"], "in_progress");
    assert_eq!(state(&client).await, "cancelled");
    let run = client.get(RUN).await.body;
    assert_eq!((run["status"].as_str(), run["conclusion"].as_str()), (Some("completed"), Some("cancelled")));
    let task = client.get("/agents/tasks/t-1").await.body;
    assert!(task["sessions"][0]["state"] == "cancelled" && task["sessions"][0]["completed_at"].is_string());
    assert_eq!(client.get("/repos/octocat/hello-world/actions/runs/901").await.body["status"], "in_progress");
    assert_eq!(cancel(&client, "cancel").await, 409);
    client.see_no_complaint();
}

#[tokio::test]
async fn a_run_may_refuse() {
    let client = client(OnCancel::Refuses).await;
    assert_eq!(cancel(&client, "cancel").await, 409);
    assert_eq!(state(&client).await, "in_progress");
    client.see_no_complaint();
}

#[tokio::test]
async fn a_run_may_give_way_to_force_only() {
    let client = client(OnCancel::OnlyByForce).await;
    assert_eq!(cancel(&client, "cancel").await, 202);
    assert_eq!((state(&client).await, state(&client).await), ("in_progress".into(), "in_progress".into()));
    assert_eq!(cancel(&client, "force-cancel").await, 202);
    assert_eq!(state(&client).await, "cancelled");
    client.see_no_complaint();
}
