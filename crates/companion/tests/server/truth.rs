//! The state is what is so: survivors are told, and what is lost is not "running" for ever.

use std::time::Duration;

use agent_tasks::{
    State, Steer,
    event::{ProcessName, SupervisionReport},
};
use companion::agents::RunEnd;

use crate::harness::Server;

#[tokio::test]
async fn a_stop_that_left_somebody_running_has_failed_and_says_who() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Cannot be killed").await;
    let run = server.next_run().await;
    run.begin().await;
    server.until_state(&id, State::InProgress).await;
    assert_eq!(server.steer(&id, &Steer::abort()).await.0, 202);
    let left = ProcessName { pid: 4711, command: "dd if=/dev/broken".into() };
    let report =
        SupervisionReport { layer: "puppet".into(), remaining: 1, survivors: vec![left], ..Default::default() };
    run.end_with(RunEnd::Stopped, report);
    let task = server.until_state(&id, State::Failed).await;
    let message = task.error.unwrap().message;
    assert!(
        message.starts_with("1 of this session's processes could not be ended: 4711 (dd if=/dev/broken)"),
        "{message}"
    );
}

#[tokio::test]
async fn a_session_that_nobody_runs_is_told_as_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let watching = Server::start(folder.path(), 1).await;
    // To the first one, what another program runs on the same file is lost.
    let other = Server::start(folder.path(), 1).await;
    let id = other.start_task("Runs elsewhere").await;
    let run = other.next_run().await;
    run.begin().await;
    other.until_state(&id, State::InProgress).await;
    watching.app.tasks.watch(Duration::from_millis(50));
    let task = watching.until_state(&id, State::Failed).await;
    assert!(task.error.unwrap().message.contains("send a follow-up"));
    drop(run);
}

#[tokio::test]
async fn a_session_that_runs_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    server.app.tasks.watch(Duration::from_millis(5));
    let id = server.start_task("Runs").await;
    let waiting = server.start_task("Waits").await;
    let run = server.next_run().await;
    run.begin().await;
    server.until_state(&id, State::InProgress).await;
    for word in 0..50 {
        run.say(&format!("{word} ")).await;
        server.look_until_said(&id, &format!("{word} ")).await;
    }
    assert_eq!(server.task(&waiting).await.state, State::Queued);
    run.end(RunEnd::TurnEnded("end_turn".into()));
    server.until_state(&id, State::Completed).await;
}
