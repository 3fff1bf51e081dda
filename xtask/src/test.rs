//! `cargo xtask test`: everything that has to hold, in the order in which it is soonest known to fail.

use std::process::Command;

use anyhow::bail;

use crate::{
    browser::{Browser, see_browser},
    command::{cargo, see_success},
    contract::see_contract,
    page,
    real_agents::see_real_agents,
    reliability::Figures,
    split::FEATURE,
    steps::Steps,
    tools::{WASM_TARGET, see_tools},
    weight,
    workspace::Workspace,
};

/// The crates of the host. Always named together: another set would mean other features of the same
/// dependencies, and building them twice.
const HOST_CRATES: [&str; 11] = [
    "agent-tasks",
    "session-log",
    "acp-events",
    "log-files",
    "hosting",
    "companion",
    "xtask",
    "e2e",
    "github-stand-in",
    "promises",
    "real-agents",
];
/// Lets the stories of the real agents be built.
const REAL_AGENTS: [&str; 2] = ["--features", "real-agents/agents"];
/// Tells the tests where GitHub's description is.
const CONTRACT: &str = "FLIGHTDECK_CONTRACT";
/// Seconds that a component test may take, on a busy machine.
const COMPONENT_TEST_SECONDS: &str = "120";

/// Stories that are told at once: they mostly wait for what a page or a server does.
const STORIES_AT_ONCE: &str = "4";

/// Which agents are driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agents {
    /// The rehearsal agent alone.
    Rehearsed,
    /// Two real ones as well.
    Real,
}

/// Runs every check.
pub fn test(agents: Agents) -> anyhow::Result<()> {
    let workspace = &Workspace::find()?;
    let mut steps = Steps::new();
    let figures = Figures::begin(workspace)?;
    let wasm_opt = steps.step("tools", || see_tools(workspace))?;
    let browser = steps.step("browser", || see_browser(workspace))?;
    let contract = &steps.step("GitHub's description", || see_contract(workspace))?;
    steps.step("format", || see_success(cargo(workspace)?.args(["fmt", "--all", "--check"])))?;
    // The companion holds the page: it comes before the host's tests.
    page::build(workspace, wasm_opt, &mut steps)?;
    steps.step("size of the page", || {
        let load = weight::Load::of_page(&workspace.dist)?;
        load.print();
        load.see_budgets()
    })?;
    steps.step("clippy: host", || {
        see_success(warnings_denied(on_host(workspace, "clippy")?.arg("--all-targets").args(REAL_AGENTS)))?;
        see_success(warnings_denied(on_host(workspace, "clippy")?.args(["--test", "whole_page", "--test", "octokit"])))
    })?;
    steps.step("clippy: page", || {
        let mut clippy = on_page(workspace, "clippy")?;
        see_success(warnings_denied(clippy.args(["--features", FEATURE, "--lib", "--bins", "--test", "web"])))
    })?;
    steps.step("tests: host, invariants", || {
        see_success(figures.of(on_host(workspace, "test")?.env(CONTRACT, contract)))
    })?;
    steps.step("tests: the page's rules, on the host", || {
        see_success(figures.of(cargo(workspace)?.args(["test", "--locked", "--package", "flightdeck", "--lib"])))
    })?;
    steps.step("tests: components in the browser", || {
        see_success(component_tests(workspace, &browser)?.args(["--test", "web"]))
    })?;
    steps.step("tests: GitHub's own client", || {
        see_success(on_companion(workspace, &browser)?.env(CONTRACT, contract).args(["--test", "octokit"]))
    })?;
    steps.step("tests: the whole page in the browser", || {
        let mut stories = on_companion(workspace, &browser)?;
        stories.env(CONTRACT, contract).args(["--test", "whole_page", "--", "--test-threads", STORIES_AT_ONCE]);
        see_success(figures.of(&mut stories))
    })?;
    match agents {
        Agents::Rehearsed => {}
        Agents::Real => {
            let folder = steps.step("real agents", || see_real_agents(workspace))?;
            steps.step("tests: real agents", || {
                let mut tests = on_companion(workspace, &browser)?;
                tests.env("FLIGHTDECK_REAL_AGENTS", folder).args(REAL_AGENTS).args(["--test", "stories"]);
                // Each agent takes half a gigabyte of memory: one after the other.
                see_success(tests.args(["--", "--test-threads", "1"]))
            })?;
        }
    }
    figures.print()?;
    steps.summarise("everything holds");
    Ok(())
}

fn on_host(workspace: &Workspace, subcommand: &str) -> anyhow::Result<Command> {
    let mut cargo = cargo(workspace)?;
    cargo.args([subcommand, "--locked"]);
    for package in HOST_CRATES {
        cargo.args(["--package", package]);
    }
    Ok(cargo)
}

fn on_page(workspace: &Workspace, subcommand: &str) -> anyhow::Result<Command> {
    let mut cargo = cargo(workspace)?;
    cargo.args([subcommand, "--locked", "--target", WASM_TARGET, "--package", "flightdeck"]);
    Ok(cargo)
}

fn warnings_denied(clippy: &mut Command) -> &mut Command {
    clippy.args(["--", "--deny", "warnings"])
}

fn component_tests(workspace: &Workspace, browser: &Browser) -> anyhow::Result<Command> {
    let mut cargo = on_page(workspace, "test")?;
    cargo
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", workspace.tools.join("bin/wasm-bindgen-test-runner"))
        .env("CHROMEDRIVER", &browser.driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", COMPONENT_TEST_SECONDS);
    Ok(cargo)
}

/// Tests against the companion that the host's tests built.
fn on_companion(workspace: &Workspace, browser: &Browser) -> anyhow::Result<Command> {
    let companion = workspace.target.join("debug/flightdeck");
    if !companion.exists() {
        bail!("{} is missing; the tests of the host build it", companion.display());
    }
    let mut cargo = on_host(workspace, "test")?;
    cargo.env("FLIGHTDECK_BIN", companion).env("FLIGHTDECK_BROWSER", &browser.browser);
    Ok(cargo)
}
