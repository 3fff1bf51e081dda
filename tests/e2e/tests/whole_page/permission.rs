//! A permission request is answered on the page.

use e2e::story;

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_request_is_answered_on_the_page() -> anyhow::Result<()> {
    story("permission", async |stage| {
        stage.open().await?;
        stage.start_task("Fell the old tree. rehearse: permission").await?;
        let page = &stage.page;
        page.see("Needs you").await?;
        page.click_role("link", "Fell the old tree. rehearse: permission").await?;
        page.screenshot("permission").await?;
        page.click_role("button", "Allow once").await?;
        page.see("Done").await
    })
    .await
}
