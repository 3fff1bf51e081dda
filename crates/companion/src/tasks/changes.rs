//! The diffstat of a branch while its agent works: refreshed after tool calls, not more often than needed.

use std::{sync::Arc, time::Duration};

use agent_tasks::{TaskId, event::CodeChanges};
use tokio::{sync::Notify, task::JoinHandle};

use crate::{
    git::{Diffstat, Worktree},
    log::{Log, LogError},
};

/// The shortest time between two refreshes.
const REFRESH_PAUSE: Duration = Duration::from_secs(2);

/// Refreshes the diffstat of one task until it is dropped.
pub struct Changes {
    wanted: Arc<Notify>,
    refreshing: JoinHandle<()>,
}

impl Changes {
    /// Starts to look after the diffstat of `task_id`.
    pub fn follow(log: Log, task_id: TaskId, worktree: Worktree) -> Self {
        let wanted = Arc::new(Notify::new());
        let wish = Arc::clone(&wanted);
        let refreshing = tokio::spawn(async move {
            loop {
                wish.notified().await;
                match worktree.diffstat().await {
                    Ok(stat) => {
                        // The last refresh of the session writes it again; one that failed is no loss.
                        let _ = store(&log, &task_id, code_changes(stat)).await;
                    }
                    Err(error) => tracing::debug!(%error, "no diffstat"),
                }
                tokio::time::sleep(REFRESH_PAUSE).await;
            }
        });
        Self { wanted, refreshing }
    }

    /// A tool call has ended: the files may have changed.
    pub fn refresh(&self) {
        self.wanted.notify_one();
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.refreshing.abort();
    }
}

/// The diffstat as the log tells it.
pub fn code_changes(stat: Diffstat) -> CodeChanges {
    CodeChanges { lines_added: stat.additions, lines_removed: stat.deletions, files_modified: stat.files }
}

/// Keeps the diffstat with the task.
pub async fn store(log: &Log, task_id: &TaskId, changes: CodeChanges) -> Result<(), LogError> {
    let task_id = task_id.clone();
    log.write(move |tx| tx.set_changes(&task_id, &changes)).await
}
