//! Two companions and a GitHub in one list: what befalls one of them is nothing to the others.

use agent_tasks::State;
use anyhow::ensure;
use e2e::{Companion, Deck, Setting, deck_story};
use github_stand_in::{Run, Task, World};
use serde_json::json;

/// Keeps every row that is in the page, and notes each one that leaves it.
const WATCH_ROWS: &str = "(() => {
    const name = (row) => row.querySelector('a').innerText;
    globalThis.kept = new Map([...document.querySelectorAll('.task-row')].map((row) => [name(row), row]));
    globalThis.left = [];
    new MutationObserver((changes) => {
        for (const node of changes.flatMap((change) => [...change.removedNodes]))
            if (node.matches?.('.task-row')) globalThis.left.push(name(node));
    }).observe(document.querySelector('.task-list'), { childList: true, subtree: true });
    return true;
})()";

/// A companion that this deck's page may ask, with a repository of this name.
async fn companion(deck: &Deck, repository: &str) -> anyhow::Result<Companion> {
    let configuration = format!("[page]\nallow_origin = [\"{}\"]\n", deck.host.address);
    Companion::start(Setting { configuration: &configuration, repositories: &[repository], ..Setting::default() }).await
}

/// Adds a connection in the panel, with a token from the terminal.
async fn connect(deck: &Deck, companion: &Companion, name: &str) -> anyhow::Result<()> {
    let page = &deck.page;
    page.click_role("button", "Connections: Live").await?;
    page.click_text("Add a connection").await?;
    page.click_role("radio", "Companion").await?;
    page.type_into("Address", companion.address.trim_start_matches("http://")).await?;
    page.type_into("Token", &companion.new_token("deck").await?).await?;
    page.type_into("Name", name).await?;
    page.click_role("button", "Connect").await?;
    page.see_role("heading", name).await?;
    page.press("Escape", false).await?;
    page.see_role("button", "Connections: Live").await
}

/// Starts a task in this repository, and waits until the field is free for the next.
async fn start(deck: &Deck, repository: &str, prompt: &str) -> anyhow::Result<()> {
    let page = &deck.page;
    page.choose("Repository", repository).await?;
    if repository.starts_with("local/") {
        page.choose("Agent", "Rehearsal").await?;
    }
    page.type_into("Prompt", prompt).await?;
    page.click_role("button", "Start task").await?;
    e2e::until("an empty prompt field", async || Ok(page.value_of("textbox", "Prompt").await?.is_empty().then_some(())))
        .await
}

async fn see_order(deck: &Deck, titles: &[&str]) -> anyhow::Result<()> {
    e2e::until(&format!("the rows {titles:?}"), async || {
        let shown = deck.page.rows_on_screen().await?;
        if shown == titles { Ok(Some(())) } else { Err(anyhow::anyhow!("there are {shown:?}")) }
    })
    .await
}

/// These rows are the same elements as at first, and were there all the time.
async fn see_untouched(deck: &Deck, titles: &[&str]) -> anyhow::Result<()> {
    let same = format!("{}.every((title) => kept.get(title).isConnected && !left.includes(title))", json!(titles));
    deck.page.see_that(&format!("that the rows {titles:?} never left"), &same).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_is_named_and_the_others_never_blink() -> anyhow::Result<()> {
    let mut world = World::new();
    world.put(Task::new("t-1", "Mend the gate", World::HELLO_WORLD, "in_progress").on_branch("copilot/gate", "main"));
    world.runs.push(Run::of_agent(900, World::HELLO_WORLD, "copilot/gate", "t-1"));
    deck_story("many-servers", world, async |deck| {
        deck.open().await?;
        let mut apples = companion(deck, "orchard").await?;
        let pears = companion(deck, "meadow").await?;
        connect(deck, &apples, "Apples").await?;
        connect(deck, &pears, "Pears").await?;
        start(deck, "octocat/hello-world", "Paint the fence").await?;
        start(deck, "local/orchard", "Water the apples\nrehearse: endless").await?;
        start(deck, "local/meadow", "Water the pears\nrehearse: endless").await?;
        let page = &deck.page;
        see_order(deck, &["Water the pears", "Water the apples", "Paint the fence", "Mend the gate"]).await?;
        page.see_role("heading", "Working 4").await?;
        for (title, server) in
            [("Water the pears", "Pears"), ("Water the apples", "Apples"), ("Mend the gate", "GitHub")]
        {
            page.see_in_row(title, server).await?;
            page.see_in_row(title, "Running").await?;
        }
        page.screenshot("many-servers").await?;

        page.see_that("all rows, to be known again", WATCH_ROWS).await?;
        page.while_requests_fail(async {
            apples.kill().await?;
            page.see("Reconnecting to Apples…").await?;
            page.see_role("button", "Connections: 2 of 3 live").await?;
            page.screenshot("many-servers-one-killed").await?;
            // What is known of its tasks stays, and the others work on.
            see_order(deck, &["Water the pears", "Water the apples", "Paint the fence", "Mend the gate"]).await?;
            let all = ["Water the pears", "Water the apples", "Paint the fence", "Mend the gate"];
            see_untouched(deck, &all).await?;
            let task = &pears.tasks().await?[0];
            page.click_role("button", "Stop session: Water the pears").await?;
            page.see_in_row("Water the pears", "Stopped").await?;
            pears.see_state(&task.id, &State::Cancelled).await?;
            page.see_role("heading", "Working 3").await?;
            page.see_role("heading", "Done 1").await?;

            apples.restart().await?;
            page.see_no("Reconnecting").await?;
            page.see_role("button", "Connections: Live").await
        })
        .await?;
        page.see_in_row("Water the apples", "Failed").await?;
        page.see_role("heading", "Working 2").await?;
        page.see_role("heading", "Done 2").await?;
        see_order(deck, &["Paint the fence", "Mend the gate", "Water the pears", "Water the apples"]).await?;
        see_untouched(deck, &["Paint the fence", "Mend the gate"]).await?;

        // It is itself again: it starts, and Stop goes to it alone.
        start(deck, "local/orchard", "Pick the apples\nrehearse: endless").await?;
        page.see_in_row("Pick the apples", "Running").await?;
        page.click_role("button", "Stop session: Pick the apples").await?;
        page.see_in_row("Pick the apples", "Stopped").await?;
        apples.see_state(&apples.tasks().await?[0].id, &State::Cancelled).await?;
        page.click_role("button", "Stop session: Mend the gate").await?;
        page.see_in_row("Mend the gate", "Stopped").await?;
        let cancels = deck.stand_in.count("actions/cancel-workflow-run");
        ensure!(cancels == 1, "GitHub was asked {cancels} times to stop");
        page.see_role("heading", "Working 1").await?;
        page.see_role("heading", "Done 4").await?;
        see_untouched(deck, &["Paint the fence"]).await?;
        page.screenshot("many-servers-all-back").await?;
        ensure!((apples.tasks().await?.len(), pears.tasks().await?.len()) == (2, 1), "a task went to another server");
        for companion in [apples, pears] {
            companion.see_nothing_left().await?;
            page.while_requests_fail(companion.end()).await?;
        }
        Ok(())
    })
    .await
}
