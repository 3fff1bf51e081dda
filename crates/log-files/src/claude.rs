//! Sessions of Claude Code: messages in the shape of its API, one block or more a line, with what the program notes
//! for itself in between.

mod blocks;
mod sub_agents;
mod tools;

use agent_tasks::event::{AssistantUsage, SessionError, SessionStart, SessionTitleChanged};
use serde_json::Value;

use self::sub_agents::SubAgents;
use self::tools::Calls;
use crate::telling::Telling;

/// The model that the program names when no model spoke.
const NO_MODEL: &str = "<synthetic>";

/// What is known of a session.
#[derive(Debug, Default)]
pub struct ClaudeReader {
    /// Whether the session's beginning was told, and with which model.
    is_begun: bool,
    model: Option<String>,
    calls: Calls,
    sub_agents: SubAgents,
    /// What was used, and by the newest message, which several lines may tell.
    usage: AssistantUsage,
    counted: (String, [u64; 3]),
}

impl ClaudeReader {
    /// Reads a line.
    pub fn read(&mut self, line: Value, telling: &mut Telling) {
        telling.happened(&line["timestamp"]);
        self.begin(&line, telling);
        let word = line["type"].as_str().unwrap_or_default();
        telling.agent = self.sub_agents.enter(&line, word, &self.calls);
        match word {
            "user" | "assistant" if line["message"].is_object() => self.message(&line, word, telling),
            "system" => system(&line, telling),
            "summary" | "custom-title" | "ai-title" | "agent-name" => title(&line, telling),
            "progress" => self.progress(&line, telling),
            "result" => self.result(&line, telling),
            "attachment" => attachment(&line, telling),
            "" => telling.json_as_it_is("", line),
            _ if NOTES.contains(&word) => telling.note(word, &line),
            _ => telling.json_as_it_is(&["claude.", word].concat(), line.clone()),
        }
        telling.agent = None;
    }

    /// The file is over.
    pub fn finish(&mut self, telling: &mut Telling) {
        self.calls.finish(telling);
    }

    /// The first line that knows the session begins it.
    fn begin(&mut self, line: &Value, telling: &mut Telling) {
        let text = |name: &str| line[name].as_str();
        if self.is_begun || (text("sessionId").or(text("session_id")).is_none() && !line["message"].is_object()) {
            return;
        }
        self.is_begun = true;
        self.calls.work_in(text("cwd").unwrap_or("/"));
        self.sub_agents.begin(line);
        self.tell_start(line, telling);
    }

    fn tell_start(&self, line: &Value, telling: &mut Telling) {
        let text = |names: [&str; 2]| names.iter().find_map(|name| line[*name].as_str()).unwrap_or_default();
        telling.tell(SessionStart {
            session_id: text(["sessionId", "session_id"]).to_owned(),
            producer: ["Claude Code ", text(["version", "claude_code_version"])].concat().trim_end().to_owned(),
            start_time: Some(telling.moment),
            selected_model: self.model.clone(),
            resumed: false,
        });
    }

    fn message(&mut self, line: &Value, word: &str, telling: &mut Telling) {
        let message = &line["message"];
        if word == "assistant" {
            let model = message["model"].as_str().filter(|model| *model != NO_MODEL);
            if model.is_some() && self.model.as_deref() != model && telling.agent.is_none() {
                self.model = model.map(str::to_owned);
                self.tell_start(line, telling);
            }
        }
        let id = ["uuid", "id"].iter().find_map(|name| line[*name].as_str()).map_or_else(
            || [message["id"].as_str().unwrap_or("message"), "@", &telling.told.lines.to_string()].concat(),
            str::to_owned,
        );
        let context = blocks::Line {
            id: &id,
            is_assistant: word == "assistant",
            is_meta: line["isMeta"] == true,
            is_summary: line["isCompactSummary"] == true,
            told: &line["toolUseResult"],
            parent: self.sub_agents.parent(),
        };
        match &message["content"] {
            Value::String(text) => blocks::text(text, 0, &context, telling),
            Value::Array(all) => blocks::read_all(all, &context, &mut self.calls, telling),
            other => telling.json_as_it_is("claude.message", other.clone()),
        }
        if word == "assistant" {
            self.use_tokens(message, telling);
        }
    }

    /// The tokens of a message. Each of its lines tells them, the last one whole.
    fn use_tokens(&mut self, message: &Value, telling: &mut Telling) {
        let usage = &message["usage"];
        let Some(id) = message["id"].as_str().filter(|_| usage.is_object()) else { return };
        let tokens = |name: &str| usage[name].as_u64().unwrap_or_default();
        let cached = tokens("cache_read_input_tokens");
        let now = [tokens("input_tokens") + tokens("cache_creation_input_tokens"), tokens("output_tokens"), cached];
        if self.counted.0 != id {
            self.counted = (id.to_owned(), [0; 3]);
        }
        if self.counted.1 == now {
            return;
        }
        let before = std::mem::replace(&mut self.counted.1, now);
        let add = |sum: &mut Option<u64>, at: usize| {
            *sum = Some((sum.unwrap_or_default() + now[at]).saturating_sub(before[at]));
        };
        add(&mut self.usage.input_tokens, 0);
        add(&mut self.usage.output_tokens, 1);
        add(&mut self.usage.cache_read_tokens, 2);
        self.usage.model.clone_from(&self.model);
        if telling.agent.is_none() {
            self.usage.context_used = Some(now[0] + now[2]);
        }
        telling.tell(self.usage.clone());
    }

    /// News of a running call: a sub-agent's message, or a note.
    fn progress(&mut self, line: &Value, telling: &mut Telling) {
        let inner = &line["data"]["message"];
        let word = inner["type"].as_str().unwrap_or_default();
        if matches!(word, "user" | "assistant") && inner["message"].is_object() {
            telling.agent = self.sub_agents.enter_progress(line);
            self.message(inner, word, telling);
        } else {
            telling.note("progress", line);
        }
    }

    /// How a run without a screen ended.
    fn result(&mut self, line: &Value, telling: &mut Telling) {
        if let Some(cost) = line["total_cost_usd"].as_f64() {
            self.usage.cost = Some(cost);
            self.usage.currency = Some("USD".to_owned());
            telling.tell(self.usage.clone());
        }
        let word = line["subtype"].as_str().unwrap_or("result");
        // On success it repeats the last message.
        if line["is_error"] == true {
            let message = line["result"].as_str().unwrap_or("the run ended with an error").to_owned();
            telling.tell(SessionError { error_type: word.to_owned(), message, stack: None });
        } else {
            telling.note("result", line);
        }
    }
}

/// What the program notes for itself, seen in its files from 2.0 to 2.1.
const NOTES: [&str; 12] = [
    "file-history-snapshot",
    "file-history-delta",
    "queue-operation",
    "mode",
    "permission-mode",
    "last-prompt",
    "pr-link",
    "tag",
    "agent-color",
    "agent-setting",
    "worktree-state",
    "rate_limit_event",
];

fn system(line: &Value, telling: &mut Telling) {
    let word = line["subtype"].as_str().unwrap_or("system");
    let text = line["content"].as_str().filter(|text| !text.is_empty());
    match (word, text) {
        ("init", _) => telling.note("init", line),
        ("api_error", _) => {
            let said = line["error"]["message"].as_str().or(line["error"]["formatted"].as_str()).or(text);
            let message = said.map_or_else(|| line["error"].to_string(), str::to_owned);
            telling.tell(SessionError { error_type: word.to_owned(), message, stack: None });
        }
        (_, Some(text)) if line["level"] == "error" => {
            telling.tell(SessionError { error_type: word.to_owned(), message: text.to_owned(), stack: None });
        }
        (_, Some(text)) => telling.info(word, text),
        (_, None) => telling.note(word, line),
    }
}

fn title(line: &Value, telling: &mut Telling) {
    let named = ["summary", "customTitle", "aiTitle", "agentName", "title"];
    let Some(title) = named.iter().find_map(|name| line[*name].as_str()) else {
        telling.note(line["type"].as_str().unwrap_or_default(), line);
        return;
    };
    telling.told.title = Some(title.to_owned());
    telling.tell(SessionTitleChanged { title: title.to_owned() });
}

/// What came beside a prompt; a prompt itself, when it was typed while the agent worked.
fn attachment(line: &Value, telling: &mut Telling) {
    let attached = &line["attachment"];
    match (attached["type"].as_str(), attached["prompt"].as_str()) {
        (Some("queued_command"), Some(prompt)) => {
            telling.tell(agent_tasks::event::UserMessage { content: prompt.to_owned(), source: None });
        }
        _ => telling.note("attachment", attached),
    }
}
