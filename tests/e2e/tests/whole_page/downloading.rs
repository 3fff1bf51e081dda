//! The whole log as a file, in each of its formats.

use agent_tasks::{Event, LogFormat, State, TaskId, paths};
use anyhow::{Context as _, ensure};
use e2e::{Stage, story};
use serde_json::Value;

const LINES: usize = 20_000;

#[tokio::test(flavor = "multi_thread")]
async fn each_format_of_a_download_has_the_whole_log() -> anyhow::Result<()> {
    story("download", async |stage| {
        stage.open().await?;
        let id = stage.companion.start_task("Count every leaf\nrehearse: long-output").await?.id;
        stage.companion.see_state(&id, &State::Completed).await?;
        let page = &stage.page;
        // Read afresh: of the long output nothing is in the page.
        page.open(&format!("{}/{}", stage.companion.address, paths::task_page(&id))).await?;
        page.see_in_log("That was all of them.").await?;
        page.keep_downloads().await?;

        let events = stage.companion.events(&id).await?;
        let saved: Vec<Event> = lines_of(&save(stage, &id, "JSON lines", LogFormat::Jsonl).await?)?;
        ensure!(saved == events, "{} events were saved, of {}", saved.len(), events.len());

        let messages: Vec<Value> = lines_of(&save(stage, &id, "Raw messages of calls", LogFormat::Raw).await?)?;
        // What an agent says in pieces is whole in the events; of the rest its messages are kept.
        let kinds: Vec<_> = messages.iter().map(|message| &message["params"]["update"]["sessionUpdate"]).collect();
        ensure!(kinds == ["tool_call", "tool_call_update"], "there are {kinds:?}");

        let text = save(stage, &id, "Plain text", LogFormat::Text).await?;
        see_every_line(&text)?;
        ensure!(!text.contains('\u{1b}'), "the plain text has escape sequences");
        let coloured = save(stage, &id, "Text with colours", LogFormat::Ansi).await?;
        see_every_line(&coloured)?;
        for words in ["Count every leaf", "Here come 20,000 lines.", "print 20000 lines", "That was all of them."] {
            ensure!(text.contains(words) && coloured.contains(words), "'{words}' is missing");
        }
        Ok(())
    })
    .await
}

/// Chooses a format in the menu; what would go to the disk is what the server sends.
async fn save(stage: &Stage, id: &TaskId, words: &str, format: LogFormat) -> anyhow::Result<String> {
    stage.page.click_role("button", "Download").await?;
    stage.page.click_role("menuitem", words).await?;
    let saved = stage.page.saved().await?;
    stage.page.see("Saved").await?;
    let sent = stage.companion.get_file(&format!("{}?format={}", paths::log(id), format.as_str())).await?;
    ensure!(saved == sent, "{} bytes of {words} were saved, of {}", saved.len(), sent.len());
    Ok(saved)
}

fn lines_of<T: serde::de::DeserializeOwned>(text: &str) -> anyhow::Result<Vec<T>> {
    text.lines().map(|line| serde_json::from_str(line).with_context(|| format!("this is no line: {line}"))).collect()
}

/// Every line of the output is there once, in order.
fn see_every_line(text: &str) -> anyhow::Result<()> {
    let numbers = text.lines().filter_map(|line| {
        let (_, line) = line.split_once("line ")?;
        line.split_once(": the quick brown fox jumps over the lazy dog")?.0.parse::<usize>().ok()
    });
    let numbers: Vec<usize> = numbers.collect();
    ensure!(numbers.iter().copied().eq(1..=LINES), "there are {} lines, or in another order", numbers.len());
    Ok(())
}
