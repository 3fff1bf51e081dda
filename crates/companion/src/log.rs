//! The companion's memory: tasks, sessions and their numbered events in one SQLite file.
//!
//! One thread writes. It takes whatever is queued into one transaction and answers, and tells the
//! watchers, only after the commit: what anybody has heard of is on disk. Readers have connections of
//! their own. The file is the truth; the watches only say that there is something new to read.

mod append;
pub mod check;
mod connection;
pub mod credentials;
mod error;
mod journal;
pub mod merge;
pub mod raw_event;
pub mod read_events;
pub mod read_outline;
pub mod read_tasks;
pub mod read_window;
mod readers;
mod starts;
mod sum;
pub mod task_row;
mod watches;
pub mod write_outline;
pub mod write_removal;
mod write_sessions;
mod write_tx;
mod writer;

use std::{path::Path, sync::Arc};

use agent_tasks::TaskId;
use rusqlite::Connection;
use tokio::sync::watch;

pub use append::Entry;
pub use credentials::TokenRow;
pub use error::LogError;
pub use raw_event::{RawEvent, RawWindow};
pub use read_tasks::{Order, Unfinished, WorktreeRow};
pub use read_window::{EventPage, EventSpan};
pub use starts::Start;
pub use write_sessions::{NewSessionRow, NewTaskRow};
pub use write_tx::WriteTx;

use readers::Readers;
use watches::Watches;
use writer::Writer;

/// The log of all tasks. Cheap to clone.
#[derive(Clone)]
pub struct Log {
    writer: Writer,
    readers: Readers,
    watches: Arc<Watches>,
}

impl Log {
    /// Opens the file at `path`, making it when it is not there.
    pub fn open(path: &Path) -> Result<Self, LogError> {
        let watches = Arc::new(Watches::default());
        let writer = Writer::start(connection::open_for_writing(path)?, Arc::clone(&watches))?;
        Ok(Self { writer, readers: Readers::new(path), watches })
    }

    /// Runs `job` in the next transaction and answers once that is committed. A job that fails leaves
    /// nothing behind and does not disturb the others of its transaction.
    pub async fn write<T, E>(&self, job: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LogError> + Send + 'static,
    {
        self.writer.write(job).await
    }

    /// Runs `job` on a connection that only reads, in one snapshot.
    pub async fn read<T>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError>
    where
        T: Send + 'static,
    {
        self.readers.read(job).await
    }

    /// Changes whenever `task_id` has new events. The value is a hint; the file is the truth.
    pub fn watch_task(&self, task_id: &TaskId) -> watch::Receiver<u64> {
        self.watches.task(task_id)
    }

    /// Changes whenever a task's row has changed.
    pub fn watch_list(&self) -> watch::Receiver<u64> {
        self.watches.list()
    }
}
