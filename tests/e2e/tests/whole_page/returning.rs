//! Companions that go away while a long log is read, and come back: with the same log, with an older one, or with one
//! that an older version left.

use std::path::{Path, PathBuf};

use agent_tasks::{State, TaskId, paths};
use anyhow::{Context as _, ensure};
use e2e::{
    Companion, Setting, Stage, story, story_with,
    workload::{LAST_WORDS, Library, RARE, Workload, numbered},
};

/// The lines of the log that an older version left.
const OLD_LINES: usize = 100_000;

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_the_middle_of_a_long_log_stays_there_while_the_companion_is_gone() -> anyhow::Result<()> {
    story("reconnect-middle", async |stage| {
        stage.open().await?;
        let (id, seq) = waiting_task(stage).await?;
        let address = format!("{}/steps/{seq}/lines", paths::task_page(&id));
        stage.page.open(&format!("{}/{address}/3000", stage.companion.address)).await?;
        stage.page.see_in_log("line 3000: the quick").await?;
        stage.page.see_log_rest().await?;
        let before = stage.page.log_place().await?;
        lose(stage, |_| Ok(())).await?;
        let page = &stage.page;
        page.see_in_header("Count and ask", "Failed").await?;
        let after = page.log_place().await?;
        ensure!(before == after, "the reader was moved from {before:?} to {after:?}");

        // What was not loaded before comes from the companion that is there now.
        page.go_to(&format!("{address}/40")).await?;
        page.see_in_log("line 40: the quick").await?;
        // Closed, so that all steps can be read without so many lines.
        page.go_to(&format!("{}/steps/{seq}", paths::task_page(&id))).await?;
        page.see_in_log("print 6000 lines").await?;
        page.click_text("print 6000 lines").await?;
        see_all_steps(stage, &id).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_an_older_one_all_at_once_is_shown_as_it_is() -> anyhow::Result<()> {
    story("reset", async |stage| {
        stage.open().await?;
        let (id, _) = waiting_task(stage).await?;
        let kept = tempfile::tempdir()?;
        stage.page.open(&format!("{}/{}", stage.companion.address, paths::task_page(&id))).await?;
        stage.page.see_in_log("print ten thousand lines").await?;
        go_on(stage, kept.path()).await?;
        forget(stage, &id, kept.path()).await?;
        stage.page.see_no("has one line more").await?;
        see_all_steps(stage, &id).await?;
        stage.page.see_in_log("print ten thousand lines").await?;
        stage.page.screenshot("reset").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_the_middle_of_a_log_that_is_begun_anew_stays_there_and_what_was_opened_is_open() -> anyhow::Result<()>
{
    story("reset-middle", async |stage| {
        stage.open().await?;
        let (id, seq) = waiting_task(stage).await?;
        let kept = tempfile::tempdir()?;
        stage.page.open(&format!("{}/{}", stage.companion.address, paths::task_page(&id))).await?;
        stage.page.see_in_log("print ten thousand lines").await?;
        go_on(stage, kept.path()).await?;
        stage.page.go_to(&format!("{}/steps/{seq}/lines/3000", paths::task_page(&id))).await?;
        stage.page.see_in_log("line 3000: the quick").await?;
        stage.page.see_log_rest().await?;
        let (before, opened) = (stage.page.log_place().await?, outlines(stage));
        forget(stage, &id, kept.path()).await?;
        e2e::until("the log to be begun anew", async || Ok((outlines(stage) > opened).then_some(()))).await?;
        stage.page.see_in_log("line 3000: the quick").await?;
        stage.page.see_log_rest().await?;
        let after = stage.page.log_place().await?;
        ensure!(before == after, "the reader was moved from {before:?} to {after:?}");
        stage.page.screenshot("reset-middle").await.map(drop)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_has_no_outline_yet_opens_and_is_searched() -> anyhow::Result<()> {
    let database = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("old.sqlite");
    let library = Library::make(database, &[Workload::of(OLD_LINES)]).await?;
    let log = library.log(OLD_LINES)?;
    story_with("old-log", Setting { library: Some(&library), ..Setting::default() }, async |stage| {
        stage.open().await?;
        let page = &stage.page;
        page.click_role("link", &Workload::of(OLD_LINES).title()).await?;
        page.see_in_log(LAST_WORDS).await?;
        page.click_role("button", "Find").await?;
        page.type_into("Find in the log", RARE).await?;
        page.see("1 of 3").await?;
        page.see_in_log(RARE).await?;
        let middle = log.landmarks.iter().find(|landmark| landmark.first_line > OLD_LINES / 2 && landmark.lines > 20);
        let middle = middle.context("the log has no command in its middle")?;
        page.go_to(&format!("{}/steps/{}/lines/10", paths::task_page(&log.task_id), middle.seq)).await?;
        page.see_in_log(&numbered(middle.first_line + 9)).await
    })
    .await
}

/// A task that asks after 6,000 lines, and the number of the event that began them.
async fn waiting_task(stage: &Stage) -> anyhow::Result<(TaskId, u64)> {
    let id = stage.companion.start_task("Count and ask\nrehearse: long-after-question").await?.id;
    stage.companion.see_state(&id, &State::WaitingForUser).await?;
    let events = stage.companion.events(&id).await?;
    let steps = e2e::steps_of(&events)?;
    let command = events.iter().find(|event| event.body.type_name() == "tool.execution_start");
    let seq = command.context("no tool was called")?.seq;
    ensure!(steps.contains(&seq), "event {seq} began no step");
    Ok((id, seq))
}

/// How often the page has read an outline to begin with.
fn outlines(stage: &Stage) -> usize {
    stage.page.requests().iter().filter(|request| request.url.contains("map=true")).count()
}

/// The companion goes away and is copied meanwhile; then the task has a second session, which is not in the copy.
async fn go_on(stage: &mut Stage, kept: &Path) -> anyhow::Result<()> {
    lose(stage, |companion| companion.back_up(kept)).await?;
    stage.page.see_in_header("Count and ask", "Failed").await?;
    stage.page.type_into("Follow-up", "Go on. rehearse: quick").await?;
    stage.page.click_role("button", "Send").await?;
    stage.page.see_in_header("Count and ask", "Done").await?;
    stage.page.see_in_log("has one line more").await
}

/// The companion comes back as it was copied: the log is an older one.
async fn forget(stage: &mut Stage, id: &TaskId, kept: &Path) -> anyhow::Result<()> {
    let longest = stage.companion.events(id).await?.len();
    lose(stage, |companion| companion.restore(kept)).await?;
    stage.page.see_in_header("Count and ask", "Failed").await?;
    let events = stage.companion.events(id).await?.len();
    ensure!(events < longest, "there are {events} events, and were {longest}");
    Ok(())
}

/// The companion is killed and started again; `meanwhile` happens while it is gone.
async fn lose(stage: &mut Stage, meanwhile: impl FnOnce(&Companion) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let Stage { companion, page } = stage;
    page.while_requests_fail(async {
        companion.kill().await?;
        page.see("Reconnecting").await?;
        meanwhile(companion)?;
        companion.restart().await?;
        page.see_no("Reconnecting").await
    })
    .await
}

/// Every step of the companion's log is on the page, once and in order.
async fn see_all_steps(stage: &Stage, id: &TaskId) -> anyhow::Result<()> {
    e2e::until("the companion's log", async || {
        let told = e2e::steps_of(&stage.companion.events(id).await?)?;
        let shown: Vec<u64> = stage.page.read_log().await?.iter().map(|step| step.seq).collect();
        ensure!(shown == told, "the API has {told:?}, the page {shown:?}");
        Ok(Some(()))
    })
    .await
}
