//! The Agents page with tasks in every state: the picture of the README, and how it looks elsewhere.

use agent_tasks::{State, Task};
use e2e::{Companion, Setting, story_with};

#[tokio::test(flavor = "multi_thread")]
async fn the_agents_page_shows_every_state_wide_and_narrow_light_and_dark() -> anyhow::Result<()> {
    let setting = Setting { repositories: &["storefront", "payments-api", "design-tokens"], ..Setting::default() };
    story_with("picture", setting, async |stage| {
        let (page, companion) = (&stage.page, &stage.companion);
        page.resize(1280, 800).await?;
        for (repository, title, script, state) in [
            ("design-tokens", "Derive the dark palette from the light one", "change", State::Completed),
            ("payments-api", "Retry webhooks with exponential backoff", "quick", State::Completed),
            ("payments-api", "Profile the nightly settlement job", "endless", State::Cancelled),
            ("storefront", "Migrate the cart to the new session store", "fail", State::Failed),
            ("storefront", "Make checkout work without JavaScript", "change", State::Completed),
            ("payments-api", "Drop the legacy refunds table", "permission", State::WaitingForUser),
        ] {
            let task = companion.start_task_in(repository, &format!("{title}\nrehearse: {script}")).await?;
            bring_to(companion, &task, &state).await?;
        }
        let running = [
            ("design-tokens", "Export the tokens as a Swift package"),
            ("storefront", "Find out why the product page shifts on load"),
        ];
        let mut active = Vec::new();
        for (repository, title) in running {
            active.push(companion.start_task_in(repository, &format!("{title}\nrehearse: tour")).await?);
        }
        stage.open().await?;
        for (_, title) in running {
            page.see_in_row(title, "Running").await?;
            // A command says more than a thought.
            page.see_in_row(title, "ls -la").await?;
        }
        page.see_in_row("Drop the legacy refunds table", "Needs you").await?;
        page.see("Other agents").await?;
        page.screenshot("agents-page").await?;
        page.become_dark().await?;
        page.screenshot("agents-page-dark").await?;
        page.become_phone().await?;
        page.see_in_row("Drop the legacy refunds table", "Needs you").await?;
        page.screenshot("agents-page-phone-dark").await?;

        page.click_role("link", "Drop the legacy refunds table").await?;
        page.see_role("button", "Allow").await?;
        page.screenshot("session-phone-dark").await?;
        page.click_role("button", "Reject").await?;
        page.see_in_header("Drop the legacy refunds table", "Done").await?;
        for task in active {
            companion.stop_task(&task.id).await.ok();
            companion.see_state(&task.id, &State::Cancelled).await?;
        }
        Ok(())
    })
    .await
}

/// Waits for the state that the story needs; asks to stop when it is that of a stopped task.
async fn bring_to(companion: &Companion, task: &Task, state: &State) -> anyhow::Result<()> {
    if *state == State::Cancelled {
        companion.see_state(&task.id, &State::InProgress).await?;
        companion.stop_task(&task.id).await?;
    }
    companion.see_state(&task.id, state).await.map(drop)
}
