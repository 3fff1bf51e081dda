//! What the tabs of one browser do with each other's tokens.

use anyhow::ensure;
use e2e::{Deck, Page, deck_story};
use github_stand_in::World;
use serde_json::json;

use super::tokens::{KEPT_IN_THE_TAB, KEPT_ON_THE_DEVICE, close, is_in, open_connections};

/// Within this many milliseconds a token that was forgotten in one tab is of no use in another.
const FORGOTTEN_MS_MAX: f64 = 1_000.0;
const FORGOTTEN: &str = "The token was forgotten in another tab.";

/// Notes when a text appears, by the clock that all tabs share.
fn note_when_it_shows(text: &str) -> String {
    format!(
        "(() => {{
            new MutationObserver(() => {{
                if (document.body.innerText.includes({})) globalThis.shownAt ??= Date.now();
            }}).observe(document.body, {{ childList: true, subtree: true, characterData: true }});
            return true;
        }})()",
        json!(text)
    )
}

/// Notes when a button is pressed.
const NOTE_PRESS: &str = "(() => {
    addEventListener('click', () => { globalThis.pressedAt = Date.now() }, { capture: true });
    return true;
})()";

#[tokio::test(flavor = "multi_thread")]
async fn another_tab_gets_the_token_and_loses_it_again() -> anyhow::Result<()> {
    deck_story("token-tabs", World::with_tasks(3), async |deck| {
        deck.open().await?;
        let (first, second) = (&deck.page, deck.page.new_tab().await?);
        second.open(&deck.host.site()).await?;
        second.see("Task 0: tidy the shed").await?;
        ensure!(!is_in(&second, KEPT_ON_THE_DEVICE, World::TOKEN).await?, "it went by way of the device");
        see_forgotten(deck, first, &second).await?;
        close(second).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_token_outlives_its_tab_until_it_is_forgotten() -> anyhow::Result<()> {
    deck_story("token-remembered", World::with_tasks(3), async |deck| {
        let first = &deck.page;
        first.open(&deck.host.site()).await?;
        first.type_into("Token", World::TOKEN).await?;
        first.click_role("checkbox", "Remember on this device").await?;
        first.click_role("button", "Connect").await?;
        first.see("Task 0: tidy the shed").await?;
        ensure!(is_in(first, KEPT_ON_THE_DEVICE, World::TOKEN).await?, "the token is not remembered");
        ensure!(!is_in(first, KEPT_IN_THE_TAB, World::TOKEN).await?, "the token is kept twice");
        // Nobody is there who could hand it over.
        first.open("about:blank").await.ok();
        let second = first.new_tab().await?;
        second.open(&deck.host.site()).await?;
        second.see("Task 0: tidy the shed").await?;
        first.open(&deck.host.site()).await?;
        first.see("Task 0: tidy the shed").await?;
        see_forgotten(deck, &second, first).await?;
        ensure!(!is_in(first, KEPT_ON_THE_DEVICE, World::TOKEN).await?, "the device still has the token");
        close(second).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_remembered_no_longer_stays_with_its_tabs() -> anyhow::Result<()> {
    deck_story("token-not-remembered", World::with_tasks(3), async |deck| {
        let first = &deck.page;
        first.open(&deck.host.site()).await?;
        first.type_into("Token", World::TOKEN).await?;
        first.click_role("checkbox", "Remember on this device").await?;
        first.click_role("button", "Connect").await?;
        first.see("Task 0: tidy the shed").await?;
        let second = first.new_tab().await?;
        second.open(&deck.host.site()).await?;
        second.see("Task 0: tidy the shed").await?;
        ensure!(!is_in(&second, KEPT_IN_THE_TAB, World::TOKEN).await?, "the token is kept twice");
        first.come_to_front().await?;
        open_connections(first).await?;
        first.click_role("checkbox", "Remember on this device").await?;
        let is_kept_in_the_tab = format!("{KEPT_IN_THE_TAB}.includes({})", json!(World::TOKEN));
        for page in [first, &second] {
            page.come_to_front().await?;
            page.see_that("the token in its tab", &is_kept_in_the_tab).await?;
            ensure!(!is_in(page, KEPT_ON_THE_DEVICE, World::TOKEN).await?, "the device still has the token");
            ensure!(!page.text().await?.contains(FORGOTTEN), "nobody has forgotten the token");
            page.reload().await?;
            page.see_role("button", "Connections: Live").await?;
        }
        close(second).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_whose_token_expired_leaves_the_one_that_another_remembers() -> anyhow::Result<()> {
    const LATER: &str = "github_pat_later";
    deck_story("token-of-another-tab", World::with_tasks(3), async |deck| {
        deck.open().await?;
        let (first, second) = (&deck.page, deck.page.new_tab().await?);
        second.open(&deck.host.site()).await?;
        second.see_role("button", "Connections: Live").await?;
        deck.stand_in.world(|world| world.token_mut(World::TOKEN).text = LATER.to_owned());
        let lose_token = async |page: &Page| {
            page.come_to_front().await?;
            page.wake().await?;
            page.see("The server does not accept the token.").await
        };
        first
            .while_requests_fail(async {
                second.while_requests_fail(lose_token(&second)).await?;
                second.type_into("Token", LATER).await?;
                second.click_role("checkbox", "Remember on this device").await?;
                second.click_role("button", "Connect").await?;
                second.see_role("button", "Connections: Live").await?;
                lose_token(first).await
            })
            .await?;
        ensure!(!is_in(first, KEPT_IN_THE_TAB, World::TOKEN).await?, "the refused token was kept");
        ensure!(is_in(first, KEPT_ON_THE_DEVICE, LATER).await?, "the other tab's token is gone");
        for page in [first, &second] {
            page.come_to_front().await?;
            page.reload().await?;
            page.see_role("button", "Connections: Live").await?;
        }
        close(second).await
    })
    .await
}

/// Forgets the token in one tab, and sees it gone from the other in time, for good.
async fn see_forgotten(deck: &Deck, here: &Page, there: &Page) -> anyhow::Result<()> {
    there.see_that("an observer", &note_when_it_shows(FORGOTTEN)).await?;
    here.see_that("another observer", NOTE_PRESS).await?;
    here.come_to_front().await?;
    open_connections(here).await?;
    here.click_role("button", "Forget the token").await?;
    there.see(FORGOTTEN).await?;
    let asked_before = deck.stand_in.requests().len();
    let (pressed_at, shown_at): (f64, f64) = (here.value("pressedAt").await?, there.value("shownAt").await?);
    ensure!(shown_at - pressed_at <= FORGOTTEN_MS_MAX, "it took {} ms", shown_at - pressed_at);
    for page in [here, there] {
        page.see("Connect to your agents").await?;
        page.reload().await?;
        page.see("Connect to your agents").await?;
        for place in [KEPT_ON_THE_DEVICE, KEPT_IN_THE_TAB] {
            ensure!(!is_in(page, place, World::TOKEN).await?, "the token is still there");
        }
    }
    let asked = deck.stand_in.requests().split_off(asked_before);
    ensure!(asked.is_empty(), "GitHub was asked with a forgotten token: {asked:#?}");
    Ok(())
}
