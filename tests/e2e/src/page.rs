//! A page in a browser of its own, used as a person does: by roles, names and text.

mod attention;
mod detour;
mod downloads;
mod hands;
mod log_place;
mod meter;
mod reading_order;
mod window;

pub use meter::Held;
pub use reading_order::Told;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use chromiumoxide::{
    Browser, BrowserConfig,
    cdp::{
        browser_protocol::{
            accessibility::QueryAxTreeParams,
            dom::{BackendNodeId, GetDocumentParams, ResolveNodeParams},
            page::NavigateParams,
        },
        js_protocol::runtime::{CallArgument, CallFunctionOnParams, EvaluateParams},
    },
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::{
    complaints::Complaints,
    log::{READ_LOG, ShownStep},
    seen_requests::{SeenRequest, SeenRequests},
    wait::until,
};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS: [&str; 9] = [
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "disable-dev-shm-usage",
    "disable-default-apps",
    "lang=en",
];
const ROWS_ON_SCREEN: &str = "(() => {
    const rows = [...document.querySelectorAll('.task-row')]
        .map((row) => ({ title: row.querySelector('a').innerText, place: row.getBoundingClientRect() }))
        .filter(({ place }) => place.bottom > 0 && place.top < innerHeight);
    const list = [...document.querySelectorAll('.task-group-rows')].at(-1)?.getBoundingClientRect();
    const last = rows.at(-1);
    const isFilled = list && last && last.place.bottom >= Math.min(list.bottom, innerHeight) - 1;
    return isFilled ? rows.map(({ title }) => title) : [];
})()";
/// How much later than the page the browser may tell of a request that failed.
const AFTERWORDS: Duration = Duration::from_millis(150);
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 900;

/// One page, and the browser that it is in.
pub struct Page {
    window: Arc<Window>,
    page: chromiumoxide::Page,
    complaints: Complaints,
    seen: SeenRequests,
}

/// A browser with its profile: what its tabs share.
struct Window {
    browser: Browser,
    _profile: tempfile::TempDir,
}

impl Page {
    /// Starts a browser with an empty profile and an empty page.
    pub async fn blank() -> anyhow::Result<Self> {
        Self::blank_with(&[]).await
    }

    /// The same with more flags for the browser, without their dashes: `host-resolver-rules=…`.
    pub async fn blank_with(flags: &[&str]) -> anyhow::Result<Self> {
        // Where several browsers start at once, one of them may lose its first page, and never tells of it.
        let reason = match Self::launch(flags).await {
            Ok(page) => return Ok(page),
            Err(reason) => reason,
        };
        eprintln!("a browser is started once more, because of the first one: {reason:#}");
        Self::launch(flags).await
    }

    async fn launch(flags: &[&str]) -> anyhow::Result<Self> {
        let profile = tempfile::tempdir()?;
        let config = BrowserConfig::builder()
            .chrome_executable(browser()?)
            .new_headless_mode()
            .no_sandbox()
            .user_data_dir(profile.path())
            .window_size(WIDTH, HEIGHT)
            .viewport(None)
            .args(FLAGS)
            .args(flags.iter().copied())
            .build()
            .map_err(|error| anyhow!(error))?;
        let (browser, mut handler) = Browser::launch(config).await.context("the browser could not be started")?;
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        Self::in_window(Arc::new(Window { browser, _profile: profile })).await
    }

    /// Another empty page in the same browser, with the same profile.
    pub async fn new_tab(&self) -> anyhow::Result<Self> {
        Self::in_window(Arc::clone(&self.window)).await
    }

    async fn in_window(window: Arc<Window>) -> anyhow::Result<Self> {
        let page = window.browser.new_page("about:blank").await?;
        let complaints = Complaints::listen(&page).await?;
        let seen = SeenRequests::watch(&page).await?;
        Ok(Self { window, page, complaints, seen })
    }

    /// Goes to an address, as a link from elsewhere does: also when only the fragment differs.
    pub async fn open(&self, address: &str) -> anyhow::Result<()> {
        self.page.goto("about:blank").await?;
        // Not `goto`, which waits for the end of a navigation to this very address: the page takes the pairing
        // code out of it while it loads.
        let answer = self.page.execute(NavigateParams::new(address)).await?;
        if let Some(error) = &answer.result.error_text {
            bail!("cannot open {address}: {error}");
        }
        until(&format!("the document of {address}"), async || {
            let is_there = "location.href !== 'about:blank' && document.readyState !== 'loading'";
            Ok(self.page.evaluate(is_there).await?.into_value::<bool>()?.then_some(()))
        })
        .await
    }

    /// Loads the page again.
    pub async fn reload(&self) -> anyhow::Result<()> {
        self.page.reload().await?;
        Ok(())
    }

    /// The address bar.
    pub async fn address(&self) -> anyhow::Result<String> {
        Ok(self.page.url().await?.unwrap_or_default())
    }

    /// Waits until the text is on the page.
    pub async fn see(&self, text: &str) -> anyhow::Result<()> {
        until(&format!("the text '{text}'"), async || {
            let shown = self.text().await?;
            if shown.contains(text) { Ok(Some(())) } else { Err(anyhow!("the page shows:\n{shown}")) }
        })
        .await
    }

    /// Waits until the text is not on the page.
    pub async fn see_no(&self, text: &str) -> anyhow::Result<()> {
        until(&format!("the text '{text}' to go"), async || Ok((!self.text().await?.contains(text)).then_some(())))
            .await
    }

    /// What an expression gives in the page: for what no reader can see.
    pub async fn value<T: serde::de::DeserializeOwned>(&self, expression: &str) -> anyhow::Result<T> {
        Ok(self.page.evaluate(expression).await?.into_value()?)
    }

    /// Waits until an expression is true in the page: for what no reader can see.
    pub async fn see_that(&self, what: &str, expression: &str) -> anyhow::Result<()> {
        until(what, async || Ok(self.page.evaluate(expression).await?.into_value::<bool>()?.then_some(()))).await
    }

    /// Waits until something has this role and name.
    pub async fn see_role(&self, role: &str, name: &str) -> anyhow::Result<()> {
        self.find(role, name).await.map(drop)
    }

    /// Waits until the address bar ends in this fragment, `#` included.
    pub async fn see_address(&self, fragment: &str) -> anyhow::Result<()> {
        until(&format!("the address {fragment}"), async || {
            let shown: String = self.page.evaluate("location.hash").await?.into_value()?;
            if shown == fragment { Ok(Some(())) } else { Err(anyhow!("it is {shown}")) }
        })
        .await
    }

    /// The text that a reader sees.
    pub async fn text(&self) -> anyhow::Result<String> {
        Ok(self.page.evaluate("document.body.innerText").await?.into_value()?)
    }

    /// The text of what has this role and name.
    pub async fn text_of(&self, role: &str, name: &str) -> anyhow::Result<String> {
        let text = self.call(role, name, "function () { return this.innerText ?? this.value }", json!([])).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// The text of the row of the list whose title this is.
    pub async fn row(&self, title: &str) -> anyhow::Result<String> {
        let script = format!(
            "[...document.querySelectorAll('li')].find((row) => row.querySelector('a')?.innerText === {})?.innerText ?? ''",
            json!(title)
        );
        Ok(self.page.evaluate(script).await?.into_value()?)
    }

    /// Waits until the row of the list holds this text.
    pub async fn see_in_row(&self, title: &str, text: &str) -> anyhow::Result<()> {
        until(&format!("'{text}' in the row '{title}'"), async || found(&self.row(title).await?, text)).await
    }

    /// Waits until the form in which a task is written holds this text.
    pub async fn see_in_form(&self, text: &str) -> anyhow::Result<()> {
        let around = "function () { return this.closest('form').innerText }";
        until(&format!("'{text}' in the form"), async || {
            let form = self.call("textbox", "Prompt", around, json!([])).await?;
            found(form.as_str().unwrap_or_default(), text)
        })
        .await
    }

    /// Waits until the header of the session page with this title holds this text.
    pub async fn see_in_header(&self, title: &str, text: &str) -> anyhow::Result<()> {
        until(&format!("'{text}' in the header '{title}'"), async || found(&self.header(title).await?, text)).await
    }

    /// The text of the header of the session page with this title.
    pub async fn header(&self, title: &str) -> anyhow::Result<String> {
        let around = "function () { return this.closest('header').innerText }";
        let header = self.call("heading", title, around, json!([])).await?;
        Ok(header.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the log holds this text on the screen.
    pub async fn see_in_log(&self, text: &str) -> anyhow::Result<()> {
        until(&format!("'{text}' in the log"), async || found(&self.text_of("log", "Session log").await?, text)).await
    }

    /// Every step of the log, by scrolling through it.
    pub async fn read_log(&self) -> anyhow::Result<Vec<ShownStep>> {
        let read = EvaluateParams::builder().expression(READ_LOG).await_promise(true).return_by_value(true);
        let read = read.build().map_err(|error| anyhow!(error))?;
        Ok(self.page.evaluate(read).await?.into_value()?)
    }

    /// What a text field holds.
    pub async fn value_of(&self, role: &str, name: &str) -> anyhow::Result<String> {
        let value = self.call(role, name, "function () { return this.value }", json!([])).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// How many elements a CSS selector finds, for what a person would count.
    pub async fn count(&self, selector: &str) -> anyhow::Result<usize> {
        let script = format!("document.querySelectorAll({}).length", json!(selector));
        Ok(self.page.evaluate(script).await?.into_value()?)
    }

    /// How far it is scrolled, in pixels.
    pub async fn scroll_top(&self, role: &str, name: &str) -> anyhow::Result<f64> {
        let top = self.call(role, name, "function () { return this.scrollTop }", json!([])).await?;
        top.as_f64().context("it does not scroll")
    }

    /// Whether the whole page is scrolled to its end.
    pub async fn is_at_bottom(&self) -> anyhow::Result<bool> {
        let script = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1";
        Ok(self.page.evaluate(script).await?.into_value()?)
    }

    /// The titles of the rows of the list that are on the screen; none while a place on it is still empty.
    pub async fn rows_on_screen(&self) -> anyhow::Result<Vec<String>> {
        Ok(self.page.evaluate(ROWS_ON_SCREEN).await?.into_value()?)
    }

    /// While `part` is told, requests may fail.
    pub async fn while_requests_fail<T>(&self, part: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        self.complaints.expect_failures(true);
        let told = part.await;
        // There is no event after which nothing more comes of a request.
        tokio::time::sleep(AFTERWORDS).await;
        self.complaints.expect_failures(false);
        told
    }

    /// What went wrong on the page so far.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.heard()
    }

    /// All that was written to the console so far, by the page or about it.
    pub fn console(&self) -> Vec<String> {
        self.complaints.console()
    }

    /// Every request of the page so far, with what made it.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.seen.all()
    }

    /// Closes the page; the last one of a browser ends it.
    pub async fn close(self) -> anyhow::Result<()> {
        self.page.close().await?;
        if let Some(Window { mut browser, .. }) = Arc::into_inner(self.window) {
            browser.close().await?;
            browser.wait().await?;
        }
        Ok(())
    }

    async fn find(&self, role: &str, name: &str) -> anyhow::Result<BackendNodeId> {
        until(&format!("a {role} named '{name}'"), async || self.query(role, name).await).await
    }

    /// What assistive technology finds by this role and name.
    async fn query(&self, role: &str, name: &str) -> anyhow::Result<Option<BackendNodeId>> {
        let document = self.page.execute(GetDocumentParams::default()).await?;
        let query = QueryAxTreeParams::builder().node_id(document.root.node_id).role(role).accessible_name(name);
        let found = self.page.execute(query.build()).await?;
        Ok(found.nodes.iter().filter(|node| !node.ignored).find_map(|node| node.backend_dom_node_id))
    }

    async fn call(&self, role: &str, name: &str, function: &str, arguments: Value) -> anyhow::Result<Value> {
        let node = self.query(role, name).await?.with_context(|| format!("there is no {role} named '{name}'"))?;
        let object = self.page.execute(ResolveNodeParams::builder().backend_node_id(node).build()).await?;
        let object_id = object.object.object_id.clone().context("the element is gone")?;
        let call = CallFunctionOnParams::builder()
            .function_declaration(function)
            .object_id(object_id)
            .arguments(serde_json::from_value::<Vec<CallArgument>>(arguments)?)
            .return_by_value(true)
            .build()
            .map_err(|error| anyhow!(error))?;
        let returned = self.page.execute(call).await?;
        Ok(returned.result.result.value.clone().unwrap_or(Value::Null))
    }
}

/// What a wait needs: found, or what there is instead.
fn found(shown: &str, text: &str) -> anyhow::Result<Option<()>> {
    if shown.contains(text) { Ok(Some(())) } else { Err(anyhow!("it shows:\n{shown}")) }
}

/// The browser: `FLIGHTDECK_BROWSER`, which `cargo xtask test` sets, or the first that is on PATH.
fn browser() -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os("FLIGHTDECK_BROWSER") {
        return Ok(path.into());
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut candidates = std::env::split_paths(&folders).flat_map(|folder| BROWSERS.map(|name| folder.join(name)));
    candidates.find(|path| path.is_file()).context("there is no Chromium on PATH; 'cargo xtask test' installs one")
}
