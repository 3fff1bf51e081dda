//! Who waits for news of which task. Only the writer tells, only after a commit.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use agent_tasks::TaskId;
use tokio::sync::watch;

use super::write_tx::Touched;

/// The watches. Tasks that nobody watches have none.
pub struct Watches {
    tasks: Mutex<HashMap<TaskId, watch::Sender<u64>>>,
    list: watch::Sender<u64>,
}

impl Default for Watches {
    fn default() -> Self {
        Self { tasks: Mutex::default(), list: watch::Sender::new(0) }
    }
}

impl Watches {
    /// News of one task.
    pub fn task(&self, task_id: &TaskId) -> watch::Receiver<u64> {
        self.tasks().entry(task_id.clone()).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    /// News of the list.
    pub fn list(&self) -> watch::Receiver<u64> {
        self.list.subscribe()
    }

    /// Tells what a committed transaction has changed.
    pub fn tell(&self, touched: &Touched) {
        let mut tasks = self.tasks();
        for (task_id, last_seq) in &touched.events {
            if let Some(watch) = tasks.get(task_id) {
                watch.send_replace(*last_seq);
            }
        }
        tasks.retain(|_, watch| watch.receiver_count() > 0);
        drop(tasks);
        if let Some(revision) = touched.revision {
            self.list.send_replace(revision);
        }
    }

    fn tasks(&self) -> MutexGuard<'_, HashMap<TaskId, watch::Sender<u64>>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
