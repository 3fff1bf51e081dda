//! The task whose page is open: the list's snapshots joined with the sessions that only a single read tells.

use agent_tasks::Task;

/// Takes a snapshot from the list, which has no sessions, into the open task. One that is older than what is known
/// changes nothing.
pub fn join(open: &mut Task, snapshot: &Task) {
    if is_of(open, snapshot) {
        let sessions = snapshot.sessions.clone().or_else(|| open.sessions.take());
        *open = Task { sessions, ..snapshot.clone() };
    }
}

/// Whether the sessions have changed by what a snapshot tells since `read` was read. Where the list is a stream
/// (`is_stream`), it tells every step of the work, and only some concern the sessions.
pub fn is_behind(read: &Task, snapshot: &Task, is_stream: bool) -> bool {
    let has_changed = snapshot.state != read.state || snapshot.session_count != read.session_count;
    let is_newer = snapshot.updated_at > read.updated_at;
    is_of(read, snapshot) && (has_changed || is_newer && !is_stream)
}

/// Whether a snapshot is of this task, and not older.
fn is_of(open: &Task, snapshot: &Task) -> bool {
    snapshot.id == open.id && snapshot.updated_at >= open.updated_at
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::{State, TaskId};
    use serde_json::json;

    fn task(state: &str, updated_at: &str) -> Task {
        serde_json::from_value(json!({
            "id": "a", "state": state, "created_at": "2026-01-01T00:00:00Z", "updated_at": updated_at
        }))
        .unwrap()
    }

    #[test]
    fn a_snapshot_keeps_the_sessions_and_an_older_one_changes_nothing() {
        let mut open = Task { sessions: Some(Vec::new()), ..task("in_progress", "2026-01-01T00:00:02Z") };
        join(&mut open, &task("queued", "2026-01-01T00:00:01Z"));
        assert_eq!(open.state, State::InProgress);
        join(&mut open, &task("completed", "2026-01-01T00:00:04Z"));
        assert_eq!((open.state, open.sessions), (State::Completed, Some(Vec::new())));
    }

    #[test]
    fn what_was_read_is_behind_a_change_until_that_is_read() {
        let read = task("in_progress", "2026-01-01T00:00:02Z");
        let follow_up = Task { session_count: 2, ..task("in_progress", "2026-01-01T00:00:02Z") };
        for (snapshot, is_behind_stream, is_behind_list) in [
            (task("queued", "2026-01-01T00:00:01Z"), false, false),
            (task("in_progress", "2026-01-01T00:00:02Z"), false, false),
            (task("in_progress", "2026-01-01T00:00:03Z"), false, true),
            (task("completed", "2026-01-01T00:00:03Z"), true, true),
            (follow_up, true, true),
            (Task { id: TaskId("b".into()), ..task("completed", "2026-01-01T00:00:03Z") }, false, false),
        ] {
            let found = (is_behind(&read, &snapshot, true), is_behind(&read, &snapshot, false));
            assert_eq!(found, (is_behind_stream, is_behind_list), "{snapshot:?}");
        }
    }
}
