//! Stop and answers.

use agent_tasks::{
    State, Steer,
    event::{PermissionCompleted, PermissionOption, PermissionOptionKind, PermissionRequested, PermissionResult},
};
use companion::agents::{Control, RunEnd};
use futures_util::future::join_all;

use crate::harness::{Server, types};

#[tokio::test]
async fn stop_is_idempotent_and_refused_once_finished() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Run for ever").await;
    let mut run = server.next_run().await;
    run.begin().await;
    server.until_state(&id, State::InProgress).await;
    let abort = Steer::abort();
    let stops = join_all((0..20).map(|_| server.steer(&id, &abort))).await;
    assert!(stops.iter().all(|(status, _)| *status == 202), "{stops:?}");
    assert!(server.task(&id).await.stop_requested_at.is_some());
    assert_eq!(run.controls.recv().await, Some(Control::Stop));
    assert!(run.controls.try_recv().is_err(), "the agent is told once");
    run.end(RunEnd::Stopped);
    let task = server.until_state(&id, State::Cancelled).await;
    assert_eq!((task.stop_requested_at, task.error), (None, None));
    let log = server.log(&id).await;
    assert_eq!(types(&log).iter().filter(|name| **name == "abort").count(), 1);
    assert_eq!(types(&log).last(), Some(&"session.shutdown"));
    assert_eq!(server.steer(&id, &Steer::abort()).await.0, 202, "what was asked for is so");
    assert_eq!(server.log(&id).await.total, log.total, "and nothing more comes of it");
    let done = server.start_task("End by yourself").await;
    server.next_run().await.end(RunEnd::TurnEnded("end_turn".into()));
    server.until_state(&done, State::Completed).await;
    let (status, refusal) = server.steer(&done, &Steer::abort()).await;
    assert_eq!((status, refusal["message"].as_str()), (409, Some("cannot stop: the session is already over")));
    let nobody = agent_tasks::TaskId("nobody".into());
    assert_eq!(server.steer(&nobody, &Steer::abort()).await.0, 404);
}

#[tokio::test]
async fn a_permission_request_takes_one_of_its_options_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Ask me").await;
    let mut run = server.next_run().await;
    run.begin().await;
    let option =
        PermissionOption { option_id: "yes".into(), name: "Yes".into(), kind: PermissionOptionKind::AllowOnce };
    let answer = |request: &str, option: &str| Steer::permission_response(request, Some(option.into()));
    assert_eq!(server.steer(&id, &answer("r", "yes")).await.0, 409);
    let asked = PermissionRequested { request_id: "r".into(), options: vec![option.clone()], ..Default::default() };
    run.tell(asked).await;
    server.until_state(&id, State::WaitingForUser).await;
    assert_eq!(server.steer(&id, &answer("other", "yes")).await.0, 409);
    assert_eq!(server.steer(&id, &answer("r", "maybe")).await.0, 422);
    assert_eq!(server.steer(&id, &answer("r", "yes")).await.0, 202);
    assert_eq!(server.steer(&id, &answer("r", "yes")).await.0, 202);
    assert_eq!(server.steer(&id, &Steer::permission_response("r", None)).await.0, 409);
    let told = Control::Answer { request_id: "r".into(), option_id: Some("yes".into()) };
    assert_eq!(run.controls.recv().await, Some(told));
    assert!(run.controls.try_recv().is_err(), "the agent is told once");
    run.tell(PermissionCompleted { request_id: "r".into(), result: PermissionResult::chosen(&option) }).await;
    server.until_state(&id, State::InProgress).await;
    assert_eq!(server.steer(&id, &answer("r", "yes")).await.0, 409);
    run.end(RunEnd::Failed("the agent crashed; send a follow-up".into()));
    let task = server.until_state(&id, State::Failed).await;
    assert_eq!(task.error.unwrap().message, "the agent crashed; send a follow-up");
}
