//! git, through a git directory that the companion owns: nothing that an agent writes into a worktree
//! (hooks, filters, configuration, a swapped `.git`) can run anything here.
//!
//! Three git directories play a part in a task:
//!
//! - the user's repository: only ever written by [`Worktree::commit`], which brings the task's branch home,
//!   and by one ref below `refs/flightdeck/` that keeps the start commit from being collected;
//! - the companion's own, one per task: has its own configuration, index and objects, and borrows the user's
//!   objects. All that the companion reads or commits goes through it;
//! - the agent's, `.git` in the worktree: an ordinary repository for `git status` and the like. The companion
//!   makes it and never reads it again. Commits that an agent makes there stay there; their contents are
//!   committed by the companion at the end of the turn.

use std::path::PathBuf;

mod branch_name;
mod command;
mod commit;
mod diff;
mod repository;
mod sample;
mod worktree;

pub use branch_name::is_branch_name;

/// What can go wrong, cut by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The folder is no repository that tasks can work in; says why.
    #[error("{0}")]
    NotARepository(String),
    /// No such branch.
    #[error("no branch '{0}'")]
    NoSuchBranch(String),
    /// git failed; carries the command and what it said.
    #[error("git {command} failed: {message}")]
    Failed {
        /// The subcommand.
        command: String,
        /// The last lines of its error output.
        message: String,
    },
    /// git could not be run at all, or the disk refused.
    #[error("git could not be started: {0}; install git and see that it is on PATH")]
    Missing(#[from] std::io::Error),
}

/// A repository of the user's that tasks may work in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The folder, canonical.
    pub path: PathBuf,
    /// The owner: of the GitHub remote where there is one, else `local`.
    pub owner: String,
    /// The name: of the GitHub remote where there is one, else the folder's.
    pub name: String,
    /// The git directory that holds its objects and branches.
    pub git_dir: PathBuf,
}

/// A branch and its newest commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchHead {
    /// Without `refs/heads/`.
    pub name: String,
    /// Hexadecimal.
    pub sha: String,
}

/// The worktree of one task, with the git directory that the companion owns for it.
#[derive(Debug, Clone)]
pub struct Worktree {
    /// Where the agent works.
    pub path: PathBuf,
    /// The companion's own git directory, outside the worktree.
    pub git_dir: PathBuf,
    /// The task's branch.
    pub head_ref: String,
    /// The branch it started from.
    pub base_ref: String,
    /// The commit it started from.
    pub base_sha: String,
}

/// Lines and files changed since a task began.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diffstat {
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
    /// Paths below the root.
    pub files: Vec<String>,
}
