//! Users and repositories.

use std::collections::BTreeMap;

use super::{NodeId, NodeKind};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The number in the database.
    pub id: u64,
    /// The name in addresses.
    pub login: String,
}

/// A repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The number in the database.
    pub id: u64,
    /// The owner's login.
    pub owner: String,
    /// The name, without the owner.
    pub name: String,
    /// Whether only some may see it.
    pub is_private: bool,
    /// The default branch first.
    pub branches: Vec<String>,
    /// Contents by path, such as `.github/agents/docs.agent.md`.
    pub files: BTreeMap<String, String>,
    /// What changed between two branches, by `base...head`.
    pub diffs: BTreeMap<String, String>,
}

impl User {
    /// A person.
    pub fn new(id: u64, login: &str) -> Self {
        Self { id, login: login.into() }
    }

    /// The global id.
    pub fn node_id(&self) -> NodeId {
        NodeId { kind: NodeKind::User, number: self.id }
    }
}

impl Repository {
    /// A public repository with the branch `main`.
    pub fn new(id: u64, owner: &str, name: &str) -> Self {
        Self {
            id,
            owner: owner.into(),
            name: name.into(),
            is_private: false,
            branches: vec!["main".into()],
            files: BTreeMap::new(),
            diffs: BTreeMap::new(),
        }
    }

    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// The branch that is chosen unless another is.
    pub fn default_branch(&self) -> &str {
        self.branches.first().map_or("main", String::as_str)
    }

    /// The global id.
    pub fn node_id(&self) -> NodeId {
        NodeId { kind: NodeKind::Repository, number: self.id }
    }
}
