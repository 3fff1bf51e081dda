//! Puts the later parts of the program into the site, and their addresses and hashes into the page.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};

use crate::{
    command::{command, see_success},
    hash::{integrity, short_hash},
    split::{self, SplitOff},
    tools::WasmOpt,
    workspace::Workspace,
};

/// What the page says of a file that is loaded later. Browsers do nothing with such a link; `shell/later.js` does.
pub const LINK: &str = "<link rel=\"later\"";
/// Names the parts that a program is for. On a sheet it is empty: the sheet is for all of them.
pub const PARTS: &str = " data-later";
/// trunk optimises the first part with these; the others are to be of the same kind.
const OPTIONS: &str = "data-wasm-opt-params=\"";
/// The name of a program that several parts need.
const SHARED: &str = "shared";

/// Adds the later parts to the site.
pub fn add(workspace: &Workspace, wasm_opt: WasmOpt) -> anyhow::Result<()> {
    let index = workspace.dist.join("index.html");
    let mut html = without_later_sheets(&fs::read_to_string(&index)?);
    for program in split::split_off(workspace)? {
        match wasm_opt {
            WasmOpt::Found => optimise(workspace, &program.path)?,
            WasmOpt::Missing => {}
        }
        let content = fs::read(&program.path).with_context(|| format!("{} is missing", program.path.display()))?;
        let name = format!("{}-{}.wasm", stem(&program), short_hash(&content));
        html = with_link(&html, &name, &program.wanted_by, &integrity(&content))?;
        fs::write(workspace.dist.join(name), content)?;
    }
    Ok(fs::write(index, html)?)
}

fn stem(program: &SplitOff) -> &str {
    match &program.wanted_by[..] {
        [part] => part,
        _ => SHARED,
    }
}

/// Leaves the sheets of the later parts to `shell/later.js`.
fn without_later_sheets(html: &str) -> String {
    let is_later = |tag: &str| tag.starts_with("link rel=\"stylesheet\"") && tag.contains(PARTS);
    let mut tags = html.split('<');
    let head = tags.next().unwrap_or_default().to_owned();
    tags.fold(head, |page, tag| {
        let (tag, rest) = tag.split_at(tag.find('>').unwrap_or(tag.len()));
        if !is_later(tag) {
            return page + "<" + tag + rest;
        }
        let tag = tag.replace("rel=\"stylesheet\"", "rel=\"later\"").replace(" integrity=", " data-integrity=");
        page + "<" + &tag + rest
    })
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

fn with_link(html: &str, name: &str, parts: &[String], integrity: &str) -> anyhow::Result<String> {
    let Some((before, after)) = html.split_once("</head>") else { bail!("index.html has no </head>") };
    let parts = parts.join(" ");
    Ok(format!("{before}{LINK} href=\"./{name}\"{PARTS}=\"{parts}\" data-integrity=\"{integrity}\"></head>{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_a_later_program_and_whose_it_is() {
        let parts = ["files", "later"].map(str::to_owned);
        let html = with_link("<head><title>x</title></head><body>", "shared-1.wasm", &parts, "sha384-x").unwrap();
        let link =
            "<link rel=\"later\" href=\"./shared-1.wasm\" data-later=\"files later\" data-integrity=\"sha384-x\">";
        assert_eq!(html, format!("<head><title>x</title>{link}</head><body>"));
        assert!(with_link("<body>", "shared-1.wasm", &parts, "sha384-x").is_err());
    }

    #[test]
    fn a_sheet_of_later_keeps_its_place_and_waits() {
        let first = "<link rel=\"stylesheet\" href=\"./a.css\" integrity=\"x\"/>";
        let later = "<link rel=\"stylesheet\" href=\"./b.css\" data-later integrity=\"y\"/>";
        let waiting = "<link rel=\"later\" href=\"./b.css\" data-later data-integrity=\"y\"/>";
        let page = |sheet| format!("<head>{sheet}\n{first}</head>");
        assert_eq!(without_later_sheets(&page(later)), page(waiting));
        assert_eq!(without_later_sheets(&page(first)), page(first));
    }

    #[test]
    fn all_parts_are_optimised_alike() {
        let source = "<link data-wasm-opt=\"z\" data-wasm-opt-params=\"--enable-sign-ext --reorder\">";
        assert_eq!(options(source).unwrap().collect::<Vec<_>>(), ["--enable-sign-ext", "--reorder"]);
        assert!(options("<link>").is_err());
    }
}
