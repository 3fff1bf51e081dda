//! Starting tasks, listing them, and what a finished one leaves.

use std::process::Command;

use agent_tasks::{State, TaskList, paths, query::next_link};
use axum::{body::Body, http::header};
use companion::agents::RunEnd;
use serde_json::json;

use crate::harness::{Server, body, types};

#[tokio::test]
async fn a_prompt_becomes_a_branch_with_the_agent_s_work() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Greet in German\n\nUse --lang de.").await;
    let run = server.next_run().await;
    assert_eq!(run.spec.prompt, "Greet in German\n\nUse --lang de.");
    assert_eq!(run.spec.resume, None);
    run.begin().await;
    std::fs::write(run.spec.worktree.join("de.txt"), "Hallo\nWelt\n").unwrap();
    run.end(RunEnd::TurnEnded("end_turn".into()));

    let task = server.until_state(&id, State::Completed).await;
    let branch = task.branch().unwrap().clone();
    assert_eq!((branch.additions, branch.deletions, branch.changed_files), (Some(2), Some(0), Some(1)));
    assert!(branch.head_ref.starts_with("agents/") && branch.head_ref.ends_with("-greet-in-german"), "{branch:?}");
    let log = server.log(&id).await;
    let expected =
        ["session.requested", "user.message", "session.info", "session.start", "session.info", "session.shutdown"];
    assert_eq!(types(&log), expected);

    let path = format!("/api{}", paths::compare("local", "sample", "main", &branch.head_ref));
    let request = server.request("GET", &path).header(header::ACCEPT, "application/vnd.github.diff");
    let response = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert!(String::from_utf8(body(response).await).unwrap().contains("+Hallo"));

    let sample = folder.path().join("sample");
    let message =
        Command::new("git").arg("-C").arg(sample).args(["log", "-1", "--format=%B", &branch.head_ref]).output();
    let message = String::from_utf8(message.unwrap().stdout).unwrap();
    assert!(message.starts_with("Greet in German\n\n"), "{message}");
    assert!(message.contains(&format!("Flightdeck-Task: {id}")), "{message}");
}

#[tokio::test]
async fn the_same_start_with_the_same_key_is_one_task() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let start = async |prompt: &str| {
        let request = server.request("POST", &format!("/api{}", paths::repo_tasks("local", "sample")));
        let request = request.header(header::CONTENT_TYPE, "application/json").header("idempotency-key", "k1");
        let response = server.send(request.body(Body::from(json!({"prompt": prompt}).to_string())).unwrap()).await;
        let status = response.status().as_u16();
        (status, serde_json::from_slice::<serde_json::Value>(&body(response).await).unwrap()["id"].clone())
    };
    let attempts = futures_util::future::join_all((0..20).map(|_| start("Fix it"))).await;
    assert!(attempts.iter().all(|(status, id)| *status == 201 && *id == attempts[0].1), "{attempts:?}");
    assert_eq!(start("Fix something else").await.0, 422);
    assert_eq!(server.get::<TaskList>(paths::TASKS).await.tasks.len(), 1);
}

#[tokio::test]
async fn lists_are_paged_filtered_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    for number in 1..=5 {
        server.start_task(&format!("Task {number}")).await;
    }
    let names = |list: &TaskList| list.tasks.iter().map(|task| task.name.clone()).collect::<Vec<_>>();
    let oldest = "sort=created_at&direction=asc&per_page=2";
    let mut seen = Vec::new();
    let mut next = Some(format!("/api{}?{oldest}", paths::TASKS));
    while let Some(path) = next {
        let response = server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await;
        let link = response.headers()[header::LINK].to_str().unwrap().to_owned();
        let list: TaskList = serde_json::from_slice(&body(response).await).unwrap();
        assert_eq!((list.total_active_count, list.total_archived_count), (Some(5), Some(0)));
        seen.extend(names(&list));
        next = next_link(&link).map(|address| address.strip_prefix("http://127.0.0.1:4180").unwrap().to_owned());
    }
    assert_eq!(seen, ["Task 1", "Task 2", "Task 3", "Task 4", "Task 5"]);
    let repository = paths::repo_tasks("local", "sample");
    for (path, count) in [
        (format!("{}?state=queued,in_progress", paths::TASKS), 5),
        (format!("{}?state=completed", paths::TASKS), 0),
        (format!("{}?is_archived=true", paths::TASKS), 0),
        (format!("{}?since=2999-01-01T00:00:00Z", paths::TASKS), 0),
        (repository, 5),
        (paths::repo_tasks("local", "other"), 0),
    ] {
        assert_eq!(server.get::<TaskList>(&path).await.tasks.len(), count, "{path}");
    }
}
