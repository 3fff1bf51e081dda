//! Sessions of Codex: what the model was sent and sent back, and between it what the program showed. Most is told
//! twice; what comes second is left out.

mod calls;
mod output;
mod patch;
mod shown;

use std::collections::VecDeque;

use acp_events::spoken_picture;
use agent_tasks::event::{AssistantMessage, AssistantReasoning, SessionStart, UserMessage};
use serde_json::Value;

use self::calls::Calls;
use self::output::data_of;
use crate::telling::Telling;

/// So many texts are remembered, so that they are not told again.
const REMEMBERED_MAX: usize = 64;
/// What is said of a picture that comes without words.
const PICTURE: &str = "Picture";
/// How messages begin that the program writes in a person's name.
const CONTEXT: [&str; 8] = [
    "<environment_context>",
    "<user_instructions>",
    "<permissions",
    "<turn_aborted>",
    "<skill>",
    "<collaboration_mode>",
    "# AGENTS.md instructions",
    "<INSTRUCTIONS>",
];

/// What is known of a session.
#[derive(Debug, Default)]
pub struct CodexReader {
    is_begun: bool,
    model: Option<String>,
    calls: Calls,
    told: Told,
}

/// Texts that were told by one of the two logs and not yet by the other.
#[derive(Debug, Default)]
struct Told {
    texts: VecDeque<(Log, Voice, String)>,
}

/// One of the two logs in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Log {
    /// What the model was sent and sent back.
    Model,
    /// What the program showed.
    Screen,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Person,
    Agent,
    Thought,
}

impl Told {
    /// Whether the other log has told the text already.
    fn is_second(&mut self, log: Log, voice: Voice, text: &str) -> bool {
        let same = |told: &(Log, Voice, String)| told.0 != log && told.1 == voice && told.2.trim() == text.trim();
        if let Some(place) = self.texts.iter().position(same) {
            self.texts.remove(place);
            return true;
        }
        if self.texts.len() == REMEMBERED_MAX {
            self.texts.pop_front();
        }
        self.texts.push_back((log, voice, text.to_owned()));
        false
    }
}

impl CodexReader {
    /// Reads a line.
    pub fn read(&mut self, line: Value, telling: &mut Telling) {
        telling.happened(&line["timestamp"]);
        let word = line["type"].as_str().unwrap_or_default();
        let payload = &line["payload"];
        match word {
            "session_meta" => self.begin(payload, telling),
            "turn_context" => self.configure(payload, telling),
            "response_item" => self.item(payload, telling),
            "event_msg" => self.shown(payload, telling),
            "compacted" => telling.info("compacted", payload["message"].as_str().unwrap_or_default()),
            // Before lines had an envelope.
            "" if line["id"].is_string() && line["timestamp"].is_string() => self.begin(&line, telling),
            "" if line["record_type"].is_string() => telling.note("state", &line),
            "" => telling.json_as_it_is("", line),
            _ if payload.is_null() => self.item(&line, telling),
            _ => telling.json_as_it_is(&["codex.", word].concat(), payload.clone()),
        }
    }

    /// The file is over.
    pub fn finish(&mut self, telling: &mut Telling) {
        self.calls.finish(telling);
    }

    fn begin(&mut self, meta: &Value, telling: &mut Telling) {
        let text = |name: &str| meta[name].as_str().unwrap_or_default();
        if let Some(folder) = meta["cwd"].as_str() {
            self.calls.work_in(folder);
        }
        // A session that was taken up again has the head of the earlier one in it.
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        if is_first {
            telling.tell(SessionStart {
                session_id: text("id").to_owned(),
                producer: ["Codex ", text("cli_version")].concat().trim_end().to_owned(),
                start_time: Some(telling.moment),
                selected_model: meta["model"].as_str().map(str::to_owned),
                resumed: false,
            });
        } else {
            telling.note("session", meta);
        }
        for name in ["instructions", "base_instructions"] {
            let said = meta[name].as_str().or(meta[name]["text"].as_str());
            if let Some(said) = said.filter(|said| is_first && !said.is_empty()) {
                telling.info("instructions", said);
            }
        }
    }

    /// The settings of a turn: told when they are others than before.
    fn configure(&mut self, context: &Value, telling: &mut Telling) {
        if let Some(folder) = context["cwd"].as_str() {
            self.calls.work_in(folder);
        }
        let text =
            |value: &Value| value.as_str().or(value["type"].as_str()).or(value["mode"].as_str()).map(str::to_owned);
        let parts = [
            ("model", text(&context["model"])),
            ("effort", text(&context["effort"])),
            ("approval", text(&context["approval_policy"])),
            ("sandbox", text(&context["sandbox_policy"])),
        ];
        let words: Vec<String> =
            parts.into_iter().filter_map(|(name, value)| Some([name, ": ", &value?].concat())).collect();
        let words = words.join(", ");
        if self.model.as_deref() != Some(&words) && !words.is_empty() {
            telling.info("settings", words.clone());
            self.model = Some(words);
        }
    }

    /// What the model was sent or sent back.
    fn item(&mut self, item: &Value, telling: &mut Telling) {
        match item["type"].as_str().unwrap_or_default() {
            "message" => self.message(item, telling),
            "agent_message" => self.say(Log::Model, Voice::Agent, &parts_of(&item["content"]), telling),
            "reasoning" => self.think(item, telling),
            word if word.ends_with("_output") => self.calls.output(item, telling),
            word if word.ends_with("_call") => self.calls.begin(item, word, telling),
            word if word.contains("compaction") || word == "ghost_snapshot" => telling.note(word, item),
            word => telling.json_as_it_is(&["codex.", word].concat(), item.clone()),
        }
    }

    fn message(&mut self, item: &Value, telling: &mut Telling) {
        let (text, pictures) = (parts_of(&item["content"]), pictures_of(&item["content"]));
        match item["role"].as_str().unwrap_or_default() {
            "assistant" => self.say(Log::Model, Voice::Agent, &text, telling),
            "user" if CONTEXT.iter().any(|start| text.trim_start().starts_with(start)) => telling.info("context", text),
            // The program's own log has the words alone.
            "user" if !pictures.is_empty() => {
                let is_silent = text.is_empty() || self.told.is_second(Log::Model, Voice::Person, &text);
                let words = if is_silent { PICTURE } else { &text };
                telling.tell(UserMessage { content: [words, &pictures].concat(), source: None });
            }
            "user" => self.say(Log::Model, Voice::Person, &text, telling),
            role => telling.info(if role.is_empty() { "message" } else { role }, text),
        }
    }

    fn think(&mut self, item: &Value, telling: &mut Telling) {
        let parts = |name: &str| item[name].as_array().cloned().unwrap_or_default();
        let mut is_silent = true;
        for part in parts("summary").iter().chain(&parts("content")) {
            if let Some(text) = part["text"].as_str().or(part.as_str()).filter(|text| !text.is_empty()) {
                is_silent = false;
                self.say(Log::Model, Voice::Thought, text, telling);
            }
        }
        telling.told.encrypted += u64::from(is_silent);
    }

    /// Tells a text, unless the other log did.
    fn say(&mut self, log: Log, voice: Voice, text: &str, telling: &mut Telling) {
        if text.is_empty() || self.told.is_second(log, voice, text) {
            return;
        }
        let (id, content) = (telling.told.lines.to_string(), text.to_owned());
        match voice {
            Voice::Person => telling.tell(UserMessage { content, source: None }),
            Voice::Agent => {
                telling.tell(AssistantMessage { message_id: id, content, ..AssistantMessage::default() });
            }
            // A thought has several parts.
            Voice::Thought => telling.tell(AssistantReasoning {
                reasoning_id: [&id, "#", &self.told.texts.len().to_string(), "#", &text.len().to_string()].concat(),
                content,
            }),
        }
    }
}

/// The pictures of a message's parts, as markdown.
fn pictures_of(content: &Value) -> String {
    content.as_array().map(|parts| parts.iter().filter_map(picture_in).collect()).unwrap_or_default()
}

/// A picture that is in a part, as markdown.
fn picture_in(part: &Value) -> Option<String> {
    let (mime_type, base64) = data_of(part["image_url"].as_str()?)?;
    spoken_picture(mime_type, base64)
}

/// The text of a message's parts. Pictures stand elsewhere; what is neither is named.
fn parts_of(content: &Value) -> String {
    let part = |part: &Value| match part["text"].as_str() {
        Some(text) => text.to_owned(),
        None if part["type"] != "input_image" => part.to_string(),
        None => "[Picture]".to_owned(),
    };
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let words = parts.iter().filter(|part| picture_in(part).is_none());
            words.map(part).collect::<Vec<_>>().join("\n")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
