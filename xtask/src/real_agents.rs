//! Two real agents from npm, at fixed versions, for `cargo xtask test --agents`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::{
    command::{command, output, see_success},
    workspace::Workspace,
};

/// OpenCode and Codex, the latter as an ACP agent.
const PACKAGES: [&str; 2] = ["opencode-ai@1.18.33", "@agentclientprotocol/codex-acp@2.6.0"];
const PROGRAMS: [&str; 2] = ["opencode", "codex-acp"];

/// Installs the agents below the target folder; the folder of their `node_modules`.
pub fn see_real_agents(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.tools.join("agents");
    let bin = folder.join("node_modules/.bin");
    if installed(&folder) && PROGRAMS.iter().all(|program| bin.join(program).exists()) {
        return Ok(folder);
    }
    if output(command(workspace, "npm")?.arg("--version")).is_none() {
        bail!("the real agents come from npm, and there is none on PATH; install Node.js or leave out --agents");
    }
    println!("installing {} into {} (some 500 MB, once)", PACKAGES.join(" and "), folder.display());
    std::fs::create_dir_all(&folder)?;
    let mut npm = command(workspace, "npm")?;
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).args(PACKAGES);
    see_success(&mut npm)?;
    std::fs::write(folder.join("installed"), PACKAGES.join("\n")).context("cannot note what was installed")?;
    Ok(folder)
}

fn installed(folder: &std::path::Path) -> bool {
    std::fs::read_to_string(folder.join("installed")).is_ok_and(|packages| packages == PACKAGES.join("\n"))
}
