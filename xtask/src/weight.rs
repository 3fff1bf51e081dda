//! How many bytes a browser loads until the page is usable, and the budget for them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use crate::compress::{files, sibling};

/// Bytes that everything needed until the page is usable may have, brotli-compressed.
const BUDGET_BYTES: u64 = 300_000;

/// One file that the first load needs.
#[derive(Debug, Clone)]
pub struct Weight {
    /// Below `dist`.
    pub name: String,
    /// Bytes as built.
    pub plain: u64,
    /// Bytes with gzip.
    pub gzip: u64,
    /// Bytes with brotli.
    pub brotli: u64,
}

/// What the first load of the page in `dist` needs: `index.html`, what it names, and the scripts that those
/// scripts import.
pub fn of_page(dist: &Path) -> anyhow::Result<Vec<Weight>> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("{} is missing; build the page", index.display()))?;
    let mut needed: BTreeSet<PathBuf> = named_files(&html).into_iter().map(|name| dist.join(name)).collect();
    needed.insert(index);
    let is_snippet =
        |path: &PathBuf| path.starts_with(dist.join("snippets")) && path.extension().is_some_and(|ext| ext == "js");
    needed.extend(files(dist)?.into_iter().filter(is_snippet));
    let size = |path: &Path| Some(fs::metadata(path).ok()?.len());
    needed
        .into_iter()
        .map(|path| {
            let plain =
                size(&path).with_context(|| format!("index.html names {}, which is missing", path.display()))?;
            Ok(Weight {
                name: path.strip_prefix(dist)?.display().to_string(),
                plain,
                gzip: size(&sibling(&path, "gz")).unwrap_or(plain),
                brotli: size(&sibling(&path, "br")).unwrap_or(plain),
            })
        })
        .collect()
}

/// Prints a table of the weights with their sums.
pub fn print(weights: &[Weight]) {
    println!("{:>10} {:>10} {:>10}  until usable", "plain", "gzip", "brotli");
    for weight in weights {
        println!("{:>10} {:>10} {:>10}  {}", weight.plain, weight.gzip, weight.brotli, weight.name);
    }
    let sum = |bytes: fn(&Weight) -> u64| weights.iter().map(bytes).sum::<u64>();
    println!(
        "{:>10} {:>10} {:>10}  together",
        sum(|weight| weight.plain),
        sum(|weight| weight.gzip),
        brotli_sum(weights)
    );
}

/// Fails above the budget.
pub fn see_budget(weights: &[Weight]) -> anyhow::Result<()> {
    let sum = brotli_sum(weights);
    if sum > BUDGET_BYTES {
        bail!("the first load has {sum} bytes with brotli and the budget is {BUDGET_BYTES}; make the page smaller");
    }
    println!("{sum} of {BUDGET_BYTES} bytes ({} %)", sum * 100 / BUDGET_BYTES);
    Ok(())
}

fn brotli_sum(weights: &[Weight]) -> u64 {
    weights.iter().map(|weight| weight.brotli).sum()
}

/// The site's own files in `href` and `src` attributes.
fn named_files(html: &str) -> Vec<String> {
    let values = ["href=\"", "src=\""].into_iter().flat_map(|attribute| html.split(attribute).skip(1));
    let values = values.filter_map(|rest| rest.split('"').next());
    let is_file =
        |name: &&str| !name.contains("//") && !name.contains(':') && name.contains('.') && !name.starts_with('#');
    values.filter(is_file).map(|name| name.trim_start_matches("./").trim_start_matches('/').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(brotli: u64) -> Weight {
        Weight { name: "page.wasm".into(), plain: brotli, gzip: brotli, brotli }
    }

    #[test]
    fn the_budget_can_be_exceeded() {
        assert!(see_budget(&[weight(BUDGET_BYTES)]).is_ok());
        assert!(see_budget(&[weight(BUDGET_BYTES), weight(1)]).is_err());
    }

    #[test]
    fn own_files_are_told_from_addresses() {
        let html = r##"<link href="/page-1.css"><script src="./start.js"></script><a href="https://x.test/a.b"><a href="#top.">"##;
        assert_eq!(named_files(html), ["page-1.css", "start.js"]);
    }
}
