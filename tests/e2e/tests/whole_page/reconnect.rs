//! The companion dies and comes back while the page is open.

use agent_tasks::State;
use anyhow::anyhow;
use e2e::{ShownStep, story};

/// Enough of a log that a loss or a repetition would show.
const STEPS_MIN: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_companion_is_told_and_nothing_is_missed_or_repeated() -> anyhow::Result<()> {
    story("reconnect", async |stage| {
        stage.open().await?;
        stage.start_task("Pick the pears", "endless-talk").await?;
        let page = &stage.page;
        page.click_role("link", "Pick the pears").await?;
        let id = stage.companion.tasks().await?[0].id.clone();
        e2e::until("a log of some length", async || {
            let steps = e2e::steps_of(&stage.companion.events(&id).await?)?.len();
            Ok((steps >= STEPS_MIN).then_some(()))
        })
        .await?;
        page.see_in_header("Pick the pears", "Running").await?;
        page.while_requests_fail(async {
            stage.companion.kill().await?;
            page.see("Reconnecting").await?;
            page.screenshot("reconnecting").await?;
            stage.companion.restart().await?;
            page.see_no("Reconnecting").await
        })
        .await?;
        page.see_in_header("Pick the pears", "Failed").await?;
        page.see_in_header("Pick the pears", "the companion was stopped or restarted").await?;
        stage.companion.see_state(&id, &State::Failed).await?;

        let told = e2e::steps_of(&stage.companion.events(&id).await?)?;
        e2e::until("the end of the log", async || {
            let shown = numbers(&page.read_log().await?);
            if shown == told { Ok(Some(())) } else { Err(anyhow!("the API has {told:?}, the page {shown:?}")) }
        })
        .await?;
        let shown = page.read_log().await?;
        page.reload().await?;
        page.see_in_header("Pick the pears", "Failed").await?;
        e2e::until("the same log, read afresh", async || {
            let afresh = page.read_log().await?;
            if afresh == shown { Ok(Some(())) } else { Err(anyhow!("before:\n{shown:#?}\nafresh:\n{afresh:#?}")) }
        })
        .await?;

        page.type_into("Follow-up", "Go on. rehearse: quick").await?;
        page.click_role("button", "Send").await?;
        page.see_in_header("Pick the pears", "Done").await
    })
    .await
}

fn numbers(steps: &[ShownStep]) -> Vec<u64> {
    steps.iter().map(|step| step.seq).collect()
}
