//! What a killed companion left: found by what it noted, and nobody else is touched.

use std::{path::Path, process::Stdio};

use agent_tasks::SessionId;
use companion::agents::{MARKER, Supervisor};
use tokio::process::{Child, Command};

use crate::harness::{eventually, processes_of};

/// A process that nobody would know for a session's.
fn stranger() -> Child {
    let mut command = Command::new("sleep");
    command.arg("86400").env_clear().stdin(Stdio::null()).kill_on_drop(true);
    command.spawn().unwrap()
}

fn start_of(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit(')').next().unwrap().split_ascii_whitespace().nth(19).unwrap().parse().unwrap()
}

fn is_there(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/status")).is_ok_and(|status| !status.contains("State:\tZ"))
}

fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap().trim().to_owned()
}

/// What a companion that is no more noted of a process.
fn note(folder: &Path, session: &str, boot: &str, pid: u32, start: u64) {
    let text = format!("boot {boot}\ncompanion 999999 1\nprocess {pid} {start}\n");
    std::fs::write(folder.join(session), text).unwrap();
}

#[tokio::test]
async fn only_the_very_process_that_was_noted_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (noted, mut reused, mut earlier) = (stranger(), stranger(), stranger());
    let pid = |child: &Child| child.id().unwrap();
    let id = std::process::id();
    note(folder.path(), &format!("noted-{id}"), &boot(), pid(&noted), start_of(pid(&noted)));
    // The number is that of a process that ended; another one has it now.
    note(folder.path(), &format!("reused-{id}"), &boot(), pid(&reused), start_of(pid(&reused)) - 1);
    // The same number and start, of the system's earlier start.
    note(folder.path(), &format!("earlier-{id}"), "another", pid(&earlier), start_of(pid(&earlier)));
    let reports = Supervisor::choose(folder.path(), false).sweep(&[]).await;
    let ended: Vec<_> =
        reports.iter().map(|(session, report)| (session.as_str().to_owned(), report.remaining)).collect();
    assert_eq!(ended, [(format!("noted-{id}"), 0)]);
    eventually("it is gone", || !is_there(pid(&noted))).await;
    assert!(reused.try_wait().unwrap().is_none(), "a stranger with a used number lives");
    assert!(earlier.try_wait().unwrap().is_none(), "and so does one from another start of the system");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "what is dealt with is struck");
}

#[tokio::test]
async fn what_was_noted_and_what_carries_the_mark_ends_together() {
    let folder = tempfile::tempdir().unwrap();
    let session = SessionId(format!("left-{}", std::process::id()));
    let noted = stranger();
    note(folder.path(), session.as_str(), &boot(), noted.id().unwrap(), start_of(noted.id().unwrap()));
    let mut command = Command::new("setsid");
    command.args(["--fork", "sleep", "86400"]).env(MARKER, session.as_str());
    assert!(command.status().await.unwrap().success());
    eventually("it runs", || !processes_of(&session).is_empty()).await;
    let reports = Supervisor::choose(folder.path(), false).sweep(std::slice::from_ref(&session)).await;
    assert_eq!((reports.len(), reports[0].1.signals.len()), (1, 2), "{reports:?}");
    assert!(processes_of(&session).is_empty());
    eventually("it is gone", || !is_there(noted.id().unwrap())).await;
}
