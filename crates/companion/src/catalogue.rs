//! The agents on offer: built-in profiles and the user's own, as far as they are found on this machine.

use agent_tasks::capabilities::{AgentOffer, MissingAgent, Supervision};

use crate::{agents::Profile, config::Config};

/// The agents on offer, and those that were not found.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    offers: Vec<AgentOffer>,
    /// One for each offer, in the same order.
    profiles: Vec<Profile>,
    missing: Vec<MissingAgent>,
}

impl Catalogue {
    /// Looks for the agents of `config`.
    pub fn find(config: &Config) -> Self {
        let mut catalogue = Self::default();
        for profile in &config.agent {
            let name = if profile.name.is_empty() { profile.id.clone() } else { profile.name.clone() };
            if which::which(&profile.command).is_ok() {
                catalogue.offer(
                    AgentOffer {
                        id: profile.id.clone(),
                        name,
                        description: None,
                        rehearsal: false,
                        models: Vec::new(),
                    },
                    profile.clone(),
                );
            } else {
                let install = format!("'{}' was not found; install it or correct the configuration", profile.command);
                catalogue.missing.push(MissingAgent { id: profile.id.clone(), name, install });
            }
        }
        catalogue
    }

    /// Adds an agent that is here.
    pub fn offer(&mut self, offer: AgentOffer, profile: Profile) {
        self.offers.push(offer);
        self.profiles.push(profile);
    }

    /// The agents on offer, the default first.
    pub fn offers(&self) -> &[AgentOffer] {
        &self.offers
    }

    /// The agents that were not found.
    pub fn missing(&self) -> &[MissingAgent] {
        &self.missing
    }

    /// How to start an agent on offer.
    pub fn profile(&self, agent_id: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == agent_id)
    }
}

/// How this machine lets us end an agent's processes.
pub fn supervision() -> Supervision {
    Supervision {
        layer: "process_group".into(),
        description: "signals reach an agent's process group; a process that leaves the group may survive a stop"
            .into(),
    }
}
