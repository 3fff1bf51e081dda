//! Removing tasks with their logs, a piece at a time: others write in between, and a program that is killed on the way
//! goes on at its next start.

use agent_tasks::{TaskId, Timestamp};
use rusqlite::Connection;

use super::{LogError, WriteTx};

/// Rows that one transaction removes: others wait for it for a few milliseconds.
const ROWS_MAX: usize = 2_000;
/// Pages that one transaction gives back to the disk.
const PAGES_MAX: usize = 500;

/// Tasks that are over and have not changed since `before`, and those whose removal was begun.
pub fn removable(conn: &Connection, before: Timestamp) -> Result<Vec<TaskId>, LogError> {
    let mut tasks = conn.prepare_cached(
        "SELECT t.id FROM tasks t WHERE (t.shown_session IS NULL AND t.session_count > 0)
            OR (t.updated_at < ?1 AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.task_id = t.id
                AND s.state NOT IN ('completed', 'failed', 'timed_out', 'cancelled')))",
    )?;
    let ids = tasks.query_map([before.as_ms()], |row| row.get(0).map(TaskId))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

impl WriteTx<'_> {
    /// Takes a task out of every list: from now on it is not there. False when it has been followed up meanwhile.
    pub fn begin_removal(&mut self, task_id: &TaskId) -> Result<bool, LogError> {
        let changed = self.conn.execute(
            "UPDATE tasks SET shown_session = NULL WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sessions
                WHERE task_id = ?1 AND state NOT IN ('completed', 'failed', 'timed_out', 'cancelled'))",
            [task_id.as_str()],
        )?;
        Ok(changed > 0)
    }

    /// Removes a piece of such a task; whether there is more of it.
    pub fn go_on_removing(&mut self, task_id: &TaskId) -> Result<bool, LogError> {
        let id = task_id.as_str();
        for (table, place, of_task) in [
            ("outline_steps", "place", "outline_id = (SELECT id FROM outlines WHERE task_id = ?1)"),
            ("events", "seq", "task_id = ?1"),
        ] {
            let piece = format!(
                "DELETE FROM {table} WHERE {of_task} AND {place} IN
                    (SELECT {place} FROM {table} WHERE {of_task} ORDER BY {place} LIMIT {ROWS_MAX})"
            );
            if self.conn.prepare_cached(&piece)?.execute([id])? > 0 {
                return Ok(true);
            }
        }
        for rest in ["outlines WHERE task_id", "starts WHERE task_id", "sessions WHERE task_id", "tasks WHERE id"] {
            self.conn.execute(&format!("DELETE FROM {rest} = ?1"), [id])?;
        }
        Ok(false)
    }

    /// Gives some unused pages of the file back to the disk; whether there are more. Files of older versions keep theirs
    /// and use them again.
    pub fn give_back_pages(&mut self) -> Result<bool, LogError> {
        let unused = || self.conn.query_row("PRAGMA freelist_count", [], |row| row.get::<_, i64>(0));
        let before = unused()?;
        self.conn.execute_batch(&format!("PRAGMA incremental_vacuum({PAGES_MAX})"))?;
        let after = unused()?;
        Ok(after > 0 && after < before)
    }
}

#[cfg(test)]
mod tests {
    use agent_tasks::{
        SessionId,
        event::{SessionShutdown, ShutdownType, UserMessage},
    };

    use super::*;
    use crate::log::{Entry, Log, NewSessionRow, NewTaskRow};

    async fn write(log: &Log, id: &str, is_over: bool) {
        let task = NewTaskRow { id: TaskId(id.into()), head_ref: id.into(), ..NewTaskRow::sample() };
        let session = NewSessionRow { id: SessionId(format!("{id}-1")), name: id.into(), prompt: id.into() };
        let written: Result<u64, LogError> = log
            .write(move |tx| {
                tx.insert_task(&task)?;
                tx.insert_session(&task.id, &session)?;
                let said = UserMessage { content: "words ".repeat(100), source: None };
                let end = SessionShutdown { shutdown_type: ShutdownType::Routine, ..SessionShutdown::default() };
                let said = vec![Entry::from(said); 5_000];
                tx.append(&task.id, &session.id, said.into_iter().chain(is_over.then(|| end.into())))
            })
            .await;
        written.unwrap();
    }

    #[tokio::test]
    async fn a_task_that_is_over_goes_with_all_its_rows_and_the_file_shrinks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        let log = Log::open(&path).unwrap();
        write(&log, "old", true).await;
        write(&log, "running", false).await;
        let all =
            |log: Log| async move { log.read(|conn| removable(conn, Timestamp::from_ms(i64::MAX))).await.unwrap() };
        let old = TaskId("old".into());
        assert_eq!(all(log.clone()).await, std::slice::from_ref(&old));
        assert_eq!(log.read(|conn| removable(conn, Timestamp::from_ms(0))).await.unwrap(), []);
        let id = old.clone();
        assert!(log.write(move |tx| tx.begin_removal(&id)).await.unwrap());
        assert!(!log.write(|tx| tx.begin_removal(&TaskId("running".into()))).await.unwrap());
        // As after kill -9: what was begun is found again.
        let begun = log.read(|conn| removable(conn, Timestamp::from_ms(0))).await.unwrap();
        assert_eq!(begun, std::slice::from_ref(&old));
        let mut pieces = 0;
        loop {
            let id = old.clone();
            pieces += 1;
            if !log.write(move |tx| tx.go_on_removing(&id)).await.unwrap() {
                break;
            }
        }
        assert_eq!(pieces, 4, "5,001 events in pieces");
        while log.write(|tx| tx.give_back_pages()).await.unwrap() {}
        let left =
            |query: &'static str| log.read(move |conn| Ok(conn.query_row(query, [], |row| row.get::<_, i64>(0))?));
        assert_eq!(left("SELECT count(*) FROM tasks").await.unwrap(), 1);
        assert_eq!(left("SELECT count(*) FROM events").await.unwrap(), 5_000);
        assert_eq!(left("PRAGMA freelist_count").await.unwrap(), 0);
        assert_eq!(left("SELECT count(*) FROM pragma_foreign_key_check").await.unwrap(), 0);
    }
}
