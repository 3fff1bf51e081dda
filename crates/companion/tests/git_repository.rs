//! What the companion reads of a user's repository.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path, process::Command};

use companion::git::{GitError, Repository};

fn git(folder: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=U", "-c", "user.email=u@x", "-c", "init.defaultBranch=main"];
    assert!(
        Command::new("git").arg("-C").arg(folder).args(identity).args(args).status().unwrap().success(),
        "{args:?}"
    );
}

#[tokio::test]
async fn the_sample_is_made_once_and_opens_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sample");
    let made = Repository::create_sample(&path).await.unwrap();
    let again = Repository::create_sample(&path).await.unwrap();
    assert_eq!((made.id(), made.full_name()), (again.id(), "local/sample".into()));
    assert!(made.id() > 0 && made.id() < 1 << 53);
    let branches = again.branches().await.unwrap();
    assert_eq!(branches.iter().map(|head| head.name.as_str()).collect::<Vec<_>>(), ["main"]);
    assert_eq!(again.default_branch().await.unwrap(), "main");
}

#[tokio::test]
async fn a_folder_inside_stands_for_the_whole_and_the_remote_gives_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Repository::create_sample(&folder.path().join("sample")).await.unwrap();
    git(&sample.path, &["remote", "add", "origin", "git@github.com:acme/rocket.git"]);
    git(&sample.path, &["branch", "develop"]);
    git(&sample.path, &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop"]);
    let inside = sample.path.join("deep/er");
    fs::create_dir_all(&inside).unwrap();
    let opened = Repository::open(&inside).await.unwrap();
    assert_eq!(
        (opened.full_name(), opened.path.clone(), opened.id()),
        ("acme/rocket".into(), sample.path.clone(), sample.id())
    );
    assert_eq!(opened.default_branch().await.unwrap(), "develop");
}

#[tokio::test]
async fn what_is_no_repository_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let fresh = folder.path().join("fresh");
    fs::create_dir(&fresh).unwrap();
    git(&fresh, &["init", "--quiet"]);
    for (path, told) in [
        (folder.path().join("nowhere"), "does not exist"),
        (file, "is not a folder"),
        (empty, "is not a git repository"),
        (fresh, "has no commit yet"),
    ] {
        let error = Repository::open(&path).await.unwrap_err();
        assert!(matches!(&error, GitError::NotARepository(why) if why.contains(told)), "{error}");
    }
}
