//! `cargo xtask run`: from a fresh clone to a page that answers.

use std::{os::unix::process::CommandExt as _, path::PathBuf, process::Command};

use anyhow::Context as _;

use crate::{
    command::{cargo, see_success},
    page,
    steps::Steps,
    tools::see_tools,
    workspace::Workspace,
};

/// The port that the README names.
const PORT: u16 = 4180;

/// What to start the companion with.
#[derive(Debug)]
pub struct Options {
    /// Repositories to work in; the companion makes a sample when there is none.
    pub repos: Vec<PathBuf>,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The data folder; the companion's own choice when absent.
    pub data: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { repos: Vec::new(), port: PORT, data: None }
    }
}

/// Builds the page and the companion, and becomes the companion.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::new();
    let wasm_opt = steps.step("tools", || see_tools(&workspace))?;
    page::build(&workspace, wasm_opt, &mut steps)?;
    steps.step("build the companion", || {
        see_success(cargo(&workspace)?.args([
            "build",
            "--release",
            "--locked",
            "--package",
            "companion",
            "--bin",
            "flightdeck",
        ]))
    })?;
    steps.summarise("everything is built; starting the companion (Ctrl+C ends it)");
    println!();
    let mut serve = Command::new(workspace.target.join("release/flightdeck"));
    serve.args(["serve", "--port", &options.port.to_string()]);
    for repo in &options.repos {
        serve.arg("--repo").arg(repo);
    }
    if let Some(data) = &options.data {
        serve.arg("--data").arg(data);
    }
    // Becoming the companion leaves signals and exit codes to it.
    Err(serve.exec()).context("the companion could not be started")
}
