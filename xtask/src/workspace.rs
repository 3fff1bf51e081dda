//! Where things are, and what `Cargo.lock` says.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// The folders of this repository that the commands use.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The repository's root.
    pub root: PathBuf,
    /// cargo's target folder.
    pub target: PathBuf,
    /// The built page.
    pub dist: PathBuf,
    /// Tools that were installed for this repository alone.
    pub tools: PathBuf,
}

impl Workspace {
    /// The workspace that this program was built from.
    pub fn find() -> anyhow::Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().context("xtask has no parent folder")?.to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { dist: root.join("dist"), tools: target.join("tools"), target, root })
    }

    /// `PATH` with our tools first.
    pub fn path(&self) -> anyhow::Result<OsString> {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let ours = [self.tools.join("bin"), self.tools.join("node_modules/.bin")];
        std::env::join_paths(ours.into_iter().chain(std::env::split_paths(&inherited)))
            .context("the path of this repository holds a character that PATH cannot; move it elsewhere")
    }

    /// The version of `package` in `Cargo.lock`.
    pub fn locked_version(&self, package: &str) -> anyhow::Result<String> {
        let lock = std::fs::read_to_string(self.root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
        let lock: toml::Table = lock.parse().context("Cargo.lock is no TOML")?;
        let packages = lock.get("package").and_then(toml::Value::as_array).context("Cargo.lock lists no package")?;
        let found = packages.iter().find(|row| row.get("name").and_then(toml::Value::as_str) == Some(package));
        let version = found.and_then(|row| row.get("version")).and_then(toml::Value::as_str);
        version.map(str::to_owned).with_context(|| format!("Cargo.lock does not name {package}"))
    }
}
