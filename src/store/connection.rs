//! The servers that the page works with: what is known of each, and how the page stands with it.

use agent_tasks::{Capabilities, Permission, RateBudget, Repository, ServerAddress, TaskId, Timestamp};

use super::{Link, Remote};

/// Names a connection while the page is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u32);

/// Names a task among those of all connections.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskKey {
    /// Where it lives.
    pub connection: ConnectionId,
    /// Its id there.
    pub id: TaskId,
}

/// How the page stands with a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is being greeted, or a pairing code is being traded for a token.
    Entering,
    /// There is no token. Carries why, where something went wrong.
    NoToken(Option<String>),
    /// There is a token, and nothing has refused it.
    Open {
        /// Whether the token outlives the tab.
        is_remembered: bool,
    },
}

/// A server, and all that the page knows of it but its tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Its name while the page is open.
    pub id: ConnectionId,
    /// For people.
    pub name: String,
    /// Where it is.
    pub address: ServerAddress,
    /// Whether the host of the page offers it: then it cannot be removed.
    pub is_preset: bool,
    /// How the page stands with it.
    pub standing: Standing,
    /// What it can do.
    pub capabilities: Remote<Capabilities>,
    /// Whether its list was read.
    pub reading: Remote<()>,
    /// How the news of its list are doing.
    pub link: Link,
    /// What there is to work on.
    pub repositories: Remote<Vec<Repository>>,
    /// How far its clock is ahead of ours, in milliseconds; zero where it does not tell its time.
    pub clock_lead_ms: i64,
    /// What is left of its rate limit, where it has one.
    pub budget: Option<RateBudget>,
    /// What its token may do, where that was tried.
    pub permissions: Vec<Permission>,
}

impl Connection {
    /// A server of which nothing is known yet.
    pub fn new(id: ConnectionId, name: String, address: ServerAddress, is_preset: bool) -> Self {
        Self {
            id,
            name,
            address,
            is_preset,
            standing: Standing::NoToken(None),
            capabilities: Remote::Loading,
            reading: Remote::Loading,
            link: Link::Connecting,
            repositories: Remote::Loading,
            clock_lead_ms: 0,
            budget: None,
            permissions: Vec::new(),
        }
    }

    /// `now` by the server's clock: what it tells of moments is measured by that.
    pub fn at(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_ms(now.as_ms() + self.clock_lead_ms)
    }

    /// Whether requests can be sent.
    pub fn is_open(&self) -> bool {
        match self.standing {
            Standing::Open { .. } => true,
            Standing::Entering | Standing::NoToken(_) => false,
        }
    }

    /// Whether it is known to be able to stop a session.
    pub fn takes_stop(&self) -> bool {
        self.is_open() && self.capabilities.ready().is_some_and(|known| known.calls.stop)
    }

    /// Whether it is known to be able to pause a session.
    pub fn takes_pause(&self) -> bool {
        self.is_open() && self.capabilities.ready().is_some_and(|known| known.calls.pause)
    }

    /// How the page stands with it, in a few words.
    pub fn sentence(&self) -> &'static str {
        match (&self.standing, self.link) {
            (Standing::NoToken(_), _) => "Not connected",
            (Standing::Entering, _) | (Standing::Open { .. }, Link::Connecting) => "Connecting…",
            (Standing::Open { .. }, Link::Live) => "Live",
            (Standing::Open { .. }, Link::Reconnecting) => "Reconnecting…",
        }
    }
}

/// All servers, in the order in which they were added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Connections {
    all: Vec<Connection>,
    added_count: u32,
}

impl Connections {
    /// Adds a server, or gives the id of the one that has this address already.
    pub fn add(&mut self, name: &str, address: ServerAddress, is_preset: bool) -> ConnectionId {
        if let Some(known) = self.all.iter().find(|known| known.address.base() == address.base()) {
            return known.id;
        }
        let id = ConnectionId(self.added_count);
        self.added_count += 1;
        let name = if name.trim().is_empty() { address.host() } else { name.trim() };
        self.all.push(Connection::new(id, name.to_owned(), address, is_preset));
        id
    }

    /// Forgets a server.
    pub fn remove(&mut self, id: ConnectionId) {
        self.all.retain(|connection| connection.id != id);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Connection> {
        self.all.iter()
    }

    /// Those that requests can be sent to.
    pub fn open(&self) -> impl Iterator<Item = &Connection> {
        self.iter().filter(|connection| connection.is_open())
    }

    /// One of them.
    pub fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.iter().find(|connection| connection.id == id)
    }

    /// One of them alone.
    pub fn only(&self, id: ConnectionId) -> Self {
        Self { all: self.get(id).cloned().into_iter().collect(), ..self.clone() }
    }

    /// One of them, to change it.
    pub fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        self.all.iter_mut().find(|connection| connection.id == id)
    }

    /// The one at `base`.
    pub fn at_base(&self, base: &str) -> Option<&Connection> {
        self.iter().find(|connection| connection.address.base() == base)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_added_once_and_its_id_is_never_used_again() {
        let mut connections = Connections::default();
        let github = connections.add("", ServerAddress::github(), false);
        assert_eq!(connections.get(github).map(|it| it.name.as_str()), Some("api.github.com"));
        assert_eq!(connections.add("again", ServerAddress::github(), false), github);
        connections.remove(github);
        assert!(connections.is_empty());
        assert_ne!(connections.add("", ServerAddress::github(), false), github);
    }

    #[test]
    fn each_server_has_a_clock_of_its_own() {
        let mut connections = Connections::default();
        let early = connections.add("", ServerAddress::github(), false);
        let late = connections.add("", ServerAddress::of_companion_host("127.0.0.1:1").unwrap(), false);
        connections.get_mut(late).unwrap().clock_lead_ms = 3_600_000;
        let now = Timestamp::from_ms(1_000);
        assert_eq!(connections.get(early).unwrap().at(now), now);
        assert_eq!(connections.get(late).unwrap().at(now), Timestamp::from_ms(3_601_000));
    }
}
