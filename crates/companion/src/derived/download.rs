//! A whole log as a file, piece by piece.

use agent_tasks::{LogFormat, TaskId};
use futures_util::{Stream, stream};
use session_log::PlainFormat;

use super::text_file::TextFile;
use crate::log::{Log, LogError, read_window};

/// The most events of one piece.
const PIECE_EVENTS_MAX: u32 = 1_000;

/// A log on its way into a file.
pub struct Download {
    log: Log,
    task_id: TaskId,
    /// The last event that is to be in the file: a log at work may grow for ever.
    last_seq: u64,
    rest: Rest,
}

/// What is still to be written.
enum Rest {
    /// The events after this one.
    Events(u64),
    /// The raw messages of the events after this one.
    Messages(u64),
    /// What readers see.
    Text(Box<TextFile>),
    /// Nothing.
    None,
}

impl Download {
    /// The log of `task_id` up to the event `last_seq`.
    pub fn new(log: Log, task_id: TaskId, format: LogFormat, last_seq: u64) -> Self {
        let text = |format| Rest::Text(Box::new(TextFile::new(task_id.clone(), format, last_seq)));
        let rest = match format {
            LogFormat::Jsonl => Rest::Events(0),
            LogFormat::Raw => Rest::Messages(0),
            LogFormat::Text => text(PlainFormat::Text),
            LogFormat::Ansi => text(PlainFormat::Ansi),
        };
        Self { log, task_id, last_seq, rest }
    }

    /// The pieces of the file.
    pub fn pieces(self) -> impl Stream<Item = Result<String, LogError>> + Send + 'static {
        stream::try_unfold(self, |mut download| async move {
            loop {
                let Some(piece) = download.next().await? else { return Ok(None) };
                if !piece.is_empty() {
                    return Ok(Some((piece, download)));
                }
            }
        })
    }

    /// The next piece, which may be empty; `None` after the last one.
    async fn next(&mut self) -> Result<Option<String>, LogError> {
        let (task_id, last_seq) = (self.task_id.clone(), self.last_seq);
        let rest = std::mem::replace(&mut self.rest, Rest::None);
        let read = move |conn: &rusqlite::Connection| match rest {
            Rest::Events(cursor) if cursor < last_seq => {
                let (piece, cursor) = read_window::json_lines(conn, &task_id, cursor, last_seq, PIECE_EVENTS_MAX)?;
                Ok((Some(piece), Rest::Events(cursor)))
            }
            Rest::Messages(cursor) if cursor < last_seq => {
                let (piece, cursor) = read_window::raw_lines(conn, &task_id, cursor, last_seq, PIECE_EVENTS_MAX)?;
                Ok((Some(piece), Rest::Messages(cursor)))
            }
            Rest::Text(mut file) => Ok((file.read_on(conn)?, Rest::Text(file))),
            Rest::Events(_) | Rest::Messages(_) | Rest::None => Ok((None, Rest::None)),
        };
        let (piece, rest) = self.log.read(read).await?;
        self.rest = rest;
        Ok(piece)
    }
}
