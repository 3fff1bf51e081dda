//! Sub-agents: lines beside the main conversation, and the call that each of them belongs to.

use serde_json::Value;

use super::tools::Calls;

/// What is known of the sub-agents.
#[derive(Debug, Default)]
pub struct SubAgents {
    /// Whether the file is one of a sub-agent: then it is the main conversation here.
    is_all: bool,
    /// The call that each sub-agent belongs to, by the sub-agent's name.
    calls: Vec<(String, String)>,
    /// The call that the present line belongs to.
    parent: Option<String>,
}

impl SubAgents {
    /// The first line tells whether the file is one of a sub-agent.
    pub fn begin(&mut self, line: &Value) {
        self.is_all = line["isSidechain"] == true;
    }

    /// The sub-agent that a line comes from. Older files name none: there its first prompt is what its call was given.
    pub fn enter(&mut self, line: &Value, word: &str, calls: &Calls) -> Option<String> {
        self.parent = None;
        if let Some(call) = line["parent_tool_use_id"].as_str() {
            self.parent = Some(call.to_owned());
            return Some(call.to_owned());
        }
        if self.is_all || line["isSidechain"] != true {
            return None;
        }
        let agent = line["agentId"].as_str().unwrap_or("sub-agent").to_owned();
        let known = self.calls.iter().position(|(known, _)| *known == agent);
        let prompt = line["message"]["content"].as_str().filter(|_| word == "user");
        let call = prompt.and_then(|prompt| calls.given(prompt)).or_else(|| {
            let only = if known.is_none() { calls.only_sub_agent() } else { None };
            only.map(str::to_owned)
        });
        match (known, call) {
            (Some(place), Some(call)) => self.calls[place].1 = call,
            (None, Some(call)) => self.calls.push((agent.clone(), call)),
            (_, None) => {}
        }
        self.parent = self.calls.iter().find(|(known, _)| *known == agent).map(|(_, call)| call.clone());
        Some(agent)
    }

    /// The sub-agent that a call's progress tells of.
    pub fn enter_progress(&mut self, line: &Value) -> Option<String> {
        let call = line["parentToolUseID"].as_str().or(line["toolUseID"].as_str())?.to_owned();
        let agent = line["data"]["agentId"].as_str().unwrap_or(&call).to_owned();
        self.parent = Some(call);
        Some(agent)
    }

    /// The call that the present line belongs to.
    pub fn parent(&self) -> Option<&str> {
        self.parent.as_deref()
    }
}
