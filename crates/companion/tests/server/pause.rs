//! Pause and resume, as the API has them.

use agent_tasks::{State, Steer, event::SessionInfo};
use companion::agents::{Control, RunEnd};

use crate::harness::{Server, types};

fn info(kind: &str) -> SessionInfo {
    SessionInfo { info_type: kind.into(), ..SessionInfo::default() }
}

#[tokio::test]
async fn a_paused_session_is_idle_until_it_goes_on_and_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let (pause, resume) = (Steer::pause(true), Steer::pause(false));
    let id = server.start_task("Run for ever").await;
    let mut run = server.next_run().await;
    run.begin().await;
    server.until_state(&id, State::InProgress).await;
    let waiting = server.start_task("Waits").await;
    for (task, steer, words) in [
        (&waiting, &pause, "cannot pause: the session waits for a free place"),
        (&waiting, &resume, "cannot resume: the session waits for a free place"),
    ] {
        let (status, refusal) = server.steer(task, steer).await;
        assert_eq!((status, refusal["message"].as_str()), (409, Some(words)));
    }
    assert_eq!(server.steer(&id, &pause).await.0, 202);
    assert_eq!(run.controls.recv().await, Some(Control::Pause));
    run.tell(info(SessionInfo::PAUSE)).await;
    let task = server.until_state(&id, State::Idle).await;
    assert_eq!((task.activity.as_deref(), task.is_paused()), (Some("paused"), true));
    assert_eq!(server.steer(&id, &pause).await.0, 202, "asking again is no fault");
    assert_eq!(run.controls.recv().await, Some(Control::Pause));
    let answer = Steer::permission_response("r", None);
    let (status, refusal) = server.steer(&id, &answer).await;
    let words = "cannot answer: the session is paused; resume it first";
    assert_eq!((status, refusal["message"].as_str()), (409, Some(words)));

    assert_eq!(server.steer(&id, &resume).await.0, 202);
    assert_eq!(run.controls.recv().await, Some(Control::Resume));
    run.tell(info(SessionInfo::RESUME)).await;
    server.until_state(&id, State::InProgress).await;

    run.tell(info(SessionInfo::PAUSE)).await;
    server.until_state(&id, State::Idle).await;
    assert_eq!(server.steer(&id, &Steer::abort()).await.0, 202);
    assert_eq!(run.controls.recv().await, Some(Control::Stop));
    let (status, refusal) = server.steer(&id, &resume).await;
    assert_eq!((status, refusal["message"].as_str()), (409, Some("cannot resume: it is already being stopped")));
    run.end(RunEnd::Stopped);
    server.until_state(&id, State::Cancelled).await;
    assert_eq!(server.steer(&id, &pause).await.0, 409);
    assert_eq!(types(&server.log(&id).await).last(), Some(&"session.shutdown"));
}
