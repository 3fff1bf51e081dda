//! Where GitHub's official descriptions are: npm packages that `cargo xtask contract` installs.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// The OpenAPI description of `api.github.com`, below the folder of the packages.
pub const OPENAPI: &str = "@octokit/openapi/generated/api.github.com.json";
/// The GraphQL schema, below the folder of the packages.
pub const GRAPHQL: &str = "@octokit/graphql-schema/schema.graphql";

/// Reads a file of an installed package.
///
/// `FLIGHTDECK_CONTRACT` names the folder that holds `node_modules`; without it `target/contract` does.
pub fn read(file: &str) -> anyhow::Result<String> {
    let path = installed(file)?;
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// The path of a file of an installed package.
pub fn installed(file: &str) -> anyhow::Result<PathBuf> {
    let path = folder().join("node_modules").join(file);
    if !path.is_file() {
        bail!("GitHub's description is not at {}; run 'cargo xtask contract', which installs it", path.display());
    }
    Ok(path)
}

/// The folder that holds the packages in `node_modules`.
pub fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("FLIGHTDECK_CONTRACT") {
        return folder.into();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root.join(target).join("contract")
}
