//! The companion ends in the middle of a run and comes back.

use agent_tasks::{State, Steer};
use companion::agents::{Control, RunEnd};

use crate::harness::{Server, types};

#[tokio::test]
async fn what_ran_is_failed_with_its_log_whole_and_what_waited_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (running, waiting, before) = {
        let server = Server::start(folder.path(), 1).await;
        let running = server.start_task("Runs").await;
        let run = server.next_run().await;
        run.begin().await;
        run.say("half a sent").await;
        server.until_state(&running, State::InProgress).await;
        let mut news = server.app.tasks.watch_task(&running);
        while server.log(&running).await.total < 4 {
            news.changed().await.unwrap();
        }
        let waiting = server.start_task("Waits").await;
        // As after kill -9: nobody gets to say goodbye.
        std::mem::forget(run);
        (running.clone(), waiting, server.log(&running).await)
    };
    let server = Server::start(folder.path(), 1).await;
    let task = server.task(&running).await;
    assert_eq!(task.state, State::Failed);
    assert!(task.error.unwrap().message.contains("send a follow-up"));
    let log = server.log(&running).await;
    assert_eq!(log.events[..before.events.len()], before.events[..]);
    assert_eq!(types(&log)[before.events.len()..], ["session.error", "session.shutdown"]);
    promises::tell(
        "S8",
        1,
        true,
        "failed with a reason before the first answer, log whole, worktree kept, follow-up runs",
    );

    let run = server.next_run().await;
    assert_eq!(run.spec.prompt, "Waits");
    run.end(RunEnd::TurnEnded("end_turn".into()));
    server.until_state(&waiting, State::Completed).await;

    assert_eq!(server.steer(&running, &Steer::user_message("Go on")).await.0, 202);
    let run = server.next_run().await;
    assert!(run.spec.worktree.join("greeting.py").exists());
    run.end(RunEnd::TurnEnded("end_turn".into()));
    server.until_state(&running, State::Completed).await;
}

#[tokio::test]
async fn a_companion_that_is_told_to_end_stops_its_agents_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Runs").await;
    let mut run = server.next_run().await;
    run.begin().await;
    server.until_state(&id, State::InProgress).await;
    let waiting = server.start_task("Waits").await;
    let tasks = server.app.tasks.clone();
    let ending = tokio::spawn(async move { tasks.shut_down().await });
    assert_eq!(run.controls.recv().await, Some(Control::Stop));
    run.end(RunEnd::Stopped);
    ending.await.unwrap();
    let task = server.task(&id).await;
    assert_eq!(task.state, State::Failed);
    assert!(task.error.unwrap().message.contains("the companion was stopped"));
    assert_eq!(server.task(&waiting).await.state, State::Queued);
    assert!(!server.runs_waiting().await);
}
