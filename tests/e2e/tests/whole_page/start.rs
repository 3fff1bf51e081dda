//! Start a task, read its log while it runs, follow up; many tasks in the list.

use e2e::{story, story_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_started_and_its_log_is_read_while_it_runs() -> anyhow::Result<()> {
    story("start", async |stage| {
        stage.open().await?;
        stage.start_task("Count the apples. rehearse: endless").await?;
        let page = &stage.page;
        page.click_role("link", "Count the apples. rehearse: endless").await?;
        page.see_role("log", "Session log").await?;
        page.see("Running").await?;
        page.screenshot("session-running").await?;
        let first = page.text_of("log", "Session log").await?;
        e2e::until("the log to grow", async || Ok((page.text_of("log", "Session log").await? != first).then_some(())))
            .await?;
        page.reload().await?;
        page.see("Running").await?;
        page.click_role("button", "Stop session").await?;
        page.see("Stopped").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_task_takes_a_follow_up_and_leaves_a_branch() -> anyhow::Result<()> {
    story("follow-up", async |stage| {
        stage.open().await?;
        stage.start_task("Prune the trees. rehearse: quick").await?;
        let page = &stage.page;
        page.see("Done").await?;
        page.screenshot("agents-page").await?;
        page.click_role("link", "Prune the trees. rehearse: quick").await?;
        page.type_into("Follow-up", "And the hedge. rehearse: quick").await?;
        page.click_role("button", "Send").await?;
        page.see("And the hedge.").await?;
        let task = &stage.companion.tasks().await?[0];
        e2e::until("the second session to be done", async || {
            let task = stage.companion.task(&task.id).await?;
            Ok((task.session_count == 2 && task.state == agent_tasks::State::Completed).then_some(()))
        })
        .await?;
        page.go_back().await?;
        page.see_role("textbox", "Prompt").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_tasks_are_listed() -> anyhow::Result<()> {
    story_with("many", "[limits]\nrunning = 1\n", async |stage| {
        for number in 1..=200 {
            stage.companion.start_task(&format!("Tree number {number}. rehearse: endless")).await?;
        }
        stage.open().await?;
        let page = &stage.page;
        page.see("Tree number 200.").await?;
        page.see("Running").await?;
        page.see("Queued").await?;
        page.screenshot("two-hundred-tasks").await?;
        // The queue must not outlive the story: a companion that ends takes its sessions along.
        stage.companion.kill().await?;
        page.while_requests_fail(async { stage.companion.restart().await }).await
    })
    .await
}
