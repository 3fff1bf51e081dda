//! The worktree of a task: made for its first session, found again for the others.

use super::{TaskError, Tasks};
use crate::{
    git::Worktree,
    log::{Order, WorktreeRow},
};

/// The task's worktree; made when this is its first session that comes so far.
pub async fn of(tasks: &Tasks, order: &Order) -> Result<Worktree, TaskError> {
    if let Some(row) = &order.worktree {
        return Ok(row.clone().into());
    }
    let (owner, repo) = order.repository.split_once('/').unwrap_or_default();
    let repository = tasks.repository(owner, repo).ok_or_else(|| {
        TaskError::NotFound(format!(
            "the repository '{}' is not served any more; start the companion with --repo and its folder, then send a follow-up",
            order.repository
        ))
    })?;
    let data_dir = &tasks.0.setup.data_dir;
    // Made before the companion was ended in the middle of noting it.
    let found = Worktree::open(data_dir, &order.task_id).await.ok().flatten();
    let worktree = match found {
        Some(worktree) => worktree,
        None => Worktree::create(repository, data_dir, &order.task_id, &order.base_ref, &order.head_ref).await?,
    };
    let (task_id, row) = (order.task_id.clone(), WorktreeRow::from(worktree.clone()));
    tasks.log().write(move |tx| tx.set_worktree(&task_id, &row)).await?;
    Ok(worktree)
}

impl From<Worktree> for WorktreeRow {
    fn from(worktree: Worktree) -> Self {
        let Worktree { path, git_dir, head_ref, base_ref, base_sha } = worktree;
        Self { path, git_dir, head_ref, base_ref, base_sha }
    }
}

impl From<WorktreeRow> for Worktree {
    fn from(row: WorktreeRow) -> Self {
        let WorktreeRow { path, git_dir, head_ref, base_ref, base_sha } = row;
        Self { path, git_dir, head_ref, base_ref, base_sha }
    }
}
