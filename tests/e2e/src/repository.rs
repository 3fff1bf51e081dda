//! A small repository to work in.

use std::{fs, path::Path, process::Command};

use anyhow::ensure;

/// Makes a repository with one commit on `main`.
pub fn make_repository(path: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(path)?;
    fs::write(path.join("README.md"), "# Orchard\n\nApples and pears.\n")?;
    fs::write(path.join("apples.txt"), "Elstar\nBoskoop\n")?;
    for args in [
        &["init", "--quiet", "--initial-branch=main"][..],
        &["add", "."],
        &["-c", "user.name=Ada", "-c", "user.email=ada@example.test", "commit", "--quiet", "-m", "Plant"],
        &["branch", "develop"],
    ] {
        git(path, args)?;
    }
    Ok(())
}

/// Runs git in a repository; what it printed.
pub(crate) fn git(path: &Path, args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git").arg("-C").arg(path).args(args).output()?;
    ensure!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
