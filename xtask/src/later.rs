//! Puts the second part of the program into the site, and its address and hash into the page.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};

use crate::{
    command::{command, see_success},
    hash::{integrity, short_hash},
    split,
    tools::WasmOpt,
    workspace::Workspace,
};

/// What the page says of a part that is loaded later. Browsers do nothing with such a link; `shell/later.js` does.
pub const LINK: &str = "<link rel=\"later\"";
/// trunk optimises the first part with these; the second one is to be of the same kind.
const OPTIONS: &str = "data-wasm-opt-params=\"";

/// Adds the second part to the site.
pub fn add(workspace: &Workspace, wasm_opt: WasmOpt) -> anyhow::Result<()> {
    let part = split::second_part(workspace);
    match wasm_opt {
        WasmOpt::Found => optimise(workspace, &part)?,
        WasmOpt::Missing => {}
    }
    let content = fs::read(&part).with_context(|| format!("{} is missing; nothing was split", part.display()))?;
    let name = format!("later-{}.wasm", short_hash(&content));
    let index = workspace.dist.join("index.html");
    let html = with_link(&fs::read_to_string(&index)?, &name, &integrity(&content))?;
    fs::write(workspace.dist.join(name), content)?;
    Ok(fs::write(index, html)?)
}

fn optimise(workspace: &Workspace, part: &Path) -> anyhow::Result<()> {
    let source = fs::read_to_string(workspace.root.join("index.html")).context("cannot read index.html")?;
    let mut wasm_opt = command(workspace, "wasm-opt")?;
    see_success(wasm_opt.arg("-Oz").args(options(&source)?).arg(part).arg("--output").arg(part))
}

fn options(source: &str) -> anyhow::Result<impl Iterator<Item = &str>> {
    let options = source.split_once(OPTIONS).and_then(|(_, rest)| rest.split_once('"'));
    let (options, _) = options.with_context(|| format!("index.html lacks {OPTIONS}"))?;
    Ok(options.split_whitespace())
}

fn with_link(html: &str, name: &str, integrity: &str) -> anyhow::Result<String> {
    let Some((before, after)) = html.split_once("</head>") else { bail!("index.html has no </head>") };
    Ok(format!("{before}{LINK} href=\"./{name}\" data-integrity=\"{integrity}\"></head>{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_its_second_part() {
        let html = with_link("<head><title>x</title></head><body>", "later-1.wasm", "sha384-x").unwrap();
        let link = "<link rel=\"later\" href=\"./later-1.wasm\" data-integrity=\"sha384-x\">";
        assert_eq!(html, format!("<head><title>x</title>{link}</head><body>"));
        assert!(with_link("<body>", "later-1.wasm", "sha384-x").is_err());
    }

    #[test]
    fn both_parts_are_optimised_alike() {
        let source = "<link data-wasm-opt=\"z\" data-wasm-opt-params=\"--enable-sign-ext --reorder\">";
        assert_eq!(options(source).unwrap().collect::<Vec<_>>(), ["--enable-sign-ext", "--reorder"]);
        assert!(options("<link>").is_err());
    }
}
