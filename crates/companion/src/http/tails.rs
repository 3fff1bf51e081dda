//! The newest pieces of streams, for all who wait for the same: what a thousand readers of a log are told at once is read
//! and written as text once.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use agent_tasks::TaskId;
use tokio::sync::OnceCell;

use super::{answer::Refusal, sse::Piece};

/// The most pieces that are kept. One is a megabyte long at most, and most are a few hundred bytes.
const PIECES_MAX: usize = 32;

type Cell = Arc<OnceCell<Piece>>;

/// The pieces, each with the log and the number after which it begins. A log only grows: they never change.
#[derive(Default)]
pub struct Tails {
    /// Held for moments only.
    cells: Mutex<VecDeque<(TaskId, u64, Cell)>>,
}

impl Tails {
    /// What follows `cursor` in the log of `task_id`; `read` is asked by one of those who wait at a time.
    pub async fn after<R>(
        &self,
        task_id: &TaskId,
        cursor: u64,
        read: impl FnOnce() -> R + Send,
    ) -> Result<Piece, Refusal>
    where
        R: Future<Output = Result<Piece, Refusal>> + Send,
    {
        let cell = self.cell(task_id, cursor);
        let piece = cell.get_or_try_init(read).await?.clone();
        if piece.more || piece.cursor <= cursor {
            // The middle of a log is for one reader, and the end of it may be gone in a moment.
            self.cells().retain(|(_, _, kept)| !Arc::ptr_eq(kept, &cell));
        }
        Ok(piece)
    }

    fn cell(&self, task_id: &TaskId, cursor: u64) -> Cell {
        let mut cells = self.cells();
        if let Some((_, _, known)) = cells.iter().find(|(task, from, _)| *from == cursor && task == task_id) {
            return Arc::clone(known);
        }
        while cells.len() >= PIECES_MAX {
            cells.pop_front();
        }
        let cell = Cell::default();
        cells.push_back((task_id.clone(), cursor, Arc::clone(&cell)));
        cell
    }

    fn cells(&self) -> std::sync::MutexGuard<'_, VecDeque<(TaskId, u64, Cell)>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::sse::Frames;

    fn piece(cursor: u64, more: bool) -> Piece {
        let mut frames = Frames::new(0);
        if cursor > 0 {
            frames.push("event", (cursor, 1), &cursor);
        }
        frames.done(more)
    }

    #[tokio::test]
    async fn one_reads_for_all_and_nothing_old_is_kept() {
        let tails = Tails::default();
        let reads = std::sync::atomic::AtomicU64::new(0);
        let read = |cursor: u64, told: Piece| {
            let (tails, reads) = (&tails, &reads);
            async move {
                let read = || async move {
                    reads.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    Ok(told)
                };
                tails.after(&TaskId("t".into()), cursor, read).await.unwrap().cursor
            }
        };
        let both = tokio::join!(read(3, piece(9, false)), read(3, piece(9, false)));
        assert_eq!((both, read(3, piece(9, false)).await), ((9, 9), 9));
        assert_eq!(reads.load(std::sync::atomic::Ordering::Relaxed), 1);
        // Nothing yet: who asks again is told what there is then. The middle of a log is not kept.
        read(9, piece(0, false)).await;
        assert_eq!(read(9, piece(12, true)).await, 12);
        assert_eq!(read(9, piece(13, false)).await, 13);
        assert_eq!(reads.load(std::sync::atomic::Ordering::Relaxed), 4);
    }
}
