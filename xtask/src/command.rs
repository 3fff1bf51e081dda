//! Starts programs, and says in a sentence when one fails or is missing.

use std::{io::ErrorKind, process::Command};

use anyhow::{anyhow, bail};

use crate::workspace::Workspace;

/// A command at the repository's root with our tools on PATH.
pub fn command(workspace: &Workspace, program: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(program);
    command.current_dir(&workspace.root).env("PATH", workspace.path()?);
    Ok(command)
}

/// cargo, as it runs us.
pub fn cargo(workspace: &Workspace) -> anyhow::Result<Command> {
    command(workspace, &std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
}

/// Runs a command to its end, its output passing through.
pub fn see_success(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if !status.success() {
        bail!("this failed ({status}): {}", shown(command));
    }
    Ok(())
}

/// Runs a command to its end; its standard output. `None` when it is missing or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn cannot_start(command: &Command, error: &std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy();
    if error.kind() == ErrorKind::NotFound {
        return anyhow!("'{program}' is not on PATH; {}", how_to_install(&program));
    }
    anyhow!("'{program}' could not be started: {error}")
}

fn how_to_install(program: &str) -> &'static str {
    match program {
        "rustup" => "install Rust with rustup, or add the target wasm32-unknown-unknown to your Rust by its own way",
        "npm" => "install Node.js, which brings it",
        _ => "install it and run this command again",
    }
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
