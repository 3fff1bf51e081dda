//! Recorded conversations as a reader of the log sees them: whatever the agents said is in the rows, and nothing of it
//! got lost on the way from ACP over the events to the document.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use agent_tasks::event::EventBody;
use agent_tasks::{Event, SessionId, Timestamp};
use serde_json::Value;
use session_log::{Applied, Body, LogDocument};

use super::{NewEvent, Translator};

/// Every recording.
fn recordings() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/transcripts");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|it| it == "jsonl")).collect();
    files.sort();
    files
}

/// What one agent sent, up to the answer to its first prompt.
struct Recording {
    /// Where the agent worked, with a slash; the log tells paths below it.
    folder: String,
    updates: Vec<Value>,
    asked: Vec<Value>,
    events: Vec<NewEvent>,
}

fn play(file: &Path) -> Recording {
    let text = std::fs::read_to_string(file).unwrap();
    let messages: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sent = |method: &str| {
        let found = messages.iter().find(|it| it["dir"] == "client->agent" && it["msg"]["method"] == method);
        &found.unwrap()["msg"]
    };
    let prompt_id = &sent("session/prompt")["id"];
    let folder = sent("session/new")["params"]["cwd"].as_str().unwrap();
    let mut translator = Translator::new(Path::new(folder));
    let mut recording = Recording { folder: format!("{folder}/"), updates: vec![], asked: vec![], events: vec![] };
    for message in messages.iter().filter(|message| message["dir"] == "agent->client") {
        let message = &message["msg"];
        let raw = message.to_string();
        let events = match message["method"].as_str() {
            Some("session/update") => {
                let update = &message["params"]["update"];
                recording.updates.push(update.clone());
                translator.update(update, &raw)
            }
            Some("session/request_permission") => {
                recording.asked.push(message["params"].clone());
                translator.ask(&message["id"].to_string(), &message["params"], &raw).0
            }
            Some(_) => vec![],
            None if message["id"] == *prompt_id => {
                recording.events.extend(translator.end_turn(&message["result"]));
                break;
            }
            None => {
                translator.configured(&message["result"]);
                vec![]
            }
        };
        recording.events.extend(events);
    }
    recording
}

/// The letters and digits of everything that the rows of the document say when all is open.
fn shown(events: &[NewEvent]) -> (String, LogDocument) {
    let mut document = LogDocument::default();
    for (index, event) in events.iter().enumerate() {
        let event = Event {
            seq: index as u64 + 1,
            session_id: SessionId("s".into()),
            id: index.to_string(),
            timestamp: Timestamp::from_ms(0),
            parent_id: None,
            agent_id: None,
            ephemeral: event.ephemeral,
            body: event.body.clone(),
            raw: None,
        };
        assert_eq!(document.apply(&event), Applied::Taken);
    }
    let mut words = String::new();
    for index in 0..document.steps() {
        let step = document.step(index).unwrap();
        words += &bare(&step.headline());
        let body = Body::whole(&document, step);
        for row in 0..body.rows() {
            let content = body.content(step, row).unwrap();
            words += &bare(&content.words());
        }
    }
    (words, document)
}

/// `text` without the language of a fence: a look tells it, not the row's words.
fn unlabelled(text: &str) -> String {
    let label = |line: &str| if line.trim_start().starts_with("```") { "\n".into() } else { format!("{line}\n") };
    text.lines().map(label).collect()
}

/// What a terminal leaves of `text`: all of it where it has no control characters. Of a line with some it is what
/// stands after the last return, without colours; lines with other sequences have tests of their own.
fn on_a_terminal(text: &str) -> Vec<String> {
    let is_control = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
    if !text.contains(is_control) {
        return vec![text.to_owned()];
    }
    let plain = |line: &str| {
        let last = line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default();
        let mut parts = last.split("\u{1b}[");
        let mut shown = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            shown += part.split_once('m').map_or(part, |(_, rest)| rest);
        }
        shown
    };
    text.lines().map(plain).filter(|line| !line.contains(is_control)).collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|char| char.is_alphanumeric()).collect()
}

/// The texts of an update that a reader must find, by its kind. A kind that is not here fails the test: whoever adds
/// a recording says how it is shown.
fn told(update: &Value, is_replaced: bool) -> Vec<&str> {
    match update["sessionUpdate"].as_str().unwrap() {
        "agent_message_chunk" | "agent_thought_chunk" => vec![update["content"]["text"].as_str().unwrap()],
        "tool_call" | "tool_call_update" => {
            let mut told: Vec<&str> = Vec::new();
            told.extend(update["_meta"]["terminal_output_delta"]["data"].as_str());
            let content = update["content"].as_array().filter(|_| !is_replaced);
            for part in content.into_iter().flatten() {
                match part["type"].as_str().unwrap() {
                    "content" => told.extend(part["content"]["text"].as_str().map(super::content::unfenced)),
                    "diff" => told.extend(part["newText"].as_str().into_iter().flat_map(str::lines)),
                    "terminal" => {}
                    other => panic!("a part of kind {other}: say how it is shown"),
                }
            }
            told
        }
        "plan" => update["entries"].as_array().unwrap().iter().filter_map(|entry| entry["content"].as_str()).collect(),
        "available_commands_update" => {
            let commands = update["availableCommands"].as_array().into_iter().flatten();
            commands.take(12).filter_map(|command| command["name"].as_str()).collect()
        }
        // Numbers and titles stand in the session's header; `beside_the_rows` looks after them.
        "usage_update" | "session_info_update" => vec![],
        "config_option_update" => {
            let options = update["configOptions"].as_array().into_iter().flatten();
            options
                .filter(|option| option["id"] == "mode")
                .filter_map(|option| option["currentValue"].as_str())
                .collect()
        }
        other => panic!("an update of kind {other}: say how it is shown"),
    }
}

#[test]
fn nothing_that_an_agent_said_is_missing() {
    let mut kinds = BTreeSet::new();
    for file in recordings() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let recording = play(&file);
        let (words, _) = shown(&recording.events);
        // The content of a call stands in place of what was there before: its last one counts.
        let with_content = recording.updates.iter().enumerate().filter(|(_, update)| update["content"].is_array());
        let last: BTreeMap<&str, usize> =
            with_content.filter_map(|(index, update)| Some((update["toolCallId"].as_str()?, index))).collect();
        for (index, update) in recording.updates.iter().enumerate() {
            let replaced = update["toolCallId"].as_str().and_then(|id| last.get(id)).is_some_and(|&last| index < last);
            kinds.insert(update["sessionUpdate"].as_str().unwrap().to_owned());
            // Where the change is shown, the words that it was made are not.
            let of_same_call = |other: &&Value| other["toolCallId"] == update["toolCallId"];
            let is_edit = recording.updates.iter().filter(of_same_call).any(|update| update["kind"] == "edit");
            let is_said_by_change = update["toolCallId"].is_string() && is_edit && update["status"] == "completed";
            for text in told(update, replaced || is_said_by_change) {
                for part in on_a_terminal(&unlabelled(text)) {
                    let part = part.replace(&recording.folder, "");
                    assert!(words.contains(&bare(&part)), "{name}: {part:?} of {update} is not in the rows");
                }
            }
        }
        // A call is announced before it is known: its last title counts.
        let titled =
            |update: &Value| Some((update["toolCallId"].as_str()?.to_owned(), update["title"].as_str()?.to_owned()));
        let titles: BTreeMap<String, String> = recording.updates.iter().filter_map(titled).collect();
        for title in titles.values() {
            assert!(words.contains(&bare(&title.replace(&recording.folder, ""))), "{name}: {title:?} is in no header");
        }
        for asked in &recording.asked {
            let title = asked["toolCall"]["title"].as_str().unwrap_or_default();
            assert!(words.contains(&bare(&title.replace(&recording.folder, ""))), "{name}: {title:?} is not asked");
        }
    }
    for kind in ["agent_message_chunk", "agent_thought_chunk", "tool_call", "tool_call_update"] {
        assert!(kinds.contains(kind), "no recording has {kind}");
    }
}

#[test]
fn what_stands_beside_the_rows_is_told_too() {
    for file in recordings() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let recording = play(&file);
        let (_, document) = shown(&recording.events);
        let last = |kind: &str, field: &str| {
            let of_kind = recording.updates.iter().rev().filter(|update| update["sessionUpdate"] == kind);
            of_kind.map(|update| &update[field]).find(|value| !value.is_null()).cloned()
        };
        if let Some(used) = last("usage_update", "used") {
            assert_eq!(document.usage().and_then(|usage| usage.context_used), used.as_u64(), "{name}");
        }
        let title_of = |event: &NewEvent| {
            if let EventBody::SessionTitleChanged(changed) = &event.body { Some(changed.title.clone()) } else { None }
        };
        let told = recording.events.iter().rev().find_map(title_of);
        if let Some(title) = last("session_info_update", "title") {
            assert_eq!(told.as_deref(), title.as_str(), "{name}");
        }
    }
}
