//! The companion dies and comes back while the page is open.

use e2e::story;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_companion_is_told_and_nothing_is_missed_or_repeated() -> anyhow::Result<()> {
    story("reconnect", async |stage| {
        stage.open().await?;
        stage.start_task("Pick pears. rehearse: endless").await?;
        let page = &stage.page;
        page.click_role("link", "Pick pears. rehearse: endless").await?;
        page.see("Running").await?;
        page.while_requests_fail(async {
            stage.companion.kill().await?;
            page.see("Reconnecting").await?;
            page.screenshot("reconnecting").await?;
            stage.companion.restart().await?;
            page.see_no("Reconnecting").await?;
            page.see("Failed").await
        })
        .await?;
        let after_reconnect = page.text_of("log", "Session log").await?;
        page.reload().await?;
        page.see("Failed").await?;
        e2e::until("the same log after a reload", async || {
            Ok((page.text_of("log", "Session log").await? == after_reconnect).then_some(()))
        })
        .await
    })
    .await
}
