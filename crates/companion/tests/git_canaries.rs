//! Everything that makes git run a command, planted where an agent can write; none of it may ever run.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use agent_tasks::TaskId;
use companion::git::{Repository, Worktree};

/// Where canaries leave their mark, and the script that does it.
struct Aviary {
    fired: PathBuf,
    script: PathBuf,
}

impl Aviary {
    fn new(folder: &Path) -> Self {
        let (fired, script) = (folder.join("fired"), folder.join("canary"));
        write_script(&script, &fired, "direct");
        Self { fired, script }
    }

    /// A command that leaves `name` as its mark.
    fn command(&self, name: &str) -> String {
        format!("{} {name}", self.script.display())
    }

    fn fired(&self) -> String {
        fs::read_to_string(&self.fired).unwrap_or_default()
    }

    /// All settings that name a command, as a configuration file.
    fn configuration(&self) -> String {
        let command = |name: &str| self.command(name);
        [
            format!("[core]\n fsmonitor = {}\n hooksPath = {}\n", command("fsmonitor"), self.hooks().display()),
            format!(
                " sshCommand = {}\n pager = {}\n editor = {}\n",
                command("ssh"),
                command("pager"),
                command("editor")
            ),
            format!(
                " gitProxy = {}\n askPass = {}\n alternateRefsCommand = {}\n",
                command("proxy"),
                command("askpass"),
                command("altrefs")
            ),
            format!(
                "[diff]\n external = {}\n[diff \"canary\"]\n textconv = {}\n command = {}\n",
                command("ext-diff"),
                command("textconv"),
                command("diff")
            ),
            format!("[filter \"canary\"]\n clean = {}\n smudge = {}\n", command("clean"), command("smudge")),
            format!("[filter \"process\"]\n process = {}\n required = true\n", command("process")),
            format!(
                "[merge \"canary\"]\n driver = {}\n[credential]\n helper = {}\n",
                command("merge"),
                command("credential")
            ),
            format!("[gpg]\n program = {}\n[commit]\n gpgSign = true\n", command("gpg")),
            format!(
                "[uploadpack]\n packObjectsHook = {}\n[sequence]\n editor = {}\n",
                command("pack-objects"),
                command("sequence")
            ),
            format!(
                "[trailer \"canary\"]\n command = {}\n[alias]\n diff-tree = !{}\n",
                command("trailer"),
                command("alias")
            ),
            "[protocol]\n allow = always\n[submodule]\n recurse = true\n".into(),
        ]
        .concat()
    }

    fn hooks(&self) -> PathBuf {
        self.script.with_file_name("hooks")
    }

    /// Hooks of every name in `folder`.
    fn plant_hooks(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for name in [
            "pre-commit",
            "post-commit",
            "commit-msg",
            "prepare-commit-msg",
            "post-checkout",
            "post-index-change",
            "reference-transaction",
            "pre-auto-gc",
            "post-merge",
            "post-rewrite",
            "pre-receive",
            "update",
            "post-update",
            "fsmonitor-watchman",
            "proc-receive",
            "pre-push",
        ] {
            write_script(&folder.join(name), &self.fired, &format!("hook-{name}"));
        }
    }
}

fn write_script(path: &Path, fired: &Path, name: &str) {
    fs::write(path, format!("#!/bin/sh\necho {name} $* >> '{}'\ncat\n", fired.display())).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

const ATTRIBUTES: &str = "*.py diff=canary filter=canary merge=canary\n*.md filter=process diff=canary\n";

fn plain_git(folder: &Path, args: &[&str]) {
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=U", "-c", "user.email=u@x"])
        .args(args)
        .output();
    assert!(status.unwrap().status.success(), "{args:?}");
}

/// Everything that an agent can plant in its worktree.
fn plant(aviary: &Aviary, worktree: &Path) {
    aviary.plant_hooks(&aviary.hooks());
    aviary.plant_hooks(&worktree.join(".git/hooks"));
    fs::write(worktree.join(".gitattributes"), ATTRIBUTES).unwrap();
    fs::create_dir_all(worktree.join(".git/info")).unwrap();
    fs::write(worktree.join(".git/info/attributes"), ATTRIBUTES).unwrap();
    let included = worktree.join("included.config");
    fs::write(&included, aviary.configuration()).unwrap();
    let include = format!("[include]\n path = {}\n", included.display());
    fs::write(worktree.join(".git/config"), aviary.configuration() + &include).unwrap();
    fs::write(worktree.join(".gitconfig"), &include).unwrap();
    // A submodule whose own configuration has canaries, and a .gitmodules that asks git to look into it.
    let nested = worktree.join("nested");
    fs::create_dir_all(&nested).unwrap();
    plain_git(&nested, &["init", "--quiet"]);
    plain_git(&nested, &["commit", "--quiet", "--allow-empty", "-m", "x"]);
    fs::write(nested.join("file.py"), "x").unwrap();
    fs::write(nested.join(".git/config"), format!("[core]\n repositoryformatversion = 0\n{}", aviary.configuration()))
        .unwrap();
    aviary.plant_hooks(&nested.join(".git/hooks"));
    let modules =
        "[submodule \"nested\"]\n path = nested\n url = ext::sh -c canary\n ignore = none\n update = !canary\n";
    fs::write(worktree.join(".gitmodules"), modules).unwrap();
    for name in ["greeting.py", "README.md"] {
        fs::write(worktree.join(name), "changed\n").unwrap();
    }
    // Programs of git's names, for a PATH or a working directory that is searched.
    for name in ["git", "git-diff-tree", "sh", "ssh", "cat", "less"] {
        write_script(&worktree.join(name), &aviary.fired, name);
    }
}

/// Runs all that the companion does with a worktree, after `attack`.
async fn see_no_canary(attack: impl Fn(&Aviary, &Worktree)) {
    let folder = tempfile::tempdir().unwrap();
    let aviary = Aviary::new(folder.path());
    let repository = Repository::create_sample(&folder.path().join("sample")).await.unwrap();
    // A real submodule in the repository: an entry that git would like to look into.
    let inner = Repository::create_sample(&folder.path().join("inner")).await.unwrap();
    let inner_sha = &inner.branches().await.unwrap()[0].sha;
    plain_git(&repository.path, &["update-index", "--add", "--cacheinfo", &format!("160000,{inner_sha},nested")]);
    plain_git(&repository.path, &["commit", "--quiet", "-m", "Add a submodule"]);

    let worktree =
        Worktree::create(&repository, folder.path(), &TaskId("t1".into()), "main", "agents/1").await.unwrap();
    attack(&aviary, &worktree);
    for turn in ["one", "two"] {
        fs::write(worktree.path.join("greeting.py"), format!("turn {turn}\n")).unwrap();
        worktree.commit("Turn").await.unwrap().expect("something changed");
        worktree.diffstat().await.unwrap();
        worktree.diff().await.unwrap();
    }
    Worktree::open(folder.path(), &TaskId("t1".into())).await.unwrap().expect("it is there");
    worktree.remove().await.unwrap();
    assert_eq!(aviary.fired(), "");
}

#[tokio::test]
async fn nothing_planted_in_the_worktree_runs() {
    see_no_canary(|aviary, worktree| plant(aviary, &worktree.path)).await;
}

#[tokio::test]
async fn a_swapped_git_file_changes_nothing() {
    see_no_canary(|aviary, worktree| {
        plant(aviary, &worktree.path);
        let stolen = aviary.fired.with_file_name("stolen");
        fs::rename(worktree.path.join(".git"), &stolen).unwrap();
        fs::write(worktree.path.join(".git"), format!("gitdir: {}\n", stolen.display())).unwrap();
    })
    .await;
}

#[tokio::test]
async fn alternates_of_the_agents_git_are_not_followed() {
    see_no_canary(|aviary, worktree| {
        plant(aviary, &worktree.path);
        let evil = aviary.fired.with_file_name("evil");
        fs::create_dir(&evil).unwrap();
        plain_git(&evil, &["init", "--quiet", "--bare"]);
        fs::write(evil.join("config"), aviary.configuration()).unwrap();
        fs::write(worktree.path.join(".git/objects/info/alternates"), format!("{}/objects\n", evil.display())).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_repository_whose_own_configuration_names_commands_runs_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let aviary = Aviary::new(folder.path());
    let sample = Repository::create_sample(&folder.path().join("sample")).await.unwrap();
    fs::write(sample.path.join(".gitattributes"), ATTRIBUTES).unwrap();
    plain_git(&sample.path, &["add", "."]);
    plain_git(&sample.path, &["commit", "--quiet", "-m", "Add attributes"]);
    let config = sample.git_dir.join("config");
    fs::write(&config, fs::read_to_string(&config).unwrap() + &aviary.configuration()).unwrap();
    aviary.plant_hooks(&aviary.hooks());
    aviary.plant_hooks(&sample.git_dir.join("hooks"));
    fs::write(sample.git_dir.join("info/attributes"), ATTRIBUTES)
        .or_else(|_| {
            fs::create_dir(sample.git_dir.join("info"))
                .and_then(|()| fs::write(sample.git_dir.join("info/attributes"), ATTRIBUTES))
        })
        .unwrap();

    let repository = Repository::open(&sample.path).await.unwrap();
    repository.default_branch().await.unwrap();
    let worktree =
        Worktree::create(&repository, folder.path(), &TaskId("t1".into()), "main", "agents/1").await.unwrap();
    fs::write(worktree.path.join("greeting.py"), "changed\n").unwrap();
    worktree.commit("Turn").await.unwrap().expect("something changed");
    worktree.diff().await.unwrap();
    worktree.remove().await.unwrap();
    assert_eq!(aviary.fired(), "");
}

#[tokio::test]
async fn the_canaries_do_sing_for_plain_git() {
    let folder = tempfile::tempdir().unwrap();
    let aviary = Aviary::new(folder.path());
    let repository = Repository::create_sample(&folder.path().join("sample")).await.unwrap();
    let worktree =
        Worktree::create(&repository, folder.path(), &TaskId("t1".into()), "main", "agents/1").await.unwrap();
    plant(&aviary, &worktree.path);
    for args in [["diff", "greeting.py"], ["add", "greeting.py"]] {
        // What git makes of the canaries' answers does not matter.
        let _ = Command::new("git").arg("-C").arg(&worktree.path).args(args).output().unwrap();
    }
    for name in ["fsmonitor", "diff", "clean", "smudge", "hook-post-index-change"] {
        assert!(aviary.fired().contains(name), "{name} is silent: {}", aviary.fired());
    }
}
