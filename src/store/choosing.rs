//! What the pickers stand on: the remembered choice where it still holds, else the first that works.

use agent_tasks::capabilities::AgentOffer;
use agent_tasks::{Branch, Capabilities, Repository};

use super::Choices;

impl Choices {
    /// The repository that a task would start in.
    pub fn chosen_repository<'a>(&self, repositories: &'a [Repository]) -> Option<&'a Repository> {
        let works = |repository: &&Repository| repository.problem.is_none();
        repositories
            .iter()
            .find(|repository| repository.full_name == self.repository && works(repository))
            .or_else(|| repositories.iter().find(works))
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
    use serde_json::json;

    fn repository(name: &str, problem: Option<&str>) -> Repository {
        serde_json::from_value(json!({
            "id": 1, "name": name, "full_name": format!("o/{name}"), "default_branch": "main", "private": true,
            "owner": {"id": 1, "login": "o", "type": "User"}, "problem": problem
        }))
        .unwrap()
    }

    #[test]
    fn a_choice_that_no_longer_works_gives_way_to_the_first_that_does() {
        let repositories =
            [repository("gone", Some("the folder is gone")), repository("a", None), repository("b", None)];
        let choose = |name: &str| {
            let choices = Choices { repository: name.into(), ..Choices::default() };
            choices.chosen_repository(&repositories).map(|repository| repository.name.clone())
        };
        assert_eq!(choose("o/b").as_deref(), Some("b"));
        assert_eq!(choose("o/gone").as_deref(), Some("a"));
        assert_eq!(choose("").as_deref(), Some("a"));
        assert_eq!(Choices::default().chosen_repository(&[]), None);
    }
}
