//! A permission request is answered on the page.

use anyhow::ensure;
use e2e::{Stage, story};

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_request_is_answered_on_the_page() -> anyhow::Result<()> {
    story("permission", async |stage| {
        stage.open().await?;
        answer(stage, "Fell the old tree", "Allow", "Thank you").await?;
        stage.page.go_back().await?;
        answer(stage, "Fell the young tree", "Reject", "All right, I leave it.").await?;
        let tasks = stage.companion.tasks().await?;
        let changed: Vec<_> = tasks.iter().map(|task| task.branch().and_then(|branch| branch.changed_files)).collect();
        ensure!(changed == [Some(0), Some(1)], "only the permitted command may run: {changed:?}");
        Ok(())
    })
    .await
}

async fn answer(stage: &Stage, title: &str, option: &str, reply: &str) -> anyhow::Result<()> {
    stage.start_task(title, "permission").await?;
    let page = &stage.page;
    page.see_in_row(title, "Needs you").await?;
    page.click_role("link", title).await?;
    page.see_in_header(title, "Needs you").await?;
    page.see_in_log("touch permitted.txt").await?;
    page.screenshot(&format!("permission-{}", option.to_lowercase())).await?;
    page.click_role("button", option).await?;
    page.see_in_log(reply).await?;
    page.see_in_header(title, "Done").await
}
