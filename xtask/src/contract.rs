//! GitHub's official descriptions and client from npm, at fixed versions, for the tests of the contract.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::{
    command::{command, output, see_success},
    workspace::Workspace,
};

/// The OpenAPI description with the agent tasks, the GraphQL schema, and GitHub's own client with its paging.
const PACKAGES: [&str; 4] = [
    "@octokit/openapi@23.0.2",
    "@octokit/graphql-schema@15.26.1",
    "@octokit/core@7.0.8",
    "@octokit/plugin-paginate-rest@16.0.0",
];

/// Installs the packages below the target folder; the folder that holds their `node_modules`.
pub fn see_contract(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.target.join("contract");
    if installed(&folder) {
        return Ok(folder);
    }
    if output(command(workspace, "npm")?.arg("--version")).is_none() {
        bail!("GitHub's description comes from npm, and there is none on PATH; install Node.js");
    }
    println!("installing {} into {} (some 400 MB, once)", PACKAGES.join(", "), folder.display());
    std::fs::create_dir_all(&folder)?;
    let mut npm = command(workspace, "npm")?;
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    see_success(npm.arg(&folder).args(PACKAGES))?;
    std::fs::write(folder.join("installed"), PACKAGES.join("\n")).context("cannot note what was installed")?;
    Ok(folder)
}

fn installed(folder: &Path) -> bool {
    let is_noted =
        std::fs::read_to_string(folder.join("installed")).is_ok_and(|packages| packages == PACKAGES.join("\n"));
    is_noted && folder.join("node_modules").is_dir()
}
