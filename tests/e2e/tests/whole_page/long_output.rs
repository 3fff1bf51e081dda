//! 20,000 lines of output in one log.

use std::time::{Duration, Instant};

use anyhow::ensure;
use e2e::story;

/// The longest that the page may keep a person waiting, on a busy machine.
const ANSWER_MAX: Duration = Duration::from_secs(2);
/// The most rows of the log that the page may hold.
const ROWS_MAX: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn a_long_output_leaves_the_page_quick_and_its_end_in_sight() -> anyhow::Result<()> {
    story("long-output", async |stage| {
        stage.open().await?;
        stage.start_task("Count every leaf", "long-output").await?;
        let page = &stage.page;
        page.click_role("link", "Count every leaf").await?;
        let mut slowest = Duration::ZERO;
        e2e::until("the end of the session", async || {
            let asked_at = Instant::now();
            let rows = page.count(".log-view-rows > *").await?;
            slowest = slowest.max(asked_at.elapsed());
            assert!(rows <= ROWS_MAX, "{rows} rows are in the page");
            Ok(page.header("Count every leaf").await?.contains("Done").then_some(()))
        })
        .await?;
        ensure!(slowest < ANSWER_MAX, "the page did not answer for {slowest:?}");
        page.see_in_log("That was all of them.").await?;
        page.see_in_log("20000 lines").await?;

        page.click_text("print 20000 lines").await?;
        page.see("Jump to").await?;
        // It depends on who was first whether the session was over when its log was opened.
        let is_news = page.text().await?.contains("Jump to latest");
        let jump = if is_news { "Jump to latest" } else { "Jump to the end" };
        page.click_role("button", jump).await?;
        page.see_in_log("That was all of them.").await?;
        page.see_no("Jump to").await?;
        e2e::until("the last line of the output", async || {
            page.turn_wheel("log", "Session log", -100.0).await?;
            Ok(page.text_of("log", "Session log").await?.contains("line 20000:").then_some(()))
        })
        .await?;
        page.screenshot("long-output").await?;
        let rows = page.count(".log-view-rows > *").await?;
        ensure!(rows <= ROWS_MAX, "{rows} rows are in the page");
        page.click_role("button", jump).await?;
        page.see_no("Jump to").await?;
        page.see_in_log("That was all of them.").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_scrolls_up_is_left_in_peace() -> anyhow::Result<()> {
    story("follow", async |stage| {
        stage.open().await?;
        stage.start_task("Talk about leaves", "endless-talk").await?;
        let page = &stage.page;
        page.click_role("link", "Talk about leaves").await?;
        e2e::until("more than a screen", async || {
            page.turn_wheel("log", "Session log", -300.0).await?;
            Ok(page.text().await?.contains("Jump to latest").then_some(()))
        })
        .await?;
        let place = page.scroll_top("log", "Session log").await?;
        let before = stage.companion.tasks().await?[0].id.clone();
        let steps = e2e::steps_of(&stage.companion.events(&before).await?)?.len();
        e2e::until("ten steps more", async || {
            let now = e2e::steps_of(&stage.companion.events(&before).await?)?.len();
            Ok((now >= steps + 10).then_some(()))
        })
        .await?;
        let now = page.scroll_top("log", "Session log").await?;
        ensure!((place - now).abs() < 2.0, "the reader was moved from {place} to {now}");
        page.screenshot("scrolled-up").await?;
        page.click_role("button", "Jump to latest").await?;
        page.see_no("Jump to latest").await?;
        page.click_role("button", "Stop session").await?;
        page.see_in_header("Talk about leaves", "Stopped").await?;
        page.see_in_log("(0 left").await
    })
    .await
}
