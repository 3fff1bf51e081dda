//! What a job of the writer works with: the transaction, and what the writer remembers beside it.

use std::collections::{HashMap, HashSet};

use agent_tasks::{Progress, SessionId, TaskId, Timestamp};
use rusqlite::Connection;

use super::LogError;
use crate::clock;

/// What the writer remembers between transactions. Everything in it can be had from the file again.
pub struct Memory {
    /// The folds of the sessions that are written to now.
    pub(super) progress: HashMap<SessionId, Progress>,
    /// The highest revision given out. Revisions of failed jobs are not used again.
    revision: u64,
}

/// What a transaction has changed, for the watches.
#[derive(Default)]
pub struct Touched {
    /// Tasks with new events, and their newest number.
    pub(super) events: HashMap<TaskId, u64>,
    /// The highest revision, when a list would show something new.
    pub(super) revision: Option<u64>,
}

/// A transaction of the writer, as its jobs see it.
pub struct WriteTx<'a> {
    pub(super) conn: &'a Connection,
    pub(super) memory: &'a mut Memory,
    pub(super) touched: &'a mut Touched,
    /// The moment that this job's rows carry.
    pub(super) now: Timestamp,
    /// The sessions whose fold this job has changed: forgotten if the job fails.
    pub(super) folded: HashSet<SessionId>,
}

impl Memory {
    /// Reads what must be known before the first write.
    pub fn load(conn: &Connection) -> Result<Self, LogError> {
        let revision: i64 = conn.query_row("SELECT coalesce(max(revision), 0) FROM tasks", [], |row| row.get(0))?;
        Ok(Self { progress: HashMap::new(), revision: revision.cast_unsigned() })
    }

    /// Forgets the folds: after a failed transaction they may be ahead of the file.
    pub fn forget_all(&mut self) {
        self.progress.clear();
    }
}

impl<'a> WriteTx<'a> {
    pub(super) fn new(conn: &'a Connection, memory: &'a mut Memory, touched: &'a mut Touched) -> Self {
        Self { conn, memory, touched, now: clock::now(), folded: HashSet::new() }
    }

    /// The moment that this job's rows carry.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Runs `job`; if it fails, nothing of it is left.
    pub(super) fn attempt<T, E: From<LogError>>(
        &mut self,
        job: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.conn.execute_batch("SAVEPOINT job").map_err(LogError::from)?;
        let done = job(self);
        let end = if done.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
        if done.is_err() {
            for session_id in self.folded.drain() {
                self.memory.progress.remove(&session_id);
            }
        }
        self.conn.execute_batch(end).map_err(LogError::from)?;
        done
    }

    /// Gives a task a new revision: a list would show something new.
    pub(super) fn touch(&mut self, task_id: &TaskId) -> Result<(), LogError> {
        let revision = self.next_revision();
        self.conn
            .prepare_cached("UPDATE tasks SET revision = ?2 WHERE id = ?1")?
            .execute((task_id.as_str(), revision))?;
        Ok(())
    }

    pub(super) fn next_revision(&mut self) -> i64 {
        self.memory.revision += 1;
        self.touched.revision = Some(self.memory.revision);
        self.memory.revision.cast_signed()
    }
}
