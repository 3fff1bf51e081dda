//! The tasks of the list: grouped, newest first, changed one snapshot at a time.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use agent_tasks::{PullState, Task, Timestamp};

use super::status::{self, Group};
use super::{ConnectionId, TaskKey};

/// A task and where it lives.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskEntry {
    /// Where it lives, and its id there.
    pub key: TaskKey,
    /// The task as it was told last.
    pub task: Task,
}

/// Every task that the page knows and that is not archived, of all connections.
///
/// Plain vectors in the order of the screen: a change of one task among 10,000 is a binary search, and a
/// window of rows is a slice.
#[derive(Debug, Clone, Default)]
pub struct TaskBook {
    /// One vector per group, newest first, so that a row stays where it is while its task changes.
    groups: [Vec<Arc<TaskEntry>>; Group::ALL.len()],
    /// Where to look for a task.
    places: HashMap<TaskKey, Place>,
}

/// What finds a task within its group.
#[derive(Debug, Clone, Copy)]
struct Place {
    group: Group,
    created_at: Timestamp,
}

impl TaskBook {
    /// Takes a task as its server told it: adds it, changes it, or drops it once it is archived. A snapshot
    /// older than what is known changes nothing, so answers may overtake each other.
    pub fn apply(&mut self, connection: ConnectionId, snapshot: Task) {
        let key = TaskKey { connection, id: snapshot.id.clone() };
        if let Some(known) = self.entry(&key)
            && snapshot.updated_at < known.task.updated_at
        {
            return;
        }
        if snapshot.archived_at.is_some() {
            self.remove(&key);
            return;
        }
        let place = Place { group: status::group(&snapshot.state), created_at: snapshot.created_at };
        let found = find(&self.groups[place.group.index()], place.created_at, &key);
        let entry = Arc::new(TaskEntry { key: key.clone(), task: snapshot });
        if let Ok(index) = found {
            self.groups[place.group.index()][index] = entry;
            return;
        }
        self.remove(&key);
        let rows = &mut self.groups[place.group.index()];
        if let Err(index) = find(rows, place.created_at, &key) {
            rows.insert(index, entry);
        }
        self.places.insert(key, place);
    }

    /// Forgets the tasks that `is_gone` names: those of a whole server, say.
    pub fn forget(&mut self, is_gone: impl Fn(&TaskKey) -> bool) {
        let gone: Vec<TaskKey> = self.places.keys().filter(|key| is_gone(key)).cloned().collect();
        for key in &gone {
            self.remove(key);
        }
    }

    /// Forgets entries, but for those that a snapshot has changed since they were looked at.
    pub fn forget_unchanged(&mut self, gone: &[Arc<TaskEntry>]) {
        for entry in gone {
            if self.entry(&entry.key).is_some_and(|known| Arc::ptr_eq(known, entry)) {
                self.remove(&entry.key);
            }
        }
    }

    /// One task.
    pub fn entry(&self, key: &TaskKey) -> Option<&Arc<TaskEntry>> {
        let place = self.places.get(key)?;
        let rows = &self.groups[place.group.index()];
        find(rows, place.created_at, key).ok().map(|index| &rows[index])
    }

    /// When anything of a server's tasks changed last, by its clock.
    pub fn changed_at(&self, connection: ConnectionId) -> Option<Timestamp> {
        self.entries(connection).filter_map(|entry| entry.task.updated_at).max()
    }

    /// Whether an agent is at any of a server's tasks, or about to be.
    pub fn is_busy(&self, connection: ConnectionId) -> bool {
        self.entries(connection).any(|entry| entry.task.state.is_at_work())
    }

    /// A server's tasks, in no order.
    pub fn entries(&self, connection: ConnectionId) -> impl Iterator<Item = &Arc<TaskEntry>> {
        self.groups.iter().flatten().filter(move |entry| entry.key.connection == connection)
    }

    /// The newest tasks of a server whose pull request may still change; at most `count_max`.
    pub fn with_open_pull(&self, connection: ConnectionId, count_max: usize) -> Vec<Task> {
        let is_open = |task: &Task| {
            task.pull().is_some_and(|pull| match pull.state {
                Some(PullState::Draft | PullState::Open) | None => true,
                Some(PullState::Merged | PullState::Closed) => false,
            })
        };
        let mut found: Vec<&Task> =
            self.entries(connection).map(|entry| &entry.task).filter(|task| is_open(task)).collect();
        found.sort_by_key(|task| Reverse(task.created_at));
        found.into_iter().take(count_max).cloned().collect()
    }

    /// The tasks of one repository, as a book of their own; `full_name` is `owner/name`.
    pub fn of_repository(&self, connection: ConnectionId, full_name: &str) -> Self {
        let mut part = Self::default();
        for entry in self.entries(connection).filter(|entry| entry.task.repository_name() == Some(full_name)) {
            part.apply(connection, entry.task.clone());
        }
        part
    }

    /// The tasks of a group, newest first.
    pub fn rows(&self, group: Group) -> &[Arc<TaskEntry>] {
        &self.groups[group.index()]
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn remove(&mut self, key: &TaskKey) {
        let Some(place) = self.places.remove(key) else { return };
        let rows = &mut self.groups[place.group.index()];
        if let Ok(index) = find(rows, place.created_at, key) {
            rows.remove(index);
        }
    }
}

/// The place of a task in a group; `Err` tells where it would go.
fn find(rows: &[Arc<TaskEntry>], created_at: Timestamp, key: &TaskKey) -> Result<usize, usize> {
    rows.binary_search_by(|row| (Reverse(row.task.created_at), &row.key).cmp(&(Reverse(created_at), key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const HERE: ConnectionId = ConnectionId(0);
    const THERE: ConnectionId = ConnectionId(1);

    fn task(id: &str, state: &str, created_s: i64, updated_s: i64) -> Task {
        let moment = |s| Timestamp::from_ms(s * 1000);
        serde_json::from_value(json!({
            "id": id, "name": id, "state": state, "created_at": moment(created_s), "updated_at": moment(updated_s)
        }))
        .unwrap()
    }

    fn check(book: &TaskBook, expected: [&[&str]; 3]) {
        for (group, ids) in Group::ALL.into_iter().zip(expected) {
            let found: Vec<&str> = book.rows(group).iter().map(|entry| entry.key.id.as_str()).collect();
            assert_eq!(found, ids, "{group:?}");
        }
        assert_eq!(book.len(), expected.iter().map(|ids| ids.len()).sum::<usize>());
    }

    #[test]
    fn tasks_are_grouped_newest_first_and_move_with_their_state() {
        let mut book = TaskBook::default();
        for (id, state, created) in [("a", "in_progress", 1), ("b", "completed", 2), ("c", "queued", 3)] {
            book.apply(HERE, task(id, state, created, created));
        }
        check(&book, [&[], &["c", "a"], &["b"]]);
        book.apply(HERE, task("a", "waiting_for_user", 1, 4));
        check(&book, [&["a"], &["c"], &["b"]]);
        book.apply(HERE, task("a", "cancelled", 1, 5));
        check(&book, [&[], &["c"], &["b", "a"]]);
        book.apply(HERE, task("d", "hibernating", 4, 4));
        check(&book, [&[], &["d", "c"], &["b", "a"]]);
    }

    #[test]
    fn an_older_snapshot_changes_nothing_and_an_equal_one_repeats() {
        let mut book = TaskBook::default();
        book.apply(HERE, task("a", "completed", 1, 9));
        book.apply(HERE, task("a", "in_progress", 1, 8));
        check(&book, [&[], &[], &["a"]]);
        book.apply(HERE, task("a", "completed", 1, 9));
        check(&book, [&[], &[], &["a"]]);
    }

    #[test]
    fn snapshots_in_any_order_give_the_same_list() {
        let snapshots = || {
            vec![
                task("a", "queued", 1, 1),
                task("a", "in_progress", 1, 2),
                task("b", "queued", 1, 3),
                task("a", "completed", 1, 5),
                task("b", "failed", 1, 6),
            ]
        };
        let mut orders = vec![snapshots()];
        orders.push(snapshots().into_iter().rev().collect());
        orders.push(snapshots().into_iter().chain(snapshots()).collect());
        for order in orders {
            let mut book = TaskBook::default();
            order.into_iter().for_each(|snapshot| book.apply(HERE, snapshot));
            check(&book, [&[], &[], &["a", "b"]]);
        }
    }

    #[test]
    fn what_is_archived_or_no_longer_listed_leaves() {
        let mut book = TaskBook::default();
        book.apply(HERE, task("a", "completed", 1, 1));
        book.apply(HERE, task("b", "completed", 2, 2));
        book.apply(HERE, Task { archived_at: Some(Timestamp::from_ms(9)), ..task("a", "completed", 1, 3) });
        check(&book, [&[], &[], &["b"]]);
        book.forget(|key| key.id.as_str() == "b");
        check(&book, [&[], &[], &[]]);
    }

    #[test]
    fn what_changed_since_it_was_looked_at_is_not_forgotten() {
        let mut book = TaskBook::default();
        book.apply(HERE, task("a", "in_progress", 1, 1));
        book.apply(HERE, task("b", "in_progress", 2, 2));
        let seen: Vec<_> = book.entries(HERE).cloned().collect();
        book.apply(HERE, task("a", "completed", 1, 3));
        book.forget_unchanged(&seen);
        check(&book, [&[], &[], &["a"]]);
        book.forget_unchanged(&seen);
        check(&book, [&[], &[], &["a"]]);
    }

    #[test]
    fn the_newest_pull_requests_that_may_change_are_found() {
        let mut book = TaskBook::default();
        let states = [json!("draft"), json!("open"), json!("merged"), json!("closed"), json!(null)];
        for (created, pull) in (1..).zip(states) {
            let artifact = json!({"provider": "github", "type": "pull", "data": {"id": created, "state": pull}});
            let artifacts = serde_json::from_value(json!([artifact])).unwrap();
            book.apply(HERE, Task { artifacts, ..task(&format!("t{created}"), "completed", created, created) });
        }
        book.apply(HERE, task("none", "in_progress", 9, 9));
        let found =
            |count_max| book.with_open_pull(HERE, count_max).into_iter().map(|task| task.id.0).collect::<Vec<_>>();
        assert_eq!(found(9), ["t5", "t2", "t1"]);
        assert_eq!(found(2), ["t5", "t2"]);
        assert!(book.with_open_pull(THERE, 9).is_empty());
    }

    #[test]
    fn two_servers_may_use_the_same_id() {
        let mut book = TaskBook::default();
        book.apply(HERE, task("a", "completed", 1, 1));
        book.apply(THERE, task("a", "in_progress", 1, 1));
        check(&book, [&[], &["a"], &["a"]]);
        book.forget(|key| key.connection == THERE);
        check(&book, [&[], &[], &["a"]]);
    }
}
