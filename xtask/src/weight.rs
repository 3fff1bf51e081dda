//! How many bytes a browser loads until the page is usable and after that, and the budgets for them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use crate::{
    compress::{files, sibling},
    later,
};

/// Bytes that everything needed until the page is usable may have, brotli-compressed.
const FIRST_BYTES_MAX: u64 = 300_000;
/// Bytes that everything loaded after the first paint may have, brotli-compressed.
const LATER_BYTES_MAX: u64 = 400_000;
/// Bytes that a log file's page may need besides, brotli-compressed.
const FILES_BYTES_MAX: u64 = 72_000;
/// The part that is loaded after the first paint.
const SESSION_PART: &str = "later";

/// One file that the page loads.
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

/// What the page in `dist` loads.
#[derive(Debug)]
pub struct Load {
    /// Until the page is usable: `index.html`, what it names, and the scripts that those scripts import.
    pub first: Vec<Weight>,
    /// After the first paint.
    pub later: Vec<Weight>,
    /// When a log file is opened, besides those.
    pub files: Vec<Weight>,
}

impl Load {
    /// Of the page in `dist`.
    pub fn of_page(dist: &Path) -> anyhow::Result<Self> {
        let index = dist.join("index.html");
        let html =
            fs::read_to_string(&index).with_context(|| format!("{} is missing; build the page", index.display()))?;
        let named = named_files(&html);
        let paths = |names: Vec<String>| names.into_iter().map(|name| dist.join(name)).collect::<BTreeSet<_>>();
        let mut first = paths(named.first);
        first.insert(index);
        let is_snippet =
            |path: &PathBuf| path.starts_with(dist.join("snippets")) && path.extension().is_some_and(|ext| ext == "js");
        first.extend(files(dist)?.into_iter().filter(is_snippet));
        Ok(Self {
            first: weights(dist, first)?,
            later: weights(dist, paths(named.later))?,
            files: weights(dist, paths(named.files))?,
        })
    }

    /// Prints a table of the weights with their sums.
    pub fn print(&self) {
        print("until usable", &self.first);
        print("later", &self.later);
        print("for a log file", &self.files);
    }

    /// Fails above a budget.
    pub fn see_budgets(&self) -> anyhow::Result<()> {
        see_budget("the first load", &self.first, FIRST_BYTES_MAX)?;
        see_budget("what is loaded later", &self.later, LATER_BYTES_MAX)?;
        see_budget("what a log file needs", &self.files, FILES_BYTES_MAX)
    }
}

fn weights(dist: &Path, paths: BTreeSet<PathBuf>) -> anyhow::Result<Vec<Weight>> {
    let size = |path: &Path| Some(fs::metadata(path).ok()?.len());
    paths
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

fn print(title: &str, weights: &[Weight]) {
    println!("{:>10} {:>10} {:>10}  {title}", "plain", "gzip", "brotli");
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

fn see_budget(what: &str, weights: &[Weight], bytes_max: u64) -> anyhow::Result<()> {
    let sum = brotli_sum(weights);
    if sum > bytes_max {
        bail!("{what} has {sum} bytes with brotli and the budget is {bytes_max}; make the page smaller");
    }
    println!("{what}: {sum} of {bytes_max} bytes ({} %)", sum * 100 / bytes_max);
    Ok(())
}

fn brotli_sum(weights: &[Weight]) -> u64 {
    weights.iter().map(|weight| weight.brotli).sum()
}

/// The site's own files that a page names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    first: Vec<String>,
    later: Vec<String>,
    files: Vec<String>,
}

/// The site's own files in `href` and `src` attributes, by when they are loaded.
fn named_files(html: &str) -> Named {
    let mut named = Named::default();
    for tag in html.split('<').filter_map(|part| part.split('>').next()) {
        let is_later = tag.starts_with(&later::LINK[1..]);
        let files = match later_parts(tag).filter(|_| is_later) {
            None => &mut named.first,
            Some(parts) if parts.is_empty() || parts.split(' ').any(|part| part == SESSION_PART) => &mut named.later,
            Some(_) => &mut named.files,
        };
        files.extend(["href=\"", "src=\""].into_iter().filter_map(|attribute| own_file(tag, attribute)));
    }
    named
}

/// The parts that a file of later is for; empty when it is for all.
fn later_parts(tag: &str) -> Option<&str> {
    let (_, rest) = tag.split_once(later::PARTS)?;
    Some(rest.strip_prefix("=\"").and_then(|value| value.split('"').next()).unwrap_or_default())
}

fn own_file(tag: &str, attribute: &str) -> Option<String> {
    let name = tag.split_once(attribute)?.1.split('"').next()?;
    let is_file = !name.contains("//") && !name.contains(':') && name.contains('.') && !name.starts_with('#');
    is_file.then(|| name.trim_start_matches("./").trim_start_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(brotli: u64) -> Weight {
        Weight { name: "page.wasm".into(), plain: brotli, gzip: brotli, brotli }
    }

    fn load(first: u64, later: u64, files: u64) -> Load {
        Load { first: vec![weight(first)], later: vec![weight(later)], files: vec![weight(files)] }
    }

    #[test]
    fn each_budget_can_be_exceeded() {
        assert!(load(FIRST_BYTES_MAX, LATER_BYTES_MAX, FILES_BYTES_MAX).see_budgets().is_ok());
        assert!(load(FIRST_BYTES_MAX + 1, LATER_BYTES_MAX, FILES_BYTES_MAX).see_budgets().is_err());
        assert!(load(FIRST_BYTES_MAX, LATER_BYTES_MAX + 1, FILES_BYTES_MAX).see_budgets().is_err());
        assert!(load(FIRST_BYTES_MAX, LATER_BYTES_MAX, FILES_BYTES_MAX + 1).see_budgets().is_err());
    }

    #[test]
    fn own_files_are_told_from_addresses_and_first_ones_from_later_ones() {
        let html = r##"<link href="/page-1.css"><link rel="later" href="./more.wasm" data-later="files later"><link rel="later" href="./log.css" data-later data-integrity="x"><link rel="later" href="./files.wasm" data-later="files"><script src="./start.js"></script><a href="https://x.test/a.b"><a href="#top.">"##;
        let names = |names: [&str; 2]| names.map(str::to_owned).to_vec();
        let expected = Named {
            first: names(["page-1.css", "start.js"]),
            later: names(["more.wasm", "log.css"]),
            files: vec!["files.wasm".to_owned()],
        };
        assert_eq!(named_files(html), expected);
    }
}
