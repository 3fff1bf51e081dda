//! Recorded conversations in the Agent Client Protocol: JSON-RPC messages of both sides, one a line. What the agent
//! says is translated by the same code that the companion uses.

use std::collections::BTreeMap;
use std::path::Path;

use acp_events::{NewEvent, Translator, spoken};
use agent_tasks::SessionId;
use agent_tasks::event::{
    Abort, AssistantTurnEnd, AssistantTurnStart, PermissionCompleted, PermissionOption, PermissionResult, SessionError,
    SessionStart, UserMessage,
};
use serde_json::Value;

use crate::telling::Telling;

/// What is known of a conversation.
#[derive(Default)]
pub struct AcpReader {
    /// The agent as it names itself.
    agent: String,
    sessions: BTreeMap<String, Session>,
    /// Questions of the client that have no answer yet, by their numbers.
    asked: BTreeMap<String, Asked>,
    /// Questions of the agent.
    permissions: BTreeMap<String, (String, Vec<PermissionOption>)>,
}

struct Session {
    translator: Translator,
    /// What a person said in an earlier conversation that is told again.
    replayed: String,
    turns: u32,
}

/// What the client asked.
enum Asked {
    Initialize,
    /// A session; with the folder it works in, and its name where that is known.
    Session {
        folder: String,
        id: Option<String>,
    },
    Prompt(String),
    Other(String),
}

impl std::fmt::Debug for AcpReader {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "AcpReader({} sessions)", self.sessions.len())
    }
}

impl AcpReader {
    /// Reads a line.
    pub fn read(&mut self, line: Value, telling: &mut Telling) {
        for moment in ["ts", "timestamp", "time"] {
            telling.happened(&line[moment]);
        }
        let message = if line["jsonrpc"].is_string() { &line } else { &line["msg"] };
        if !message.is_object() {
            telling.json_as_it_is("recording", line);
            return;
        }
        // Who says it is told by its direction or, where there is none, by what it says.
        let from_agent = match line["dir"].as_str() {
            Some(direction) => direction.starts_with("agent") || matches!(direction, "in" | "recv" | "received"),
            None => self.is_of_agent(message),
        };
        match (message["method"].as_str(), from_agent) {
            (Some(method), true) => self.agent_says(method, message, telling),
            (Some(method), false) => self.client_says(method, message, telling),
            (None, true) => self.agent_answers(message, telling),
            (None, false) => self.client_answers(message, telling),
        }
    }

    /// The file is over.
    pub fn finish(&mut self, telling: &mut Telling) {
        for (id, mut session) in std::mem::take(&mut self.sessions) {
            telling.session = SessionId(id);
            session.end_replay(telling);
            let events = session.translator.end();
            pass(events, telling);
        }
    }

    /// Whether the agent says it: questions that only agents ask, and answers to questions of the client.
    fn is_of_agent(&self, message: &Value) -> bool {
        let Some(method) = message["method"].as_str() else {
            let result = &message["result"];
            let is_choice = result["outcome"].is_object() || result["outcome"].is_string();
            return self.asked.contains_key(&message["id"].to_string()) && !is_choice;
        };
        let of_client = ["initialize", "authenticate", "logout", "session/"];
        let of_agent = ["session/update", "session/request_permission"];
        of_agent.contains(&method) || !of_client.iter().any(|start| method.starts_with(start))
    }

    fn agent_says(&mut self, method: &str, message: &Value, telling: &mut Telling) {
        let params = &message["params"];
        let id = params["sessionId"].as_str();
        match (method, id) {
            ("session/update", Some(id)) => {
                let update = &params["update"];
                let session = self.enter(id, telling);
                if update["sessionUpdate"] == "user_message_chunk" {
                    session.replayed += &spoken(&update["content"]).unwrap_or_default();
                } else {
                    session.end_replay(telling);
                    let events = session.translator.update(update, "");
                    pass(events, telling);
                }
            }
            ("session/request_permission", Some(id)) => {
                let name = message["id"].to_string();
                let (events, options) = self.enter(id, telling).translator.ask(&name, params, "");
                self.permissions.insert(name, (id.to_owned(), options));
                pass(events, telling);
            }
            _ => telling.note(method, params),
        }
    }

    fn client_says(&mut self, method: &str, message: &Value, telling: &mut Telling) {
        let params = &message["params"];
        let id = params["sessionId"].as_str().map(str::to_owned);
        let asked = match (method, id) {
            ("initialize", _) => Asked::Initialize,
            ("session/new" | "session/load" | "session/resume", id) => {
                Asked::Session { folder: params["cwd"].as_str().unwrap_or("/").to_owned(), id }
            }
            ("session/prompt", Some(id)) => {
                let session = self.enter(&id, telling);
                session.end_replay(telling);
                session.turns += 1;
                let turn_id = session.turns.to_string();
                let blocks = params["prompt"].as_array().map(Vec::as_slice).unwrap_or_default();
                let words = blocks.iter().map(|block| spoken(block).unwrap_or_else(|| block.to_string()));
                let content = words.collect::<Vec<_>>().join("\n");
                telling.tell(UserMessage { content, source: None });
                telling.tell(AssistantTurnStart { turn_id });
                Asked::Prompt(id)
            }
            ("session/cancel", Some(id)) => {
                self.enter(&id, telling).translator.begin_stop();
                telling.tell(Abort { reason: "user_initiated".to_owned() });
                return;
            }
            (method, _) => {
                telling.note(method, params);
                Asked::Other(method.to_owned())
            }
        };
        if !message["id"].is_null() {
            self.asked.insert(message["id"].to_string(), asked);
        }
    }

    fn agent_answers(&mut self, message: &Value, telling: &mut Telling) {
        let Some(asked) = self.asked.remove(&message["id"].to_string()) else {
            telling.json_as_it_is("acp.answer", message.clone());
            return;
        };
        let (result, error) = (&message["result"], &message["error"]);
        match asked {
            Asked::Initialize => {
                let info = &result["agentInfo"];
                let text = |name: &str| info[name].as_str();
                let name = text("title").or(text("name")).unwrap_or_default();
                self.agent = [name, " ", text("version").unwrap_or_default()].concat().trim().to_owned();
            }
            Asked::Session { folder, id } => {
                if let Some(id) = result["sessionId"].as_str().map(str::to_owned).or(id).filter(|_| error.is_null()) {
                    let known = self.sessions.contains_key(&id);
                    if !known {
                        self.sessions.insert(id.clone(), Session::new(&folder));
                    }
                    self.begin(&id, result, telling);
                    if let Some(session) = self.sessions.get_mut(&id) {
                        session.end_replay(telling);
                        session.translator.configured(result);
                    }
                }
            }
            Asked::Prompt(id) => {
                let session = self.enter(&id, telling);
                let events = session.translator.end_turn(result);
                let turn_id = session.turns.to_string();
                pass(events, telling);
                let stop_reason = result["stopReason"].as_str().map(str::to_owned);
                telling.tell(AssistantTurnEnd { turn_id, stop_reason });
            }
            Asked::Other(method) if error.is_null() => telling.note(&method, result),
            Asked::Other(_) => {}
        }
        if !error.is_null() {
            let said = error["message"].as_str().map_or_else(|| error.to_string(), str::to_owned);
            telling.tell(SessionError { error_type: "protocol".to_owned(), message: said, stack: None });
        }
    }

    fn client_answers(&mut self, message: &Value, telling: &mut Telling) {
        let name = message["id"].to_string();
        let Some((id, options)) = self.permissions.remove(&name) else {
            telling.note("answer", message);
            return;
        };
        self.enter(&id, telling);
        let outcome = &message["result"]["outcome"];
        let chosen = outcome["optionId"].as_str();
        let option = options.iter().find(|option| Some(option.option_id.as_str()) == chosen);
        let result = option.map_or_else(PermissionResult::cancelled, PermissionResult::chosen);
        telling.tell(PermissionCompleted { request_id: name, result });
    }

    /// The session of that name, which the next events belong to.
    fn enter(&mut self, id: &str, telling: &mut Telling) -> &mut Session {
        if !self.sessions.contains_key(id) {
            // The recording may begin in the middle; a session that is told again is named by the question.
            let folder = self.asked.values().find_map(|asked| match asked {
                Asked::Session { folder, .. } => Some(folder.clone()),
                Asked::Initialize | Asked::Prompt(_) | Asked::Other(_) => None,
            });
            self.sessions.insert(id.to_owned(), Session::new(&folder.unwrap_or_else(|| "/".to_owned())));
            self.begin(id, &Value::Null, telling);
        }
        telling.session = SessionId(id.to_owned());
        self.sessions.get_mut(id).expect("it was put there above")
    }

    fn begin(&self, id: &str, result: &Value, telling: &mut Telling) {
        telling.session = SessionId(id.to_owned());
        let options = result["configOptions"].as_array().map(Vec::as_slice).unwrap_or_default();
        let model = options.iter().find(|option| option["id"] == "model").and_then(|it| it["currentValue"].as_str());
        telling.tell(SessionStart {
            session_id: id.to_owned(),
            producer: self.agent.clone(),
            start_time: Some(telling.moment),
            selected_model: model.map(str::to_owned),
            resumed: false,
        });
    }
}

impl Session {
    fn new(folder: &str) -> Self {
        Self { translator: Translator::new(Path::new(folder)), replayed: String::new(), turns: 0 }
    }

    /// Something else follows what a person said.
    fn end_replay(&mut self, telling: &mut Telling) {
        if !self.replayed.is_empty() {
            telling.tell(UserMessage { content: std::mem::take(&mut self.replayed), source: None });
        }
    }
}

fn pass(events: Vec<NewEvent>, telling: &mut Telling) {
    for event in events {
        if let agent_tasks::EventBody::SessionTitleChanged(named) = &event.body {
            telling.told.title = Some(named.title.clone());
        }
        if let agent_tasks::EventBody::Unknown(_) = &event.body {
            telling.told.not_understood += 1;
        }
        telling.tell(event.body);
    }
}
