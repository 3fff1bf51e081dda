//! A whole log as a file, piece by piece.

use agent_tasks::{LogFormat, OutlineQuery, OutlineWindow, TaskId, outline::OUTLINE_LIMIT_MAX};
use futures_util::{Stream, stream};
use session_log::PlainFormat;

use super::{
    Derived,
    text_file::{Progress, TextFile},
};
use crate::log::{Log, LogError, read_window};

/// The most events of one piece.
const PIECE_EVENTS_MAX: u32 = 1_000;

/// A log on its way into a file.
pub struct Download {
    log: Log,
    derived: Derived,
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
    /// What readers see, from the first step on.
    Text(PlainFormat),
    /// The rest of that.
    Steps(Box<TextFile>),
    /// Nothing.
    None,
}

impl Download {
    /// The log of `task_id` in `log` up to the event `last_seq`.
    pub fn new(log: Log, derived: Derived, task_id: TaskId, format: LogFormat, last_seq: u64) -> Self {
        let rest = match format {
            LogFormat::Jsonl => Rest::Events(0),
            LogFormat::Raw => Rest::Messages(0),
            LogFormat::Text => Rest::Text(PlainFormat::Text),
            LogFormat::Ansi => Rest::Text(PlainFormat::Ansi),
        };
        Self { log, derived, task_id, last_seq, rest }
    }

    /// The pieces of the file. No more than a few of them are in memory at any time.
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
        let (piece, rest) = match std::mem::replace(&mut self.rest, Rest::None) {
            Rest::Events(cursor) if cursor < last_seq => {
                let read = move |conn: &_| read_window::json_lines(conn, &task_id, cursor, last_seq, PIECE_EVENTS_MAX);
                let (piece, cursor) = self.log.read(read).await?;
                (Some(piece), Rest::Events(cursor))
            }
            Rest::Messages(cursor) if cursor < last_seq => {
                let read = move |conn: &_| read_window::raw_lines(conn, &task_id, cursor, last_seq, PIECE_EVENTS_MAX);
                let (piece, cursor) = self.log.read(read).await?;
                (Some(piece), Rest::Messages(cursor))
            }
            Rest::Text(format) => {
                let outline = self.outline(0, OUTLINE_LIMIT_MAX, true).await?;
                (Some(String::new()), Rest::Steps(Box::new(TextFile::new(task_id, format, &outline))))
            }
            Rest::Steps(file) => self.write_steps(file).await?,
            Rest::Events(_) | Rest::Messages(_) | Rest::None => (None, Rest::None),
        };
        self.rest = rest;
        Ok(piece)
    }

    async fn write_steps(&self, mut file: Box<TextFile>) -> Result<(Option<String>, Rest), LogError> {
        let write = move |conn: &_| {
            let progress = file.write_on(conn)?;
            Ok((progress, file))
        };
        let (progress, mut file) = self.log.read(write).await?;
        let piece = match progress {
            Progress::End => return Ok((None, Rest::None)),
            Progress::Piece(piece) => piece,
            Progress::Untold { first, count } => {
                let short = |number| u32::try_from(number).unwrap_or(u32::MAX);
                file.tell(&self.outline(short(first), short(count).min(OUTLINE_LIMIT_MAX), false).await?);
                String::new()
            }
        };
        Ok((Some(piece), Rest::Steps(file)))
    }

    async fn outline(&self, first: u32, count: u32, map: bool) -> Result<OutlineWindow, LogError> {
        let query = OutlineQuery { first: Some(first), limit: Some(count), map: Some(map), seq: None };
        let outline = self.derived.outlines.window(&self.task_id, &query).await?;
        outline.ok_or_else(|| LogError::Broken(format!("the task {} is gone", self.task_id)))
    }
}
