//! What GitHub differs in: what it can do is known, its lists tell numbers, and Stop, follow-ups and logs go ways
//! of their own.

mod branch;
mod complete;
pub(super) mod follow_up;
pub(super) mod known;
pub(super) mod log;
mod lookup;
mod names;
mod node_id;
mod one_task;
pub(super) mod permissions;
mod runs;
mod stop;

use agent_tasks::capabilities::{AgentOffer, Calls, Limits, StartFields};
use agent_tasks::prompt::PROMPT_BYTES_MAX;
use agent_tasks::{Capabilities, ServerAddress};
use serde_json::Value;

/// The models that GitHub's description names; it says that they may change.
const MODELS: [&str; 7] = [
    "claude-sonnet-4.6",
    "claude-opus-4.6",
    "gpt-5.2-codex",
    "gpt-5.3-codex",
    "gpt-5.4",
    "claude-sonnet-4.5",
    "claude-opus-4.5",
];

/// What GitHub can do.
pub(super) fn capabilities(address: &ServerAddress) -> Capabilities {
    let server = if *address == ServerAddress::github() { "GitHub" } else { address.host() };
    Capabilities {
        server: server.to_owned(),
        version: String::new(),
        calls: Calls {
            events: false,
            outline: false,
            search: false,
            stream: false,
            steer: true,
            stop: true,
            answer: false,
            pause: false,
            compare: true,
        },
        start: StartFields { custom_agent: true, create_pull_request: true, head_ref: true },
        agents: vec![AgentOffer {
            id: "copilot".to_owned(),
            name: "Copilot coding agent".to_owned(),
            description: None,
            rehearsal: false,
            models: MODELS.map(str::to_owned).to_vec(),
        }],
        missing_agents: Vec::new(),
        limits: Limits { prompt_bytes: PROMPT_BYTES_MAX, running: None, stop_seconds: None },
        supervision: None,
    }
}

/// The names of the agents among the files of a folder.
pub(super) fn agent_names(files: &Value) -> Vec<String> {
    let names = files.as_array().into_iter().flatten().filter_map(|file| file["name"].as_str());
    names.filter_map(|name| name.strip_suffix(".agent.md")).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_agent_is_a_file_with_its_ending() {
        let files = json!([{"name": "reviewer.agent.md"}, {"name": "README.md"}, {"name": ".agent.md"}, {}, null]);
        assert_eq!(agent_names(&files), ["reviewer"]);
        assert!(agent_names(&json!({"message": "a file"})).is_empty());
    }

    #[test]
    fn the_server_has_a_name_for_people() {
        let name = |host| capabilities(&ServerAddress::of_github_host(host).unwrap()).server;
        assert_eq!((name("github.com"), name("ghe.example.com")), ("GitHub".into(), "ghe.example.com".into()));
    }
}
