//! Connecting to GitHub: what a token needs, what was found of it, what is left of its budget. And how it all looks.

use anyhow::ensure;
use e2e::{Deck, Page, deck_story_on};
use github_stand_in::{Access, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_typed_in_and_what_it_may_do_is_tried() -> anyhow::Result<()> {
    let mut world = World::with_tasks(25);
    world.token_mut(World::TOKEN).pulls = Access::None;
    world.token_mut(World::TOKEN).issues = Access::None;
    deck_story_on("github-connect", Deck::at_github_com(world).await?, async |deck| {
        let page = &deck.page;
        page.open(&deck.host.site()).await?;
        page.see("Make a fine-grained token").await?;
        for name in ["Metadata", "Agent tasks", "Actions", "Contents", "Pull requests"] {
            page.see_role("rowheader", name).await?;
        }
        page.screenshot("github-connect").await?;
        page.type_into("Token", World::TOKEN).await?;
        page.click_role("button", "Connect").await?;
        page.see_role("button", "Connections: Live").await?;
        page.see_in_row("Task 1: tidy the shed", "octocat/spoon-knife").await?;
        ensure!(!page.address().await?.contains(World::TOKEN), "the token is in the address");

        page.click_role("button", "Connections: Live").await?;
        page.see("of 5,000 requests left, all again at").await?;
        page.while_requests_fail(async {
            page.click_role("button", "Check permissions").await?;
            see_found(page, "Pull requests", "Missing").await
        })
        .await?;
        see_found(page, "Metadata", "Granted").await?;
        see_found(page, "Contents", "Granted").await?;
        see_found(page, "Agent tasks", "shows when used").await?;
        page.screenshot("github-connections").await?;
        // What is missing is missing for pull requests alone.
        page.press("Escape", false).await?;
        page.see_in_row("Task 0: tidy the shed", "copilot/fix-1").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_github_wide_and_narrow_light_and_dark() -> anyhow::Result<()> {
    deck_story_on("github-look", Deck::at_github_com(World::with_tasks(40)).await?, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        for scheme in ["", "-dark"] {
            page.resize(1280, 1400).await?;
            page.see_in_row("Task 0: tidy the shed", "#1").await?;
            page.screenshot(&format!("github-list{scheme}")).await?;
            page.become_phone().await?;
            page.see_in_row("Task 4: tidy the shed", "Idle").await?;
            page.screenshot(&format!("github-list-phone{scheme}")).await?;
            page.become_dark().await?;
        }
        Ok(())
    })
    .await
}

/// Waits until the table says this of a permission.
async fn see_found(page: &Page, permission: &str, found: &str) -> anyhow::Result<()> {
    let of_row = format!("row.querySelector('th')?.innerText === '{permission}' && row.innerText.includes('{found}')");
    let rows = "[...document.querySelectorAll('.permission-table tr')]";
    page.see_that(&format!("'{found}' for '{permission}'"), &format!("{rows}.some((row) => {of_row})")).await
}
