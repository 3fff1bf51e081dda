//! What the pickers stand on: the remembered choice where it still holds, else the first that works.

use agent_tasks::capabilities::AgentOffer;
use agent_tasks::{Branch, Capabilities, Repository};

use super::{Choices, Connection, Connections};

/// A repository, and the server that it is on.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The server.
    pub connection: &'a Connection,
    /// The repository there.
    pub repository: &'a Repository,
}

impl Connections {
    /// Every repository that a task could start in, server by server.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.open().flat_map(|connection| {
            let repositories = connection.repositories.ready().map(Vec::as_slice).unwrap_or_default();
            repositories.iter().map(move |repository| Place { connection, repository })
        })
    }
}

impl Choices {
    /// Where a task would start.
    pub fn chosen_place<'a>(&self, connections: &'a Connections) -> Option<Place<'a>> {
        let works = |place: &Place<'_>| place.repository.problem.is_none();
        let is_chosen = |place: &Place<'_>| {
            place.repository.full_name == self.repository && place.connection.address.base() == self.server
        };
        connections.places().find(|place| is_chosen(place) && works(place)).or_else(|| connections.places().find(works))
    }

    /// The branch that a task would start from.
    pub fn chosen_branch<'a>(&'a self, repository: &'a Repository, branches: &[Branch]) -> &'a str {
        let is_known = branches.iter().any(|branch| branch.name == self.base_ref);
        if is_known { &self.base_ref } else { &repository.default_branch }
    }

    /// The agent that a task would run with.
    pub fn chosen_agent<'a>(&self, agents: &'a [AgentOffer]) -> Option<&'a AgentOffer> {
        agents.iter().find(|agent| agent.id == self.agent_id).or_else(|| agents.first())
    }
}

/// An agent's name for people; the id itself when the server does not know it.
pub fn agent_name<'a>(capabilities: Option<&'a Capabilities>, agent_id: &'a str) -> &'a str {
    let Some(capabilities) = capabilities else { return agent_id };
    let offered = capabilities.agents.iter().find(|agent| agent.id == agent_id).map(|agent| agent.name.as_str());
    let missing = || capabilities.missing_agents.iter().find(|agent| agent.id == agent_id);
    offered.or_else(|| missing().map(|agent| agent.name.as_str())).unwrap_or(agent_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Remote, Standing};
    use agent_tasks::{Edition, ServerAddress};
    use serde_json::json;

    fn repository(name: &str, problem: Option<&str>) -> Repository {
        serde_json::from_value(json!({
            "id": 1, "name": name, "full_name": format!("o/{name}"), "default_branch": "main", "private": true,
            "owner": {"id": 1, "login": "o", "type": "User"}, "problem": problem
        }))
        .unwrap()
    }

    fn open(connections: &mut Connections, base: &str, repositories: Vec<Repository>) {
        let id = connections.add("", ServerAddress::of_base(base, Edition::Companion).unwrap(), false);
        let connection = connections.get_mut(id).unwrap();
        connection.standing = Standing::Open { is_remembered: false };
        connection.repositories = Remote::Ready(repositories);
    }

    #[test]
    fn a_choice_that_no_longer_works_gives_way_to_the_first_that_does() {
        let mut connections = Connections::default();
        assert!(Choices::default().chosen_place(&connections).is_none());
        open(
            &mut connections,
            "https://a/api",
            vec![repository("gone", Some("the folder is gone")), repository("a", None)],
        );
        open(&mut connections, "https://b/api", vec![repository("a", None), repository("b", None)]);
        let choose = |server: &str, name: &str| {
            let choices = Choices { server: server.into(), repository: name.into(), ..Choices::default() };
            let place = choices.chosen_place(&connections).unwrap();
            (place.connection.address.host().to_owned(), place.repository.name.clone())
        };
        assert_eq!(choose("https://b/api", "o/b"), ("b".into(), "b".into()));
        assert_eq!(choose("https://b/api", "o/a"), ("b".into(), "a".into()));
        assert_eq!(choose("https://a/api", "o/b"), ("a".into(), "a".into()));
        assert_eq!(choose("https://a/api", "o/gone"), ("a".into(), "a".into()));
        assert_eq!(choose("", ""), ("a".into(), "a".into()));
    }
}
