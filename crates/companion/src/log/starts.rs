//! Starts and follow-ups that carried an Idempotency-Key: the same again gives the same task.

use agent_tasks::TaskId;
use rusqlite::OptionalExtension;

use super::{LogError, WriteTx};

/// How long a key is kept.
const KEY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A start with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The client's key.
    pub key: String,
    /// SHA-256 of what was asked for.
    pub body_hash: [u8; 32],
}

impl WriteTx<'_> {
    /// The task that an earlier start with this key made, and whether that asked for the same.
    pub fn earlier_start(&mut self, start: &Start) -> Result<Option<(TaskId, bool)>, LogError> {
        self.conn.execute("DELETE FROM starts WHERE created_at < ?1", [self.now.as_ms() - KEY_MS])?;
        let found: Option<(String, Vec<u8>)> = self
            .conn
            .query_row("SELECT task_id, body_hash FROM starts WHERE key = ?1", [&start.key], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        Ok(found.map(|(id, hash)| (TaskId(id), hash == start.body_hash)))
    }

    /// Remembers that `start` made `task_id`.
    pub fn remember_start(&mut self, start: &Start, task_id: &TaskId) -> Result<(), LogError> {
        self.conn.execute(
            "INSERT INTO starts (key, body_hash, task_id, created_at) VALUES (?1, ?2, ?3, ?4)",
            (&start.key, &start.body_hash[..], task_id.as_str(), self.now.as_ms()),
        )?;
        Ok(())
    }
}
