//! The log document: folds events into steps, keeps their text, windows rows, finds text. Pure: no DOM,
//! no IO, no clock.

use agent_tasks::Event;

/// A task's log, folded.
#[derive(Debug, Clone, Default)]
pub struct LogDocument {
    last_seq: u64,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was the next one and is in the document.
    Taken,
    /// It was there already.
    Repeated,
    /// Events before it are missing; it was not taken. Carries the `seq` that is needed.
    Gap(u64),
}

impl LogDocument {
    /// Takes one event.
    pub fn apply(&mut self, event: &Event) -> Applied {
        let needed = self.last_seq + 1;
        if event.seq < needed {
            return Applied::Repeated;
        }
        if event.seq > needed {
            return Applied::Gap(needed);
        }
        self.last_seq = event.seq;
        Applied::Taken
    }

    /// The `seq` of the newest event; 0 when there is none.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }
}
