//! Stop, in every phase, for every kind of agent: nothing is left.

use std::time::{Duration, Instant};

use agent_tasks::{EventBody, SessionId};
use companion::agents::{Control, MARKER, RunEnd, Supervisor};

use crate::harness::{Ended, Running, Setup, eventually, processes_in, processes_of};

/// From the request to the end, at most.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

async fn stop(running: Running) -> Ended {
    let asked = Instant::now();
    running.say(Control::Stop).await;
    running.say(Control::Stop).await;
    let ended = running.finish().await;
    assert!(asked.elapsed() < STOP_PATIENCE, "it took {:?}", asked.elapsed());
    assert_eq!(ended.outcome.end, RunEnd::Stopped);
    ended
}

fn says(text: &str) -> impl Fn(&EventBody) -> bool {
    move |body| matches!(body, EventBody::AssistantMessage(message) if message.content.contains(text))
}

fn runs(command: &str) -> impl Fn(&EventBody) -> bool {
    move |body| matches!(body, EventBody::ToolExecutionStart(call) if call.command.as_deref() == Some(command))
}

#[tokio::test]
async fn a_command_and_everything_that_left_it_ends() {
    let mut running = Setup::script("endless").start();
    running.see(runs("sleep 86400")).await;
    let session = running.session.clone();
    eventually("six processes run", || processes_of(&session).len() >= 6).await;
    let ended = stop(running).await;
    assert_eq!(&ended.signals()[..2], ["session/cancel", "stdin closed"]);
    assert!(ended.outcome.report.signals.iter().any(|sent| sent.process.command.contains("sleep 86400")));
    let open = ended.tool_ends().iter().filter(|end| !end.success).count();
    assert_eq!(open, 1, "the running call is told as cancelled");
    assert_eq!(ended.types().last(), Some(&"assistant.turn_end"));
}

#[tokio::test]
async fn a_deaf_agent_is_killed() {
    let mut running = Setup::script("deaf").start();
    running.see(runs("setsid --fork nohup sleep 86400")).await;
    let session = running.session.clone();
    eventually("the daemon runs", || processes_of(&session).len() >= 2).await;
    let ended = stop(running).await;
    assert!(ended.signals().contains(&"SIGKILL"), "{:?}", ended.signals());
}

#[tokio::test]
async fn a_talking_agent_is_stopped_even_when_nobody_reads_its_log() {
    let mut running = Setup::script("endless-talk").start();
    running.see(says("Still running")).await;
    // From here on the log takes nothing more until the run is over.
    let session = running.session.clone();
    running.say(Control::Stop).await;
    eventually("nothing is left", || processes_of(&session).is_empty()).await;
    assert_eq!(running.finish().await.outcome.end, RunEnd::Stopped);
}

#[tokio::test]
async fn a_stop_dismisses_what_was_asked() {
    let mut running = Setup::script("permission").start();
    running.see(|body| matches!(body, EventBody::PermissionRequested(_))).await;
    let ended = stop(running).await;
    let answered = ended.seen.iter().find_map(|event| match &event.body {
        EventBody::PermissionCompleted(answer) => Some(answer.result.kind.clone()),
        _ => None,
    });
    assert_eq!(answered.as_deref(), Some("cancelled"));
    assert!(!ended.worktree.path().join("permitted.txt").exists());
}

#[tokio::test]
async fn an_agent_that_never_answered_is_stopped() {
    let running = Setup::forced("silent").start();
    let session = running.session.clone();
    eventually("it runs", || !processes_of(&session).is_empty()).await;
    let ended = stop(running).await;
    assert!(ended.seen.is_empty());
}

#[tokio::test]
async fn a_halted_agent_is_stopped() {
    let mut running = Setup::script("endless").start();
    running.see(runs("sleep 86400")).await;
    for pid in processes_of(&running.session) {
        let status = std::process::Command::new("kill").args(["-STOP", &pid.to_string()]).status().unwrap();
        assert!(status.success());
    }
    stop(running).await;
}

#[tokio::test]
async fn a_command_that_keeps_forking_is_stopped() {
    let running = Setup::script("forking").start();
    let session = running.session.clone();
    eventually("a few run", || processes_of(&session).len() >= 10).await;
    stop(running).await;
}

#[tokio::test]
async fn processes_that_hid_their_mark_are_found_all_the_same() {
    let mut setup = Setup::script("endless");
    // The agent runs without its mark, below a process that has it.
    setup.profile.args = [vec!["-u".into(), MARKER.into(), setup.profile.command], setup.profile.args].concat();
    setup.profile.command = "env".into();
    let mut running = setup.start();
    running.see(runs("sleep 86400")).await;
    let worktree = running.worktree.path().canonicalize().unwrap();
    eventually("they run", || processes_in(&worktree).len() >= 6).await;
    let ended = stop(running).await;
    assert_eq!(processes_in(&worktree), [0; 0]);
    drop(ended);
}

#[tokio::test]
async fn a_dropped_run_leaves_nothing() {
    let mut running = Setup::script("endless").start();
    running.see(runs("sleep 86400")).await;
    running.outcome.abort();
    let session = running.session.clone();
    eventually("nothing is left", || processes_of(&session).is_empty()).await;
}

#[tokio::test]
async fn a_sweep_ends_what_carries_the_mark_and_nothing_else() {
    let id = std::process::id();
    let dead = SessionId(format!("dead-{id}"));
    let look_alike = SessionId(format!("dead-{id}0"));
    for session in [&dead, &look_alike] {
        let mut command = tokio::process::Command::new("setsid");
        command.args(["--fork", "sleep", "86400"]).env(MARKER, session.as_str());
        assert!(command.status().await.unwrap().success());
        eventually("it runs", || !processes_of(session).is_empty()).await;
    }
    let supervisor = Supervisor::default();
    let reports = supervisor.sweep(&[SessionId(format!("unknown-{id}")), dead.clone()]).await;
    assert_eq!(reports.len(), 1);
    assert_eq!((&reports[0].0, reports[0].1.remaining, reports[0].1.signals.len()), (&dead, 0, 1));
    assert!(processes_of(&dead).is_empty());
    assert_eq!(processes_of(&look_alike).len(), 1, "a mark that only begins the same is a stranger's");
    supervisor.sweep(&[look_alike]).await;
}
