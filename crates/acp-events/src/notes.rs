//! What an agent tells beside its work: modes, settings, commands, notices. Short, and only when it changed.

use std::collections::BTreeMap;

use agent_tasks::event::SessionInfo;
use serde_json::Value;

use super::NewEvent;

/// How many commands are named.
const COMMANDS_NAMED_MAX: usize = 12;

/// What was told so far.
#[derive(Default)]
pub struct Notes {
    /// The settings by name, with their values.
    settings: BTreeMap<String, String>,
    commands: Option<String>,
}

impl Notes {
    /// The settings that come with a new session: known, not worth telling.
    pub fn configured(&mut self, session: &Value) {
        self.settings.extend(settings(&session["configOptions"]));
        if let Some(mode) = session["modes"]["currentModeId"].as_str() {
            self.settings.insert("mode".into(), mode.into());
        }
    }

    /// The mode is another one.
    pub fn mode(&mut self, update: &Value) -> Vec<NewEvent> {
        let mode = update["currentModeId"].as_str().unwrap_or_default();
        self.changed([("mode".to_owned(), mode.to_owned())])
    }

    /// The settings are others.
    pub fn configuration(&mut self, update: &Value) -> Vec<NewEvent> {
        self.changed(settings(&update["configOptions"]))
    }

    /// The commands that the agent understands: their names only.
    pub fn commands(&mut self, update: &Value) -> Vec<NewEvent> {
        let commands = update["availableCommands"].as_array().map(Vec::as_slice).unwrap_or_default();
        let names = commands.iter().filter_map(|command| command["name"].as_str()).take(COMMANDS_NAMED_MAX);
        let names: Vec<_> = names.map(|name| format!("/{name}")).collect();
        let more = commands.len() - names.len();
        let mut message = format!("Understands {}", names.join(", "));
        if more > 0 {
            message.push_str(&format!(" and {more} more commands"));
        }
        if names.is_empty() || self.commands.as_ref() == Some(&message) {
            return vec![];
        }
        self.commands = Some(message.clone());
        vec![info("commands", message)]
    }

    /// Something that the agent wants people to know.
    pub fn notice(&self, update: &Value) -> Vec<NewEvent> {
        let part = |name: &str| update[name].as_str().filter(|text| !text.is_empty());
        let message: Vec<_> = [part("title"), part("description")].into_iter().flatten().collect();
        vec![info(part("severity").unwrap_or("notice"), message.join(": "))]
    }

    fn changed(&mut self, settings: impl IntoIterator<Item = (String, String)>) -> Vec<NewEvent> {
        let mut changes = Vec::new();
        for (name, value) in settings {
            if self.settings.get(&name) != Some(&value) {
                changes.push(format!("{name}: {value}"));
                self.settings.insert(name, value);
            }
        }
        if changes.is_empty() { vec![] } else { vec![info("settings", changes.join(", "))] }
    }
}

/// A note in the log.
pub fn info(kind: &str, message: String) -> NewEvent {
    NewEvent::lasting(SessionInfo { info_type: kind.into(), message, url: None })
}

fn settings(options: &Value) -> Vec<(String, String)> {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let setting = |option: &Value| {
        let value = &option["currentValue"];
        let value = value.as_str().map(ToOwned::to_owned).or_else(|| Some(value.as_bool()?.to_string()))?;
        Some((option["id"].as_str()?.to_owned(), value))
    };
    options.iter().filter_map(setting).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::EventBody;
    use serde_json::json;

    fn told(events: Vec<NewEvent>) -> Option<String> {
        events.into_iter().next().map(|event| match event.body {
            EventBody::SessionInfo(info) => info.message,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn only_changes_are_told_and_never_their_bulk() {
        let mut notes = Notes::default();
        notes.configured(&json!({"configOptions": [{"id": "mode", "currentValue": "agent", "options": []}]}));
        assert_eq!(told(notes.mode(&json!({"currentModeId": "agent"}))), None);
        assert_eq!(told(notes.mode(&json!({"currentModeId": "plan"}))).unwrap(), "mode: plan");
        let body = "x".repeat(500_000);
        let commands = json!({"availableCommands": vec![json!({"name": "init", "_meta": {"body": body}}); 20]});
        assert!(told(notes.commands(&commands)).unwrap().ends_with(" and 8 more commands"));
        assert_eq!(told(notes.commands(&commands)), None);
    }
}
