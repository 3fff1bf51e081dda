//! The page's own addresses. They are fragments, so that any host of static files serves them, and what
//! they name is not told to the host.

use agent_tasks::{TaskId, paths};

use super::{Connection, ConnectionId, Connections, TaskKey};

/// The start of the fragment of a task's page.
const TASK_PAGES: &str = "#/tasks/";
/// The start of the fragment of a repository's page.
const REPOSITORY_PAGES: &str = "#/repos/";
/// What stands before the step in such a fragment.
const STEP: &str = "/steps/";
/// What stands before the line of a step.
const LINE: &str = "/lines/";
/// What stands before the server.
const SERVER: &str = "?server=";

/// A place in a log that an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogSpot {
    /// The event that began the step.
    pub seq: u64,
    /// The line of the step's text, from 1; the step itself when absent.
    pub line: Option<u32>,
}

impl LogSpot {
    /// Reads what stands after `/steps/`.
    fn parse(text: &str) -> Option<Self> {
        let (seq, line) = match text.split_once(LINE) {
            Some((seq, line)) => (seq, Some(line.parse().ok().filter(|line| *line > 0)?)),
            None => (text, None),
        };
        Some(Self { seq: seq.parse().ok()?, line })
    }
}

/// The address of a task: `#/tasks/{id}`, `#/tasks/{id}/steps/{seq}`, `#/tasks/{id}/steps/{seq}/lines/{line}`, each with
/// `?server={base}` unless it lives on the server that the page's host offers first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskAddress {
    /// The base of the server; the first preset when absent.
    pub server: Option<String>,
    /// The task there.
    pub id: TaskId,
    /// The place in its log that is meant.
    pub spot: Option<LogSpot>,
}

impl TaskAddress {
    /// Reads a fragment, `#` included; `decode` undoes percent-encoding.
    pub fn parse(fragment: &str, decode: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let rest = fragment.strip_prefix(TASK_PAGES)?;
        let (path, server) = match rest.split_once(SERVER) {
            Some((path, server)) => (path, Some(decode(server)?)),
            None => (rest, None),
        };
        let (segment, spot) = match path.split_once(STEP) {
            Some((segment, spot)) => (segment, Some(LogSpot::parse(spot)?)),
            None => (path, None),
        };
        let id = TaskId(decode(segment)?);
        let address = Self { server, id, spot };
        let is_whole = !segment.is_empty() && !segment.contains(['/', '?', '#']);
        is_whole.then_some(address)
    }

    /// The fragment, `#` included.
    pub fn fragment(&self) -> String {
        let mut fragment = paths::task_page(&self.id);
        if let Some(LogSpot { seq, line }) = self.spot {
            fragment += STEP;
            fragment += &seq.to_string();
            if let Some(line) = line {
                fragment += LINE;
                fragment += &line.to_string();
            }
        }
        if let Some(server) = &self.server {
            fragment += SERVER;
            // A base has only characters that a fragment may carry as they are.
            fragment += server;
        }
        fragment
    }
}

/// The address of a repository: `#/repos/{owner}/{name}`, with the server as a task's has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryAddress {
    /// The base of the server; the first preset when absent.
    pub server: Option<String>,
    /// Who owns it.
    pub owner: String,
    /// Its name.
    pub name: String,
}

impl RepositoryAddress {
    /// Reads a fragment, `#` included; `decode` undoes percent-encoding.
    pub fn parse(fragment: &str, decode: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let rest = fragment.strip_prefix(REPOSITORY_PAGES)?;
        let (path, server) = match rest.split_once(SERVER) {
            Some((path, server)) => (path, Some(decode(server)?)),
            None => (rest, None),
        };
        let (owner, name) = path.split_once('/').filter(|(owner, name)| !owner.is_empty() && !name.is_empty())?;
        let is_whole = !name.contains(['/', '?', '#']);
        is_whole.then_some(Self { server, owner: decode(owner)?, name: decode(name)? })
    }

    /// The fragment, `#` included.
    pub fn fragment(&self) -> String {
        let server = self.server.as_deref().map(|server| format!("{SERVER}{server}")).unwrap_or_default();
        format!("{REPOSITORY_PAGES}{}/{}{server}", paths::segment(&self.owner), paths::segment(&self.name))
    }
}

impl Connections {
    /// The address of a task's page.
    pub fn address_of(&self, key: &TaskKey) -> TaskAddress {
        TaskAddress { server: self.named(key.connection), id: key.id.clone(), spot: None }
    }

    /// The address of a repository's page; `full_name` is `owner/name`.
    pub fn address_of_repository(&self, connection: ConnectionId, full_name: &str) -> Option<RepositoryAddress> {
        let (owner, name) = full_name.split_once('/')?;
        Some(RepositoryAddress { server: self.named(connection), owner: owner.to_owned(), name: name.to_owned() })
    }

    /// The server that an address names.
    pub fn addressed(&self, server: Option<&str>) -> Option<&Connection> {
        match server {
            Some(base) => self.at_base(base),
            None => self.iter().find(|connection| connection.is_preset).or_else(|| self.iter().next()),
        }
    }

    /// How an address names a server.
    fn named(&self, id: ConnectionId) -> Option<String> {
        let home = self.iter().find(|connection| connection.is_preset).map(|connection| connection.id);
        let connection = (home != Some(id)).then(|| self.get(id)).flatten();
        connection.map(|connection| connection.address.base().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::{Edition, ServerAddress};

    fn parse(fragment: &str) -> Option<TaskAddress> {
        TaskAddress::parse(fragment, |text| Some(text.to_owned()))
    }

    #[test]
    fn only_whole_addresses_name_a_task() {
        let plain = TaskAddress { server: None, id: TaskId("a-1".into()), spot: None };
        let step = TaskAddress { spot: Some(LogSpot { seq: 12, line: None }), ..plain.clone() };
        let line = TaskAddress { spot: Some(LogSpot { seq: 12, line: Some(500_000) }), ..plain.clone() };
        assert_eq!(line.fragment(), "#/tasks/a-1/steps/12/lines/500000");
        let elsewhere = TaskAddress { server: Some("https://api.github.com".into()), ..plain.clone() };
        for address in
            [plain, step, elsewhere, line.clone(), TaskAddress { server: Some("http://[::1]:1/api".into()), ..line }]
        {
            assert_eq!(parse(&address.fragment()), Some(address.clone()), "{}", address.fragment());
        }
        for other in ["", "#", "#/", "#/tasks", "#/tasks/", "#/tasks/a/b", "#/task/a", "#/tasks/a/steps/x", "#pair=a"] {
            assert_eq!(parse(other), None, "{other}");
        }
        for other in ["1/lines/", "1/lines/0", "1/lines/-1", "1/lines/x", "x/lines/1", "1/lines/1/2", "1/line/1"] {
            assert_eq!(parse(&format!("#/tasks/a/steps/{other}")), None, "{other}");
        }
    }

    #[test]
    fn a_repository_has_a_page() {
        let parse = |fragment: &str| RepositoryAddress::parse(fragment, |text| Some(text.to_owned()));
        for server in [None, Some("https://ghe.example.com/api/v3".to_owned())] {
            let address = RepositoryAddress { server, owner: "octo".into(), name: "site.js".into() };
            assert_eq!(parse(&address.fragment()), Some(address));
        }
        for other in ["#/repos/", "#/repos/a", "#/repos//b", "#/repos/a/", "#/repos/a/b/c", "#/tasks/a/b"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn the_server_is_left_out_where_the_host_offers_it_first() {
        let mut connections = Connections::default();
        let typed = connections.add("", ServerAddress::github(), false);
        let own = ServerAddress::of_base("http://127.0.0.1:1/api", Edition::Companion).unwrap();
        let home = connections.add("", own, true);
        let fragment = |connection: ConnectionId| {
            connections.address_of(&TaskKey { connection, id: TaskId("a".into()) }).fragment()
        };
        assert_eq!(fragment(home), "#/tasks/a");
        assert_eq!(fragment(typed), "#/tasks/a?server=https://api.github.com");
    }
}
