//! Ended orphans that the companion inherited: someone has to take note of their end, or they stay as
//! zombies. The runtime does so for the children it started itself, at once; so only a child that has
//! been a zombie for long, and is no agent of a running session, is an inherited one.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use nix::{
    sys::wait::{WaitPidFlag, waitpid},
    unistd::Pid,
};

use super::processes::Process;

/// A zombie of this age is nobody's but ours. The runtime needs milliseconds.
pub const ZOMBIE_AGE: Duration = Duration::from_secs(30);

/// What is known of the companion's children.
static CHILDREN: Mutex<Children> = Mutex::new(Children { agents: BTreeSet::new(), zombies: BTreeMap::new() });

struct Children {
    /// The agents, which the runtime waits for.
    agents: BTreeSet<i32>,
    /// Zombies by number and start time, and since when they were seen.
    zombies: BTreeMap<(i32, u64), Instant>,
}

/// The runtime waits for `pid`: never take note of its end.
pub fn leave_to_runtime(pid: i32) {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner).agents.insert(pid);
}

/// Whether the runtime waits for `pid`.
pub fn is_left_to_runtime(pid: i32) -> bool {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner).agents.contains(&pid)
}

/// The runtime has taken note of the end of `pid`.
pub fn runtime_is_done(pid: i32) {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner).agents.remove(&pid);
}

/// Takes note of the ends of inherited children among `all`: at once of those that `is_member` knows,
/// of the others when they are old.
pub fn reap(all: &[Process], is_member: impl Fn(&Process) -> bool) {
    let own = Pid::this().as_raw();
    let mut children = CHILDREN.lock().unwrap_or_else(PoisonError::into_inner);
    let zombies = all.iter().filter(|process| process.is_zombie && process.parent == own);
    let zombies: Vec<_> = zombies.filter(|process| !children.agents.contains(&process.pid)).collect();
    children.zombies.retain(|key, _| zombies.iter().any(|process| (process.pid, process.start) == *key));
    for process in zombies {
        let since = *children.zombies.entry((process.pid, process.start)).or_insert_with(Instant::now);
        if is_member(process) || since.elapsed() > ZOMBIE_AGE {
            // Nothing to do when somebody was quicker.
            let _ = waitpid(Pid::from_raw(process.pid), Some(WaitPidFlag::WNOHANG));
        }
    }
}
