//! A log that is folded to be searched, and the searches that go along with it.

use std::time::Instant;

use agent_tasks::{SearchWindow, TaskId};
use rusqlite::Connection;
use session_log::{Finder, LogDocument, Query};

use super::search_answer;
use crate::log::{LogError, read_events};

/// The most events that are folded at a time.
const SLICE_EVENTS_MAX: u32 = 500;
/// The most bytes of data that are folded at a time.
const SLICE_BYTES_MAX: usize = 256 * 1024;
/// How much is searched at a time, in bytes of plain search.
const FIND_BYTES: usize = 1024 * 1024;
/// How many searches of one log are remembered: a few pages may look for different things.
const FINDERS_MAX: usize = 4;
/// A log is searched up to so many bytes of data; what comes after is not.
pub const LOG_BYTES_MAX: usize = 512 * 1024 * 1024;

/// Which hits to tell.
#[derive(Debug, Clone, Copy)]
pub struct HitRange {
    /// The rank of the first.
    pub skip: usize,
    /// The most.
    pub limit: usize,
    /// Whether to tell how many each step has before all is searched.
    pub has_steps: bool,
}

/// A log in memory.
pub struct SearchFold {
    task_id: TaskId,
    document: LogDocument,
    /// The bytes of data that were folded.
    bytes: usize,
    /// Whether the document had the whole log when it was read last.
    is_whole: bool,
    /// Whether there is more of it than is searched.
    is_cut: bool,
    /// The most bytes of data that are folded.
    bytes_max: usize,
    /// The newest search last.
    finders: Vec<Finder>,
}

impl SearchFold {
    /// Nothing of the log of `task_id` yet.
    pub fn new(task_id: TaskId) -> Self {
        Self {
            task_id,
            document: LogDocument::default(),
            bytes: 0,
            is_whole: false,
            is_cut: false,
            bytes_max: LOG_BYTES_MAX,
            finders: Vec::new(),
        }
    }

    /// The bytes of data that were folded.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether the document had the whole log when it was read last.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Looks again whether there is more of the log than was read.
    pub fn note_growth(&mut self) {
        self.is_whole = false;
    }

    /// Folds a piece of what is new.
    pub fn read_on(&mut self, conn: &Connection) -> Result<(), LogError> {
        let cursor = self.document.last_seq();
        if self.bytes >= self.bytes_max {
            let last_seq = read_events::last_seq(conn, &self.task_id)?.unwrap_or_default();
            (self.is_whole, self.is_cut) = (true, cursor < last_seq);
            return Ok(());
        }
        let slice = read_events::slice(conn, &self.task_id, cursor, SLICE_EVENTS_MAX, SLICE_BYTES_MAX)?;
        let slice = slice.unwrap_or_default();
        for event in &slice.events {
            self.document.apply(event);
        }
        self.bytes += slice.bytes;
        self.is_whole = self.document.last_seq() >= slice.last_seq;
        Ok(())
    }

    /// Folds and searches until all is done, something is found where nothing was, or it is `until`; tells what was
    /// found so far.
    pub fn find(
        &mut self,
        conn: &Connection,
        query: &Query,
        range: HitRange,
        until: Instant,
    ) -> Result<SearchWindow, LogError> {
        let mut finder = self.take_finder(query).unwrap_or_else(|| Finder::new(query.clone()));
        let had_any = finder.total() > 0;
        // What came since the last answer is looked for at once.
        self.note_growth();
        let is_done = loop {
            if !self.is_whole {
                self.read_on(conn)?;
            }
            let progress = finder.advance(&self.document, FIND_BYTES);
            let is_done = self.is_whole && progress.is_done;
            let is_first = progress.total > 0 && !had_any;
            if is_done || is_first || Instant::now() >= until {
                break is_done;
            }
        };
        let window = SearchWindow {
            is_cut: self.is_cut && is_done,
            ..search_answer::window(&self.document, &finder, is_done, range)
        };
        if self.finders.len() == FINDERS_MAX {
            self.finders.remove(0);
        }
        self.finders.push(finder);
        Ok(window)
    }

    /// How much was found so far, without looking any further, and so without the hits themselves.
    pub fn found(&self, query: &Query, range: HitRange) -> SearchWindow {
        let known = self.finders.iter().find(|finder| is_same(finder.query(), query));
        let range = HitRange { limit: 0, ..range };
        known.map(|finder| search_answer::window(&self.document, finder, false, range)).unwrap_or_default()
    }

    fn take_finder(&mut self, query: &Query) -> Option<Finder> {
        let at = self.finders.iter().position(|finder| is_same(finder.query(), query))?;
        Some(self.finders.remove(at))
    }
}

fn is_same(one: &Query, other: &Query) -> bool {
    one.text() == other.text() && one.options() == other.options()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use agent_tasks::{SessionId, event::UserMessage};
    use session_log::FindOptions;

    use super::*;
    use crate::log::{Entry, Log, NewSessionRow, NewTaskRow};

    #[tokio::test]
    async fn a_log_that_is_too_long_is_searched_as_far_as_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::open(&folder.path().join("log.sqlite")).unwrap();
        let id = TaskId("t".into());
        let written: Result<u64, LogError> = log
            .write(|tx| {
                let task = NewTaskRow { id: TaskId("t".into()), ..NewTaskRow::sample() };
                let session = NewSessionRow { id: SessionId("s".into()), name: "s".into(), prompt: "p".into() };
                tx.insert_task(&task)?;
                tx.insert_session(&task.id, &session)?;
                let said = || Entry::from(UserMessage { content: "a needle".into(), source: None });
                tx.append(&task.id, &session.id, (0..700).map(|_| said()))
            })
            .await;
        written.unwrap();
        let query = Query::new("needle", FindOptions::default()).unwrap();
        let (short, whole) = log
            .read(move |conn| {
                let range = HitRange { skip: 0, limit: 1, has_steps: false };
                let until = || Instant::now() + Duration::from_secs(60);
                let mut cut = SearchFold { bytes_max: 1, ..SearchFold::new(id.clone()) };
                let mut all = SearchFold::new(id);
                // The first answers come with the first hits.
                for fold in [&mut cut, &mut all] {
                    let first = fold.find(conn, &query, range, until())?;
                    assert!(!first.is_done && first.total > 0);
                }
                Ok((cut.find(conn, &query, range, until())?, all.find(conn, &query, range, until())?))
            })
            .await
            .unwrap();
        assert_eq!((short.is_done, short.is_cut, short.last_seq, short.total), (true, true, 500, 500));
        assert_eq!((whole.is_done, whole.is_cut, whole.total), (true, false, 700));
        assert_eq!(whole.steps.map(|steps| steps.len()), Some(700), "counts are told at the end");
    }
}
