//! What the measurements stand on: one companion with its logs, one browser, a host for the baseline.

use std::{path::PathBuf, time::Duration};

use agent_tasks::TaskId;
use anyhow::Context as _;
use e2e::{
    Companion, Page, Setting, Site, StaticHost, until_within,
    workload::{Library, Workload},
};
use serde_json::json;

use crate::{AGENT, table::Viewer};

/// Lines of the logs.
pub const LENGTHS: [usize; 3] = [10_000, 100_000, 1_000_000];
/// The longest one's.
pub const LONGEST: usize = 1_000_000;
/// How long anything may take that loads a log.
pub const LOADING: Duration = Duration::from_secs(120);
/// Watches frames in every page.
const PROBE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/viewer/probe.js");
const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../baseline");
/// The path of the API below the companion's address.
const API: &str = agent_tasks::paths::COMPANION_BASE;

/// What the measurements stand on.
pub struct Stand {
    /// The companion.
    pub companion: Companion,
    /// The logs that it has.
    pub library: Library,
    host: StaticHost,
    /// A tab with the Agents page, so that the browser stays paired.
    home: Page,
    token: String,
    /// The size of Flightdeck's log on the screen, which the baseline's takes too.
    log_size: (i64, i64),
}

/// Logs of so many bytes are kept whole: ten minutes of streaming are half of it.
const LOG_BYTES_MAX: usize = 1_000_000_000;

impl Stand {
    /// Makes the logs and starts everything.
    pub async fn set_up() -> anyhow::Result<Self> {
        let database = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("viewer-bench.sqlite");
        let library = Library::make(database, &LENGTHS.map(Workload::of)).await?.outlined().await?;
        let host = Site::of(BASELINE).start().await?;
        let configuration = format!(
            "[limits]\nlog_bytes = {LOG_BYTES_MAX}\n[page]\nallow_origin = [{:?}]\n[[agent]]\nid = \"writer\"\nname = \"Writer\"\ncommand = {:?}\nargs = [{AGENT:?}]\n",
            host.address,
            std::env::current_exe()?
        );
        let setting = Setting { configuration: &configuration, library: Some(&library), ..Setting::default() };
        let companion = Companion::start(setting).await?;
        let token = companion.new_token("baseline").await?;
        let home = Page::blank().await?;
        home.open(&companion.link).await?;
        home.see_role("button", "Connections: Live").await?;
        let mut stand = Self { companion, library, host, home, token, log_size: (0, 0) };
        // Also brings page and baseline into the browser's cache.
        let shortest = stand.library.log(LENGTHS[0])?.task_id.clone();
        let page = stand.open(Viewer::Flightdeck, &shortest, "").await?;
        let size =
            "(() => { const log = probe.sight.log(); return log ? [log.clientWidth, log.clientHeight] : null })()";
        let looked = until_within(LOADING, "the log", async || page.value(size).await).await;
        stand.log_size = match looked {
            Ok(size) => size,
            Err(error) => return Err(error.context(page.text().await?)),
        };
        page.close().await?;
        stand.open(Viewer::Baseline, &shortest, "").await?.close().await?;
        Ok(stand)
    }

    /// A new tab of a viewer, showing a task. `script` runs before the page's own, after the probe.
    pub async fn open(&self, viewer: Viewer, task: &TaskId, script: &str) -> anyhow::Result<Page> {
        let page = self.tab(viewer, script).await?;
        page.open(&self.address(viewer, task)).await?;
        Ok(page)
    }

    /// The same, once the end of the log is on its screen.
    pub async fn open_whole(&self, viewer: Viewer, lines: usize) -> anyhow::Result<Page> {
        let task = self.library.log(lines)?.task_id.clone();
        let page = self.open(viewer, &task, &watch_opening()).await?;
        opened_at(&page).await?;
        Ok(page)
    }

    /// A new tab of a viewer without a task, with all of its program.
    pub async fn open_empty(&self, viewer: Viewer) -> anyhow::Result<Page> {
        let page = self.tab(viewer, "").await?;
        let address = match viewer {
            Viewer::Baseline => self.address(viewer, &TaskId(String::new())),
            Viewer::Flightdeck => self.companion.address.clone(),
        };
        page.open(&address).await?;
        match viewer {
            Viewer::Baseline => page.see_that("the viewer", "Boolean(globalThis.viewer)").await?,
            Viewer::Flightdeck => {
                page.see_that("the later part", "document.querySelector('.connections-panel') !== null").await?;
            }
        }
        Ok(page)
    }

    /// Where a viewer shows a task.
    pub fn address(&self, viewer: Viewer, task: &TaskId) -> String {
        let Self { companion, host, token, .. } = self;
        match viewer {
            Viewer::Baseline => format!("{}#api={}{API}&token={token}&task={task}", host.site(), companion.address),
            Viewer::Flightdeck => format!("{}/{}", companion.address, agent_tasks::paths::task_page(task)),
        }
    }

    async fn tab(&self, viewer: Viewer, script: &str) -> anyhow::Result<Page> {
        let page = self.home.new_tab().await?;
        page.prepare_to_measure(&format!("{}\n{script}", std::fs::read_to_string(PROBE)?)).await?;
        if let (Viewer::Baseline, (width, height @ 1..)) = (viewer, self.log_size) {
            page.resize(width, height).await?;
        }
        page.come_to_front().await?;
        Ok(page)
    }

    /// Ends everything.
    pub async fn end(self) -> anyhow::Result<()> {
        self.home.close().await?;
        self.companion.end().await
    }
}

/// Keeps the moment at which the last screen of a log was painted.
pub fn watch_opening() -> String {
    let words = json!(e2e::workload::LAST_WORDS);
    format!("void probe.seen(() => probe.shows({words}) && probe.isWhole()).then((at) => {{ probe.openedAt = at }});")
}

/// That moment, in milliseconds since the document began.
pub async fn opened_at(page: &Page) -> anyhow::Result<f64> {
    until_within(LOADING, "the last screen of the log", async || page.value("probe.openedAt ?? null").await)
        .await
        .context("the log was not opened")
}
