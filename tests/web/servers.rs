//! Servers as the page knows them, without any server.

use agent_tasks::{Edition, Permission, Repository, ServerAddress};
use flightdeck::store::{ConnectionId, Connections, Link, Remote, Standing};
use serde_json::{Value, json};

/// The companion of most tests.
pub const COMPANION: &str = "http://127.0.0.1:4180/api";

/// Adds a companion that is connected, can do everything, and plays a rehearsal.
pub fn add_companion(connections: &mut Connections, name: &str, base: &str) -> ConnectionId {
    let address = ServerAddress::of_base(base, Edition::Companion).unwrap();
    let id = connections.add(name, address, false);
    let calls = json!({"events": true, "stream": true, "steer": true, "stop": true, "answer": true, "compare": true, "pause": true});
    let agents = json!([
        {"id": "rehearsal", "name": "Rehearsal", "rehearsal": true},
        {"id": "coder", "name": "Coder", "models": ["big", "small"]}
    ]);
    let known = json!({
        "server": "flightdeck", "version": "0.1.0", "calls": calls, "agents": agents,
        "limits": {"prompt_bytes": 262_144, "running": 4, "stop_seconds": 10},
        "supervision": {"layer": "subreaper", "description": "Nothing escapes."}
    });
    open(connections, id, known, "acme/importer");
    id
}

/// Adds GitHub.com, connected.
pub fn add_github(connections: &mut Connections) -> ConnectionId {
    let id = connections.add("GitHub.com", ServerAddress::github(), false);
    let known = json!({
        "server": "GitHub", "version": "", "calls": {"stop": true}, "agents": [], "limits": {"prompt_bytes": 0},
        "start": {"custom_agent": true, "create_pull_request": true, "head_ref": true}
    });
    open(connections, id, known, "octo/site");
    id
}

fn open(connections: &mut Connections, id: ConnectionId, known: Value, repository: &str) {
    let connection = connections.get_mut(id).unwrap();
    connection.standing = Standing::Open { is_remembered: false };
    connection.link = Link::Live;
    connection.reading = Remote::Ready(());
    connection.capabilities = Remote::Ready(serde_json::from_value(known).unwrap());
    connection.repositories = Remote::Ready(vec![repository_named(repository)]);
}

fn repository_named(full_name: &str) -> Repository {
    let (owner, name) = full_name.split_once('/').unwrap();
    serde_json::from_value(json!({
        "id": 1, "name": name, "full_name": full_name, "default_branch": "main", "private": true,
        "owner": {"id": 1, "login": owner, "type": "User"}
    }))
    .unwrap()
}

/// One companion and nothing else.
pub fn one_companion() -> Connections {
    let mut connections = Connections::default();
    add_companion(&mut connections, "Laptop", COMPANION);
    connections
}

/// What a token for GitHub needs, as the page's client would tell it.
pub fn needed(address: &ServerAddress) -> Vec<Permission> {
    match address.edition {
        Edition::Companion => Vec::new(),
        Edition::Github => {
            vec![permission("Agent tasks", "read and write", None), permission("Actions", "read and write", None)]
        }
    }
}

/// A permission and what trying it has shown.
pub fn permission(name: &'static str, access: &'static str, is_granted: Option<bool>) -> Permission {
    Permission { name, access, purpose: "list, start and stop", is_granted }
}
