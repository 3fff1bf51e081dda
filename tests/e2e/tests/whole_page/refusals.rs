//! What is refused is told in a sentence, and nothing typed is lost.

use e2e::story;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_token_says_how_to_get_one() -> anyhow::Result<()> {
    story("no-token", async |stage| {
        let page = &stage.page;
        page.while_requests_fail(async {
            page.open(&stage.companion.address).await?;
            page.see("flightdeck link").await?;
            page.open(&format!("{}/#pair=wrong", stage.companion.address)).await?;
            page.see("flightdeck link").await
        })
        .await?;
        page.screenshot("no-token").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_that_is_too_long_is_kept_and_refused() -> anyhow::Result<()> {
    story("long-prompt", async |stage| {
        stage.open().await?;
        let prompt = "x".repeat(1_000_000);
        stage.start_task(&prompt).await.ok();
        stage.page.see("put the long text into a file").await?;
        anyhow::ensure!(stage.page.value_of("textbox", "Prompt").await? == prompt, "the prompt was not kept");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_crashes_or_talks_garbage_ends_in_a_sentence() -> anyhow::Result<()> {
    story("crash", async |stage| {
        stage.open().await?;
        for script in ["crash", "garbage"] {
            let prompt = format!("Try it. rehearse: {script}");
            stage.start_task(&prompt).await?;
            stage.page.click_role("link", &prompt).await?;
            stage.page.see("Failed").await?;
            stage.page.screenshot(&format!("agent-{script}")).await?;
            stage.page.go_back().await?;
        }
        Ok(())
    })
    .await
}
