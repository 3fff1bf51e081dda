//! `cargo xtask bench`: figures, for reading rather than for passing.

use anyhow::Context as _;

use crate::{
    browser::see_browser,
    command::{cargo, see_success},
    page,
    steps::Steps,
    tools::see_tools,
    weight,
    workspace::Workspace,
};

/// The name of the page's weight.
const WEIGHT: &str = "weight";
/// The name of the log document.
const DOCUMENT: &str = "document";

/// What to measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// This alone: `weight`, `document`, or a part of the viewer's figures.
    only: Option<String>,
    /// What else the viewer's figures are told: `--runs N`, `--long`.
    of_viewer: Vec<String>,
}

impl Options {
    /// Reads the command line. What it does not know it leaves to the viewer's figures, which say what there is.
    pub fn read(args: &[String]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--only" => options.only = Some(args.next().context("--only needs a name")?.clone()),
                _ => options.of_viewer.push(arg.clone()),
            }
        }
        Ok(options)
    }

    fn has(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == name)
    }

    /// Whether the viewer is measured, with its command line.
    fn viewer(&self) -> Option<Vec<String>> {
        let mut args = self.of_viewer.clone();
        match self.only.as_deref() {
            Some(WEIGHT | DOCUMENT) => return None,
            Some(part) => args.extend(["--only".to_owned(), part.to_owned()]),
            None => {}
        }
        Some(args)
    }
}

/// Prints the figures.
pub fn bench(options: &Options) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    let mut steps = Steps::new();
    let viewer = options.viewer();
    if options.has(WEIGHT) || viewer.is_some() {
        let wasm_opt = steps.step("tools", || see_tools(&workspace))?;
        page::build(&workspace, wasm_opt, &mut steps)?;
    }
    if options.has(WEIGHT) {
        let load = weight::Load::of_page(&workspace.dist)?;
        println!();
        load.print();
    }
    if options.has(DOCUMENT) {
        steps.step("the log document: time, ratio", || {
            let bench = ["bench", "--quiet", "--locked", "--package", "session-log", "--bench", "document"];
            see_success(cargo(&workspace)?.args(bench))
        })?;
    }
    if let Some(args) = viewer {
        measure_viewer(&workspace, &args, &mut steps)?;
    }
    steps.summarise("done");
    Ok(())
}

/// The viewer in a browser, beside a minimal one.
fn measure_viewer(workspace: &Workspace, args: &[String], steps: &mut Steps) -> anyhow::Result<()> {
    let browser = steps.step("browser", || see_browser(workspace))?;
    steps.step("build the companion", || {
        let build = ["build", "--release", "--locked", "--package", "companion", "--bin", "flightdeck"];
        see_success(cargo(workspace)?.args(build))
    })?;
    steps.step("the log viewer: medians, ratio", || {
        let mut bench = cargo(workspace)?;
        bench.args(["bench", "--quiet", "--locked", "--package", "e2e", "--bench", "viewer", "--"]).args(args);
        bench.env("FLIGHTDECK_BIN", workspace.target.join("release/flightdeck"));
        see_success(bench.env("FLIGHTDECK_BROWSER", &browser.browser))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_measured_alone() {
        let read = |line: &str| Options::read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).unwrap();
        let all = read("--runs 5");
        assert!(all.has(WEIGHT) && all.has(DOCUMENT));
        assert_eq!(all.viewer().unwrap().join(" "), "--runs 5");
        let document = read("--only document");
        assert!(!document.has(WEIGHT) && document.has(DOCUMENT) && document.viewer().is_none());
        let find = read("--only find --long");
        assert!(!find.has(WEIGHT) && !find.has(DOCUMENT));
        assert_eq!(find.viewer().unwrap().join(" "), "--long --only find");
        assert!(Options::read(&["--only".to_owned()]).is_err());
    }
}
