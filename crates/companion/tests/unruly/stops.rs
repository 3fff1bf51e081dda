//! Stop at awkward moments: before the agent has begun, twenty times at once, while it waits for an answer, and
//! of what no trace leads to.

use agent_tasks::{EventBody, State, Steer};
use futures_util::future::join_all;

use crate::{
    ALONE,
    companion::{Companion, eventually},
    processes,
};

/// Starts that are stopped at once.
const QUICK: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_is_stopped_at_any_moment_leaves_nothing() {
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let companion = Companion::start(folder.path(), false);
    let mut sessions = Vec::new();
    for number in 0..QUICK {
        let id = companion.task("all of these", "begin").await;
        let session = companion.session(&id).await;
        // Before the worktree, in the middle of it, before the agent's first word, and after.
        let events = number as u64;
        while companion.log(&id, 0).await.last_seq < events.min(8) {}
        assert_eq!(companion.steer(&id, &Steer::abort()).await, 202);
        companion.until_state(&id, &State::Cancelled).await;
        assert_eq!(processes::marked(&session), [0; 0]);
        sessions.push(session);
    }
    assert!(sessions.iter().all(|session| processes::marked(session).is_empty()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_stops_at_once_are_one() {
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let companion = Companion::start(folder.path(), false);
    let id = companion.task("all of these", "be stopped").await;
    let session = companion.session(&id).await;
    eventually("six run", || processes::marked(&session).len() >= 6).await;
    let abort = Steer::abort();
    let answers = join_all((0..20).map(|_| companion.steer(&id, &abort))).await;
    assert_eq!(answers, [202; 20]);
    companion.until_state(&id, &State::Cancelled).await;
    assert_eq!(companion.steer(&id, &abort).await, 202, "and once more afterwards");
    assert_eq!(processes::marked(&session), [0; 0]);
    let log = companion.log(&id, 0).await;
    let count = |is_it: fn(&EventBody) -> bool| log.events.iter().filter(|event| is_it(&event.body)).count();
    assert_eq!(count(|body| matches!(body, EventBody::Abort(_))), 1);
    assert_eq!(count(|body| matches!(body, EventBody::SessionShutdown(_))), 1);
    promises::tell("S12", 21, true, "20 at once and one after the end: all 202, one abort and one end in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_with_cancelled_when_the_session_is_stopped() {
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let companion = Companion::start(folder.path(), false);
    let id = companion.task("asks for permission", "ask").await;
    companion.until_state(&id, &State::WaitingForUser).await;
    assert_eq!(companion.steer(&id, &Steer::abort()).await, 202);
    companion.until_state(&id, &State::Cancelled).await;
    let log = companion.log(&id, 0).await;
    let answers = log.events.iter().filter_map(|event| match &event.body {
        EventBody::PermissionCompleted(answer) => Some(answer.result.kind.as_str()),
        _ => None,
    });
    assert_eq!(answers.collect::<Vec<_>>(), ["cancelled"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_session_stands_still_and_goes_on() {
    let _alone = ALONE.lock().await;
    for uses_cgroups in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let companion = Companion::start(folder.path(), uses_cgroups);
        let id = companion.task("steady", "talk").await;
        companion.until_state(&id, &State::InProgress).await;
        assert_eq!(companion.steer(&id, &Steer::pause(true)).await, 202);
        companion.until_state(&id, &State::Idle).await;
        // What was on its way comes in, and then nothing.
        let mut seq = companion.log(&id, 0).await.last_seq;
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            let now = companion.log(&id, 0).await.last_seq;
            if now == std::mem::replace(&mut seq, now) {
                break;
            }
        }
        assert_eq!(companion.steer(&id, &Steer::pause(false)).await, 202);
        companion.until_state(&id, &State::InProgress).await;
        while companion.log(&id, 0).await.last_seq <= seq + 2 {}
        assert_eq!(companion.steer(&id, &Steer::abort()).await, 202);
        companion.until_state(&id, &State::Cancelled).await;
    }
}

/// Where the machine offers no control groups, that is said, and there is nothing to try.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_leaves_no_trace_ends_with_its_control_group() {
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let companion = Companion::start(folder.path(), true);
    let supervision = companion.capabilities().await.supervision.unwrap();
    if supervision.layer != "cgroup" {
        assert!(supervision.description.contains("are not used:"), "{supervision:?}");
        println!("not tried here: {}", supervision.description);
        return;
    }
    let before = processes::called("sleep 86398");
    let id = companion.task("no trace", "hide").await;
    let unseen = || processes::called("sleep 86398").into_iter().filter(|pid| !before.contains(pid)).count();
    eventually("two hide", || unseen() >= 2).await;
    assert_eq!(companion.steer(&id, &Steer::abort()).await, 202);
    companion.until_state(&id, &State::Cancelled).await;
    assert_eq!(unseen(), 0);
}
