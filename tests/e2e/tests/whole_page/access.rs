//! Getting in: without a token, with a wrong one, with a code that was used, and after a token was revoked.

use anyhow::ensure;
use e2e::story;

const DRAFT: &str = "Half a thought about plums";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_good_token_says_how_to_get_one_and_keeps_the_draft() -> anyhow::Result<()> {
    story("access", async |stage| {
        let (page, companion) = (&stage.page, &stage.companion);
        page.open(&companion.address).await?;
        page.see("Connect to your agents").await?;
        page.see("flightdeck link").await?;
        page.type_into("Prompt", DRAFT).await?;
        page.screenshot("no-token").await?;

        page.while_requests_fail(async {
            page.type_into("Token", "not-a-token").await?;
            page.click_role("button", "Connect").await?;
            page.see("The server does not accept the token.").await
        })
        .await?;
        page.see_role("textbox", "Token").await?;

        let used = &companion.link;
        page.open(used).await?;
        page.choose("Agent", "Rehearsal").await?;
        ensure!(!page.address().await?.contains("pair="), "the code is still in the address bar");
        companion.revoke_paired().await?;
        page.while_requests_fail(async {
            page.click_role("button", "Start task").await?;
            page.see("The server does not accept the token.").await?;
            page.open(used).await?;
            page.see("This link was used before").await
        })
        .await?;
        page.screenshot("used-link").await?;

        page.open(&companion.new_link().await?).await?;
        page.choose("Agent", "Rehearsal").await?;
        ensure!(page.value_of("textbox", "Prompt").await? == DRAFT, "the draft was not kept");
        page.type_into("Prompt", ". rehearse: quick").await?;
        page.click_role("button", "Start task").await?;
        page.see("Done").await
    })
    .await
}
