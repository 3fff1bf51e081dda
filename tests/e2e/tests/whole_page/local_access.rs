//! A page from elsewhere asks a companion on this machine: said beforehand, and no dead end where it is denied.

use anyhow::ensure;
use e2e::{Companion, Page, Setting, Site, StaticHost};

/// The browser's name for the permission to ask this very machine.
const PERMISSION: &str = "loopback-network";

/// A page that the browser takes for one from the internet, and a companion here that lets it in.
struct Elsewhere {
    page: Page,
    /// The page's origin.
    origin: String,
    /// Where the page is.
    site: String,
    companion: Companion,
    _host: StaticHost,
}

impl Elsewhere {
    async fn set_up() -> anyhow::Result<Self> {
        let host = Site::dist()?.start().await?;
        let origin = host.address.replace("127.0.0.1", "deck.test");
        let (secure, public) = (
            format!("unsafely-treat-insecure-origin-as-secure={origin}"),
            format!("ip-address-space-overrides={}=public", host.address.trim_start_matches("http://")),
        );
        let flags = ["host-resolver-rules=MAP deck.test 127.0.0.1", &secure, &public];
        let page = Page::blank_with(&flags).await?;
        let configuration = format!("[page]\nallow_origin = [\"{origin}\"]\n");
        let companion = Companion::start(Setting { configuration: &configuration, ..Setting::default() }).await?;
        let site = host.site().replace("127.0.0.1", "deck.test");
        Ok(Self { page, origin, site, companion, _host: host })
    }

    /// Opens the page and fills its form, up to the click.
    async fn fill_form(&self) -> anyhow::Result<()> {
        let page = &self.page;
        page.open(&self.site).await?;
        page.see("Connect to your agents").await?;
        page.click_role("radio", "Companion").await?;
        page.type_into("Address", self.companion.address.trim_start_matches("http://")).await?;
        page.type_into("Token", &self.companion.new_token("deck").await?).await?;
        page.see(&format!("--allow-origin {}", self.origin)).await?;
        // The way that needs no permission: the companion's own page.
        page.see_role("link", &format!("{}/", self.companion.address)).await
    }

    fn see_silence(&self) -> anyhow::Result<()> {
        let asked = self.page.requests().into_iter().filter(|request| request.origin() == self.companion.address);
        let asked: Vec<String> = asked.map(|request| request.url).collect();
        ensure!(asked.is_empty(), "the companion was asked before the click: {asked:?}");
        Ok(())
    }

    /// Presses the button, and sees what is said when the browser refuses.
    async fn connect_in_vain(&self) -> anyhow::Result<()> {
        let page = &self.page;
        page.while_requests_fail(async {
            page.click_role("button", "Connect").await?;
            // The form is gone now, and what to do is still said, with the page that needs no permission.
            page.see("The list of tasks could not be read. This browser does not let this site reach your machine.")
                .await?;
            let own_page = format!("{}/", self.companion.address);
            page.see(&format!("own page, which needs none of this: {own_page}")).await?;
            page.screenshot("local-access-blocked").await?;
            page.open(&own_page).await?;
            page.see("Connect to your agents").await
        })
        .await
    }

    async fn end(self) -> anyhow::Result<()> {
        let mut complaints = self.page.complaints();
        // What the browser writes where it was told to refuse.
        complaints
            .retain(|complaint| !complaint.contains("Permission was denied for this request to access the `loopback`"));
        ensure!(complaints.is_empty(), "the page complained: {complaints:#?}");
        self.page.close().await?;
        self.companion.end().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_browser_will_ask_is_said_before_the_click() -> anyhow::Result<()> {
    let elsewhere = Elsewhere::set_up().await?;
    elsewhere.fill_form().await?;
    elsewhere.page.see("After you press “Connect”, the browser asks whether this site may reach").await?;
    elsewhere.page.screenshot("local-access-prompt").await?;
    elsewhere.see_silence()?;
    elsewhere.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_denied_the_page_says_what_to_do() -> anyhow::Result<()> {
    let elsewhere = Elsewhere::set_up().await?;
    elsewhere.page.answer_permission(&elsewhere.origin, PERMISSION, false).await?;
    elsewhere.fill_form().await?;
    let page = &elsewhere.page;
    page.see("This browser does not let this site reach your machine. Open the site’s settings").await?;
    page.screenshot("local-access-denied").await?;
    elsewhere.see_silence()?;
    elsewhere.connect_in_vain().await?;
    elsewhere.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_no_when_asked_is_told_what_that_means() -> anyhow::Result<()> {
    let elsewhere = Elsewhere::set_up().await?;
    elsewhere.fill_form().await?;
    elsewhere.page.see("After you press “Connect”, the browser asks").await?;
    elsewhere.page.answer_permission(&elsewhere.origin, PERMISSION, false).await?;
    elsewhere.connect_in_vain().await?;
    elsewhere.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_granted_the_companion_is_reached() -> anyhow::Result<()> {
    let elsewhere = Elsewhere::set_up().await?;
    elsewhere.companion.start_task("Count the apples\nrehearse: quick").await?;
    elsewhere.page.answer_permission(&elsewhere.origin, PERMISSION, true).await?;
    elsewhere.fill_form().await?;
    elsewhere.see_silence()?;
    elsewhere.page.click_role("button", "Connect").await?;
    elsewhere.page.see_in_row("Count the apples", "Done").await?;
    elsewhere.end().await
}
