//! A log as its readers see it, written as text: a document that holds a part of the log, read on where the writing is.

use agent_tasks::{OutlineWindow, TaskId};
use rusqlite::Connection;
use session_log::{LogDocument, PlainFormat, PlainWriter, Want, WantedEvents, Written};

use crate::log::{LogError, read_events};

/// The most text that is written at a time, in bytes.
const PIECE_BYTES_MAX: usize = 256 * 1024;
/// What was read is given back each time that so many bytes of text were written.
const HELD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How often the same may be missing before the log counts as one that cannot be read.
const TRIES_MAX: u32 = 3;

/// A text file in the making.
pub struct TextFile {
    task_id: TaskId,
    document: LogDocument,
    /// What writes it; `None` once all is written.
    writer: Option<PlainWriter>,
    /// The bytes of text that were read since the last time that anything was given back.
    held: usize,
    /// What was missing last, and how often.
    missing: Option<(Want, u32)>,
}

/// What came of writing on.
pub enum Progress {
    /// A piece of the file.
    Piece(String),
    /// These steps must be told first.
    Untold {
        /// The place of the first one.
        first: usize,
        /// How many.
        count: usize,
    },
    /// All is written.
    End,
}

impl TextFile {
    /// Of the log of `task_id`, whose outline with its map begins with `outline`.
    pub fn new(task_id: TaskId, format: PlainFormat, outline: &OutlineWindow) -> Self {
        let document = LogDocument::of_outline(outline);
        let writer = Some(PlainWriter::new(format, 0..document.steps()));
        Self { task_id, document, writer, held: 0, missing: None }
    }

    /// Takes in what was asked for by [`Progress::Untold`].
    pub fn tell(&mut self, outline: &OutlineWindow) {
        self.document.tell(outline);
    }

    /// Writes on.
    pub fn write_on(&mut self, conn: &Connection) -> Result<Progress, LogError> {
        let Some(mut writer) = self.writer.take() else { return Ok(Progress::End) };
        let mut piece = String::new();
        loop {
            let room = PIECE_BYTES_MAX.saturating_sub(piece.len()).max(1);
            let before = piece.len();
            match writer.write(&self.document, &mut piece, room) {
                Written::All => return Ok(Progress::Piece(piece)),
                Written::More => {
                    self.writer = Some(writer);
                    return Ok(Progress::Piece(piece));
                }
                Written::Missing(Want::Steps { .. }) if !piece.is_empty() => {
                    self.writer = Some(writer);
                    return Ok(Progress::Piece(piece));
                }
                // What is asked for here is filled in at once.
                Written::Waiting => return Err(self.broken()),
                Written::Missing(want) => {
                    self.note_missing(&want, piece.len() > before)?;
                    if let Want::Steps { first, count } = want {
                        self.writer = Some(writer);
                        return Ok(Progress::Untold { first, count });
                    }
                    self.read(conn, &want, writer.step())?;
                }
            }
        }
    }

    fn broken(&self) -> LogError {
        LogError::Broken(format!("the log of {} does not fit its outline", self.task_id))
    }

    /// Fails when the same is missing again and again.
    fn note_missing(&mut self, want: &Want, has_written: bool) -> Result<(), LogError> {
        let tries = match &self.missing {
            Some((before, tries)) if before == want && !has_written => tries + 1,
            Some(_) | None => 1,
        };
        self.missing = Some((want.clone(), tries));
        if tries > TRIES_MAX {
            return Err(self.broken());
        }
        Ok(())
    }

    /// Reads what is missing of the step `near`.
    fn read(&mut self, conn: &Connection, want: &Want, near: usize) -> Result<(), LogError> {
        if self.held > HELD_BYTES_MAX {
            self.document.release(near..near + 1, 0);
            self.held = 0;
        }
        let Some(WantedEvents { from, to, facts, of }) = self.document.wanted_events(want) else { return Ok(()) };
        let wanted = read_events::Wanted { from, to, facts, of };
        let found = read_events::wanted(conn, &self.task_id, &wanted)?;
        self.held += found.bytes;
        self.document.ask(want);
        self.document.fill(want, Some((&found.events, found.upto)));
        Ok(())
    }
}
