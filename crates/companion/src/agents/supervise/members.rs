//! Who belongs to a session, found by every way there is, and signalled. Blocks: reading `/proc` takes its time.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use agent_tasks::{SessionId, event::ProcessName};
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::{Pid, getpgrp},
};

use super::{
    LOOK_EVERY, MARKER,
    cgroup::Group,
    processes::{self, Process},
    reap,
    roll::{Known, Roll},
};

/// How long a dropped run may hold up its thread to end its processes.
const DROP_PATIENCE: Duration = Duration::from_millis(500);

/// The processes of one session. Dropped before [`Members::let_go`], it kills them.
pub struct Members {
    session: SessionId,
    /// What the environment of its processes says.
    mark: Vec<u8>,
    /// The agent, where this companion started it.
    root: Option<i32>,
    /// Where the agent works: an orphan there is its.
    worktree: Option<PathBuf>,
    /// Its control group, where there are such.
    group: Option<Group>,
    /// Everyone who was seen to belong to it and is not gone: number and start time.
    known: BTreeMap<i32, u64>,
    /// Everyone whose environment does not carry the mark. Read once: children inherit it, and nobody
    /// else would take it on.
    strangers: BTreeMap<i32, u64>,
    /// Whom a pause has halted, in that order.
    halted: Vec<Process>,
    /// Who was killed so far.
    killed: BTreeSet<(i32, u64)>,
    /// Where it is noted who runs, and what stands there now.
    roll: Option<Roll>,
    noted: BTreeMap<i32, u64>,
    has_ended: bool,
}

impl Members {
    /// The processes that carry the mark of `session`, whoever started them, and those in `known` and in `group`.
    pub fn of_session(session: SessionId, known: BTreeMap<i32, u64>, group: Option<Group>) -> Self {
        Self {
            mark: format!("{MARKER}={session}").into_bytes(),
            session,
            root: None,
            worktree: None,
            group,
            known,
            strangers: BTreeMap::new(),
            halted: Vec::new(),
            killed: BTreeSet::new(),
            roll: None,
            noted: BTreeMap::new(),
            has_ended: false,
        }
    }

    /// The processes under the agent `root`, which the runtime waits for and which works in `worktree`.
    pub fn of_agent(session: SessionId, root: i32, worktree: &Path, group: Option<Group>, roll: Option<Roll>) -> Self {
        reap::leave_to_runtime(root);
        // What the agent has started already is found by its mark, and taken in at the first look.
        let group = group.filter(|group| group.take(root).is_ok());
        let known: BTreeMap<i32, u64> =
            processes::process(root).map(|process| (root, process.start)).into_iter().collect();
        let mut members = Self::of_session(session, known, group);
        members.root = Some(root);
        members.worktree = worktree.canonicalize().ok();
        members.roll = roll;
        members.note();
        members
    }

    /// Whether they are held together by a control group.
    pub fn has_group(&self) -> bool {
        self.group.is_some()
    }

    /// The living ones, parents before children as far as their numbers tell, as of at most `age` ago. That
    /// nobody lives is never said of the past.
    pub fn living(&mut self, age: Duration) -> Vec<Process> {
        let living = self.among(&processes::recent(age));
        if living.is_empty() { self.among(&processes::all()) } else { living }
    }

    /// The same, with their names.
    pub fn names(&mut self) -> Vec<ProcessName> {
        self.living(Duration::ZERO).iter().map(Process::name).collect()
    }

    /// Looks who belongs to it now, and notes it: who is seen once is found again.
    pub fn look(&mut self, age: Duration) {
        self.living(age);
        self.note();
    }

    /// Asks all of them to end; gives whom.
    pub fn terminate(&mut self) -> Vec<ProcessName> {
        self.go_on();
        let living = self.living(Duration::ZERO);
        let names = living.iter().map(Process::name).collect();
        for process in &living {
            send(process, Signal::SIGTERM);
            if process.is_halted {
                send(process, Signal::SIGCONT);
            }
        }
        self.signal_group_without_proc(Signal::SIGTERM);
        names
    }

    /// Kills all that live now: the control group, then whole process groups where nobody else is in them, so
    /// that a process that keeps forking cannot run away, then each. Gives who was not killed before; `None`
    /// when there was nobody to kill.
    pub fn kill(&mut self) -> Option<Vec<ProcessName>> {
        let living = self.living(Duration::ZERO);
        let new: Vec<&Process> =
            living.iter().filter(|process| self.killed.insert((process.pid, process.start))).collect();
        let names = new.into_iter().map(Process::name).collect();
        if let Some(group) = &self.group {
            // Where the kernel refuses, the signals below reach them.
            let _ = group.kill();
        }
        for group in self.own_groups(&living) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        for process in &living {
            send(process, Signal::SIGKILL);
        }
        self.signal_group_without_proc(Signal::SIGKILL);
        (!living.is_empty()).then_some(names)
    }

    /// Halts all of them, those in the control group by it, parents before children. True once all are.
    pub fn halt(&mut self) -> bool {
        let inside: BTreeSet<i32> = match &self.group {
            Some(group) if group.freeze(true).is_ok() => group.pids().into_iter().collect(),
            Some(_) | None => BTreeSet::new(),
        };
        let living = self.living(Duration::ZERO);
        let outside: Vec<Process> = living.into_iter().filter(|process| !inside.contains(&process.pid)).collect();
        for process in outside.iter().filter(|process| !process.is_halted) {
            send(process, Signal::SIGSTOP);
            if !self.halted.iter().any(|known| (known.pid, known.start) == (process.pid, process.start)) {
                self.halted.push(process.clone());
            }
        }
        let is_frozen = inside.is_empty() || self.group.as_ref().is_some_and(Group::is_frozen);
        is_frozen && outside.iter().all(|process| process.is_halted)
    }

    /// Lets those go on whom a pause has halted, children before parents.
    pub fn go_on(&mut self) {
        for process in std::mem::take(&mut self.halted).iter().rev() {
            send(process, Signal::SIGCONT);
        }
        if let Some(group) = &self.group {
            // A group that was never frozen takes it as well.
            let _ = group.freeze(false);
        }
    }

    /// From here on nobody is killed for it. What is noted is struck unless somebody is left.
    pub fn let_go(&mut self) {
        self.has_ended = true;
        if let Some(roll) = self.roll.take()
            && self.living(Duration::ZERO).is_empty()
        {
            roll.strike(self.session.as_str());
        }
    }

    fn among(&mut self, all: &[Process]) -> Vec<Process> {
        let own = Pid::this().as_raw();
        let grouped: BTreeSet<i32> = self.group.iter().flat_map(Group::pids).collect();
        // Somebody in the group may be younger than the list.
        let younger = grouped.iter().filter(|pid| all.iter().all(|process| process.pid != **pid));
        let younger: Vec<Process> = younger.filter_map(|pid| processes::process(*pid)).collect();
        let others = all.iter().chain(&younger).filter(|process| process.pid != own && !process.is_zombie);
        let (mut members, mut strangers) = (BTreeSet::new(), BTreeMap::new());
        for process in others.clone() {
            let is_stranger = self.strangers.get(&process.pid) == Some(&process.start);
            let has_mark = || !is_stranger && processes::has_variable(process.pid, &self.mark);
            if grouped.contains(&process.pid) || self.knows(process) || has_mark() || self.has_adopted(process) {
                members.insert(process.pid);
            } else {
                strangers.insert(process.pid, process.start);
            }
        }
        self.strangers = strangers;
        loop {
            let children = others.clone().filter(|process| members.contains(&process.parent));
            let children: BTreeSet<i32> = children.map(|process| process.pid).collect();
            if children.is_subset(&members) {
                break;
            }
            members.extend(children);
        }
        // A number that is free may be a stranger's tomorrow; somebody may be younger than the list.
        let seen: BTreeSet<Known> = all.iter().map(|process| (process.pid, process.start)).collect();
        let is_there = |pid: i32, start: u64| processes::process(pid).is_some_and(|process| process.start == start);
        self.known.retain(|pid, start| seen.contains(&(*pid, *start)) || is_there(*pid, *start));
        let mut living: Vec<Process> = others.filter(|process| members.contains(&process.pid)).cloned().collect();
        self.known.extend(living.iter().map(|process| (process.pid, process.start)));
        reap::reap(all, |process| self.knows(process));
        if let Some(group) = &self.group {
            for process in living.iter().filter(|process| !grouped.contains(&process.pid)) {
                // Who is stronger than that is found in the other ways.
                let _ = group.take(process.pid);
            }
        }
        living.sort_by_key(|process| (process.start, process.pid));
        living
    }

    fn note(&mut self) {
        let Some(roll) = &self.roll else { return };
        if self.noted != self.known {
            let folder = self.group.as_ref().map(Group::folder);
            match roll.write(&self.session, folder, &self.known) {
                Ok(()) => self.noted.clone_from(&self.known),
                Err(error) => tracing::warn!(session = %self.session, %error, "who runs is not noted on disk"),
            }
        }
    }

    /// The process groups in which there are only processes of this session.
    fn own_groups(&self, living: &[Process]) -> BTreeSet<i32> {
        let mut groups: BTreeSet<i32> = living.iter().map(|process| process.group).collect();
        for process in processes::all() {
            if !self.knows(&process) && !process.is_zombie {
                groups.remove(&process.group);
            }
        }
        groups.retain(|group| *group > 1 && *group != getpgrp().as_raw());
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

impl Drop for Members {
    fn drop(&mut self) {
        if !self.has_ended {
            let deadline = Instant::now() + DROP_PATIENCE;
            while self.kill().is_some() && Instant::now() < deadline {
                std::thread::sleep(LOOK_EVERY);
            }
            self.let_go();
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
