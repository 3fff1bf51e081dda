//! The outlines of all logs: from disk where they are good enough, from an outliner otherwise.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use agent_tasks::{OutlineQuery, OutlineWindow, TaskId};
use tokio::sync::{mpsc, oneshot};

use super::outliner::{Ask, Outliner};
use crate::log::{
    Log, LogError,
    read_outline::{self, Written},
};

/// An answer is so many events behind its log at most: whoever asked reads those as events.
const BEHIND_EVENTS_MAX: u64 = 500;

/// The outlines. Cheap to clone.
#[derive(Clone)]
pub struct Outlines(Arc<Inner>);

struct Inner {
    log: Log,
    /// The outliners at work. Held for moments only, also while something is sent to one of them: an outliner ends
    /// only while nobody can send.
    outliners: Mutex<HashMap<TaskId, mpsc::UnboundedSender<Ask>>>,
}

/// A log that is followed until this is dropped.
pub struct Following {
    outlines: Outlines,
    task_id: TaskId,
}

impl Drop for Following {
    fn drop(&mut self) {
        // Nothing is made for it: this may be the end of the program.
        if let Some(outliner) = self.outlines.outliners().get(&self.task_id) {
            let _ = outliner.send(Ask::Unfollow);
        }
    }
}

impl Outlines {
    /// Of the logs in `log`.
    pub fn new(log: Log) -> Self {
        Self(Arc::new(Inner { log, outliners: Mutex::default() }))
    }

    /// Keeps the outline of a log that grows.
    pub fn follow(&self, task_id: &TaskId) -> Following {
        self.send(task_id, Ask::Follow);
        Following { outlines: self.clone(), task_id: task_id.clone() }
    }

    /// The part of a log's outline that `query` asks for; `None` when there is no such task.
    pub async fn window(&self, task_id: &TaskId, query: &OutlineQuery) -> Result<Option<OutlineWindow>, LogError> {
        if !self.is_at_work(task_id) {
            let (id, asked) = (task_id.clone(), query.clone());
            let written = match self.0.log.read(move |conn| read_outline::window(conn, &id, &asked)).await {
                Ok(Some(written)) => written,
                Ok(None) => return Ok(None),
                Err(LogError::Broken(reason)) => {
                    tracing::warn!(task = %task_id, reason, "an outline cannot be read; it is made anew");
                    self.send(task_id, Ask::Rewrite);
                    Written { window: None, log_last_seq: 0 }
                }
                Err(error) => return Err(error),
            };
            let behind = |window: &OutlineWindow| written.log_last_seq.saturating_sub(window.last_seq);
            if let Some(window) = written.window.filter(|window| behind(window) <= BEHIND_EVENTS_MAX) {
                if window.last_seq < written.log_last_seq {
                    self.send(task_id, Ask::Renew);
                }
                return Ok(Some(window));
            }
        }
        let (reply, answer) = oneshot::channel();
        self.send(task_id, Ask::Window(query.clone(), reply));
        let broken = |_| LogError::Broken("an outline could not be made; ask for it again".into());
        answer.await.map_err(broken)?.map(Some)
    }

    /// Whether `asks` is forgotten: nobody has asked meanwhile, and nobody can any more.
    pub(super) fn retire(&self, task_id: &TaskId, asks: &mpsc::UnboundedReceiver<Ask>) -> bool {
        let mut outliners = self.outliners();
        let is_free = asks.is_empty();
        if is_free {
            outliners.remove(task_id);
        }
        is_free
    }

    fn is_at_work(&self, task_id: &TaskId) -> bool {
        self.outliners().get(task_id).is_some_and(|outliner| !outliner.is_closed())
    }

    /// Sends `ask` to the outliner of a log, making one when there is none.
    fn send(&self, task_id: &TaskId, ask: Ask) {
        let mut outliners = self.outliners();
        let outliner = match outliners.entry(task_id.clone()) {
            Entry::Occupied(known) if !known.get().is_closed() => known.into_mut(),
            entry => {
                let (sender, asks) = mpsc::unbounded_channel();
                tokio::spawn(Outliner::new(self.0.log.clone(), task_id.clone(), asks).run(self.clone()));
                entry.insert_entry(sender).into_mut()
            }
        };
        // It is there as long as it is in the map; if it panics, the reply is dropped with it.
        let _ = outliner.send(ask);
    }

    fn outliners(&self) -> MutexGuard<'_, HashMap<TaskId, mpsc::UnboundedSender<Ask>>> {
        self.0.outliners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
