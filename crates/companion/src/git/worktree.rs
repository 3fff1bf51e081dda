//! A task's worktree: made, found again after a restart, removed.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use agent_tasks::TaskId;

use super::{GitError, Repository, Worktree, command::Git, is_branch_name, repository::Identity};

/// Key in the companion's own git directory: the git directory of the user's repository.
const REPOSITORY_KEY: &str = "flightdeck.repository";

impl Worktree {
    /// Makes a worktree below `data_dir` for the task, on the branch `head_ref`. An existing branch of that
    /// name is continued; otherwise the work starts where `base_ref` is.
    pub async fn create(
        repository: &Repository,
        data_dir: &Path,
        task_id: &TaskId,
        base_ref: &str,
        head_ref: &str,
    ) -> Result<Self, GitError> {
        if !is_branch_name(head_ref) {
            let message = format!("'{}' cannot name a branch; choose another name", head_ref.escape_debug());
            return Err(GitError::Failed { command: "check-ref-format".into(), message });
        }
        let base = repository.branch_sha(base_ref).await?;
        let base_sha = match repository.branch_sha(head_ref).await {
            Ok(head) => {
                refuse_checked_out(repository, head_ref).await?;
                head
            }
            Err(GitError::NoSuchBranch(_)) => base.clone(),
            Err(error) => return Err(error),
        };
        let (path, git_dir) = folders(data_dir, task_id)?;
        let worktree = Self { path, git_dir, head_ref: head_ref.into(), base_ref: base_ref.into(), base_sha };
        let made = worktree.make(repository, &base, task_id).await;
        if made.is_err() {
            // The first error is the one to tell.
            let _ = worktree.remove().await;
        }
        made.map(|()| worktree)
    }

    /// The worktree that [`Worktree::create`] made for the task, if it is still there.
    pub async fn open(data_dir: &Path, task_id: &TaskId) -> Result<Option<Self>, GitError> {
        let (path, git_dir) = folders(data_dir, task_id)?;
        if !tokio::fs::try_exists(git_dir.join("config")).await? || !tokio::fs::try_exists(&path).await? {
            return Ok(None);
        }
        let read = |key: &'static str| Git::at(&git_dir).args(["config", "--get", key]).text();
        let (head_ref, base_ref, base_sha) = (
            read("flightdeck.head-ref").await?,
            read("flightdeck.base-ref").await?,
            read("flightdeck.base-sha").await?,
        );
        Ok(Some(Self { path, git_dir, head_ref, base_ref, base_sha }))
    }

    /// Removes the worktree and the companion's git directory for it. The branch stays in the repository.
    pub async fn remove(&self) -> Result<(), GitError> {
        if let (Ok(repository), Some(keep_ref)) = (self.repository_git_dir().await, self.keep_ref()) {
            // The user may have removed the repository; then there is no ref to remove either.
            let _ = Git::at(&repository).args(["update-ref", "-d", &keep_ref]).bytes().await;
        }
        for folder in [self.path.clone(), self.git_dir.clone()] {
            tokio::task::spawn_blocking(move || remove_folder(&folder)).await.map_err(std::io::Error::other)??;
        }
        Ok(())
    }

    /// The git directory of the user's repository.
    pub(super) async fn repository_git_dir(&self) -> Result<PathBuf, GitError> {
        Ok(Git::at(&self.git_dir).args(["config", "--get", REPOSITORY_KEY]).text().await?.into())
    }

    async fn make(&self, repository: &Repository, base: &str, task_id: &TaskId) -> Result<(), GitError> {
        tokio::fs::create_dir_all(&self.path).await?;
        let identity = repository.identity().await;
        self.make_git_dir(repository, &self.git_dir, &identity).await?;
        let head = format!("refs/heads/{}", self.head_ref);
        let record = [
            (REPOSITORY_KEY, repository.git_dir.to_string_lossy().into_owned()),
            ("flightdeck.head-ref", self.head_ref.clone()),
            ("flightdeck.base-ref", self.base_ref.clone()),
            ("flightdeck.base-sha", self.base_sha.clone()),
            ("flightdeck.task", task_id.to_string()),
            ("core.bare", "true".into()),
        ];
        for (key, value) in &record {
            Git::at(&self.git_dir).args(["config", key, value]).bytes().await?;
        }
        if let Some(keep_ref) = self.keep_ref() {
            Git::at(&repository.git_dir).args(["update-ref", &keep_ref, &self.base_sha]).bytes().await?;
        }
        Git::at(&self.git_dir).args(["update-ref", &head, &self.base_sha]).bytes().await?;
        Git::at(&self.git_dir).args(["symbolic-ref", "HEAD", &head]).bytes().await?;
        self.git().args(["read-tree", &self.base_sha]).bytes().await?;
        self.git().args(["checkout-index", "--all", "--index"]).bytes().await?;
        self.make_agents_git(repository, &identity, &head, base).await
    }

    /// The repository that the agent sees: on the task's branch, with the base branch beside it.
    async fn make_agents_git(
        &self,
        repository: &Repository,
        identity: &Identity,
        head: &str,
        base: &str,
    ) -> Result<(), GitError> {
        let git_dir = self.path.join(".git");
        self.make_git_dir(repository, &git_dir, identity).await?;
        let git = || Git::at(&git_dir);
        git().args(["config", "core.bare", "false"]).bytes().await?;
        git().args(["update-ref", &format!("refs/heads/{}", self.base_ref), base]).bytes().await?;
        git().args(["update-ref", head, &self.base_sha]).bytes().await?;
        git().args(["symbolic-ref", "HEAD", head]).bytes().await?;
        tokio::fs::copy(self.git_dir.join("index"), git_dir.join("index")).await?;
        Ok(())
    }

    /// An empty repository at `git_dir` that borrows the user's objects.
    async fn make_git_dir(&self, repository: &Repository, git_dir: &Path, identity: &Identity) -> Result<(), GitError> {
        let user = |args: [&'static str; 2]| Git::at(&repository.git_dir).args(["rev-parse"]).args(args).text();
        let format = user(["--show-object-format", "--quiet"]).await?;
        let format = format!("--object-format={}", format.lines().next().unwrap_or("sha1"));
        let parent = git_dir.parent().unwrap_or(git_dir);
        tokio::fs::create_dir_all(parent).await?;
        Git::at(git_dir).args(["init", "--quiet", "--bare", "--template=", &format]).bytes().await?;
        for (key, value) in [("user.name", &identity.name), ("user.email", &identity.email)] {
            Git::at(git_dir).args(["config", key, value]).bytes().await?;
        }
        let mut alternates = repository.git_dir.join("objects").into_os_string().into_encoded_bytes();
        alternates.push(b'\n');
        tokio::fs::create_dir_all(git_dir.join("objects/info")).await?;
        tokio::fs::write(git_dir.join("objects/info/alternates"), alternates).await?;
        tokio::fs::create_dir_all(git_dir.join("info")).await?;
        for file in ["shallow", "info/exclude"] {
            match tokio::fs::copy(repository.git_dir.join(file), git_dir.join(file)).await {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// git with the companion's own directory on the worktree. Attributes come from the commit that the task
    /// started from, never from a file that the agent wrote.
    pub(super) fn git(&self) -> Git {
        Git::in_worktree(&self.git_dir, &self.path).env("GIT_ATTR_SOURCE", &self.base_sha)
    }

    /// The ref that keeps the start commit while the task lives, even when the user rewrites the branch:
    /// our objects borrow from that repository.
    fn keep_ref(&self) -> Option<String> {
        let task = self.path.parent()?.file_name()?.to_str()?;
        Some(format!("refs/flightdeck/{task}"))
    }
}

/// Where a task's worktree and its git directory are.
fn folders(data_dir: &Path, task_id: &TaskId) -> Result<(PathBuf, PathBuf), GitError> {
    let task = task_id.as_str();
    if task.is_empty() || !task.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        let message = format!("'{}' cannot name a task's folder", task.escape_debug());
        return Err(GitError::Failed { command: "init".into(), message });
    }
    let data_dir = std::path::absolute(data_dir)?;
    Ok((data_dir.join("worktrees").join(task).join("tree"), data_dir.join("git").join(format!("{task}.git"))))
}

/// A branch that someone has checked out must not move below their feet.
async fn refuse_checked_out(repository: &Repository, branch: &str) -> Result<(), GitError> {
    let name = format!("refs/heads/{branch}");
    let list = Git::at(&repository.git_dir).args(["for-each-ref", "--format=%(worktreepath)", &name]).text().await?;
    match list.trim() {
        "" => Ok(()),
        folder => Err(GitError::Failed {
            command: "worktree".into(),
            message: format!("the branch '{branch}' is checked out in {folder}; switch to another branch there first"),
        }),
    }
}

/// Removes a folder with all below it, also where an agent left folders without write permission. Never
/// follows a link: `remove_dir_all` does not, and neither does the walk.
fn remove_folder(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            open_folders(folder)?;
            std::fs::remove_dir_all(folder)?;
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

fn open_folders(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if !folder.symlink_metadata()?.is_dir() {
        return Ok(());
    }
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_folders(&entry.path())?;
        }
    }
    Ok(())
}
