//! Where a token goes, and where it does not.

use anyhow::ensure;
use e2e::{Companion, Deck, Page, Setting, Site, deck_story, deck_story_on};
use github_stand_in::World;
use serde_json::json;

/// Everything in the document, what is typed into fields included.
const WHOLE_DOCUMENT: &str = "document.documentElement.outerHTML + \
    [...document.querySelectorAll('input, textarea')].map((field) => field.value).join(' ')";
/// What every tab of this browser can read.
pub const KEPT_ON_THE_DEVICE: &str = "JSON.stringify(localStorage)";
/// What only this tab can read.
pub const KEPT_IN_THE_TAB: &str = "JSON.stringify(sessionStorage)";

/// What a curious page of the same origin does.
const LISTEN: &str = "(() => {
    globalThis.heard = [];
    addEventListener('storage', (event) => heard.push(event.newValue));
    globalThis.channel ??= new BroadcastChannel('flightdeck');
    channel.onmessage = (event) => heard.push(event.data);
    return true;
})()";

/// Whether the token is in what this expression gives.
pub async fn is_in(page: &Page, place: &str, token: &str) -> anyhow::Result<bool> {
    Ok(page.value::<String>(place).await?.contains(token))
}

/// Opens what the page shows of its connections, one of which is open.
pub async fn open_connections(page: &Page) -> anyhow::Result<()> {
    page.click_role("button", "Connections: Live").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_an_unknown_server_sends_nothing_there_before_the_click() -> anyhow::Result<()> {
    deck_story("unknown-server", World::new(), async |deck| {
        let configuration = format!("[page]\nallow_origin = [\"{}\"]\n", deck.host.address);
        let companion = Companion::start(Setting { configuration: &configuration, ..Setting::default() }).await?;
        let task = companion.start_task("Count the apples\nrehearse: quick").await?;
        let (page, base) = (&deck.page, format!("{}/api", companion.address));
        let see_silence = || {
            let asked = page.requests().into_iter().filter(|request| request.origin() == companion.address);
            let asked: Vec<String> = asked.map(|request| request.url).collect();
            ensure!(asked.is_empty(), "it was asked before anybody agreed: {asked:?}");
            Ok(())
        };
        for more in [format!("?server={base}"), format!("#server={base}"), format!("?server={base}#server={base}")] {
            page.open(&format!("{}{more}", deck.host.site())).await?;
            page.see("Connect to your agents").await?;
            ensure!(!page.text().await?.contains(&companion.address), "{more} has named a server");
            see_silence()?;
        }
        ensure!(deck.stand_in.requests().is_empty(), "GitHub was asked without a token");
        // With a server that is known, the link is as strange.
        deck.open().await?;
        page.open(&format!("{}#/tasks/{}?server={base}", deck.host.site(), task.id)).await?;
        page.see("This task is on a server that is not among your connections").await?;
        page.see(&base).await?;
        page.see("Nothing was sent there.").await?;
        page.screenshot("unknown-server").await?;
        let token = companion.new_token("deck").await?;
        page.type_into("Token", &token).await?;
        see_silence()?;
        page.click_role("button", "Connect").await?;
        page.see_in_header("Count the apples", "Done").await?;
        page.while_requests_fail(companion.end()).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_in_its_tab_and_nowhere_else() -> anyhow::Result<()> {
    deck_story("token-places", World::with_tasks(3), async |deck| {
        let page = &deck.page;
        // A refused token is no better kept than a good one.
        page.open(&deck.host.site()).await?;
        page.type_into("Token", "github_pat_refused").await?;
        page.while_requests_fail(async {
            page.click_role("button", "Connect").await?;
            page.see("The server does not accept the token.").await
        })
        .await?;
        ensure!(!is_in(page, KEPT_IN_THE_TAB, "github_pat_refused").await?, "a refused token was kept");
        deck.open().await?;
        page.see("Task 0: tidy the shed").await?;
        open_connections(page).await?;
        page.see_role("button", "Forget the token").await?;
        for token in [World::TOKEN, "github_pat_refused"] {
            for (place, name) in
                [(WHOLE_DOCUMENT, "document"), (KEPT_ON_THE_DEVICE, "device"), ("location.href", "address")]
            {
                ensure!(!is_in(page, place, token).await?, "the token is in the {name}");
            }
            let told = page.requests().into_iter().find(|request| request.url.contains(token));
            ensure!(told.is_none(), "the token is in an address: {told:?}");
            let written = page.console().into_iter().find(|line| line.contains(token));
            ensure!(written.is_none(), "the token is in the console: {written:?}");
        }
        ensure!(is_in(page, KEPT_IN_THE_TAB, World::TOKEN).await?, "the tab does not keep the token");
        page.reload().await?;
        page.see("Task 0: tidy the shed").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pairing_code_goes_to_nobody_but_the_companion_of_the_page() -> anyhow::Result<()> {
    deck_story("pairing-elsewhere", World::new(), async |deck| {
        let page = &deck.page;
        page.open(&format!("{}#pair=ab-12", deck.host.site())).await?;
        page.see("This pairing link was not used").await?;
        page.see("Connect to your agents").await?;
        page.screenshot("pairing-elsewhere").await?;
        ensure!(!page.address().await?.contains("pair="), "the code is still in the address bar");
        ensure!(deck.stand_in.requests().is_empty(), "GitHub was given the code");
        Ok(())
    })
    .await
}

/// Closes a tab that must not have complained.
pub async fn close(page: Page) -> anyhow::Result<()> {
    let complaints = page.complaints();
    ensure!(complaints.is_empty(), "the other tab complained: {complaints:#?}");
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_an_origin_of_many_projects_nothing_is_stored_or_handed_over() -> anyhow::Result<()> {
    let site = Site::dist()?.at("/flightdeck/");
    let flags = ["host-resolver-rules=MAP me.gitlab.io 127.0.0.1"];
    let deck = Deck::set_up(site, World::with_tasks(3), &flags).await?;
    deck_story_on("shared-origin", deck, async |deck| {
        let address = deck.host.address.replace("127.0.0.1", "me.gitlab.io");
        let (page, stranger) = (&deck.page, deck.page.new_tab().await?);
        // Another project of the same account: it listens, and asks.
        let base = json!({ "ask": deck.stand_in.address() }).to_string();
        stranger.while_requests_fail(stranger.open(&format!("{address}/another/"))).await?;
        stranger.see_that("its ears", LISTEN).await?;
        page.open(&format!("{address}/flightdeck/")).await?;
        page.see("Not here: this page shares its address with other people’s pages").await?;
        let disabled = "document.querySelector('input[type=checkbox]').disabled";
        page.see_that("that nothing can be remembered", disabled).await?;
        page.screenshot("shared-origin").await?;
        page.type_into("Token", World::TOKEN).await?;
        page.click_role("button", "Connect").await?;
        page.see("Task 0: tidy the shed").await?;
        let ask = format!("(channel.postMessage({}), true)", json!(base));
        stranger.see_that("its question", &ask).await?;
        let second = page.new_tab().await?;
        second.open(&format!("{address}/flightdeck/")).await?;
        second.see("Connect to your agents").await?;
        page.reload().await?;
        page.see("Task 0: tidy the shed").await?;
        second.see("Connect to your agents").await?;
        ensure!(!is_in(page, KEPT_ON_THE_DEVICE, World::TOKEN).await?, "the token is stored for all projects");
        let heard: Vec<String> = stranger.value("heard.map(String)").await?;
        let told = heard.iter().any(|text| text.contains(World::TOKEN) || text.contains("ask"));
        ensure!(!told, "another project heard: {heard:#?}");
        close(second).await?;
        stranger.close().await
    })
    .await
}
