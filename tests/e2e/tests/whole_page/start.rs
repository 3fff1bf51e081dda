//! Start a task, read its log while it runs, come back to the same place; follow up.

use agent_tasks::State;
use anyhow::ensure;
use e2e::story;

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_started_and_its_log_is_read_while_it_runs() -> anyhow::Result<()> {
    story("start", async |stage| {
        stage.open().await?;
        stage.start_task("Count the apples", "tour").await?;
        let page = &stage.page;
        page.see_in_row("Count the apples", "Running").await?;
        page.click_role("link", "Count the apples").await?;
        let task = &stage.companion.tasks().await?[0];
        page.see_address(&format!("#/tasks/{}", task.id)).await?;

        page.see_in_log("I am the rehearsal agent").await?;
        let first = page.text_of("log", "Session log").await?;
        e2e::until("the log to grow", async || Ok((page.text_of("log", "Session log").await? != first).then_some(())))
            .await?;
        // Asked last: all of the above was read while it ran.
        ensure!(page.header("Count the apples").await?.contains("Running"), "it was over before its log was read");
        page.screenshot("session-running").await?;

        page.reload().await?;
        page.see_in_header("Count the apples", "Running").await?;
        page.see_in_log("I am the rehearsal agent").await?;
        page.see_in_header("Count the apples", "Done").await?;

        let task = stage.companion.see_state(&task.id, &State::Completed).await?;
        let additions = task.branch().and_then(|branch| branch.additions).unwrap_or_default();
        ensure!(additions > 0, "the tour changed nothing");
        page.see_in_header("Count the apples", &format!("+{additions}")).await?;
        page.see_in_log("What changed").await?;
        page.screenshot("session-done").await?;

        page.go_back().await?;
        page.see_address("").await?;
        page.see_in_row("Count the apples", "Done").await?;
        page.see_in_row("Count the apples", &format!("+{additions}")).await?;
        page.go_forward().await?;
        page.see_address(&format!("#/tasks/{}", task.id)).await?;
        page.see_in_header("Count the apples", "Done").await?;
        page.reload().await?;
        page.see_in_header("Count the apples", "Done").await?;
        page.see_in_log("What changed").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_task_takes_a_follow_up_and_leaves_a_branch() -> anyhow::Result<()> {
    story("follow-up", async |stage| {
        stage.open().await?;
        stage.start_task("Prune the trees", "change").await?;
        let page = &stage.page;
        page.see_in_row("Prune the trees", "Done").await?;
        page.click_role("link", "Prune the trees").await?;
        page.see_in_log("a file of their own now").await?;
        page.type_into("Follow-up", "And the hedge. rehearse: failing-command").await?;
        page.click_role("button", "Send").await?;
        page.see_in_log("And the hedge.").await?;
        page.see_in_log("Session 2").await?;
        page.see_in_log("exit 2").await?;
        page.see_in_log("It failed, and the turn went on.").await?;
        page.see_in_header("Prune the trees", "Done").await?;
        page.screenshot("session-follow-up").await?;
        ensure!(page.value_of("textbox", "Follow-up").await?.is_empty(), "what was sent is still in the field");

        let task = &stage.companion.tasks().await?[0];
        ensure!(task.session_count == 2, "{} sessions", task.session_count);
        let branch = &task.branch().expect("it changed something").head_ref;
        ensure!(stage.companion.branches()?.contains(branch), "the user's repository has no branch '{branch}'");
        Ok(())
    })
    .await
}
