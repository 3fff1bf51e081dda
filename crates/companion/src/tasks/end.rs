//! The end of a session: commit, diffstat, and the last events of its log.

use std::time::Duration;

use agent_tasks::{
    Prompt,
    event::{CodeChanges, ProcessName, SessionError, SessionInfo, SessionShutdown, ShutdownType, SupervisionReport},
};

use super::{Tasks, scheduler::Place};
use crate::{
    agents::{RunEnd, RunOutcome},
    git::{Diffstat, Worktree},
    log::{Entry, LogError, WriteTx},
};

/// How long to wait before the end of a session is written again, when the log cannot be written now.
const RETRY_PAUSE: Duration = Duration::from_secs(2);

/// What a session that the companion left in the middle is told to have ended by.
pub const INTERRUPTED: &str = "the companion was stopped or restarted while this session ran; the work so far is kept in \
    the task's worktree, send a follow-up to go on";

/// The word for the end of a session whose log could not be kept.
const STORAGE_FULL: &str = "storage_full";
/// And what it is told.
const NOT_KEPT: &str = "the agent was stopped because its log could not be written: the disk was full, or another \
    program kept the database locked; make room, then send a follow-up to go on";

/// How a session came to its end.
pub struct Ending {
    /// What its run says.
    pub outcome: RunOutcome,
    /// The newest error that the log has already.
    pub error_told: Option<String>,
    /// The worktree, when it came so far.
    pub worktree: Option<Worktree>,
    /// What was asked: the message of the commit.
    pub prompt: String,
}

impl Ending {
    /// It never ran, because somebody stopped it before.
    pub fn stopped() -> Self {
        Self::without_run(RunEnd::Stopped)
    }

    /// It could not be run; `kind` is the word for the kind of error.
    pub fn failed(kind: &str, message: String) -> Self {
        tracing::warn!(kind, message, "a session did not start");
        Self::without_run(RunEnd::Failed(message))
    }

    fn without_run(end: RunEnd) -> Self {
        let outcome = RunOutcome { end, agent_session: None, report: SupervisionReport::default() };
        Self { outcome, error_told: None, worktree: None, prompt: String::new() }
    }
}

/// Commits what the agent left, and writes the end. Does not give up while the log cannot be written.
pub async fn write(tasks: &Tasks, place: &Place, ending: Ending) {
    let (entries, code_changes) = match &ending.worktree {
        Some(worktree) => keep_work(place, worktree, &ending.prompt).await,
        None => (Vec::new(), None),
    };
    let ran = ending.worktree.is_some() && !ending.outcome.report.layer.is_empty();
    let report = ran.then(|| ending.outcome.report.clone());
    // A stop that nobody asked for is the end of the companion.
    let was_interrupted = tasks.0.ending.is_cancelled();
    let agent_session = ending.outcome.agent_session;
    let end = ending.outcome.end;
    loop {
        let (ended, entries, end) = (place.clone(), entries.clone(), end.clone());
        let (agent_session, error_told) = (agent_session.clone(), ending.error_told.clone());
        let shutdown =
            SessionShutdown { code_changes: code_changes.clone(), report: report.clone(), ..Default::default() };
        let written: Result<(), LogError> = tasks
            .0
            .setup
            .log
            .write(move |tx| {
                if let Some(changes) = &shutdown.code_changes {
                    tx.set_changes(&ended.task_id, changes)?;
                }
                if let Some(agent_session) = &agent_session {
                    tx.set_agent_session(&ended.session_id, agent_session)?;
                }
                let stop_asked = tx.progress(&ended.session_id)?.stop_requested_at.is_some();
                let last = last_entries(end, shutdown, stop_asked, was_interrupted, error_told.as_deref());
                append_unless_over(tx, &ended, entries.into_iter().chain(last))
            })
            .await;
        match written {
            Ok(()) => return,
            Err(error) => {
                tracing::error!(session = %place.session_id, %error, "the end of a session is not written yet")
            }
        }
        if tasks.0.ending.is_cancelled() {
            return;
        }
        tokio::time::sleep(RETRY_PAUSE).await;
    }
}

fn append_unless_over(
    tx: &mut WriteTx<'_>,
    place: &Place,
    entries: impl Iterator<Item = Entry>,
) -> Result<(), LogError> {
    if tx.progress(&place.session_id)?.state.is_active() {
        tx.append(&place.task_id, &place.session_id, entries)?;
    }
    Ok(())
}

/// Commits the agent's work and counts it; gives what the log should tell of that.
async fn keep_work(place: &Place, worktree: &Worktree, prompt: &str) -> (Vec<Entry>, Option<CodeChanges>) {
    let mut entries = Vec::new();
    match worktree.commit(&commit_message(place, prompt)).await {
        Ok(Some(sha)) => entries.push(Entry::from(SessionInfo {
            info_type: "git".into(),
            message: format!("committed the changes as {} on {}", &sha[..sha.len().min(10)], worktree.head_ref),
            url: None,
        })),
        Ok(None) => {}
        Err(error) => entries.push(Entry::from(SessionError {
            error_type: "git".into(),
            message: format!("the changes could not be brought to the task's branch in your repository and are kept in its worktree: {error}"),
            stack: None,
        })),
    }
    let stat = worktree.diffstat().await.inspect_err(|error| tracing::warn!(%error, "no diffstat at the end")).ok();
    (entries, stat.map(code_changes))
}

/// The diffstat as the log tells it.
fn code_changes(stat: Diffstat) -> CodeChanges {
    CodeChanges { lines_added: stat.additions, lines_removed: stat.deletions, files_modified: stat.files }
}

fn commit_message(place: &Place, prompt: &str) -> String {
    let title = Prompt::parse(prompt).map(|prompt| prompt.title()).unwrap_or_else(|_| "Work of an agent".into());
    format!("{title}\n\n{prompt}\n\nFlightdeck-Task: {}\n", place.task_id)
}

/// The last events of a session.
fn last_entries(
    end: RunEnd,
    shutdown: SessionShutdown,
    stop_asked: bool,
    was_interrupted: bool,
    error_told: Option<&str>,
) -> Vec<Entry> {
    if shutdown.report.as_ref().is_some_and(|report| report.remaining > 0) {
        let message = survivors(shutdown.report.iter().flat_map(|report| &report.survivors));
        return broken_off("stop_failed", &message, shutdown, error_told);
    }
    let routine = |stop_reason: &str| {
        vec![Entry::from(SessionShutdown {
            shutdown_type: ShutdownType::Routine,
            stop_reason: Some(stop_reason.to_owned()),
            ..shutdown.clone()
        })]
    };
    match end {
        RunEnd::TurnEnded(stop_reason) => routine(&stop_reason),
        // Once somebody asked to stop, an agent may end in any way.
        RunEnd::Stopped | RunEnd::Failed(_) if stop_asked => routine("cancelled"),
        RunEnd::Stopped | RunEnd::Failed(_) if was_interrupted => {
            broken_off("interrupted", INTERRUPTED, shutdown, error_told)
        }
        RunEnd::Stopped => broken_off(STORAGE_FULL, NOT_KEPT, shutdown, error_told),
        RunEnd::Failed(message) => broken_off("agent", &message, shutdown, error_told),
    }
}

/// What is said when processes could not be ended.
fn survivors<'a>(left: impl Iterator<Item = &'a ProcessName>) -> String {
    let left: Vec<String> = left.map(|process| format!("{} ({})", process.pid, process.command)).collect();
    format!(
        "{} of this session's processes could not be ended: {}. They may wait for a device or belong to another \
         user; end them yourself, or start the machine again",
        left.len(),
        left.join(", ")
    )
}

/// An error and the end that it brings; the error is not told twice.
pub fn broken_off(kind: &str, message: &str, shutdown: SessionShutdown, error_told: Option<&str>) -> Vec<Entry> {
    let error = SessionError { error_type: kind.into(), message: message.into(), stack: None };
    let end =
        SessionShutdown { shutdown_type: ShutdownType::Error, error_reason: Some(message.to_owned()), ..shutdown };
    let told = error_told == Some(message);
    (!told).then(|| Entry::from(error)).into_iter().chain([Entry::from(end)]).collect()
}
