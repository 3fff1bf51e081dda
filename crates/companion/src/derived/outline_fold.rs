//! A log that is folded for its outline alone, and what of that outline is not written yet.

use agent_tasks::{OutlineQuery, OutlineWindow, TaskId, outline::PlacedStep};
use rusqlite::Connection;
use session_log::LogDocument;

use crate::log::{
    LogError, read_events, read_outline,
    write_outline::{OutlineNews, StepRow},
};

/// The most events that are read at a time.
const SLICE_EVENTS_MAX: u32 = 500;
/// The most bytes of data that are read at a time.
const SLICE_BYTES_MAX: usize = 1024 * 1024;
/// The most rows that one transaction writes: others wait for it for a few milliseconds.
const ROWS_MAX: usize = 500;

/// A log without its texts.
pub struct OutlineFold {
    task_id: TaskId,
    document: LogDocument,
    /// The highest number of the log, as it was read last.
    log_last_seq: u64,
    /// The event up to which an earlier fold has written: until it is reached, there is nothing to write.
    written_before: u64,
    /// The revision of the document whose changes are written, but for `unwritten`.
    taken: u64,
    /// The event that the document had taken then.
    taken_seq: u64,
    /// Steps that are still to be written.
    unwritten: Vec<usize>,
}

impl OutlineFold {
    /// Nothing of the log of `task_id` yet.
    pub fn new(conn: &Connection, task_id: &TaskId) -> Result<Self, LogError> {
        let written_before = read_outline::written_up_to(conn, task_id)?;
        Ok(Self {
            task_id: task_id.clone(),
            document: LogDocument::without_texts(),
            log_last_seq: 0,
            written_before,
            taken: 0,
            taken_seq: 0,
            unwritten: Vec::new(),
        })
    }

    /// Reads on; tells whether there is more.
    pub fn read_on(&mut self, conn: &Connection) -> Result<bool, LogError> {
        let cursor = self.document.last_seq();
        let slice = read_events::slice(conn, &self.task_id, cursor, SLICE_EVENTS_MAX, SLICE_BYTES_MAX)?;
        let Some(slice) = slice else { return Ok(false) };
        for event in &slice.events {
            self.document.apply(event);
            if self.document.last_seq() == self.written_before {
                (self.taken, self.taken_seq) = (self.document.revision(), self.document.last_seq());
            }
        }
        self.log_last_seq = slice.last_seq;
        Ok(self.document.last_seq() < slice.last_seq && !slice.events.is_empty())
    }

    /// The highest number of the log, as it was read last.
    pub fn log_last_seq(&self) -> u64 {
        self.log_last_seq
    }

    /// The newest event that is in the outline.
    pub fn last_seq(&self) -> u64 {
        self.document.last_seq()
    }

    /// How many events came since the outline was written last.
    pub fn unwritten_events(&self) -> u64 {
        self.document.last_seq().saturating_sub(self.taken_seq.max(self.written_before))
    }

    /// Whether there is anything to write.
    pub fn has_news(&self) -> bool {
        self.document.last_seq() >= self.written_before
            && (!self.unwritten.is_empty() || self.taken != self.document.revision())
    }

    /// What is to be written next, at most so much as one transaction may.
    pub fn news(&mut self) -> Option<OutlineNews> {
        if !self.has_news() {
            return None;
        }
        if self.unwritten.is_empty() {
            self.unwritten = self.document.changed_since(self.taken).collect();
            (self.taken, self.taken_seq) = (self.document.revision(), self.document.last_seq());
        }
        let rest = self.unwritten.len().saturating_sub(ROWS_MAX);
        let places = self.unwritten.split_off(rest);
        let is_all = self.unwritten.is_empty() && self.taken == self.document.revision();
        Some(OutlineNews {
            last_seq: if is_all { self.document.last_seq() } else { 0 },
            steps: self.steps(),
            usage: self.document.usage().cloned(),
            intent: self.document.intent().map(str::to_owned),
            rows: self.rows(places),
        })
    }

    /// What was given out by [`Self::news`] is not written: all of it is to be written anew.
    pub fn forget_written(&mut self) {
        (self.taken, self.taken_seq, self.written_before) = (0, 0, 0);
        self.unwritten.clear();
    }

    /// The part of the outline that `query` asks for.
    pub fn window(&self, query: &OutlineQuery) -> OutlineWindow {
        let place = query.seq.and_then(|seq| self.document.step_at_seq(seq));
        let (first, count) = read_outline::part(query, self.steps(), place.and_then(|place| u32::try_from(place).ok()));
        let steps = (first as usize..).map_while(|place| self.document.summary(place)).take(count as usize);
        let map = (query.map == Some(true)).then(|| self.document.map());
        let told = first as usize..first.saturating_add(count) as usize;
        let open = self.document.open_steps().filter(|step| map.is_some() && !told.contains(step));
        let open = open.filter_map(|step| {
            Some(PlacedStep { step: u32::try_from(step).ok()?, summary: self.document.summary(step)? })
        });
        OutlineWindow {
            last_seq: self.document.last_seq(),
            total: self.steps(),
            first,
            steps: steps.collect(),
            open: open.collect(),
            map,
            usage: self.document.usage().cloned(),
            intent: self.document.intent().map(str::to_owned),
        }
    }

    fn steps(&self) -> u32 {
        u32::try_from(self.document.steps()).unwrap_or(u32::MAX)
    }

    fn rows(&self, places: Vec<usize>) -> Vec<StepRow> {
        let row =
            |index: usize| Some(StepRow { place: u32::try_from(index).ok()?, summary: self.document.summary(index)? });
        places.into_iter().filter_map(row).collect()
    }
}
