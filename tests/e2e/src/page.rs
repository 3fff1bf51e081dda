//! A page in a browser of its own, used as a person does: by roles, names and text.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow, ensure};
use chromiumoxide::{
    Browser, BrowserConfig,
    cdp::{
        browser_protocol::{
            accessibility::QueryAxTreeParams,
            dom::{
                BackendNodeId, FocusParams, GetContentQuadsParams, GetDocumentParams, ResolveNodeParams,
                ScrollIntoViewIfNeededParams,
            },
            emulation::{MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams},
            input::{
                DispatchKeyEventParams, DispatchKeyEventType, DispatchMouseEventParams, DispatchMouseEventType,
                InsertTextParams,
            },
        },
        js_protocol::runtime::{CallArgument, CallFunctionOnParams, EvaluateParams},
    },
    layout::Point,
    page::ScreenshotParams,
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::{
    complaints::Complaints,
    log::{READ_LOG, ShownStep},
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
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 900;

/// One page, and the browser that it is in.
pub struct Page {
    browser: Browser,
    page: chromiumoxide::Page,
    complaints: Complaints,
    _profile: tempfile::TempDir,
}

impl Page {
    /// Starts a browser with an empty profile and an empty page.
    pub async fn blank() -> anyhow::Result<Self> {
        let profile = tempfile::tempdir()?;
        let config = BrowserConfig::builder()
            .chrome_executable(browser()?)
            .new_headless_mode()
            .no_sandbox()
            .user_data_dir(profile.path())
            .window_size(WIDTH, HEIGHT)
            .viewport(None)
            .args(FLAGS)
            .build()
            .map_err(|error| anyhow!(error))?;
        let (browser, mut handler) = Browser::launch(config).await.context("the browser could not be started")?;
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await?;
        let complaints = Complaints::listen(&page).await?;
        Ok(Self { browser, page, complaints, _profile: profile })
    }

    /// Goes to an address, as a link from elsewhere does: also when only the fragment differs.
    pub async fn open(&self, address: &str) -> anyhow::Result<()> {
        self.page.goto("about:blank").await?;
        self.page.goto(address).await.with_context(|| format!("cannot open {address}"))?;
        Ok(())
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

    /// Waits until something has this role and name.
    pub async fn see_role(&self, role: &str, name: &str) -> anyhow::Result<()> {
        self.find(role, name).await.map(drop)
    }

    /// Waits until the address bar names this path.
    pub async fn see_address(&self, path: &str) -> anyhow::Result<()> {
        until(&format!("the address {path}"), async || {
            let shown: String = self.page.evaluate("location.pathname").await?.into_value()?;
            if shown == path { Ok(Some(())) } else { Err(anyhow!("it is {shown}")) }
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

    /// Presses what has this role and name, with the mouse, where a person would.
    pub async fn click_role(&self, role: &str, name: &str) -> anyhow::Result<()> {
        let point = until(&format!("a {role} named '{name}' that can be pressed"), async || {
            self.see_enabled(role, name).await?;
            Ok(Some(self.middle_of(role, name).await?))
        })
        .await?;
        self.page.click(point).await?;
        Ok(())
    }

    /// Turns the mouse's wheel over what has this role and name; a negative distance goes up.
    pub async fn turn_wheel(&self, role: &str, name: &str, distance_px: f64) -> anyhow::Result<()> {
        let Point { x, y } = self.middle_of(role, name).await?;
        let wheel = DispatchMouseEventParams::builder().r#type(DispatchMouseEventType::MouseWheel).x(x).y(y);
        let wheel = wheel.delta_x(0.0).delta_y(distance_px).build().map_err(|error| anyhow!(error))?;
        self.page.execute(wheel).await?;
        Ok(())
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

    /// Scrolls the whole page to this distance from its top.
    pub async fn scroll_to(&self, top_px: u32) -> anyhow::Result<()> {
        self.page.evaluate(format!("void scrollTo(0, {top_px})")).await?;
        Ok(())
    }

    async fn middle_of(&self, role: &str, name: &str) -> anyhow::Result<Point> {
        let node = self.query(role, name).await?.context("it is not there")?;
        self.page.execute(ScrollIntoViewIfNeededParams::builder().backend_node_id(node).build()).await?;
        let quads = self.page.execute(GetContentQuadsParams::builder().backend_node_id(node).build()).await?;
        let quad = quads.quads.first().context("it is not visible")?.inner().clone();
        ensure!(quad.len() == 8, "it has no four corners");
        Ok(Point { x: (quad[0] + quad[4]) / 2.0, y: (quad[1] + quad[5]) / 2.0 })
    }

    /// Types into the text field with this label.
    pub async fn type_into(&self, label: &str, text: &str) -> anyhow::Result<()> {
        let node = self.find("textbox", label).await?;
        self.page.execute(FocusParams::builder().backend_node_id(node).build()).await?;
        self.page.execute(InsertTextParams::new(text)).await?;
        Ok(())
    }

    /// Puts text into the field with this label at once, as pasting does.
    pub async fn set_value(&self, label: &str, text: &str) -> anyhow::Result<()> {
        self.find("textbox", label).await?;
        let set = "function (text) {
            this.value = text;
            this.dispatchEvent(new Event('input', { bubbles: true }));
        }";
        self.call("textbox", label, set, json!([{ "value": text }])).await.map(drop)
    }

    /// Opens or closes what is behind the line that holds this text.
    pub async fn click_text(&self, text: &str) -> anyhow::Result<()> {
        self.see(text).await?;
        let press = format!(
            "[...document.querySelectorAll('summary, [aria-expanded]')].find((line) => line.innerText.includes({})).click()",
            json!(text)
        );
        self.page.evaluate(press).await?;
        Ok(())
    }

    /// Chooses the option whose text holds `option` in the list with this label.
    pub async fn choose(&self, label: &str, option: &str) -> anyhow::Result<()> {
        let choose = "function (wanted) {
            const option = [...this.options].find((option) => option.text.includes(wanted));
            if (!option) return [...this.options].map((option) => option.text).join(', ');
            this.value = option.value;
            this.dispatchEvent(new Event('input', { bubbles: true }));
            this.dispatchEvent(new Event('change', { bubbles: true }));
            return null;
        }";
        until(&format!("the option '{option}' of '{label}'"), async || {
            let others = self.call("combobox", label, choose, json!([{ "value": option }])).await?;
            if others.is_null() { Ok(Some(())) } else { Err(anyhow!("there are: {others}")) }
        })
        .await
    }

    /// Presses a key, such as `Enter`, `Escape` or `Tab`, with Ctrl held down or not.
    pub async fn press(&self, key: &str, with_control: bool) -> anyhow::Result<()> {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Tab" => 9,
            other => i64::from(other.bytes().next().unwrap_or_default()),
        };
        for kind in [DispatchKeyEventType::RawKeyDown, DispatchKeyEventType::KeyUp] {
            let event =
                DispatchKeyEventParams::builder().r#type(kind).key(key).code(key).windows_virtual_key_code(code);
            let event = event.modifiers(if with_control { 2 } else { 0 }).build().map_err(|error| anyhow!(error))?;
            self.page.execute(event).await?;
        }
        Ok(())
    }

    /// Makes the window as narrow as a phone.
    pub async fn become_phone(&self) -> anyhow::Result<()> {
        self.page.execute(SetDeviceMetricsOverrideParams::new(390, 844, 2.0, true)).await?;
        Ok(())
    }

    /// Gives the window a size.
    pub async fn resize(&self, width: i64, height: i64) -> anyhow::Result<()> {
        self.page.execute(SetDeviceMetricsOverrideParams::new(width, height, 1.0, false)).await?;
        Ok(())
    }

    /// Asks for the dark scheme, as the system's settings do.
    pub async fn become_dark(&self) -> anyhow::Result<()> {
        let scheme = MediaFeature::new("prefers-color-scheme", "dark");
        self.page.execute(SetEmulatedMediaParams::builder().feature(scheme).build()).await?;
        Ok(())
    }

    /// Goes forward, as the browser's button does.
    pub async fn go_forward(&self) -> anyhow::Result<()> {
        self.page.evaluate("history.forward()").await?;
        Ok(())
    }

    /// Goes back, as the browser's button does.
    pub async fn go_back(&self) -> anyhow::Result<()> {
        self.page.evaluate("history.back()").await?;
        Ok(())
    }

    /// Saves what is on screen as `target/screenshots/{name}.png`.
    pub async fn screenshot(&self, name: &str) -> anyhow::Result<PathBuf> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
        let folder = target.join("screenshots");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{name}.png"));
        self.page.save_screenshot(ScreenshotParams::builder().build(), &path).await?;
        Ok(path)
    }

    /// While `part` is told, requests may fail.
    pub async fn while_requests_fail<T>(&self, part: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        self.complaints.expect_failures(true);
        let told = part.await;
        self.complaints.expect_failures(false);
        told
    }

    /// What went wrong on the page so far.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.heard()
    }

    /// Ends the browser.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.browser.close().await?;
        self.browser.wait().await?;
        Ok(())
    }

    async fn see_enabled(&self, role: &str, name: &str) -> anyhow::Result<()> {
        let is_disabled = "function () { return Boolean(this.disabled || this.ariaDisabled === 'true') }";
        let is_disabled = self.call(role, name, is_disabled, json!([])).await?;
        ensure!(is_disabled == Value::Bool(false), "it is disabled");
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
