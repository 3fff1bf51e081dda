//! An agent asks while others go on: the question is far above the end of its log.

use std::path::Path;

use agent_tasks::event::EventBody;
use agent_tasks::{State, paths};
use anyhow::ensure;
use e2e::{Setting, story_with};
use serde_json::{Value, json};

/// The calls that come after the question: more than a page reads at first.
const CALLS: usize = 1_200;
/// Of so many, one prints many lines.
const LOUD_EVERY: usize = 100;
const LOUD_LINES: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn a_question_far_above_the_end_is_seen_and_answered_and_the_session_is_stopped() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let conversation = folder.path().join("asking.jsonl");
    write(&conversation)?;
    let agent = env!("CARGO_BIN_EXE_replay-agent");
    let configuration =
        format!("[[agent]]\nid = \"asking\"\nname = \"Asking\"\ncommand = {agent:?}\nargs = [{conversation:?}]\n");
    story_with("asking", Setting { configuration: &configuration, ..Setting::default() }, async |stage| {
        stage.open().await?;
        let (page, companion) = (&stage.page, &stage.companion);
        let id = companion.start_task_with("asking", "orchard", "Fell the tree").await?.id;
        companion.see_state(&id, &State::WaitingForUser).await?;
        let last = format!("call {CALLS}");
        e2e::until("the last call", async || {
            let task = companion.get_file(&paths::outline(&id)).await?;
            Ok(task.contains(&last).then_some(()))
        })
        .await?;
        page.open(&format!("{}/{}", companion.address, paths::task_page(&id))).await?;
        page.see_in_header("Fell the tree", "Needs you").await?;
        page.see("The agent waits for your answer").await?;
        page.see_in_log(&last).await?;
        ensure!(!page.text_of("log", "Session log").await?.contains("fell --all"), "the question is at the end");

        page.click_role("button", "Show the question").await?;
        page.see_in_log("fell --all").await?;
        page.see_role("button", "Reject").await?;
        page.screenshot("asking").await?;
        page.click_role("button", "Allow").await?;
        page.see_in_log("Answered: Allow").await?;
        page.see_in_header("Fell the tree", "Running").await?;
        page.see_no("Show the question").await?;
        let answers = companion.events(&id).await?;
        let answers = answers.iter().filter(|event| matches!(event.body, EventBody::PermissionCompleted(_))).count();
        ensure!(answers == 1, "there are {answers} answers");

        page.click_role("button", "Stop session").await?;
        page.see_in_header("Fell the tree", "Stopped").await?;
        page.click_role("button", "Jump to latest").await?;
        page.see_in_log("(0 left").await
    })
    .await
}

/// What the agent says: a question, many calls, and nothing that ends the turn.
fn write(path: &Path) -> anyhow::Result<()> {
    let mut said = vec![
        asked(1, "initialize"),
        json!({ "id": 1, "result": { "protocolVersion": 1 } }),
        asked(2, "session/new"),
        json!({ "id": 2, "result": { "sessionId": "asking" } }),
        asked(3, "session/prompt"),
        json!({ "id": "question", "method": "session/request_permission", "params": {
            "sessionId": "asking",
            "toolCall": { "toolCallId": "fell", "title": "Fell the tree", "kind": "execute", "status": "pending",
                "rawInput": { "command": "fell --all" } },
            "options": [
                { "optionId": "yes", "name": "Allow", "kind": "allow_once" },
                { "optionId": "no", "name": "Reject", "kind": "reject_once" },
            ],
        } }),
    ];
    for call in 1..=CALLS {
        let lines = if call % LOUD_EVERY == 0 { LOUD_LINES } else { 1 };
        let text: String = (1..=lines).map(|line| format!("call {call}, line {line}\n")).collect();
        let begun = json!({ "sessionUpdate": "tool_call", "toolCallId": format!("call-{call}"), "kind": "execute",
            "title": format!("call {call}"), "status": "in_progress" });
        let over = json!({ "sessionUpdate": "tool_call_update", "toolCallId": format!("call-{call}"),
            "status": "completed", "content": [{ "type": "content", "content": { "type": "text", "text": text } }] });
        for update in [begun, over] {
            said.push(json!({ "method": "session/update", "params": { "sessionId": "asking", "update": update } }));
        }
    }
    let lines = said.into_iter().map(|mut message| {
        message["jsonrpc"] = json!("2.0");
        let is_ours = matches!(message["id"].as_u64(), Some(1..=3)) && !message["method"].is_null();
        let dir = if is_ours { "client->agent" } else { "agent->client" };
        json!({ "dir": dir, "msg": message }).to_string() + "\n"
    });
    Ok(std::fs::write(path, lines.collect::<String>())?)
}

fn asked(id: u64, method: &str) -> Value {
    json!({ "id": id, "method": method })
}
