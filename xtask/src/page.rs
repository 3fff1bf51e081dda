//! Builds the page into `dist/`.

use crate::{
    command::{command, see_success},
    compress::compress,
    later, naming, site, split,
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
    weight::Load::of_page(&workspace.dist)?.print();
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
        split::in_parts(workspace, &mut trunk)?;
        // trunk takes NO_COLOR for an option of its own and refuses the usual value.
        see_success(trunk.env_remove("NO_COLOR"))
    })?;
    steps.step("complete and compress the site", || {
        naming::by_content(&workspace.dist)?;
        later::add(workspace, wasm_opt)?;
        let index = workspace.dist.join("index.html");
        std::fs::write(&index, without_ignored_hash(&std::fs::read_to_string(&index)?))?;
        site::complete(&workspace.dist)?;
        compress(&workspace.dist)
    })
}

/// Moves the hash of the wasm to `data-integrity`: browsers do not check it on a preload of this kind, and
/// warn. The page's start script reads it from there and checks it.
fn without_ignored_hash(html: &str) -> String {
    let mut links = html.split("<link ");
    let head = links.next().unwrap_or_default().to_owned();
    links.fold(head, |page, link| {
        let (tag, rest) = link.split_at(link.find('>').unwrap_or(link.len()));
        let is_wasm = tag.contains("rel=\"preload\"") && tag.contains("as=\"fetch\"");
        let tag = if is_wasm { tag.replace(" integrity=", " data-integrity=") } else { tag.to_owned() };
        page + "<link " + &tag + rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_preloaded_wasm_loses_its_ignored_hash() {
        let html = r#"<head><link rel="modulepreload" integrity="a"><link rel="preload" href="x" integrity="b" as="fetch"></head>"#;
        let expected = r#"<head><link rel="modulepreload" integrity="a"><link rel="preload" href="x" data-integrity="b" as="fetch"></head>"#;
        assert_eq!(without_ignored_hash(html), expected);
        assert_eq!(without_ignored_hash(expected), expected);
    }
}
