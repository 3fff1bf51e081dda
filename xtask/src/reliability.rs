//! The table of promises: tests write their figures into a file, which is read and printed here.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, anyhow};
use promises::{FIGURES, LONG};

use crate::{
    command::{cargo, command, output, see_success},
    schema::see_description,
    steps::Steps,
    workspace::Workspace,
};

/// The suites that measure something, each with what runs it. A new one is a new row.
const SUITES: [(&str, &[&str]); 5] = [
    ("kill -9, disks, rates, streams", &["--package", "companion", "--test", "durability"]),
    ("unruly agents", &["--package", "companion", "--test", "unruly"]),
    ("the companion's streams and agents", &["--package", "companion", "--test", "server", "--test", "agents"]),
    ("the fold", &["--package", "session-log", "--test", "streams"]),
    ("the page's rules", &["--package", "flightdeck", "--lib"]),
];
/// What is fuzzed: a folder with a fuzz workspace, and a target of it.
const FUZZED: [(&str, &str); 4] = [
    ("crates/companion", "framing"),
    ("crates/acp-events", "translation"),
    ("crates/session-log", "stream"),
    ("crates/session-log", "fold"),
];
/// Seconds for each target.
const FUZZ_SECONDS: u32 = 60;

/// Examples of each call of the API.
const EXAMPLES: u32 = 1_000;

/// Where figures are gathered.
pub struct Figures {
    path: PathBuf,
}

impl Figures {
    /// None yet.
    pub fn begin(workspace: &Workspace) -> anyhow::Result<Self> {
        let path = workspace.target.join("figures.jsonl");
        std::fs::write(&path, "").with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self { path })
    }

    /// Has the tests of a command write theirs.
    pub fn of<'a>(&self, tests: &'a mut Command) -> &'a mut Command {
        tests.env(FIGURES, &self.path)
    }

    fn tell(&self, id: &str, cases: u64, holds: bool, measured: &str) -> anyhow::Result<()> {
        let figure = promises::Figure { id: id.into(), measured: measured.into(), cases, holds };
        let text = std::fs::read_to_string(&self.path).unwrap_or_default() + &serde_json::to_string(&figure)? + "\n";
        std::fs::write(&self.path, text).context("the figures cannot be written")
    }

    /// Prints the table.
    pub fn print(&self) -> anyhow::Result<()> {
        let figures = promises::read(&self.path).map_err(|error| anyhow!("a figure cannot be read: {error}"))?;
        println!("\n{}", promises::table(&figures));
        Ok(())
    }
}

/// `cargo xtask bench reliability`: the long form of all suites. What fails is told and the rest goes on.
pub fn bench(workspace: &Workspace, steps: &mut Steps) -> anyhow::Result<()> {
    let figures = Figures::begin(workspace)?;
    let mut failed = Vec::new();
    for (title, args) in SUITES {
        let ran = steps.step(title, || {
            let mut tests = cargo(workspace)?;
            tests.args(["test", "--release", "--locked"]).args(args).env(LONG, "1");
            // One after the other: they measure.
            see_success(figures.of(&mut tests).args(["--", "--test-threads", "1"]))
        });
        failed.extend(ran.err());
    }
    steps.step("fuzzing", || fuzz(workspace, &figures))?;
    steps.step("the description of the API", || {
        see_success(cargo(workspace)?.args(["build", "--release", "--locked", "--package", "companion"]))?;
        let found = see_description(workspace, &workspace.target.join("release/flightdeck"), EXAMPLES)?;
        figures.tell("S35", found.cases, found.is_clean, &found.said)
    })?;
    figures.print()?;
    match failed.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

fn fuzz(workspace: &Workspace, figures: &Figures) -> anyhow::Result<()> {
    if output(command(workspace, "cargo")?.args(["+nightly", "fuzz", "--version"])).is_none() {
        return figures.tell(
            "FUZZ",
            0,
            false,
            "cargo-fuzz and a nightly toolchain are needed: cargo install cargo-fuzz",
        );
    }
    for (folder, target) in FUZZED {
        let mut fuzz = command(workspace, "cargo")?;
        fuzz.current_dir(workspace.root.join(folder)).args(["+nightly", "fuzz", "run", target]);
        // What is found goes into the first folder; the second is in the repository.
        fuzz.args([format!("fuzz/corpus/{target}"), format!("fuzz/seeds/{target}"), "--".into()]);
        std::fs::create_dir_all(workspace.root.join(folder).join("fuzz/corpus").join(target))?;
        let ran = see_success(fuzz.arg(format!("-max_total_time={FUZZ_SECONDS}")));
        let said = if ran.is_ok() { "no finding" } else { "a finding, told above" };
        figures.tell("FUZZ", u64::from(FUZZ_SECONDS), ran.is_ok(), &format!("{target}: {said}; cases are seconds"))?;
    }
    Ok(())
}
