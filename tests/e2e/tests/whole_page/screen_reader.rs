//! The session page as a screen reader tells it: its parts in order, and a name for everything one can use.

use agent_tasks::State;
use anyhow::{anyhow, ensure};
use e2e::story;

/// The parts of the session page, in the order in which they are read.
const PARTS: [(&str, &str); 4] =
    [("heading", "Take a tour"), ("toolbar", "Log"), ("log", "Session log"), ("textbox", "Follow-up")];
/// What one can use.
const CONTROLS: [&str; 8] = ["button", "link", "textbox", "combobox", "checkbox", "menuitem", "slider", "switch"];

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_are_told_in_order_and_every_control_has_a_name() -> anyhow::Result<()> {
    story("screen-reader", async |stage| {
        stage.open().await?;
        let id = stage.companion.start_task("Take a tour\nrehearse: quick").await?.id;
        stage.companion.see_state(&id, &State::Completed).await?;
        let page = &stage.page;
        page.click_role("link", "Take a tour").await?;
        page.see_in_header("Take a tour", "Done").await?;
        page.see_role("textbox", "Follow-up").await?;
        e2e::until("the parts in their order", async || {
            let told = page.reading_order().await?;
            let mut rest = told.iter();
            let missing = PARTS.iter().find(|(role, name)| !rest.any(|it| it.role == *role && it.name == *name));
            if let Some(missing) = missing { Err(anyhow!("{missing:?} is not where it belongs")) } else { Ok(Some(())) }
        })
        .await?;
        let told = page.reading_order().await?;
        let nameless: Vec<_> =
            told.iter().filter(|it| CONTROLS.contains(&it.role.as_str()) && it.name.is_empty()).collect();
        ensure!(nameless.is_empty(), "without a name: {nameless:?}");
        let headings: Vec<_> = told.iter().filter(|it| it.role == "heading" && it.name.is_empty()).collect();
        ensure!(headings.is_empty(), "headings without words: {headings:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_one_stop_of_the_tab_key_and_arrows_walk_in_it() -> anyhow::Result<()> {
    story("one-stop", async |stage| {
        stage.open().await?;
        let id = stage.companion.start_task("Take a tour\nrehearse: quick").await?.id;
        stage.companion.see_state(&id, &State::Completed).await?;
        let page = &stage.page;
        page.click_role("link", "Take a tour").await?;
        page.see_in_header("Take a tour", "Done").await?;
        page.see_in_log("Nothing is left running").await?;
        let focus_log = "(document.querySelector('[role=log]').focus(), true)";
        let is_in_rows = "document.activeElement.closest('.log-view-rows') !== null";
        page.see_that("the focus on the log", focus_log).await?;
        page.press("Tab", false).await?;
        page.see_that("the next stop behind the log", "document.activeElement.closest('[role=log]') === null").await?;

        page.see_that("the focus on the log again", focus_log).await?;
        page.press("ArrowRight", false).await?;
        page.see_that("a button of a row with the focus", is_in_rows).await?;
        page.press("Tab", false).await?;
        page.see_that("the next stop behind the log", "document.activeElement.closest('[role=log]') === null").await
    })
    .await
}
