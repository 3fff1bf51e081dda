//! Reading a long log: addresses of lines, the place that holds, the tail that is followed, copying.

use agent_tasks::event::EventBody;
use agent_tasks::{Event, State, Steer, TaskId, paths};
use anyhow::{Context as _, ensure};
use e2e::{Stage, story};
use serde_json::json;

/// The most elements that the log may hold in the page.
const ELEMENTS_MAX: usize = 600;

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_a_line_opens_there_and_loads_what_is_around_it() -> anyhow::Result<()> {
    story("line-address", async |stage| {
        stage.open().await?;
        let id = stage.companion.start_task("Count every leaf\nrehearse: long-output").await?.id;
        stage.companion.see_state(&id, &State::Completed).await?;
        let seq = output_step(&stage.companion.events(&id).await?)?;
        let page = &stage.page;
        let home = page.address().await?;
        let home = home.split('#').next().unwrap_or_default();
        let address = format!("{home}#/tasks/{}/steps/{seq}/lines/10000", id.as_str());
        let before = page.requests().len();
        page.open(&address).await?;
        page.see_in_log("line 10000: the quick").await?;
        let marked = "document.querySelector('[data-marked]')?.innerText.startsWith('line 10000:') === true";
        page.see_that("the mark", marked).await?;
        let place = page.log_place().await?;
        ensure!(place.0.starts_with("line 99"), "the screen begins at {}", place.0);
        let windows: Vec<_> = page.requests()[before..]
            .iter()
            .filter(|request| request.url.contains("/events?"))
            .map(|request| request.url.clone())
            .collect();
        ensure!(windows.len() <= 8, "so much was asked for:\n{}", windows.join("\n"));
        see_few_elements(stage).await?;
        page.screenshot("line-address").await?;

        // Back leads to the same place.
        page.go_to("#/").await?;
        page.see_role("textbox", "Prompt").await?;
        page.go_back().await?;
        page.see_in_log("line 10000: the quick").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_keeps_the_place_while_ten_thousand_lines_come() -> anyhow::Result<()> {
    story("hold", async |stage| {
        stage.open().await?;
        stage.start_task("Count and ask", "long-after-question").await?;
        let page = &stage.page;
        page.click_role("link", "Count and ask").await?;
        page.see_in_log("print ten thousand lines").await?;
        page.click_text("print 6000 lines").await?;
        e2e::until("lines in the middle", async || {
            page.turn_wheel("log", "Session log", 700.0).await?;
            let (text, _) = page.log_place().await?;
            Ok(text.starts_with("line 1").then_some(()))
        })
        .await?;
        page.see_log_rest().await?;
        let before = page.log_place().await?;

        let id = stage.companion.tasks().await?[0].id.clone();
        allow(stage, &id).await?;
        page.see("new lines").await?;
        stage.companion.see_state(&id, &State::Completed).await?;
        page.see_in_header("Count and ask", "Done").await?;
        let after = page.log_place().await?;
        ensure!(before == after, "the reader was moved from {before:?} to {after:?}");
        see_few_elements(stage).await?;
        page.screenshot("held").await?;

        page.click_role("button", "Jump to latest").await?;
        page.see_no("Jump to latest").await?;
        page.see_in_log("That was all of it.").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_copied_across_five_thousand_rows_is_the_text() -> anyhow::Result<()> {
    story("copy", async |stage| {
        stage.open().await?;
        let id = stage.companion.start_task("Count and ask\nrehearse: long-after-question").await?.id;
        stage.companion.see_state(&id, &State::WaitingForUser).await?;
        let seq = output_step(&stage.companion.events(&id).await?)?;
        let page = &stage.page;
        let home = page.address().await?;
        let home = home.split('#').next().unwrap_or_default();
        page.open(&format!("{home}#/tasks/{}/steps/{seq}/lines/501", id.as_str())).await?;
        page.see_in_log("line 501: the quick").await?;
        page.see_that("the beginning of a selection", &select("line 501:", "setBaseAndExtent(node, 0, node, 4)"))
            .await?;
        page.see_that("the way on", "((location.hash = location.hash.replace('/501', '/5500')), true)").await?;
        page.see_in_log("line 5500: the quick").await?;
        page.see_that("its end", &select("line 5500:", "extend(node, node.length)")).await?;
        let copied: String = e2e::until("the copy", async || {
            let text: String = page.value(COPY).await?;
            Ok((!text.is_empty()).then_some(text))
        })
        .await?;
        let line = |line: usize| format!("line {line}: the quick brown fox jumps over the lazy dog");
        let expected = (501..=5_500).map(line).collect::<Vec<_>>().join("\n");
        ensure!(copied == expected, "{} bytes were copied, of {}", copied.len(), expected.len());
        stage.companion.stop_task(&id).await
    })
    .await
}

/// What the log puts on the clipboard; empty while it is still loading.
const COPY: &str = "(() => {
    const data = new DataTransfer();
    const event = new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector('.log-view-scroll').dispatchEvent(event);
    return data.getData('text/plain');
})()";

/// Does something to the selection with the text of a row; tells whether the row is there.
fn select(row: &str, what: &str) -> String {
    format!(
        "(() => {{
            const row = [...document.querySelectorAll('.log-row-text')].find((row) => row.innerText.startsWith({}));
            const node = row?.firstChild;
            if (node) getSelection().{what};
            return Boolean(node);
        }})()",
        json!(row)
    )
}

async fn see_few_elements(stage: &Stage) -> anyhow::Result<()> {
    let elements = stage.page.count(".log-view *").await?;
    ensure!(elements <= ELEMENTS_MAX, "{elements} elements are in the log");
    Ok(())
}

/// The number of the event that began the first tool call.
fn output_step(events: &[Event]) -> anyhow::Result<u64> {
    let start = events.iter().find(|event| matches!(event.body, EventBody::ToolExecutionStart(_)));
    start.map(|event| event.seq).context("no tool was called")
}

/// Says yes to what is asked.
async fn allow(stage: &Stage, id: &TaskId) -> anyhow::Result<()> {
    let events = stage.companion.events(id).await?;
    let asked = events.iter().find_map(|event| match &event.body {
        EventBody::PermissionRequested(asked) => Some(asked.clone()),
        _ => None,
    });
    let asked = asked.context("nothing is asked")?;
    let option = asked.options.first().context("there is no answer to give")?;
    let steer = Steer::permission_response(&asked.request_id, Some(option.option_id.clone()));
    let (status, answer) = stage.companion.post(&paths::steer(id), &serde_json::to_value(&steer)?).await?;
    ensure!(status == 202, "{status}: {answer}");
    Ok(())
}
