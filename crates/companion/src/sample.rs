//! A small repository to try agents on, for those who start without one of their own.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::Command;

const FILES: [(&str, &str); 3] = [
    ("README.md", include_str!("../sample/README.md")),
    ("greet.sh", include_str!("../sample/greet.sh")),
    ("test.sh", include_str!("../sample/test.sh")),
];

/// The sample repository in `data_dir`; made when it is not there.
pub async fn repository(data_dir: &Path) -> io::Result<PathBuf> {
    let folder = data_dir.join("sample");
    if folder.join(".git").exists() {
        return Ok(folder);
    }
    tokio::fs::create_dir_all(&folder).await?;
    for (name, text) in FILES {
        tokio::fs::write(folder.join(name), text).await?;
    }
    git(&folder, &["init", "--quiet", "--initial-branch=main"]).await?;
    git(&folder, &["add", "--all"]).await?;
    let author = ["-c", "user.name=Flightdeck", "-c", "user.email=flightdeck@localhost"];
    let commit = ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message=Greet by name"];
    git(&folder, &[&author[..], &commit[..]].concat()).await?;
    Ok(folder)
}

async fn git(folder: &Path, args: &[&str]) -> io::Result<()> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args).stdin(Stdio::null());
    // The companion may itself have been started from within a repository's hook.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command.output().await?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}
