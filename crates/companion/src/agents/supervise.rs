//! The processes of a session: all of them, whatever they did to leave, and their end.
//!
//! An agent's tools run in sessions and process groups of their own, and a daemon gives up its parent.
//! So a process belongs to a session when its environment carries the session's mark, when its parent
//! belongs to it, when it is an orphan that works in the session's worktree, or when it was seen to
//! belong to it before. The companion is the subreaper of all of
//! them: who loses a parent becomes the companion's child, never init's.

mod processes;
mod reap;
mod tree;

use std::{sync::Once, time::Duration};

use agent_tasks::{
    SessionId,
    capabilities::Supervision,
    event::{ProcessName, SignalSent, SupervisionReport},
};
use futures_util::future::join_all;
use tokio::time::Instant;

pub use tree::Tree;

/// The environment variable by which a session's processes are known; its value is the session's id.
pub const MARKER: &str = "FLIGHTDECK_SESSION";
/// From SIGTERM to SIGKILL.
pub const TERM_GRACE: Duration = Duration::from_secs(1);
/// How long SIGKILL is repeated before a process counts as a survivor.
pub const KILL_PATIENCE: Duration = Duration::from_secs(2);
/// A report names at most this many signals.
const SIGNALS_TOLD_MAX: usize = 200;

/// Makes the companion the one who inherits orphans, and closes its memory and its environment to the
/// agents, who run as the same user. Call it once, first thing.
pub fn prepare() {
    become_subreaper();
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_dumpable(false) {
        tracing::warn!(%error, "the companion's memory stays readable to processes of the same user");
    }
}

/// Makes this process the one who inherits orphans; only the first call does anything.
pub fn become_subreaper() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(target_os = "linux")]
        if let Err(error) = nix::sys::prctl::set_child_subreaper(true) {
            tracing::warn!(%error, "orphans go to init; they are found by their mark only");
        }
    });
}

/// How processes are supervised on this system.
pub fn supervision() -> Supervision {
    let (layer, description) = if cfg!(target_os = "linux") {
        (
            "subreaper",
            "Ends every process that a session started, also those that left its process group or gave up their \
             parent. A process that clears its environment, gives up its parent and leaves the worktree, all before \
             it was ever seen, escapes.",
        )
    } else {
        (
            "process_group",
            "Ends the agent's process group. A process that left the group escapes: on this system there is no \
             other way to find it.",
        )
    };
    Supervision { layer: layer.into(), description: description.into() }
}

/// Ends what is left of sessions that a crash of the companion cut short. Only processes that carry the
/// exact mark of one of `dead` are touched, and their children. Returns a report for each session that
/// had any.
pub async fn sweep(dead: &[SessionId]) -> Vec<(SessionId, SupervisionReport)> {
    join_all(dead.iter().map(sweep_one)).await.into_iter().flatten().collect()
}

async fn sweep_one(session: &SessionId) -> Option<(SessionId, SupervisionReport)> {
    let mut tree = Tree::of_session(session.clone());
    if tree.living().is_empty() {
        tree.forget();
        return None;
    }
    let mut account = Account::begin();
    tree.end(&mut account, TERM_GRACE, Instant::now() + TERM_GRACE + KILL_PATIENCE).await;
    Some((session.clone(), account.report(&mut tree)))
}

/// Takes note of the ends of inherited orphans once more, when they are old enough to be told from others.
pub fn reap_later() {
    tokio::spawn(async {
        reap::reap(&processes::all(), |_| false);
        tokio::time::sleep(reap::ZOMBIE_AGE + Duration::from_secs(1)).await;
        reap::reap(&processes::all(), |_| false);
    });
}

/// What was done to a session's processes, as it is done.
pub struct Account {
    signals: Vec<SignalSent>,
    began: Instant,
}

impl Account {
    /// Nothing yet; the clock runs from here.
    pub fn begin() -> Self {
        Self { signals: Vec::new(), began: Instant::now() }
    }

    /// Notes that `signal` was sent to `process`.
    pub fn note(&mut self, signal: &str, process: ProcessName) {
        if self.signals.len() < SIGNALS_TOLD_MAX {
            self.signals.push(SignalSent { signal: signal.into(), process });
        }
    }

    /// The report; counts who is left.
    pub fn report(self, tree: &mut Tree) -> SupervisionReport {
        let survivors: Vec<ProcessName> = tree.living().iter().map(processes::Process::name).collect();
        SupervisionReport {
            layer: supervision().layer,
            signals: self.signals,
            remaining: u32::try_from(survivors.len()).unwrap_or(u32::MAX),
            survivors,
            duration_ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}
