//! git, through a git directory that the companion owns: nothing that an agent writes into a worktree
//! (hooks, filters, configuration, a swapped `.git`) can run anything here.

use std::path::{Path, PathBuf};

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
    /// git could not be run at all.
    #[error("git could not be started: {0}")]
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

impl Repository {
    /// Checks that `path` holds a repository with a commit.
    pub async fn open(path: &Path) -> Result<Self, GitError> {
        Err(GitError::NotARepository(format!("{} is not supported yet", path.display())))
    }
}
