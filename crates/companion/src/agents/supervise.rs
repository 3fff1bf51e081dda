//! The processes of a session: all of them, whatever they did to leave, and their end.
//!
//! An agent's tools run in sessions and process groups of their own, and a daemon gives up its parent.
//! So a process belongs to a session when its environment carries the session's mark, when its parent
//! belongs to it, when it is an orphan that works in the session's worktree, or when it was seen to
//! belong to it before. The companion is the subreaper of all of
//! them: who loses a parent becomes the companion's child, never init's.
//!
//! Where the companion may make control groups of version 2, each session gets one, and the other ways
//! stay beside it. A process namespace would be tighter, but an ordinary user gets one only inside a user
//! namespace, in which `sudo`, the tools of containers and some agents' own sandboxes no longer work: it is
//! not used.

mod cgroup;
mod keeper;
mod members;
mod processes;
mod reap;
mod roll;
mod tree;

use std::{path::Path, sync::Once, time::Duration};

use agent_tasks::{
    SessionId,
    capabilities::Supervision,
    event::{ProcessName, SignalSent, SupervisionReport},
};
use futures_util::future::join_all;
use tokio::time::Instant;

use self::{
    cgroup::{Cgroups, Group},
    members::Members,
    roll::{Entry, Roll},
};

pub use keeper::{KEEPER_COMMAND, keep};
pub use tree::Tree;

/// The environment variable by which a session's processes are known; its value is the session's id.
pub const MARKER: &str = "FLIGHTDECK_SESSION";
/// From SIGTERM to SIGKILL.
pub const TERM_GRACE: Duration = Duration::from_secs(1);
/// How long SIGKILL is repeated before a process counts as a survivor.
pub const KILL_PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked whether the processes have ended.
const LOOK_EVERY: Duration = Duration::from_millis(15);
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

/// How this companion keeps hold of its agents' processes. Chosen once, at its start. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Supervisor {
    /// Where sessions get a control group; `None` where there are none, or they are not wanted.
    cgroups: Option<Cgroups>,
    /// Why there are none.
    why_not: Option<String>,
    /// Where it is noted on disk who runs.
    roll: Option<Roll>,
}

impl Supervisor {
    /// The strongest way that this system offers; who runs is noted in `folder`. Without `use_cgroups`,
    /// control groups are left alone.
    pub fn choose(folder: &Path, use_cgroups: bool) -> Self {
        let wanted = if use_cgroups { Cgroups::find() } else { Err("the configuration forbids them".into()) };
        let (cgroups, why_not) = match wanted {
            Ok(cgroups) => (Some(cgroups), None),
            Err(reason) => (None, Some(reason)),
        };
        let roll = Roll::open(folder);
        if let Err(error) = &roll {
            tracing::warn!(%error, "who runs is not noted on disk: after a kill, processes are found by their mark only");
        }
        let supervisor = Self { cgroups, why_not, roll: roll.ok() };
        let Supervision { layer, description } = supervisor.supervision();
        tracing::info!(layer, description, "supervision");
        supervisor
    }

    /// Starts the keeper of what is noted in `folder`: this very program, with [`KEEPER_COMMAND`].
    pub fn start_keeper(&self, folder: &Path) {
        if self.roll.is_some() {
            keeper::start(folder.to_owned());
        }
    }

    /// What it is, in words.
    pub fn supervision(&self) -> Supervision {
        let layer = layer(self.cgroups.is_some());
        let mut description = describe(layer).to_owned();
        if let Some(reason) = &self.why_not {
            description += &format!(" Control groups, which are tighter, are not used: {reason}.");
        }
        if self.roll.is_some() {
            description += " What is left when the companion is killed is ended by its keeper, a process beside it, \
                or at its next start.";
        }
        Supervision { layer: layer.into(), description }
    }

    /// Whether a whole session can be halted and go on.
    pub fn can_pause(&self) -> bool {
        cfg!(target_os = "linux")
    }

    /// The tree under the agent `root`, which the runtime waits for and which works in `worktree`. Blocks for a
    /// moment.
    pub fn tree(&self, session: SessionId, root: i32, worktree: &Path) -> Tree {
        let group = self.cgroups.as_ref().and_then(|cgroups| {
            let group = cgroups.group(&session);
            group.inspect_err(|error| tracing::warn!(%session, %error, "a session has no control group")).ok()
        });
        Tree::new(Members::of_agent(session, root, worktree, group, self.roll.clone()))
    }

    /// Ends what is left of sessions that a crash of the companion cut short: of `dead`, and of those noted on
    /// disk. Only processes that carry the exact mark of such a session, that were noted with their start, or
    /// that are in its control group are touched, and their children. Returns a report for each session that
    /// had any.
    pub async fn sweep(&self, dead: &[SessionId]) -> Vec<(SessionId, SupervisionReport)> {
        let mut left: Vec<Entry> = self.roll.iter().flat_map(Roll::left).collect();
        let unnoted = dead.iter().filter(|session| left.iter().all(|entry| entry.session != session.as_str()));
        let unnoted: Vec<Entry> =
            unnoted.map(|session| Entry { session: session.to_string(), ..Entry::default() }).collect();
        left.extend(unnoted);
        join_all(left.into_iter().map(|entry| self.sweep_one(entry))).await.into_iter().flatten().collect()
    }

    async fn sweep_one(&self, entry: Entry) -> Option<(SessionId, SupervisionReport)> {
        let session = SessionId(entry.session.clone());
        let tree = Self::left(entry);
        let report = if tree.is_empty().await {
            tree.forget().await;
            None
        } else {
            let mut account = Account::begin();
            tree.end(&mut account, TERM_GRACE, Instant::now() + TERM_GRACE + KILL_PATIENCE).await;
            Some(tree.report(account).await)
        };
        let is_over = report.as_ref().is_none_or(|report| report.remaining == 0);
        if let Some(roll) = self.roll.as_ref().filter(|_| is_over) {
            roll.strike(session.as_str());
        }
        report.map(|report| (session, report))
    }

    /// What another companion left of a session.
    fn left(entry: Entry) -> Tree {
        let group = entry.group.as_deref().and_then(Group::left_in);
        Tree::new(Members::of_session(SessionId(entry.session), entry.members, group))
    }
}

/// The word for how processes are found.
fn layer(has_group: bool) -> &'static str {
    match (has_group, cfg!(target_os = "linux")) {
        (true, _) => "cgroup",
        (false, true) => "subreaper",
        (false, false) => "process_group",
    }
}

fn describe(layer: &str) -> &'static str {
    match layer {
        "cgroup" => {
            "Every session has a control group of the kernel, and what is in it ends with it. A process leaves it only \
             by moving itself into another one on purpose, and is then looked for by its mark, its parents and its \
             folder. What a daemon runs for it, such as a container, is not in it."
        }
        "subreaper" => {
            "Ends every process that a session started, also those that left its process group or gave up their \
             parent. A process that clears its environment, gives up its parent and leaves the worktree, all before \
             it was ever seen, escapes."
        }
        _ => {
            "Ends the agent's process group. A process that left the group escapes: on this system there is no \
             other way to find it."
        }
    }
}

/// Takes note of the ends of inherited orphans once more, when they are old enough to be told from others.
pub fn reap_later() {
    let reap = || tokio::task::spawn_blocking(|| reap::reap(&processes::recent(LOOK_EVERY), |_| false));
    tokio::spawn(async move {
        // It fails only when the runtime ends.
        let _ = reap().await;
        tokio::time::sleep(reap::ZOMBIE_AGE + Duration::from_secs(1)).await;
        let _ = reap().await;
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

    /// The report, with those who are left.
    fn report(self, layer: &str, survivors: Vec<ProcessName>) -> SupervisionReport {
        SupervisionReport {
            layer: layer.into(),
            signals: self.signals,
            remaining: u32::try_from(survivors.len()).unwrap_or(u32::MAX),
            survivors,
            duration_ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}
