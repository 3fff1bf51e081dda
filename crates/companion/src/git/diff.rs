//! What a task changed since it began, as far as it is committed.

use super::{Diffstat, GitError, Worktree, command::Git};

/// Bytes of the longest diff that is told.
const DIFF_BYTES_MAX: u64 = 16_000_000;

impl Worktree {
    /// Lines and files changed since the task began.
    pub async fn diffstat(&self) -> Result<Diffstat, GitError> {
        let list = self.diff_tree(&["--numstat", "-z", "--no-renames"]).bytes().await?;
        let mut diffstat = Diffstat::default();
        for row in list.split(|byte| *byte == 0).filter(|row| !row.is_empty()) {
            let row = String::from_utf8_lossy(row);
            let mut columns = row.splitn(3, '\t');
            // A binary file has a dash in place of each count.
            let mut count = || columns.next().and_then(|count| count.parse::<u64>().ok()).unwrap_or(0);
            diffstat.additions += count();
            diffstat.deletions += count();
            diffstat.files.extend(columns.next().map(str::to_owned));
        }
        Ok(diffstat)
    }

    /// The changes since the task began as a unified diff.
    pub async fn diff(&self) -> Result<String, GitError> {
        self.diff_tree(&["--patch", "--find-renames"]).output_bytes_max(DIFF_BYTES_MAX).text().await.map(|mut diff| {
            if !diff.is_empty() {
                diff.push('\n');
            }
            diff
        })
    }

    /// Compares two commits of the companion's own git directory; the worktree is not looked at.
    fn diff_tree(&self, form: &[&str]) -> Git {
        let head = format!("refs/heads/{}", self.head_ref);
        Git::at(&self.git_dir)
            .env("GIT_ATTR_SOURCE", &self.base_sha)
            .args(["diff-tree", "-r", "--no-ext-diff", "--no-textconv", "--no-color", "--submodule=short"])
            .args(form)
            .args(["--end-of-options", &self.base_sha, &head])
    }
}
