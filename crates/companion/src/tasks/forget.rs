//! Forgetting: tasks that have been over for long go, where the configuration wants that.

use std::time::Duration;

use agent_tasks::{TaskId, Timestamp};

use super::{TaskError, Tasks};
use crate::{clock, config::Keep, git::Worktree, log::write_removal};

/// How often it is looked for tasks to forget.
const LOOK_EVERY: Duration = Duration::from_secs(6 * 60 * 60);
/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

impl Tasks {
    /// From now on forgets what `keep` does not want kept, until the companion ends.
    pub fn forget_old(&self, keep: Keep) {
        let tasks = self.clone();
        tokio::spawn(async move {
            let ending = tasks.0.ending.clone();
            loop {
                if let Err(error) = tasks.forget(keep).await {
                    tracing::warn!(%error, "old tasks are still there; trying again later");
                }
                tokio::select! {
                    () = ending.cancelled() => return,
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
        });
    }

    async fn forget(&self, keep: Keep) -> Result<(), TaskError> {
        // What was begun is finished, also by a companion that keeps everything else.
        let age_ms = i64::from(keep.days) * DAY_MS;
        let before = Timestamp::from_ms(if keep.days == 0 { 0 } else { clock::now().as_ms() - age_ms });
        for task_id in self.log().read(move |conn| write_removal::removable(conn, before)).await? {
            self.forget_task(&task_id).await?;
        }
        while keep.vacuum && self.log().write(|tx| tx.give_back_pages()).await? {}
        Ok(())
    }

    async fn forget_task(&self, task_id: &TaskId) -> Result<(), TaskError> {
        let id = task_id.clone();
        if !self.log().write(move |tx| tx.begin_removal(&id)).await? {
            return Ok(());
        }
        if let Some(worktree) = Worktree::open(&self.0.setup.data_dir, task_id).await? {
            worktree.remove().await?;
        }
        loop {
            let id = task_id.clone();
            if !self.log().write(move |tx| tx.go_on_removing(&id)).await? {
                tracing::info!(task = %task_id, "an old task was removed, as [keep] wants; its branch stays");
                return Ok(());
            }
        }
    }
}
