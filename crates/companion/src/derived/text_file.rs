//! A log as its readers see it, written as text.

use agent_tasks::TaskId;
use rusqlite::Connection;
use session_log::{LogDocument, PlainFormat, PlainWriter, Written};

use crate::log::{LogError, read_events};

/// The most events that are folded at a time.
const SLICE_EVENTS_MAX: u32 = 1_000;
/// The most bytes of data that are folded at a time, and of text that are written.
const SLICE_BYTES_MAX: usize = 1024 * 1024;

/// A text file in the making. The log is in memory meanwhile.
pub struct TextFile {
    task_id: TaskId,
    document: LogDocument,
    last_seq: u64,
    /// What writes it; `None` once all is written.
    writer: Option<PlainWriter>,
}

impl TextFile {
    /// Of the log of `task_id` up to the event `last_seq`.
    pub fn new(task_id: TaskId, format: PlainFormat, last_seq: u64) -> Self {
        let writer = Some(PlainWriter::new(format, 0..usize::MAX));
        Self { task_id, document: LogDocument::default(), last_seq, writer }
    }

    /// The next piece of the text, empty while the log is still being read; `None` when there is no more.
    pub fn read_on(&mut self, conn: &Connection) -> Result<Option<String>, LogError> {
        let cursor = self.document.last_seq();
        if cursor < self.last_seq {
            let slice = read_events::slice(conn, &self.task_id, cursor, SLICE_EVENTS_MAX, SLICE_BYTES_MAX)?;
            for event in slice.unwrap_or_default().events.iter().take_while(|event| event.seq <= self.last_seq) {
                self.document.apply(event);
            }
            if self.document.last_seq() > cursor {
                return Ok(Some(String::new()));
            }
        }
        let Some(mut writer) = self.writer.take() else { return Ok(None) };
        let mut piece = String::new();
        match writer.write(&self.document, &mut piece, SLICE_BYTES_MAX) {
            Written::More => self.writer = Some(writer),
            // The document is whole: nothing is missing.
            Written::All | Written::Missing(_) => {}
        }
        Ok(Some(piece))
    }
}
