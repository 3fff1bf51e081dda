//! All processes of one session, found and ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::Duration,
};

use agent_tasks::SessionId;
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::{Pid, getpgrp},
};
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Account, MARKER,
    processes::{self, Process},
    reap,
};

/// How often it is looked whether the processes have ended.
const LOOK_EVERY: Duration = Duration::from_millis(15);
/// How long a dropped run may hold up its thread to end its processes.
const DROP_PATIENCE: Duration = Duration::from_millis(500);

/// The processes of one session. Dropped before [`Tree::end`], it kills them.
pub struct Tree {
    /// What the environment of its processes says.
    mark: Vec<u8>,
    /// The agent, where this companion started it.
    root: Option<i32>,
    /// Where the agent works: an orphan there is its.
    worktree: Option<PathBuf>,
    /// Everyone ever seen to belong to it: number and start time.
    known: BTreeMap<i32, u64>,
    /// Everyone whose environment does not carry the mark. Read once: children inherit it, and nobody
    /// else would take it on.
    strangers: BTreeMap<i32, u64>,
    has_ended: bool,
}

impl Tree {
    /// The tree under the agent `root`, which the runtime waits for and which works in `worktree`.
    pub fn of_agent(session: SessionId, root: i32, worktree: &Path) -> Self {
        reap::leave_to_runtime(root);
        let mut tree = Self::of_session(session);
        tree.root = Some(root);
        tree.worktree = worktree.canonicalize().ok();
        tree.known.extend(processes::process(root).map(|process| (root, process.start)));
        tree
    }

    /// The processes that carry the mark of `session`, whoever started them.
    pub fn of_session(session: SessionId) -> Self {
        Self {
            mark: format!("{MARKER}={session}").into_bytes(),
            root: None,
            worktree: None,
            known: BTreeMap::new(),
            strangers: BTreeMap::new(),
            has_ended: false,
        }
    }

    /// Lets the tree go without ending it.
    pub fn forget(&mut self) {
        self.has_ended = true;
    }

    /// Its living processes, parents before children as far as their numbers tell.
    pub fn living(&mut self) -> Vec<Process> {
        let all = processes::all();
        let own = Pid::this().as_raw();
        let others = all.iter().filter(|process| process.pid != own && !process.is_zombie);
        let (mut members, mut strangers) = (BTreeSet::new(), BTreeMap::new());
        for process in others {
            let is_stranger = self.strangers.get(&process.pid) == Some(&process.start);
            let has_mark = || !is_stranger && processes::has_variable(process.pid, &self.mark);
            if self.knows(process) || has_mark() || self.has_adopted(process) {
                members.insert(process.pid);
            } else {
                strangers.insert(process.pid, process.start);
            }
        }
        self.strangers = strangers;
        loop {
            let children = all.iter().filter(|process| members.contains(&process.parent) && process.pid != own);
            let children: BTreeSet<i32> = children.map(|process| process.pid).collect();
            if children.is_subset(&members) {
                break;
            }
            members.extend(children);
        }
        self.known.extend(all.iter().filter(|process| members.contains(&process.pid)).map(|it| (it.pid, it.start)));
        reap::reap(&all, |process| self.knows(process));
        let mut living: Vec<Process> =
            all.into_iter().filter(|process| members.contains(&process.pid) && !process.is_zombie).collect();
        living.sort_by_key(|process| (process.start, process.pid));
        living
    }

    /// Ends all of them: SIGTERM, `grace` to obey, then SIGKILL until none is left or `deadline` is over.
    pub async fn end(&mut self, account: &mut Account, grace: Duration, deadline: Instant) {
        self.terminate(account);
        let obeyed_by = deadline.min(Instant::now() + grace);
        let _ = timeout_at(obeyed_by, async {
            while !self.living().is_empty() {
                sleep(LOOK_EVERY).await;
            }
        })
        .await;
        let mut told = BTreeSet::new();
        while self.kill(|process| {
            if told.insert((process.pid, process.start)) {
                account.note("SIGKILL", process.name());
            }
        }) && Instant::now() < deadline
        {
            sleep(LOOK_EVERY).await;
        }
        self.has_ended = true;
    }

    /// Asks all of them to end.
    fn terminate(&mut self, account: &mut Account) {
        for process in self.living() {
            account.note("SIGTERM", process.name());
            send(&process, Signal::SIGTERM);
            if process.is_halted {
                send(&process, Signal::SIGCONT);
            }
        }
        self.signal_group_without_proc(Signal::SIGTERM);
    }

    /// Kills all that live now, whole process groups at a time where nobody else is in them, so that a
    /// process that keeps forking cannot run away. False when there was nobody to kill.
    fn kill(&mut self, mut tell: impl FnMut(&Process)) -> bool {
        let living = self.living();
        for group in self.own_groups(&living) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        for process in &living {
            tell(process);
            send(process, Signal::SIGKILL);
        }
        self.signal_group_without_proc(Signal::SIGKILL);
        !living.is_empty()
    }

    /// The process groups in which there are only processes of this session.
    fn own_groups(&self, living: &[Process]) -> BTreeSet<i32> {
        let mut groups: BTreeSet<i32> = living.iter().map(|process| process.group).collect();
        for process in processes::all() {
            if !self.knows(&process) && !process.is_zombie {
                groups.remove(&process.group);
            }
        }
        groups.retain(|group| *group > 1 && *group != Pid::this().as_raw());
        groups
    }

    fn knows(&self, process: &Process) -> bool {
        self.known.get(&process.pid) == Some(&process.start)
    }

    /// Whether `process` hid its mark, gave up its parent, and still works in the worktree. What the
    /// companion starts itself stays in its own process group, but for the agents.
    fn has_adopted(&self, process: &Process) -> bool {
        process.parent == Pid::this().as_raw()
            && process.group != getpgrp().as_raw()
            && !reap::is_left_to_runtime(process.pid)
            && self.worktree.as_ref().is_some_and(|worktree| processes::works_in(process.pid, worktree))
    }

    /// Where there is no `/proc`, the agent's group is all that can be reached.
    fn signal_group_without_proc(&self, signal: Signal) {
        if let Some(root) = self.root.filter(|_| !cfg!(target_os = "linux")) {
            let _ = killpg(Pid::from_raw(root), signal);
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if !self.has_ended {
            let deadline = std::time::Instant::now() + DROP_PATIENCE;
            while self.kill(|_| {}) && std::time::Instant::now() < deadline {
                std::thread::sleep(LOOK_EVERY);
            }
        }
        if let Some(root) = self.root {
            reap::runtime_is_done(root);
        }
    }
}

/// Signals `process`, unless its number names another one by now.
fn send(process: &Process, signal: Signal) {
    if processes::process(process.pid).is_some_and(|now| now.start == process.start) {
        // It may have ended in between, or belong to another user after a change of rights.
        let _ = kill(Pid::from_raw(process.pid), signal);
    }
}
