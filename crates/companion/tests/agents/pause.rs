//! Pause and resume: everything of a session is halted, and goes on as if nothing had been.

use agent_tasks::{EventBody, SessionId, event::SessionInfo};
use companion::agents::{Control, RunEnd, Supervisor};

use crate::harness::{Running, Setup, eventually, processes_of};

fn says(kind: &'static str) -> impl Fn(&EventBody) -> bool {
    move |body| matches!(body, EventBody::SessionInfo(info) if info.info_type == kind)
}

/// Whether the process `pid` makes no step: halted by a signal, or frozen in its control group.
fn stands(pid: u32) -> bool {
    let used = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace().collect();
        fields.get(11..13).map(|times| times.concat())
    };
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let wchan = std::fs::read_to_string(format!("/proc/{pid}/wchan")).unwrap_or_default();
    used().is_some() && (status.contains("State:\tT") || wchan.contains("freez") || wchan.contains("signal"))
}

fn all_stand(session: &SessionId) -> bool {
    processes_of(session).into_iter().all(stands)
}

async fn pauses_and_goes_on(supervisor: Supervisor) {
    let mut setup = Setup::script("steady");
    setup.supervisor = supervisor;
    let mut running: Running = setup.start();
    running.see(|body| matches!(body, EventBody::AssistantMessageDelta(_))).await;
    running.say(Control::Pause).await;
    running.say(Control::Pause).await;
    running.see(says(SessionInfo::PAUSE)).await;
    let session = running.session.clone();
    eventually("everyone is halted", || all_stand(&session)).await;
    // What was in the pipe comes out, and then nothing.
    let quiet = std::time::Duration::from_millis(300);
    while let Ok(Some(_)) = tokio::time::timeout(quiet, running.events.recv()).await {}
    assert!(all_stand(&session) && !processes_of(&session).is_empty());
    running.say(Control::Resume).await;
    running.see(says(SessionInfo::RESUME)).await;
    running.see(|body| matches!(body, EventBody::AssistantMessageDelta(_))).await;
    running.say(Control::Stop).await;
    let ended = running.finish().await;
    assert_eq!(ended.outcome.end, RunEnd::Stopped);
    assert!(!ended.signals().contains(&"SIGKILL"), "it could still end by itself: {:?}", ended.signals());
}

#[tokio::test]
async fn a_session_is_halted_and_goes_on() {
    pauses_and_goes_on(Supervisor::default()).await;
}

#[tokio::test]
async fn a_session_in_a_control_group_is_halted_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    pauses_and_goes_on(Supervisor::choose(&folder.path().join("running"), true)).await;
}

#[tokio::test]
async fn a_command_that_keeps_forking_is_halted() {
    let mut running = Setup::script("forking").start();
    let session = running.session.clone();
    eventually("a few run", || processes_of(&session).len() >= 10).await;
    running.say(Control::Pause).await;
    running.see(says(SessionInfo::PAUSE)).await;
    let before = processes_of(&session);
    assert!(all_stand(&session), "{before:?}");
    assert_eq!(processes_of(&session), before, "nobody starts anything");
    running.say(Control::Stop).await;
    assert_eq!(running.finish().await.outcome.end, RunEnd::Stopped);
}

#[tokio::test]
async fn a_paused_session_can_be_stopped() {
    let mut running = Setup::script("endless").start();
    running.see(|body| matches!(body, EventBody::ToolExecutionStart(call) if call.command.as_deref() == Some("sleep 86400"))).await;
    running.say(Control::Pause).await;
    running.see(says(SessionInfo::PAUSE)).await;
    running.say(Control::Stop).await;
    running.say(Control::Resume).await;
    let ended = running.finish().await;
    assert_eq!(ended.outcome.end, RunEnd::Stopped);
    assert!(!ended.seen.iter().any(|event| says(SessionInfo::RESUME)(&event.body)));
}
