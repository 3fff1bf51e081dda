//! The end of a turn: what the agent left in the worktree becomes a commit of the task's branch, and the
//! branch goes home to the user's repository.

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use super::{GitError, Worktree, command::Git};

/// Bytes of the largest file that is committed; GitHub takes none that is larger.
const FILE_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// Left-out paths that a commit message names.
const LEFT_OUT_MAX: usize = 20;

/// A path below the worktree's root, as git and the file system have it.
type RawPath = Vec<u8>;

/// What has to happen to the index.
#[derive(Default)]
struct Changes {
    removed: Vec<RawPath>,
    written: Vec<RawPath>,
    /// Why something is not committed, one line per path.
    left_out: Vec<String>,
}

impl Worktree {
    /// Commits everything in the worktree and brings the branch into the user's repository. `None` when
    /// nothing changed. Too large and special files are left out, and the message says so.
    pub async fn commit(&self, message: &str) -> Result<Option<String>, GitError> {
        self.refuse_special_rules().await?;
        let changes = self.changes().await?;
        for (flags, paths) in
            [(["--force-remove", "--replace"], &changes.removed), (["--add", "--replace"], &changes.written)]
        {
            if !paths.is_empty() {
                let git = self.git().args(["update-index", "-z"]).args(flags).args(["--remove", "--stdin"]);
                git.stdin(joined(paths)).bytes().await?;
            }
        }
        let tree = self.git().args(["write-tree"]).text().await?;
        let head = format!("refs/heads/{}", self.head_ref);
        let own = || Git::at(&self.git_dir);
        let parent = own().args(["rev-parse", "--verify", &head]).text().await?;
        if tree == own().args(["rev-parse", "--verify", &format!("{parent}^{{tree}}")]).text().await? {
            // Work that could not be brought home before may be welcome now.
            if parent != self.base_sha {
                self.publish(&head).await?;
            }
            return Ok(None);
        }
        let message = with_left_out(message, &changes.left_out);
        let commit = own().args(["commit-tree", &tree, "-p", &parent]).stdin(message).text().await?;
        own().args(["update-ref", &head, &commit, &parent]).bytes().await?;
        self.publish(&head).await?;
        Ok(Some(commit))
    }

    /// Brings the branch into the user's repository. Only ever forward: a branch that someone moved or checked
    /// out there meanwhile is left alone, and the error says so.
    async fn publish(&self, head: &str) -> Result<(), GitError> {
        let repository = self.repository_git_dir().await?;
        let refspec = format!("{head}:{head}");
        let flags = [
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            "--no-recurse-submodules",
            "--no-write-commit-graph",
            "--no-prune",
            "--end-of-options",
        ];
        let git = Git::at(&repository).allow_local_transport().args(["fetch"]).args(flags);
        git.args([self.git_dir.as_os_str(), OsStr::new(&refspec)]).bytes().await.map(drop)
    }

    /// A pipe called `.gitignore` would make git wait for ever.
    async fn refuse_special_rules(&self) -> Result<(), GitError> {
        let root = self.path.clone();
        let found =
            tokio::task::spawn_blocking(move || special_rules(&root)).await.map_err(std::io::Error::other)??;
        let Some(path) = found else { return Ok(()) };
        let path = path.strip_prefix(&self.path).unwrap_or(&path).display().to_string();
        Err(GitError::Failed { command: "add".into(), message: format!("'{path}' is not an ordinary file; remove it") })
    }

    /// What differs between the worktree and the index. Repositories inside the worktree are not looked into.
    async fn changes(&self) -> Result<Changes, GitError> {
        let mut changes = Changes::default();
        let diff = ["diff-files", "-z", "--name-status", "--no-renames", "--ignore-submodules=all", "--no-ext-diff"];
        let changed = self.git().args(diff).bytes().await?;
        let mut fields = changed.split(|byte| *byte == 0);
        while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
            match status {
                b"D" => changes.removed.push(path.to_vec()),
                _ => self.add_written(path, &mut changes),
            }
        }
        let others = self.git().args(["ls-files", "-z", "--others", "--exclude-standard"]).bytes().await?;
        for path in others.split(|byte| *byte == 0).filter(|path| !path.is_empty()) {
            self.add_written(path, &mut changes);
        }
        Ok(changes)
    }

    fn add_written(&self, path: &[u8], changes: &mut Changes) {
        let shown = || String::from_utf8_lossy(path).escape_debug().to_string();
        let Ok(metadata) = self.path.join(OsStr::from_bytes(path)).symlink_metadata() else {
            changes.left_out.push(format!("{} (it vanished)", shown()));
            return;
        };
        let kind = metadata.file_type();
        if kind.is_dir() {
            changes.left_out.push(format!("{} (a repository of its own)", shown()));
        } else if !kind.is_file() && !kind.is_symlink() {
            changes.left_out.push(format!("{} (not an ordinary file)", shown()));
        } else if metadata.len() > FILE_BYTES_MAX {
            changes.left_out.push(format!("{} ({} MB, the limit is 100 MB)", shown(), metadata.len() / 1_000_000));
        } else {
            changes.written.push(path.to_vec());
        }
    }
}

/// Paths as `--stdin -z` takes them.
fn joined(paths: &[RawPath]) -> Vec<u8> {
    paths.iter().flat_map(|path| path.iter().copied().chain([0])).collect()
}

/// The message with one `Left-out:` trailer per path that is not in the commit.
fn with_left_out(message: &str, left_out: &[String]) -> String {
    let mut text = message.trim_end().replace('\0', "");
    if text.is_empty() {
        text.push_str("Work of an agent");
    }
    if !left_out.is_empty() && !ends_with_trailer(&text) {
        text.push('\n');
    }
    for line in left_out.iter().take(LEFT_OUT_MAX) {
        text.push_str("\nLeft-out: ");
        text.push_str(line);
    }
    if left_out.len() > LEFT_OUT_MAX {
        text.push_str(&format!("\nLeft-out: {} more", left_out.len() - LEFT_OUT_MAX));
    }
    text.push('\n');
    text
}

fn ends_with_trailer(message: &str) -> bool {
    let Some((_, last)) = message.rsplit_once("\n\n") else { return false };
    let is_trailer = |line: &str| line.split_once(": ").is_some_and(|(key, _)| !key.contains(' '));
    last.lines().all(is_trailer)
}

/// The first file of ignore rules that is no ordinary file.
fn special_rules(root: &Path) -> std::io::Result<Option<PathBuf>> {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        // A folder that cannot be read cannot be committed from either.
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() && entry.file_name() != ".git" {
                folders.push(entry.path());
            } else if entry.file_name() == ".gitignore" && !kind.is_file() && !kind.is_symlink() && !kind.is_dir() {
                return Ok(Some(entry.path()));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_out_paths_follow_the_trailers() {
        let left_out = ["big (200 MB, the limit is 100 MB)".to_owned()];
        assert_eq!(
            with_left_out("Fix\n\nFlightdeck-Task: 1\n", &left_out),
            "Fix\n\nFlightdeck-Task: 1\nLeft-out: big (200 MB, the limit is 100 MB)\n"
        );
        assert_eq!(with_left_out("Fix it", &left_out), "Fix it\n\nLeft-out: big (200 MB, the limit is 100 MB)\n");
        assert_eq!(with_left_out("Fix it", &[]), "Fix it\n");
    }
}
