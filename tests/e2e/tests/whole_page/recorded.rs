//! Recorded conversations of real agents, played again: every kind of update in them is on the page.

use std::{collections::BTreeMap, path::PathBuf};

use agent_tasks::State;
use anyhow::{Context as _, ensure};
use e2e::{Setting, story_with};
use serde_json::Value;

const TRANSCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/acp-events/tests/fixtures/transcripts");
/// Conversations in which nobody has to answer, and which together hold every kind but those of an answer.
const CONVERSATIONS: [&str; 3] = ["codex-success", "opencode-success", "codex-failing"];
/// Kinds that say no words of their own to the log: figures, and a session's name, which may come after its end.
const WITHOUT_WORDS: [&str; 2] = ["usage_update", "session_info_update"];
/// Words shorter than this may be anywhere by chance, in characters.
const WORD_CHARS_MIN: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_update_of_a_real_agent_is_on_the_page() -> anyhow::Result<()> {
    let mut configuration = String::new();
    for name in CONVERSATIONS {
        let (agent, path) = (env!("CARGO_BIN_EXE_replay-agent"), path(name));
        configuration +=
            &format!("[[agent]]\nid = {name:?}\nname = {name:?}\ncommand = {agent:?}\nargs = [{path:?}]\n");
    }
    let setting = Setting { configuration: &configuration, ..Setting::default() };
    story_with("recorded", setting, async |stage| {
        stage.open().await?;
        for name in CONVERSATIONS {
            let task = stage.companion.start_task_with(name, "orchard", "Say it again").await?;
            stage.companion.see_state(&task.id, &State::Completed).await?;
            let page = &stage.page;
            page.open(&format!("{}/{}", stage.companion.address, agent_tasks::paths::task_page(&task.id))).await?;
            page.see_role("log", "Session log").await?;
            let words = words_by_kind(name)?;
            let mut missing = words.clone();
            e2e::until(&format!("every kind of {name}"), async || {
                let shown: Vec<String> = page.promised(READ_OPEN).await?;
                let shown = shown.join("\n").to_lowercase() + &page.text().await?.to_lowercase();
                missing.retain(|_, word| !shown.contains(word.as_str()));
                ensure!(missing.is_empty(), "not on the page: {missing:?}");
                Ok(Some(()))
            })
            .await?;
        }
        Ok(())
    })
    .await
}

/// Opens every step that is closed, going down the log, and reads it.
const READ_OPEN: &str = "(async () => {
    const log = document.querySelector('[role=log]');
    const frames = async (count) => { while (count--) await new Promise(requestAnimationFrame) };
    const read = [];
    log.scrollTop = 0;
    for (let looks = 0; looks < 400; looks++) {
        await frames(3);
        const closed = log.querySelector('[aria-expanded=false]:not([aria-haspopup])');
        if (closed) { closed.click(); continue }
        read.push(log.innerText);
        const top = log.scrollTop;
        log.scrollTop += log.clientHeight / 2;
        if (log.scrollTop <= top) break;
    }
    return read;
})()";

/// A word for each kind of update in a conversation: the longest that it says.
fn words_by_kind(name: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for line in std::fs::read_to_string(path(name))?.lines() {
        let line: Value = serde_json::from_str(line)?;
        let update = &line["msg"]["params"]["update"];
        let Some(kind) = update["sessionUpdate"].as_str() else { continue };
        if WITHOUT_WORDS.contains(&kind) {
            continue;
        }
        let text = texts.entry(kind.to_owned()).or_default();
        for part in [&update["content"]["text"], &update["title"], &update["availableCommands"][0]["name"]] {
            text.push_str(part.as_str().unwrap_or_default());
        }
        let parts = update["content"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_change = parts.iter().any(|part| part["type"] == "diff");
        for part in parts {
            // What an edit says of itself gives way to the change.
            let words = if is_change { &part["newText"] } else { &part["content"]["text"] };
            text.push_str(words.as_str().unwrap_or_default());
            text.push(' ');
        }
        if kind.starts_with("tool") {
            text.push(' ');
        }
    }
    ensure!(texts.len() >= 4, "{name} has only {:?}", texts.keys());
    let longest = |(kind, text): (String, String)| {
        let words = text.split(|char: char| !char.is_ascii_alphanumeric());
        let word = words.filter(|word| word.len() >= WORD_CHARS_MIN).max_by_key(|word| word.len());
        // A title may be given without words: then there is nothing to see.
        word.map(|word| (kind, word.to_lowercase()))
    };
    let words: BTreeMap<String, String> = texts.into_iter().filter_map(longest).collect();
    words.get("agent_message_chunk").with_context(|| format!("{name} has no message"))?;
    Ok(words)
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(TRANSCRIPTS).join(format!("{name}.jsonl"))
}
