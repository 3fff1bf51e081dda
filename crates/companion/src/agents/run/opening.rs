//! The beginning of a session: who is there, a session with it, the wanted model.

use std::time::SystemTime;

use agent_tasks::{Timestamp, event::SessionStart};

use super::*;
use acp_events::info;

/// The version of the protocol that we speak.
const PROTOCOL_VERSION: u64 = 1;

/// What an agent told of itself.
#[derive(Default)]
pub struct Agent {
    /// Its name for the session.
    pub session: Option<String>,
    /// The ways to log in.
    pub auth_methods: Value,
    /// What it can do.
    capabilities: Value,
}

impl Agent {
    /// Whether it has `session/{name}`.
    pub fn can(&self, name: &str) -> bool {
        let session = &self.capabilities["sessionCapabilities"][name];
        session.is_object() || session.as_bool() == Some(true)
    }
}

impl Run {
    /// Greets the agent, and opens a session or goes on with the task's earlier one.
    pub(super) async fn open(&mut self) -> Result<(), Break> {
        let start_time = now();
        let hello = self.conversation.call("initialize", hello(), START_PATIENCE).await?;
        let version = &hello["protocolVersion"];
        if version.as_u64() != Some(PROTOCOL_VERSION) {
            return Err(Failure::Version(version.to_string()).into());
        }
        self.agent.auth_methods = hello["authMethods"].clone();
        self.agent.capabilities = hello["agentCapabilities"].clone();
        let (session, resumed) = match self.resume().await? {
            Some(session) => (session, true),
            None => (self.new_session().await?, false),
        };
        self.conversation.translator.configured(&session);
        let selected_model = self.select_model(&session).await?;
        self.select_mode(&session).await?;
        self.conversation.outbox.push([NewEvent::lasting(SessionStart {
            session_id: self.agent.session.clone().unwrap_or_default(),
            producer: producer(&hello["agentInfo"]).unwrap_or_else(|| name(&self.spec).to_owned()),
            start_time,
            selected_model,
            resumed,
        })]);
        Ok(())
    }

    async fn new_session(&mut self) -> Result<Value, Break> {
        let params = json!({"cwd": self.spec.worktree, "mcpServers": []});
        let session = self.conversation.call("session/new", params, CALL_PATIENCE).await?;
        self.agent.session = session["sessionId"].as_str().map(ToOwned::to_owned);
        Ok(session)
    }

    /// Goes on with the earlier session where the agent can; where it cannot, says so.
    async fn resume(&mut self) -> Result<Option<Value>, Break> {
        let Some(earlier) = self.spec.resume.clone() else { return Ok(None) };
        let method = if self.agent.can("resume") {
            "session/resume"
        } else if self.agent.capabilities["loadSession"] == true {
            "session/load"
        } else {
            self.note("this agent cannot go on with an earlier session: it starts without its memory");
            return Ok(None);
        };
        let params = json!({"sessionId": earlier, "cwd": self.spec.worktree, "mcpServers": []});
        self.conversation.replay(true);
        let answer = self.conversation.call(method, params, CALL_PATIENCE).await;
        self.conversation.replay(false);
        match answer {
            Ok(session) => {
                self.agent.session = Some(earlier);
                Ok(Some(session))
            }
            Err(Break::Failure(Failure::Refused(_, error)))
                if error.code != crate::agents::connection::AUTH_REQUIRED =>
            {
                let reason = error.message;
                self.note(&format!("the agent has lost the earlier session ({reason}): it starts without its memory"));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Takes the wanted model, where the agent offers it. Returns the model in force, where it tells.
    async fn select_model(&mut self, session: &Value) -> Result<Option<String>, Break> {
        let option = option_of(session, "model");
        let current = option.and_then(|option| option["currentValue"].as_str()).map(ToOwned::to_owned);
        let current = current.or_else(|| Some(session["models"]["currentModelId"].as_str()?.to_owned()));
        let Some(wanted) = self.spec.model.clone() else { return Ok(current) };
        let Some(id) = option.and_then(|option| option["id"].as_str()) else {
            self.note(&format!("this agent does not let its model be chosen here: '{wanted}' is ignored"));
            return Ok(current);
        };
        let params = json!({"sessionId": self.agent.session, "configId": id, "value": wanted});
        match self.conversation.call("session/set_config_option", params, CALL_PATIENCE).await {
            Ok(answer) => {
                self.conversation.translator.configured(&answer);
                Ok(Some(wanted))
            }
            Err(Break::Failure(Failure::Refused(_, error))) => {
                self.note(&format!("the agent does not take the model '{wanted}': {}", error.message));
                Ok(current)
            }
            Err(other) => Err(other),
        }
    }

    /// Sets the mode that the profile wants.
    async fn select_mode(&mut self, session: &Value) -> Result<(), Break> {
        let Some(wanted) = self.spec.profile.mode.clone() else { return Ok(()) };
        let modes = session["modes"]["availableModes"].as_array().map(Vec::as_slice).unwrap_or_default();
        let option = option_of(session, "mode");
        let known: Vec<&str> = match option {
            Some(option) if modes.is_empty() => values(option),
            Some(_) | None => modes.iter().filter_map(|mode| mode["id"].as_str()).collect(),
        };
        if !known.contains(&wanted.as_str()) {
            let known = if known.is_empty() { "none to choose from".to_owned() } else { known.join(", ") };
            return Err(Failure::NoMode(wanted, known).into());
        }
        let session_id = &self.agent.session;
        match option.filter(|_| modes.is_empty()) {
            Some(option) => {
                let params = json!({"sessionId": session_id, "configId": option["id"], "value": wanted});
                self.conversation.call("session/set_config_option", params, CALL_PATIENCE).await?;
            }
            None => {
                let params = json!({"sessionId": session_id, "modeId": wanted});
                self.conversation.call("session/set_mode", params, CALL_PATIENCE).await?;
            }
        }
        Ok(())
    }

    fn note(&mut self, sentence: &str) {
        self.conversation.outbox.push([info("acp", sentence.to_owned())]);
    }
}

/// The setting of that category.
fn option_of<'a>(session: &'a Value, category: &str) -> Option<&'a Value> {
    session["configOptions"].as_array()?.iter().find(|option| option["category"] == category)
}

/// What a setting can be; its values may be in groups.
fn values(option: &Value) -> Vec<&str> {
    let options = option["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let grouped = options.iter().flat_map(|group| group["options"].as_array().map(Vec::as_slice).unwrap_or_default());
    options.iter().chain(grouped).filter_map(|option| option["value"].as_str()).collect()
}

fn now() -> Option<Timestamp> {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_ms(since_epoch.as_millis().try_into().ok()?))
}

fn hello() -> Value {
    json!({
        "protocolVersion": PROTOCOL_VERSION,
        "clientCapabilities": {
            "fs": {"readTextFile": false, "writeTextFile": false},
            "terminal": false,
            // Output of commands as it comes, instead of once at their end.
            "_meta": {"terminal_output": true},
        },
        "clientInfo": {"name": "flightdeck", "title": "Flightdeck", "version": env!("CARGO_PKG_VERSION")},
    })
}

fn producer(agent: &Value) -> Option<String> {
    let name = agent["title"].as_str().or(agent["name"].as_str())?;
    let version = agent["version"].as_str().unwrap_or_default();
    Some(format!("{name} {version}").trim_end().to_owned())
}
