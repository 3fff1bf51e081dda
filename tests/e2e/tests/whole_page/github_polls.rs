//! How the page follows GitHub, which has no stream: it asks for changes, while somebody looks.

use anyhow::ensure;
use e2e::deck_story;
use github_stand_in::{Task, World};

/// Longer than the page waits between two polls while a task is at work, in milliseconds.
const POLL_MS: f64 = 5_500.0;

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_poll_costs_one_conditional_request() -> anyhow::Result<()> {
    deck_story("github-unchanged", World::with_tasks(100), async |deck| {
        deck.open().await?;
        deck.page.see_in_row("Task 4: tidy the shed", "Idle").await?;
        deck.settle().await?;
        let before = deck.asked().len();
        for _ in 0..3 {
            deck.poll().await?;
        }
        let polls = deck.asked().split_off(before);
        ensure!(polls.len() >= 3, "{polls:#?}");
        for poll in &polls {
            let is_list = poll.operation.as_deref() == Some("agent-tasks/list-tasks");
            ensure!(is_list && poll.is_conditional && poll.query_value("since").is_some(), "{poll:#?}");
            ensure!(poll.status == Some(304), "{poll:#?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_at_github_changes_on_the_page() -> anyhow::Result<()> {
    let mut world = World::new();
    let gate = world.put(Task::new("t-gate", "Mend the gate", World::HELLO_WORLD, "in_progress"));
    world.put(Task::new("t-fence", "Paint the fence", World::HELLO_WORLD, "completed"));
    deck_story("github-change", world, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        page.see_in_row("Mend the gate", "Running").await?;
        page.see_in_row("Paint the fence", "Done").await?;
        deck.stand_in.world(|world| {
            world.task_mut(&gate).become_state("waiting_for_user");
            let late = world.put(Task::new("t-late", "Oil the hinges", World::HELLO_WORLD, "queued"));
            world.task_mut(&late).become_state("queued");
        });
        // Nobody touches the page: it asks by itself.
        page.see_in_row("Mend the gate", "Needs you").await?;
        page.see_in_row("Oil the hinges", "Queued").await?;
        page.see_in_row("Paint the fence", "Done").await?;
        page.see_role("heading", "Needs you 1").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_page_does_not_poll_and_asks_at_once_when_it_is_shown() -> anyhow::Result<()> {
    let mut world = World::new();
    let gate = world.put(Task::new("t-gate", "Mend the gate", World::HELLO_WORLD, "in_progress"));
    deck_story("github-hidden", world, async |deck| {
        deck.open().await?;
        let page = &deck.page;
        page.see_in_row("Mend the gate", "Running").await?;
        deck.settle().await?;
        page.become_hidden().await?;
        let hidden_ms = page.age_ms().await?;
        let before = deck.asked().len();
        deck.stand_in.world(|world| world.task_mut(&gate).become_state("completed"));
        page.see_that("the time of a poll to pass", &format!("performance.now() > {}", hidden_ms + POLL_MS)).await?;
        let asked = deck.asked().split_off(before);
        ensure!(asked.is_empty(), "asked while hidden: {asked:#?}");
        ensure!(page.row("Mend the gate").await?.contains("Running"), "it knows what it did not ask for");
        page.become_shown().await?;
        let shown_ms = page.age_ms().await?;
        page.see_in_row("Mend the gate", "Done").await?;
        let took_ms = page.age_ms().await? - shown_ms;
        ensure!(took_ms < POLL_MS / 2.0, "it took {took_ms} ms to look again");
        Ok(())
    })
    .await
}
