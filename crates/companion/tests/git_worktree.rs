//! A task's worktree from its making to its removal, on real repositories.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use agent_tasks::TaskId;
use companion::git::{Diffstat, GitError, Repository, Worktree};

const HEAD: &str = "agents/01j";

struct Ground {
    folder: tempfile::TempDir,
    repository: Repository,
}

impl Ground {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::create_sample(&folder.path().join("sample")).await.unwrap();
        Self { folder, repository }
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    async fn worktree(&self, base_ref: &str, head_ref: &str) -> Result<Worktree, GitError> {
        Worktree::create(&self.repository, &self.data_dir(), &task("t1"), base_ref, head_ref).await
    }
}

fn task(id: &str) -> TaskId {
    TaskId(id.into())
}

/// Plain git, as the user or the agent runs it.
fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git").arg("-C").arg(folder).args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_turn_becomes_a_commit_on_a_branch_of_the_users_repository() {
    let ground = Ground::new().await;
    let worktree = ground.worktree("main", HEAD).await.unwrap();
    assert_eq!(worktree.commit("nothing").await.unwrap(), None);

    fs::write(worktree.path.join("greeting.py"), "def greeting(name):\n    return name\n").unwrap();
    fs::write(worktree.path.join("neu – ünï.txt"), "one\ntwo\n").unwrap();
    fs::remove_file(worktree.path.join("test_greeting.py")).unwrap();
    fs::create_dir(worktree.path.join("__pycache__")).unwrap();
    fs::write(worktree.path.join("__pycache__/x.pyc"), "ignored").unwrap();
    let commit = worktree.commit("Change the greeting\n\nFlightdeck-Task: t1").await.unwrap().unwrap();

    let sample = &ground.repository.path;
    assert_eq!(git(sample, &["rev-parse", HEAD]).trim(), commit);
    assert_eq!(git(sample, &["log", "-1", "--format=%(trailers:key=Flightdeck-Task,valueonly)", HEAD]).trim(), "t1");
    let files = vec!["greeting.py".into(), "neu – ünï.txt".into(), "test_greeting.py".into()];
    assert_eq!(worktree.diffstat().await.unwrap(), Diffstat { additions: 3, deletions: 5, files });
    let diff = worktree.diff().await.unwrap();
    assert!(diff.contains("-    return \"Hello, \" + name + \"!\"\n+    return name\n"), "{diff}");
    assert_eq!(worktree.commit("again").await.unwrap(), None);

    fs::write(worktree.path.join("greeting.py"), "").unwrap();
    assert!(worktree.commit("A second turn").await.unwrap().is_some());
    assert_eq!(git(sample, &["rev-list", "--count", &format!("main..{HEAD}")]).trim(), "2");
    assert_eq!(git(sample, &["status", "--porcelain"]), "", "the user's own files are left alone");
    git(sample, &["fsck", "--strict"]);
}

#[tokio::test]
async fn the_agent_has_a_git_of_its_own() {
    let ground = Ground::new().await;
    let worktree = ground.worktree("main", HEAD).await.unwrap();
    assert_eq!(git(&worktree.path, &["status", "--porcelain"]), "");
    assert_eq!(git(&worktree.path, &["branch", "--show-current"]).trim(), HEAD);
    fs::write(worktree.path.join("greeting.py"), "x = 1\n").unwrap();
    assert!(git(&worktree.path, &["diff", "main"]).contains("+x = 1"));
    git(&worktree.path, &["commit", "--quiet", "-am", "An agent's own commit"]);
    assert!(worktree.commit("The turn").await.unwrap().is_some(), "what the agent committed is committed");
}

#[tokio::test]
async fn a_worktree_is_found_again_and_removed() {
    let ground = Ground::new().await;
    let made = ground.worktree("main", HEAD).await.unwrap();
    let found = Worktree::open(&ground.data_dir(), &task("t1")).await.unwrap().unwrap();
    assert_eq!(format!("{found:?}"), format!("{made:?}"));
    assert!(git(&ground.repository.path, &["for-each-ref", "refs/flightdeck"]).contains("refs/flightdeck/t1"));

    let outside = ground.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("precious"), "").unwrap();
    symlink(&outside, found.path.join("link")).unwrap();
    fs::create_dir(found.path.join("locked")).unwrap();
    fs::write(found.path.join("locked/file"), "").unwrap();
    fs::set_permissions(found.path.join("locked"), fs::Permissions::from_mode(0o500)).unwrap();
    found.remove().await.unwrap();
    assert!(!made.path.exists() && !made.git_dir.exists());
    assert!(outside.join("precious").exists());
    assert_eq!(git(&ground.repository.path, &["for-each-ref", "refs/flightdeck"]), "");
    assert!(Worktree::open(&ground.data_dir(), &task("t1")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_worktree_that_was_replaced_by_a_link_is_removed_without_following_it() {
    let ground = Ground::new().await;
    let worktree = ground.worktree("main", HEAD).await.unwrap();
    fs::remove_dir_all(&worktree.path).unwrap();
    symlink(&ground.repository.path, &worktree.path).unwrap();
    worktree.remove().await.unwrap();
    assert!(ground.repository.path.join("README.md").exists());
    assert!(worktree.path.symlink_metadata().is_err());
}

#[tokio::test]
async fn an_existing_branch_is_continued_unless_it_is_checked_out() {
    let ground = Ground::new().await;
    let sample = &ground.repository.path;
    git(sample, &["branch", "feature"]);
    let worktree = ground.worktree("main", "feature").await.unwrap();
    fs::write(worktree.path.join("new"), "").unwrap();
    let commit = worktree.commit("Go on").await.unwrap().unwrap();
    assert_eq!(git(sample, &["rev-parse", "feature"]).trim(), commit);

    let error = ground.worktree("main", "main").await.unwrap_err().to_string();
    assert!(error.contains("is checked out in"), "{error}");
}

#[tokio::test]
async fn a_branch_that_moved_meanwhile_is_left_alone() {
    let ground = Ground::new().await;
    let sample = &ground.repository.path;
    let worktree = ground.worktree("main", HEAD).await.unwrap();
    git(sample, &["-c", "user.name=U", "-c", "user.email=u@x", "commit", "--quiet", "--allow-empty", "-m", "Mine"]);
    git(sample, &["branch", HEAD]);
    let mine = git(sample, &["rev-parse", HEAD]);
    fs::write(worktree.path.join("new"), "").unwrap();
    assert!(matches!(worktree.commit("x").await, Err(GitError::Failed { .. })));
    assert_eq!(git(sample, &["rev-parse", HEAD]), mine);
}

#[tokio::test]
async fn hostile_names_and_unknown_branches_are_refused() {
    let ground = Ground::new().await;
    for name in ["-x", "--upload-pack=touch fired", "a..b", "HEAD", "@{-1}", "nowhere", "main^0", "main:README.md", ""]
    {
        let error = ground.worktree(name, HEAD).await.unwrap_err();
        assert!(matches!(error, GitError::NoSuchBranch(_)), "{name:?}: {error}");
    }
    for name in ["-x", "--output=fired", "a b", "a.lock", "../x", "HEAD", "a\nb"] {
        assert!(matches!(ground.worktree("main", name).await, Err(GitError::Failed { .. })), "{name:?}");
    }
    for id in ["", "../x", "a/b", "."] {
        let made = Worktree::create(&ground.repository, &ground.data_dir(), &task(id), "main", HEAD).await;
        assert!(made.is_err(), "{id:?}");
    }
    assert!(!ground.data_dir().join("worktrees").exists());
}

#[tokio::test]
async fn odd_files_neither_hang_nor_leak() {
    let ground = Ground::new().await;
    let secret = ground.folder.path().join("secret");
    fs::create_dir(&secret).unwrap();
    fs::write(secret.join("key"), "hunter2").unwrap();
    let worktree = ground.worktree("main", HEAD).await.unwrap();
    let path = |name: &str| worktree.path.join(name);
    for name in ["pipe", "greeting.py"] {
        let _ = fs::remove_file(path(name));
        assert!(Command::new("mkfifo").arg(path(name)).status().unwrap().success());
    }
    assert!(path("pipe").symlink_metadata().unwrap().file_type().is_fifo());
    symlink(&secret, path("link")).unwrap();
    symlink(secret.join("key"), path("key")).unwrap();
    fs::File::create(path("sparse")).unwrap().set_len(10_000_000_000).unwrap();
    fs::create_dir(path("nested")).unwrap();
    git(&path("nested"), &["init", "--quiet"]);
    fs::write(path("nested/file"), "").unwrap();
    fs::create_dir(path("README.md.d")).unwrap();
    fs::remove_file(path("README.md")).unwrap();
    fs::create_dir(path("README.md")).unwrap();
    fs::write(path("README.md/inner"), "").unwrap();

    let commit = worktree.commit("Odd").await.unwrap().unwrap();
    let tree = git(&ground.repository.path, &["ls-tree", "-r", "--name-only", &commit]);
    let expected = [".gitignore", "README.md/inner", "greeting.py", "key", "link", "test_greeting.py"];
    assert_eq!(tree.lines().collect::<Vec<_>>(), expected);
    assert!(git(&ground.repository.path, &["cat-file", "-p", &format!("{commit}:key")]).ends_with("secret/key"));
    let message = git(&ground.repository.path, &["log", "-1", "--format=%B", &commit]);
    for left_out in ["sparse (10000 MB", "nested/ (a repository of its own)", "greeting.py (not an ordinary file)"] {
        assert!(message.contains(left_out), "{message}");
    }
    assert!(!worktree.diff().await.unwrap().contains("hunter2"));
}

#[tokio::test]
async fn a_folder_replaced_by_a_link_is_committed_as_a_link() {
    let ground = Ground::new().await;
    let worktree = ground.worktree("main", HEAD).await.unwrap();
    fs::create_dir(worktree.path.join("dir")).unwrap();
    fs::write(worktree.path.join("dir/file"), "1").unwrap();
    worktree.commit("First").await.unwrap().unwrap();
    let outside = ground.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "hunter2").unwrap();
    fs::remove_dir_all(worktree.path.join("dir")).unwrap();
    symlink(&outside, worktree.path.join("dir")).unwrap();
    let commit = worktree.commit("Second").await.unwrap().unwrap();
    let tree = git(&ground.repository.path, &["ls-tree", &commit, "dir"]);
    assert!(tree.starts_with("120000 blob"), "{tree}");
}

#[tokio::test]
async fn a_pipe_for_ignore_rules_is_told_not_waited_for() {
    let ground = Ground::new().await;
    let worktree = ground.worktree("main", HEAD).await.unwrap();
    fs::create_dir(worktree.path.join("sub")).unwrap();
    assert!(Command::new("mkfifo").arg(worktree.path.join("sub/.gitignore")).status().unwrap().success());
    assert!(Command::new("mkfifo").arg(worktree.path.join("sub/.gitattributes")).status().unwrap().success());
    assert!(Command::new("mkfifo").arg(worktree.path.join(".gitmodules")).status().unwrap().success());
    let error = worktree.commit("x").await.unwrap_err().to_string();
    assert!(error.contains("'sub/.gitignore' is not an ordinary file; remove it"), "{error}");
    fs::remove_file(worktree.path.join("sub/.gitignore")).unwrap();
    assert!(worktree.commit("x").await.unwrap().is_none());
}
