//! What the server of the chosen repository takes with a start, and what is chosen of it.

use agent_tasks::capabilities::{AgentOffer, MissingAgent, StartFields};
use agent_tasks::{Branch, Repository};

use crate::store::{Choices, ConnectionId, Connections};

/// Where a task would start, and what its server takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The server.
    pub connection: ConnectionId,
    /// The base of the server.
    pub server: String,
    /// The repository there.
    pub repository: Repository,
    /// Its agents, the default first.
    pub agents: Vec<AgentOffer>,
    /// The agents that it knows and did not find.
    pub missing_agents: Vec<MissingAgent>,
    /// The optional fields that it acts on.
    pub fields: StartFields,
    /// Bytes of the longest prompt that it takes; zero where it does not tell.
    pub prompt_bytes: usize,
}

impl Offer {
    /// What is on offer where the choices point to.
    pub fn of(choices: &Choices, connections: &Connections) -> Option<Self> {
        let place = choices.chosen_place(connections)?;
        let known = place.connection.capabilities.ready();
        Some(Self {
            connection: place.connection.id,
            server: place.connection.address.base().to_owned(),
            repository: place.repository.clone(),
            agents: known.map(|known| known.agents.clone()).unwrap_or_default(),
            missing_agents: known.map(|known| known.missing_agents.clone()).unwrap_or_default(),
            fields: known.map(|known| known.start).unwrap_or_default(),
            prompt_bytes: known.map(|known| known.limits.prompt_bytes).unwrap_or_default(),
        })
    }

    /// The models that the chosen agent names.
    pub fn models(&self, choices: &Choices) -> &[String] {
        choices.chosen_agent(&self.agents).map(|agent| agent.models.as_slice()).unwrap_or_default()
    }

    /// The chosen model, where the chosen agent still names it.
    pub fn model<'a>(&'a self, choices: &Choices) -> Option<&'a String> {
        self.models(choices).iter().find(|model| **model == choices.model)
    }

    /// Whether work can go on on the chosen branch itself: not where the server does not take that, and not on
    /// the default branch.
    pub fn can_continue(&self, choices: &Choices, branches: &[Branch]) -> bool {
        self.fields.head_ref && choices.chosen_branch(&self.repository, branches) != self.repository.default_branch
    }
}
