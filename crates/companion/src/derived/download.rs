//! A whole log as a file, piece by piece: no more of it is in memory than one piece.

use agent_tasks::{LogFormat, TaskId};
use futures_util::{Stream, stream};

use crate::log::{Log, LogError, read_window};

/// The most events of one piece.
const PIECE_EVENTS_MAX: u32 = 1_000;

/// A log on its way into a file.
pub struct Download {
    log: Log,
    task_id: TaskId,
    format: LogFormat,
    /// The newest event that is in the file.
    cursor: u64,
    /// The last event that is to be in the file: a log at work may grow for ever.
    last_seq: u64,
}

impl Download {
    /// The log of `task_id` up to the event `last_seq`.
    pub fn new(log: Log, task_id: TaskId, format: LogFormat, last_seq: u64) -> Self {
        Self { log, task_id, format, cursor: 0, last_seq }
    }

    /// The pieces of the file.
    pub fn pieces(self) -> impl Stream<Item = Result<String, LogError>> + Send + 'static {
        stream::try_unfold(self, |mut download| async move {
            if download.cursor >= download.last_seq {
                return Ok(None);
            }
            let piece = download.next().await?;
            Ok(Some((piece, download)))
        })
    }

    async fn next(&mut self) -> Result<String, LogError> {
        let (task_id, format, cursor, last_seq) = (self.task_id.clone(), self.format, self.cursor, self.last_seq);
        let read = move |conn: &rusqlite::Connection| match format {
            LogFormat::Jsonl => read_window::json_lines(conn, &task_id, cursor, last_seq, PIECE_EVENTS_MAX),
            LogFormat::Raw => read_window::raw_lines(conn, &task_id, cursor, last_seq, PIECE_EVENTS_MAX),
            LogFormat::Text | LogFormat::Ansi => Ok((String::new(), last_seq)),
        };
        let (piece, cursor) = self.log.read(read).await?;
        self.cursor = cursor;
        Ok(piece)
    }
}
