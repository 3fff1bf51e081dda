//! Start a task at GitHub: what arrives is what was chosen, once.

use e2e::deck_story;
use github_stand_in::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_typed_into_the_form_opens_github() -> anyhow::Result<()> {
    deck_story("github-open", World::with_tasks(5), async |deck| {
        deck.open().await?;
        deck.page.see("Task 0: tidy the shed").await
    })
    .await
}
