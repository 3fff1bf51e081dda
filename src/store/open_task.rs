//! The task whose page is open: the list's snapshots joined with the sessions that only a single read tells.

use agent_tasks::Task;

/// What became of a snapshot of the open task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// Older than what is known: nothing changed.
    Stale,
    /// Taken; the sessions that are known still hold.
    Taken,
    /// Taken; the sessions have changed and should be read again.
    SessionsChanged,
}

/// Takes a snapshot from the list's stream, which has no sessions, into the open task.
pub fn join(open: &mut Task, snapshot: &Task) -> Joined {
    if snapshot.id != open.id || snapshot.updated_at < open.updated_at {
        return Joined::Stale;
    }
    let changed = snapshot.state != open.state || snapshot.session_count != open.session_count;
    let sessions = snapshot.sessions.clone().or_else(|| open.sessions.take());
    *open = Task { sessions, ..snapshot.clone() };
    if changed { Joined::SessionsChanged } else { Joined::Taken }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn task(state: &str, updated_at: &str) -> Task {
        serde_json::from_value(json!({
            "id": "a", "state": state, "created_at": "2026-01-01T00:00:00Z", "updated_at": updated_at
        }))
        .unwrap()
    }

    #[test]
    fn a_snapshot_keeps_the_sessions_and_tells_when_they_are_old() {
        let mut open = Task { sessions: Some(Vec::new()), ..task("in_progress", "2026-01-01T00:00:02Z") };
        assert_eq!(join(&mut open, &task("queued", "2026-01-01T00:00:01Z")), Joined::Stale);
        assert_eq!(join(&mut open, &task("in_progress", "2026-01-01T00:00:03Z")), Joined::Taken);
        assert_eq!(join(&mut open, &task("completed", "2026-01-01T00:00:04Z")), Joined::SessionsChanged);
        assert_eq!(open.sessions, Some(Vec::new()));
    }
}
