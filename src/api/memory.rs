//! What the clones of a client remember together.

use agent_tasks::{ServerAddress, SessionId, Task, TaskId};

use super::github::known::Known;
use super::pace::Pace;

/// How many versions of lists are remembered.
const ETAGS_MAX: usize = 4;
/// How many tasks are remembered as seen.
const SEEN_MAX: usize = 1_000;

/// The memory. No token in it.
#[derive(Default)]
pub(super) struct Memory {
    /// Whether nothing is to be asked any more.
    pub(super) is_closed: bool,
    /// How fast the server may be asked.
    pub(super) pace: Pace,
    /// Names and pull requests that were looked up.
    pub(super) known: Known,
    /// Whose token it is, by number.
    pub(super) user_id: Option<i64>,
    /// Whether the server tells logs, once that was tried.
    pub(super) has_log: Option<bool>,
    /// The sessions of the task that was read last, oldest first.
    pub(super) sessions: Option<(TaskId, Vec<SessionId>)>,
    /// The tasks that were given out, the newest last.
    seen: Vec<TaskId>,
    /// The version of each list by its path, the newest last.
    etags: Vec<(String, String)>,
}

impl Memory {
    /// The version of the list at `path` that was read last.
    pub(super) fn etag(&self, path: &str) -> Option<String> {
        self.etags.iter().find(|(known, _)| known == path).map(|(_, etag)| etag.clone())
    }

    /// Remembers the version of a list that was read to its end.
    pub(super) fn keep_etag(&mut self, path: String, etag: String) {
        self.etags.retain(|(known, _)| *known != path);
        if self.etags.len() >= ETAGS_MAX {
            self.etags.remove(0);
        }
        self.etags.push((path, etag));
    }

    /// Fills in what is known of a task that is given out.
    pub(super) fn give_out(&mut self, task: &mut Task, address: &ServerAddress) {
        if !self.seen.contains(&task.id) {
            if self.seen.len() >= SEEN_MAX {
                self.seen.remove(0);
            }
            self.seen.push(task.id.clone());
        }
        self.known.fill(task, address);
    }

    /// The tasks that were given out before.
    pub(super) fn seen(&self) -> &[TaskId] {
        &self.seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_versions_are_remembered_and_the_newest_counts() {
        let mut memory = Memory::default();
        for number in 0..2 * ETAGS_MAX {
            memory.keep_etag(format!("/{number}"), "old".into());
        }
        memory.keep_etag("/7".into(), "new".into());
        assert_eq!((memory.etags.len(), memory.etag("/7").as_deref()), (ETAGS_MAX, Some("new")));
        assert_eq!(memory.etag("/0"), None);
    }
}
