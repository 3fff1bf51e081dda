//! `cargo xtask bench`: figures, for reading rather than for passing.

use crate::{
    command::{cargo, see_success},
    page,
    steps::Steps,
    tools::see_tools,
    weight,
    workspace::Workspace,
};

/// Prints the figures.
pub fn bench() -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::new();
    let wasm_opt = steps.step("tools", || see_tools(&workspace))?;
    page::build(&workspace, wasm_opt, &mut steps)?;
    let load = weight::Load::of_page(&workspace.dist)?;
    println!();
    load.print();
    steps.step("the log document: time, ratio", || {
        see_success(cargo(&workspace)?.args([
            "bench",
            "--quiet",
            "--locked",
            "--package",
            "session-log",
            "--bench",
            "document",
        ]))
    })?;
    steps.summarise("done");
    Ok(())
}
