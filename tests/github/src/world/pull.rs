//! A pull request, with the state of its checks.

use super::{NodeId, NodeKind};

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// The number in the database, which tasks name it by.
    pub id: u64,
    /// The number in its repository.
    pub number: u64,
    /// The repository's number.
    pub repository: u64,
    /// The author's number.
    pub author: u64,
    /// The title.
    pub title: String,
    /// Whether it is open; a merged one is not.
    pub is_open: bool,
    /// Whether it is a draft.
    pub is_draft: bool,
    /// Whether it was merged.
    pub is_merged: bool,
    /// Its branch.
    pub head: String,
    /// The branch that it is for.
    pub base: String,
    /// All checks together, as GraphQL says it: `SUCCESS`, `FAILURE`, `PENDING` …; none where nothing checks.
    pub checks: Option<String>,
    /// What it changes.
    pub diff: String,
}

impl Pull {
    /// An open draft without checks.
    pub fn new(id: u64, number: u64, repository: u64, title: &str) -> Self {
        Self {
            id,
            number,
            repository,
            author: 1,
            title: title.into(),
            is_open: true,
            is_draft: true,
            is_merged: false,
            head: format!("copilot/fix-{number}"),
            base: "main".into(),
            checks: None,
            diff: String::new(),
        }
    }

    /// The state as GraphQL says it.
    pub fn state(&self) -> &'static str {
        match (self.is_merged, self.is_open) {
            (true, _) => "MERGED",
            (false, true) => "OPEN",
            (false, false) => "CLOSED",
        }
    }

    /// The global id.
    pub fn node_id(&self) -> NodeId {
        NodeId { kind: NodeKind::PullRequest, number: self.id }
    }
}
