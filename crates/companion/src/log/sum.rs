//! Checksums of events: SQLite hands on whatever bytes it finds, and a flipped bit in a text is a wrong text.

use agent_tasks::{SessionId, TaskId, Timestamp};
use serde_json::json;

/// The type of an event that stands for one whose bytes are not what was written.
pub const DAMAGED: &str = "log.damaged";

/// An event as its row has it.
#[derive(Debug, Clone, Copy)]
pub struct EventRow<'a> {
    /// Its task.
    pub task_id: &'a TaskId,
    /// Its number.
    pub seq: u64,
    /// Its session.
    pub session_id: &'a SessionId,
    /// When it was.
    pub timestamp: Timestamp,
    /// Its type.
    pub type_name: &'a str,
    /// Its data, as JSON.
    pub data: &'a str,
    /// Whether a later event says the same whole.
    pub ephemeral: bool,
}

impl EventRow<'_> {
    /// CRC-32, which sees every flipped bit.
    pub fn sum(&self) -> i64 {
        let mut sum = crc32fast::Hasher::new();
        for text in [self.task_id.as_str(), self.session_id.as_str(), self.type_name, self.data] {
            sum.update(&text.len().to_le_bytes());
            sum.update(text.as_bytes());
        }
        sum.update(&self.seq.to_le_bytes());
        sum.update(&self.timestamp.as_ms().to_le_bytes());
        sum.update(&[u8::from(self.ephemeral)]);
        i64::from(sum.finalize())
    }

    /// What is to be told in its place, as JSON, when it is not what was written with `sum`. Events of older files
    /// have none.
    pub fn damage(&self, sum: Option<i64>) -> Option<String> {
        if sum.is_none_or(|sum| sum == self.sum()) {
            return None;
        }
        tracing::error!(task = %self.task_id, seq = self.seq, "an event of the log is damaged");
        let message = "this event was damaged on disk; what is left of it may be wrong";
        Some(json!({"message": message, "type": self.type_name, "data": self.data}).to_string())
    }
}
