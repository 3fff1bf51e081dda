//! Stop a running session and see that nothing of it is left; pause one and see it go on.

use agent_tasks::{Task, TaskId};
use anyhow::{Context as _, ensure};
use e2e::{Companion, story};

#[tokio::test(flavor = "multi_thread")]
async fn a_running_session_is_stopped_and_nothing_of_it_is_left() -> anyhow::Result<()> {
    story("stop", async |stage| {
        stage.open().await?;
        stage.start_task("Water the apples", "endless").await?;
        stage.start_task("Water the pears", "endless").await?;
        let (page, companion) = (&stage.page, &stage.companion);
        let (apples, pears) = (named(companion, "Water the apples").await?, named(companion, "Water the pears").await?);
        see_processes(companion, &apples.id).await?;
        see_processes(companion, &pears.id).await?;

        page.click_role("button", "Stop session: Water the apples").await?;
        page.see_in_row("Water the apples", "Stopped").await?;
        ensure!(companion.processes(&apples.id).await?.is_empty(), "stopped, and processes are left");
        ensure!(!companion.processes(&pears.id).await?.is_empty(), "the other session was stopped, too");

        page.click_role("link", "Water the pears").await?;
        page.click_role("button", "Stop session").await?;
        page.see_in_header("Water the pears", "Stopped").await?;
        ensure!(companion.processes(&pears.id).await?.is_empty(), "stopped, and processes are left");
        page.see_in_log("(0 left").await?;
        page.screenshot("session-stopped").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_session_is_paused_and_goes_on() -> anyhow::Result<()> {
    story("pause", async |stage| {
        stage.open().await?;
        stage.start_task("Water the plums", "endless-talk").await?;
        let page = &stage.page;
        page.click_role("link", "Water the plums").await?;
        page.see_in_log("Still running.").await?;
        page.click_role("button", "Pause").await?;
        page.see_in_header("Water the plums", "Paused").await?;
        page.screenshot("session-paused").await?;
        page.click_role("button", "Resume").await?;
        page.see_in_header("Water the plums", "Running").await?;
        page.click_role("button", "Pause").await?;
        page.see_in_header("Water the plums", "Paused").await?;
        page.click_role("button", "Stop session").await?;
        page.see_in_header("Water the plums", "Stopped").await
    })
    .await
}

/// Waits until the session has started all of its processes: the agent, and five that try to get away.
async fn see_processes(companion: &Companion, id: &TaskId) -> anyhow::Result<()> {
    e2e::until("the session's processes", async || {
        let processes = companion.processes(id).await?;
        if processes.len() >= 6 { Ok(Some(())) } else { Err(anyhow::anyhow!("there are {processes:?}")) }
    })
    .await
}

async fn named(companion: &Companion, name: &str) -> anyhow::Result<Task> {
    e2e::until(&format!("a task '{name}'"), async || {
        Ok(companion.tasks().await?.into_iter().find(|task| task.name == name))
    })
    .await
    .context("it was not started")
}
