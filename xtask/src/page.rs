//! Builds the page into `dist/`.

use crate::{
    command::{command, see_success},
    compress::compress,
    steps::Steps,
    tools::{WasmOpt, see_tools},
    weight,
    workspace::Workspace,
};

/// `cargo xtask build`.
pub fn build_alone() -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::new();
    let wasm_opt = steps.step("tools", || see_tools(&workspace))?;
    build(&workspace, wasm_opt, &mut steps)?;
    weight::print(&weight::of_page(&workspace.dist)?);
    steps.summarise(&format!("the site is in {}", workspace.dist.display()));
    Ok(())
}

/// Builds and compresses the page.
pub fn build(workspace: &Workspace, wasm_opt: WasmOpt, steps: &mut Steps) -> anyhow::Result<()> {
    steps.step("build the page", || {
        let mut trunk = command(workspace, "trunk")?;
        trunk.arg("build");
        // To trunk, `release` only means that wasm-opt runs: the profile is set in Trunk.toml.
        if wasm_opt == WasmOpt::Found {
            trunk.arg("--release");
        }
        // trunk takes NO_COLOR for an option of its own and refuses the usual value.
        see_success(trunk.env_remove("NO_COLOR"))
    })?;
    steps.step("compress the page", || compress(&workspace.dist))
}
