//! Logs that grow while they are read: followed to the end, searched while they arrive.

use std::time::Duration;

use agent_tasks::event::EventBody;
use agent_tasks::{Event, State};
use anyhow::ensure;
use e2e::{Page, story, until, until_within};

/// How long 200,000 lines may take on their way, on a busy machine and without optimisation.
const GROWING: Duration = Duration::from_secs(120);
/// The commands of the script, and the lines of each.
const COMMANDS: usize = 10;
const LINES: usize = 20_000;
/// The most elements that the log may hold in the page.
const ELEMENTS_MAX: usize = 600;

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_followed_from_nothing_to_two_hundred_thousand_lines_and_none_is_lost() -> anyhow::Result<()> {
    story("grow", async |stage| {
        stage.open().await?;
        stage.start_task("Count every tree", "many-lines").await?;
        let (page, companion) = (&stage.page, &stage.companion);
        page.click_role("link", "Count every tree").await?;
        until_within(GROWING, "the end of the session", async || {
            ensure!(!page.text().await?.contains("Jump to latest"), "the page does not follow");
            let elements = page.count("[role=log] *").await?;
            ensure!(elements <= ELEMENTS_MAX, "{elements} elements are in the log");
            Ok(page.header("Count every tree").await?.contains("Done").then_some(()))
        })
        .await?;
        page.see_in_log("That was every line.").await?;
        page.screenshot("grown").await?;

        let id = companion.tasks().await?[0].id.clone();
        let events = companion.events(&id).await?;
        let told = e2e::steps_of(&events)?;
        until("all steps, once and in order", async || {
            let shown: Vec<u64> = page.read_log().await?.iter().map(|step| step.seq).collect();
            ensure!(shown == told, "the API has {told:?}, the page {shown:?}");
            Ok(Some(()))
        })
        .await?;
        let commands = commands(&events);
        ensure!(commands.len() == COMMANDS, "there are {commands:?}");
        for (index, seq) in commands.into_iter().enumerate() {
            // A line that was lost or came twice would shift those after it.
            for line in [LINES, 1 + index * LINES / COMMANDS] {
                page.go_to(&format!("{}/steps/{seq}/lines/{line}", agent_tasks::paths::task_page(&id))).await?;
                let words = format!("line {line}: the quick brown fox jumps over the lazy dog");
                let is_marked = format!("document.querySelector('[data-marked]')?.innerText.trim() === '{words}'");
                page.see_that(&format!("line {line} of step {seq}"), &is_marked).await?;
            }
        }
        page.click_role("button", "Find").await?;
        page.type_into("Find in the log", "line 20000: the quick").await?;
        page.see("10 of 10").await?;
        page.set_value("Find in the log", "lazy dog").await?;
        page.see("of 200,000").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_for_is_found_where_nothing_is_loaded_and_when_it_comes() -> anyhow::Result<()> {
    story("find-arriving", async |stage| {
        stage.open().await?;
        stage.start_task("Count and wait", "slow-output").await?;
        let (page, companion) = (&stage.page, &stage.companion);
        page.click_role("link", "Count and wait").await?;
        page.see_in_log("print 20000 lines").await?;
        // Read afresh, a step that is over is known by its line only.
        page.reload().await?;
        page.see_in_log("print 20000 lines").await?;
        page.click_role("button", "Find").await?;
        page.type_into("Find in the log", "line 4321:").await?;
        page.see("1 of 1").await?;
        page.see_in_log("line 4321: the quick brown fox").await?;

        let id = companion.tasks().await?[0].id.clone();
        let next = printed(&companion.events(&id).await?, "still ") + 100;
        page.set_value("Find in the log", &format!("still {next}: the")).await?;
        page.see("Nothing found").await?;
        // Nobody is taken away by what comes.
        page.see("1 hit").await?;
        page.press("Enter", false).await?;
        page.see("1 of 1").await?;
        page.see_in_log(&format!("still {next}: the quick brown fox")).await?;
        page.screenshot("find-arriving").await?;

        page.set_value("Find in the log", "lazy dog").await?;
        let before = hits(page).await?;
        until("more hits, as more lines come", async || Ok((hits(page).await? > before + 20).then_some(()))).await?;
        page.click_role("button", "Stop session").await?;
        companion.see_state(&id, &State::Cancelled).await?;
        let told = printed(&companion.events(&id).await?, "lazy dog");
        until("as many hits as the log has", async || {
            let shown = hits(page).await?;
            ensure!(shown == told, "the log has {told}, the page found {shown}");
            Ok(Some(()))
        })
        .await
    })
    .await
}

/// How many hits the page tells: `3 of 10,412`, or `10,412 hits`.
async fn hits(page: &Page) -> anyhow::Result<usize> {
    until("a count of hits", async || {
        let told: String = page.value("document.querySelector('.find-bar-count').innerText").await?;
        let total = told.split_once(" of ").map_or(told.as_str(), |(_, total)| total);
        let number = total.chars().take_while(|char| char.is_ascii_digit() || *char == ',');
        Ok(number.filter(char::is_ascii_digit).collect::<String>().parse().ok())
    })
    .await
}

/// How often a text was printed.
fn printed(events: &[Event], text: &str) -> usize {
    let parts = events.iter().filter_map(|event| match &event.body {
        EventBody::ToolExecutionPartialResult(part) => Some(part.partial_output.matches(text).count()),
        _ => None,
    });
    parts.sum()
}

/// The numbers of the events that began a tool call.
fn commands(events: &[Event]) -> Vec<u64> {
    let starts = events.iter().filter(|event| matches!(event.body, EventBody::ToolExecutionStart(_)));
    starts.map(|event| event.seq).collect()
}
