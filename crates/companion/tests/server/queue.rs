//! Who runs, who waits, in which order.

use agent_tasks::{State, Steer};
use companion::agents::RunEnd;

use crate::harness::Server;

#[tokio::test]
async fn no_more_than_the_limit_run_and_the_rest_follow_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 2).await;
    for number in 1..=4 {
        server.start_task(&format!("Task {number}")).await;
    }
    let mut running = vec![server.next_run().await, server.next_run().await];
    // Worktrees are made side by side: the first two may begin in either order.
    running.sort_by_key(|run| run.spec.prompt.clone());
    assert_eq!(running[0].spec.prompt, "Task 1");
    assert!(!server.runs_waiting().await);
    running.remove(1).end(RunEnd::TurnEnded("end_turn".into()));
    assert_eq!(server.next_run().await.spec.prompt, "Task 3");
}

#[tokio::test]
async fn a_follow_up_waits_for_its_task_and_resumes_the_agent_s_session() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 2).await;
    let id = server.start_task("First").await;
    let first = server.next_run().await;
    first.begin().await;
    server.until_state(&id, State::InProgress).await;
    assert_eq!(server.steer(&id, &Steer::user_message("Second")).await.0, 202);
    assert_eq!(server.steer(&id, &Steer::user_message(" ")).await.0, 422);
    // The task shows what runs, not what waits.
    assert_eq!(server.task(&id).await.state, State::InProgress);
    assert!(!server.runs_waiting().await);
    let worktree = first.spec.worktree.clone();
    first.end(RunEnd::TurnEnded("end_turn".into()));
    let second = server.next_run().await;
    assert_eq!((second.spec.prompt.as_str(), second.spec.resume.as_deref()), ("Second", Some("puppet-1")));
    assert_eq!(second.spec.worktree, worktree);
    second.begin().await;
    second.end(RunEnd::TurnEnded("end_turn".into()));
    server.until(&id, |task| task.state == State::Completed && task.session_count == 2).await;
    let states: Vec<_> = server.sessions(&id).await.into_iter().map(|session| session.state).collect();
    assert_eq!(states, [State::Completed, State::Completed]);
}

#[tokio::test]
async fn the_same_follow_up_sent_again_is_no_second_one() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("First").await;
    let run = server.next_run().await;
    let path = format!("/api{}", agent_tasks::paths::steer(&id));
    let send = async |text: &str| {
        let request = server.request("POST", &path).header("content-type", "application/json");
        let body = serde_json::to_string(&Steer::user_message(text)).unwrap();
        server.send(request.header("idempotency-key", "k").body(body.into()).unwrap()).await.status().as_u16()
    };
    assert_eq!([send("Second").await, send("Second").await, send("Other").await], [202, 202, 422]);
    assert_eq!(server.task(&id).await.session_count, 2);
    run.end(RunEnd::TurnEnded("end_turn".into()));
    assert_eq!(server.next_run().await.spec.prompt, "Second");
}

#[tokio::test]
async fn stopping_a_queued_task_means_it_never_runs() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    server.start_task("First").await;
    let first = server.next_run().await;
    let second = server.start_task("Second").await;
    let third = server.start_task("Third").await;
    assert_eq!(server.steer(&second, &Steer::abort()).await.0, 202);
    assert_eq!(server.task(&second).await.state, State::Cancelled);
    first.end(RunEnd::TurnEnded("end_turn".into()));
    assert_eq!(server.next_run().await.spec.prompt, "Third");
    assert_eq!(server.steer(&third, &Steer::abort()).await.0, 202);
}
