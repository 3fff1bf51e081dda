//! Stop a running session and see that nothing of it is left.

use e2e::story;

#[tokio::test(flavor = "multi_thread")]
async fn a_running_session_is_stopped_from_the_list() -> anyhow::Result<()> {
    story("stop", async |stage| {
        stage.open().await?;
        stage.start_task("Water everything. rehearse: endless").await?;
        let page = &stage.page;
        page.see("Running").await?;
        page.click_role("button", "Stop session").await?;
        page.see("Stopped").await?;
        stage.companion.see_nothing_left().await?;
        page.click_role("link", "Water everything. rehearse: endless").await?;
        page.see_role("log", "Session log").await?;
        page.screenshot("session-stopped").await.map(drop)
    })
    .await
}
