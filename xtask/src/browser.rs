//! Chromium and its driver for the tests: found, or installed from the system's packages.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::{
    command::{command, output, see_success},
    workspace::Workspace,
};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DRIVER: &str = "chromedriver";
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// What the tests drive.
#[derive(Debug)]
pub struct Browser {
    /// The browser.
    pub browser: PathBuf,
    /// Its driver, for the component tests.
    pub driver: PathBuf,
}

/// Finds browser and driver; installs them where the system's packages can be used.
pub fn see_browser(workspace: &Workspace) -> anyhow::Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    install(workspace).with_context(|| {
        format!(
            "there is no Chromium with {DRIVER} on PATH, and it could not be installed; install both and run this again"
        )
    })?;
    find().with_context(|| format!("Chromium or {DRIVER} is still not on PATH; look at what apt-get said"))
}

fn find() -> Option<Browser> {
    let browser = BROWSERS.iter().find_map(|name| which::which(name).ok())?;
    Some(Browser { browser, driver: which::which(DRIVER).ok()? })
}

fn install(workspace: &Workspace) -> anyhow::Result<()> {
    if which::which("apt-get").is_err() {
        bail!("this system has no apt-get");
    }
    println!("installing {} from the system's packages", PACKAGES.join(" and "));
    let apt_get = |args: &[&str]| {
        let is_root = output(command(workspace, "id")?.arg("-u")).as_deref() == Some("0");
        let mut command = command(workspace, if is_root { "apt-get" } else { "sudo" })?;
        if !is_root {
            // Never waits for a password.
            command.args(["-n", "apt-get"]);
        }
        see_success(command.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt_get(&["update", "--quiet"])?;
    apt_get(&[&["install", "--yes", "--quiet", "--no-install-recommends"], PACKAGES.as_slice()].concat())
}
