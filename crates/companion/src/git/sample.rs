//! The sample project: a small real repository for those who have none at hand.

use std::path::Path;

use super::{GitError, Repository, command::Git};

/// The files of the sample project.
const FILES: [(&str, &str); 4] = [
    (
        "README.md",
        "# Sample\n\nA small project to try an agent on. It greets people; `python3 test_greeting.py` checks that it does.\n",
    ),
    ("greeting.py", "def greeting(name):\n    return \"Hello, \" + name + \"!\"\n"),
    (
        "test_greeting.py",
        "from greeting import greeting\n\nassert greeting(\"Ada\") == \"Hello, Ada!\"\nprint(\"1 passed\")\n",
    ),
    (".gitignore", "__pycache__/\n"),
];

impl Repository {
    /// Makes the sample project at `path`, or opens the one that is there.
    pub async fn create_sample(path: &Path) -> Result<Self, GitError> {
        let git_dir = path.join(".git");
        if tokio::fs::try_exists(&git_dir).await? {
            return Self::open(path).await;
        }
        tokio::fs::create_dir_all(path).await?;
        for (name, text) in FILES {
            tokio::fs::write(path.join(name), text).await?;
        }
        Git::from_folder(path).args(["init", "--quiet", "--template=", "--initial-branch=main"]).bytes().await?;
        let git = || Git::in_worktree(&git_dir, path);
        git().args(["update-index", "--add"]).args(FILES.map(|(name, _)| name)).bytes().await?;
        let tree = git().args(["write-tree"]).text().await?;
        let commit = git()
            .env("GIT_AUTHOR_NAME", "Flightdeck")
            .env("GIT_AUTHOR_EMAIL", "flightdeck@localhost")
            .env("GIT_COMMITTER_NAME", "Flightdeck")
            .env("GIT_COMMITTER_EMAIL", "flightdeck@localhost")
            .args(["commit-tree", &tree])
            .stdin("Start the sample project\n")
            .text()
            .await?;
        git().args(["update-ref", "refs/heads/main", &commit]).bytes().await?;
        Self::open(path).await
    }
}
