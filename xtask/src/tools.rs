//! The tools that build the page: found, or installed into the target folder.

use anyhow::{Context as _, bail};

use crate::{
    command::{cargo, command, output, see_success},
    workspace::Workspace,
};

/// The target that the page is compiled for.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
const TRUNK_VERSION: &str = "0.21.14";
/// The npm package's version, and what wasm-opt says of itself.
const BINARYEN: (&str, &str) = ("binaryen@132.0.0", "version_132");

/// Whether wasm-opt can make the page smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WasmOpt {
    /// It is there.
    Found,
    /// There is no npm to install it with.
    Missing,
}

/// Installs what the page's build needs and is not there yet.
pub fn see_tools(workspace: &Workspace) -> anyhow::Result<WasmOpt> {
    see_wasm_target(workspace)?;
    see_trunk(workspace)?;
    see_wasm_bindgen(workspace)?;
    see_wasm_opt(workspace)
}

fn see_wasm_target(workspace: &Workspace) -> anyhow::Result<()> {
    let sysroot = output(command(workspace, "rustc")?.args(["--print", "target-libdir", "--target", WASM_TARGET]));
    if sysroot.is_some_and(|folder| std::path::Path::new(&folder).is_dir()) {
        return Ok(());
    }
    println!("adding the Rust target {WASM_TARGET}");
    see_success(command(workspace, "rustup")?.args(["target", "add", WASM_TARGET]))
}

fn see_trunk(workspace: &Workspace) -> anyhow::Result<()> {
    if says_version(workspace, "trunk", TRUNK_VERSION)? {
        return Ok(());
    }
    println!("installing trunk {TRUNK_VERSION} into {} (some minutes, once)", workspace.tools.display());
    // Built for a short build, not for speed: it mostly waits for the compiler.
    let mut install = install(workspace, "trunk", TRUNK_VERSION, "0")?;
    see_success(install.arg("--no-default-features"))
}

fn see_wasm_bindgen(workspace: &Workspace) -> anyhow::Result<()> {
    let version = workspace.locked_version("wasm-bindgen")?;
    let trunk = std::fs::read_to_string(workspace.root.join("Trunk.toml")).context("cannot read Trunk.toml")?;
    if !trunk.contains(&format!("wasm_bindgen = \"{version}\"")) {
        bail!("Cargo.lock has wasm-bindgen {version} and Trunk.toml another; name {version} in Trunk.toml");
    }
    if says_version(workspace, "wasm-bindgen", &version)?
        && says_version(workspace, "wasm-bindgen-test-runner", &version)?
    {
        return Ok(());
    }
    println!("installing the wasm-bindgen CLI {version} into {} (some minutes, once)", workspace.tools.display());
    see_success(&mut install(workspace, "wasm-bindgen-cli", &version, "1")?)
}

fn see_wasm_opt(workspace: &Workspace) -> anyhow::Result<WasmOpt> {
    let (package, version) = BINARYEN;
    if says_version(workspace, "wasm-opt", version)? {
        return Ok(WasmOpt::Found);
    }
    if output(command(workspace, "npm")?.arg("--version")).is_none() {
        println!(
            "no npm on PATH to install wasm-opt with: the page is built without it and is larger; install Node.js"
        );
        return Ok(WasmOpt::Missing);
    }
    println!("installing wasm-opt ({package}) into {}", workspace.tools.display());
    let mut npm = command(workspace, "npm")?;
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    see_success(npm.arg(&workspace.tools).arg(package))?;
    Ok(WasmOpt::Found)
}

fn says_version(workspace: &Workspace, program: &str, version: &str) -> anyhow::Result<bool> {
    let said = output(command(workspace, program)?.arg("--version"));
    Ok(said.is_some_and(|said| {
        said.split(|char: char| char.is_whitespace() || "()".contains(char)).any(|word| word == version)
    }))
}

fn install(
    workspace: &Workspace,
    package: &str,
    version: &str,
    opt_level: &str,
) -> anyhow::Result<std::process::Command> {
    let mut cargo = cargo(workspace)?;
    cargo
        .args(["install", package, "--locked", "--version", version, "--root"])
        .arg(&workspace.tools)
        .env("CARGO_TARGET_DIR", workspace.target.join("tools-build"))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level);
    Ok(cargo)
}
