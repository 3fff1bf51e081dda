//! Search in all logs: few logs are in memory, for as long as somebody searches them.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use agent_tasks::{SearchWindow, TaskId};
use session_log::Query;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{
    search_fold::{HitRange, LOG_BYTES_MAX},
    searcher::{Ask, Searcher},
};
use crate::log::{Log, LogError, read_events};

/// How many searches work at once; more wait.
const AT_ONCE_MAX: usize = 2;
/// The most bytes of data that are kept folded; beyond it, the log that was asked for longest ago is dropped.
const BYTES_MAX: usize = LOG_BYTES_MAX;

/// The searches. Cheap to clone.
#[derive(Clone)]
pub struct Searches(Arc<Inner>);

struct Inner {
    log: Log,
    places: Arc<Semaphore>,
    searchers: Mutex<Searchers>,
}

/// The searchers at work. Locked for moments only, also while something is sent to one of them: a searcher ends by
/// itself only while nobody can send.
#[derive(Default)]
struct Searchers {
    known: HashMap<TaskId, Known>,
    /// Grows with every question.
    asked: u64,
}

struct Known {
    asks: mpsc::UnboundedSender<Ask>,
    weight: Arc<Weight>,
    /// Which question was its newest.
    asked: u64,
}

/// What a searcher holds.
#[derive(Debug, Default)]
pub struct Weight {
    /// The bytes of data that are folded.
    pub bytes: AtomicUsize,
}

impl Searches {
    /// In the logs in `log`.
    pub fn new(log: Log) -> Self {
        Self(Arc::new(Inner { log, places: Arc::new(Semaphore::new(AT_ONCE_MAX)), searchers: Mutex::default() }))
    }

    /// What is found in a log so far; the same question again goes on. Without a query the log is only read for the
    /// one that follows. `None` when there is no such task.
    pub async fn find(
        &self,
        task_id: &TaskId,
        query: Option<Query>,
        range: HitRange,
    ) -> Result<Option<SearchWindow>, LogError> {
        let id = task_id.clone();
        if self.0.log.read(move |conn| read_events::last_seq(conn, &id)).await?.is_none() {
            return Ok(None);
        }
        let (reply, answer) = oneshot::channel();
        self.send(task_id, Ask { query, range, reply });
        let broken = |_| LogError::Broken("a search broke off; search again".into());
        answer.await.map_err(broken)?.map(Some)
    }

    /// Whether the searcher of this weight and `asks` is forgotten: nobody has asked it meanwhile, and nobody can any
    /// more. Another one of the same log, made when this one had to go, stays.
    pub(super) fn retire(&self, task_id: &TaskId, weight: &Arc<Weight>, asks: &mpsc::UnboundedReceiver<Ask>) -> bool {
        let mut searchers = self.searchers();
        let is_free = asks.is_empty();
        let is_own = searchers.known.get(task_id).is_some_and(|known| Arc::ptr_eq(&known.weight, weight));
        if is_free && is_own {
            searchers.known.remove(task_id);
        }
        is_free
    }

    /// Drops logs until the rest is small enough; never `keep`.
    pub(super) fn make_room(&self, keep: &TaskId) {
        let mut searchers = self.searchers();
        while searchers.bytes() > BYTES_MAX {
            let others = searchers.known.iter().filter(|(task_id, _)| *task_id != keep);
            let Some(oldest) = others.min_by_key(|(_, known)| known.asked).map(|(task_id, _)| task_id.clone()) else {
                return;
            };
            searchers.known.remove(&oldest);
        }
    }

    fn send(&self, task_id: &TaskId, ask: Ask) {
        let mut searchers = self.searchers();
        searchers.asked += 1;
        let asked = searchers.asked;
        let known = match searchers.known.entry(task_id.clone()) {
            Entry::Occupied(known) if !known.get().asks.is_closed() => known.into_mut(),
            entry => {
                let (sender, asks) = mpsc::unbounded_channel();
                let weight = Arc::<Weight>::default();
                let (log, places) = (self.0.log.clone(), Arc::clone(&self.0.places));
                let searcher = Searcher::new(log, task_id.clone(), asks, places, Arc::clone(&weight));
                tokio::spawn(searcher.run(self.clone()));
                entry.insert_entry(Known { asks: sender, weight, asked }).into_mut()
            }
        };
        known.asked = asked;
        // If the searcher panics, the reply is dropped with it.
        let _ = known.asks.send(ask);
    }

    fn searchers(&self) -> MutexGuard<'_, Searchers> {
        self.0.searchers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Searchers {
    fn bytes(&self) -> usize {
        self.known.values().map(|known| known.weight.bytes.load(Ordering::Relaxed)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_searcher_that_had_to_go_does_not_take_its_successor_along() {
        let folder = tempfile::tempdir().unwrap();
        let searches = Searches::new(Log::open(&folder.path().join("log.sqlite")).unwrap());
        let (task_id, known) = (TaskId("t".into()), |searches: &Searches| searches.searchers().known.len());
        let (asks, questions) = mpsc::unbounded_channel();
        let weight = Arc::<Weight>::default();
        let successor = Known { asks, weight: Arc::clone(&weight), asked: 1 };
        searches.searchers().known.insert(task_id.clone(), successor);
        assert!(searches.retire(&task_id, &Arc::default(), &questions), "the old one ends");
        assert_eq!(known(&searches), 1);
        assert!(searches.retire(&task_id, &weight, &questions));
        assert_eq!(known(&searches), 0);
    }
}
