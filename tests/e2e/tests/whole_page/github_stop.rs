//! Stop at GitHub: however it goes, the page ends up saying what is true.

use anyhow::ensure;
use e2e::{Deck, deck_story};
use github_stand_in::{Access, Fault, OnCancel, Run, Task, World};

const TITLE: &str = "Mend the gate";
const STOP: &str = "Stop session: Mend the gate";
const BRANCH: &str = "copilot/gate";
/// The number of the agent's run.
const RUN: u64 = 900;
/// The number of a run of the project's own checks, on the same branch.
const CHECKS: u64 = 901;
const CANCEL: &str = "actions/cancel-workflow-run";
const FORCE_CANCEL: &str = "actions/force-cancel-workflow-run";

/// A task at work, its run, and the project's own checks on the same branch.
fn world(on_cancel: OnCancel) -> World {
    let mut world = World::new();
    world.put(Task::new("t-1", TITLE, World::HELLO_WORLD, "in_progress").on_branch(BRANCH, "main"));
    begin_run(&mut world, on_cancel);
    world
}

fn begin_run(world: &mut World, on_cancel: OnCancel) {
    world.runs.push(Run { on_cancel, ..Run::of_agent(RUN, World::HELLO_WORLD, BRANCH, "t-1") });
    world.runs.push(Run::of_workflow(CHECKS, World::HELLO_WORLD, BRANCH, "ci.yml"));
}

/// The row says that it was stopped, the run has ended after so many requests, and nothing else was touched.
async fn see_stopped(deck: &Deck, cancels: usize, forced: usize) -> anyhow::Result<()> {
    deck.page.see_in_row(TITLE, "Stopped").await?;
    let asked = (deck.stand_in.count(CANCEL), deck.stand_in.count(FORCE_CANCEL));
    ensure!(asked == (cancels, forced), "asked {} times, and {} times by force", asked.0, asked.1);
    see_runs(deck, "completed")
}

/// The agent's run has this status, and the project's own checks go on.
fn see_runs(deck: &Deck, status: &str) -> anyhow::Result<()> {
    let statuses = deck.stand_in.world(|world| world.runs.iter().map(|run| run.status.clone()).collect::<Vec<_>>());
    ensure!(statuses == [status, "in_progress"], "the runs are {statuses:?}");
    let cancelled = deck.stand_in.requests().into_iter().filter(|request| request.path.ends_with("cancel"));
    let others: Vec<String> = cancelled.map(|it| it.path).filter(|path| !path.contains("/runs/900/")).collect();
    ensure!(others.is_empty(), "another run was told to end: {others:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_found_and_cancelled_once() -> anyhow::Result<()> {
    deck_story("github-stop", world(OnCancel::EndsAfterPolls(2)), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        page.see_in_row(TITLE, "Running").await?;
        // The page says that it stops before GitHub has said anything.
        stand_in.fail("agent-tasks/get-task-by-id", 1, Fault::Held);
        page.double_click_role("button", STOP).await?;
        page.see_in_row(TITLE, "Stopping…").await?;
        ensure!(stand_in.count(CANCEL) == 0, "the run was told to end before it was found");
        page.screenshot("github-stopping").await?;
        stand_in.release();
        see_stopped(deck, 1, 0).await?;
        page.screenshot("github-stopped").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_refuses_to_be_cancelled_is_ended_by_force() -> anyhow::Result<()> {
    deck_story("github-stop-409", world(OnCancel::Refuses), async |deck| {
        deck.open().await?;
        deck.page
            .while_requests_fail(async {
                deck.page.click_role("button", STOP).await?;
                see_stopped(deck, 1, 1).await
            })
            .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_does_not_end_by_itself_is_ended_by_force() -> anyhow::Result<()> {
    deck_story("github-stop-force", world(OnCancel::OnlyByForce), async |deck| {
        deck.open().await?;
        deck.page.click_role("button", STOP).await?;
        see_stopped(deck, 1, 1).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_without_a_run_is_said_to_have_nothing_to_stop_until_it_has() -> anyhow::Result<()> {
    let mut world = World::new();
    world.put(Task::new("t-1", TITLE, World::HELLO_WORLD, "queued"));
    deck_story("github-stop-no-run", world, async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        page.click_role("button", STOP).await?;
        page.see_in_row(TITLE, "Stopping…").await?;
        page.see_in_row(TITLE, "there is nothing to stop yet. Try again").await?;
        page.see_in_row(TITLE, "Queued").await?;
        page.screenshot("github-nothing-to-stop").await?;

        stand_in.world(|world| {
            begin_run(world, OnCancel::EndsAfterPolls(1));
            let task = world.task_mut("t-1");
            *task = task.clone().on_branch(BRANCH, "main");
            task.become_state("in_progress");
        });
        page.see_in_row(TITLE, "Running").await?;
        page.click_role("button", STOP).await?;
        see_stopped(deck, 1, 0).await?;
        page.see_no("nothing to stop yet").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_may_not_stop_runs_is_told_where_to() -> anyhow::Result<()> {
    deck_story("github-stop-403", world(OnCancel::EndsAfterPolls(1)), async |deck| {
        deck.open().await?;
        let (page, stand_in) = (&deck.page, &deck.stand_in);
        for (access, attempts) in [(Access::Read, 1), (Access::None, 1)] {
            stand_in.world(|world| world.token_mut(World::TOKEN).actions = access);
            page.while_requests_fail(async {
                page.click_role("button", STOP).await?;
                page.see_in_row(TITLE, "“Actions: read and write” for octocat/hello-world. Stop it at").await
            })
            .await?;
            page.see_in_row(TITLE, "Running").await?;
            page.screenshot("github-may-not-stop").await?;
            ensure!(stand_in.count(CANCEL) == attempts && stand_in.count(FORCE_CANCEL) == 0, "it went on");
            see_runs(deck, "in_progress")?;
        }
        // The refusal holds for this token only as long as it lasts.
        stand_in.world(|world| world.token_mut(World::TOKEN).actions = Access::Write);
        page.click_role("button", STOP).await?;
        see_stopped(deck, 2, 0).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_stopped_on_its_own_page() -> anyhow::Result<()> {
    deck_story("github-stop-session", world(OnCancel::EndsAfterPolls(2)), async |deck| {
        deck.open().await?;
        let page = &deck.page;
        // GitHub's public API has no log: the page asks once.
        page.while_requests_fail(async {
            page.click_role("link", TITLE).await?;
            page.see_in_header(TITLE, "Running").await?;
            page.see("public API does not tell the log").await
        })
        .await?;
        page.double_click_role("button", "Stop session").await?;
        page.see_in_header(TITLE, "Stopping…").await?;
        page.see_in_header(TITLE, "Stopped").await?;
        page.see_no("Running").await?;
        page.screenshot("github-session-stopped").await?;
        page.click_role("link", "All tasks").await?;
        see_stopped(deck, 1, 0).await
    })
    .await
}
