//! Who is asking, and what there is to work on: GitHub's shapes, cut to what a picker needs.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// The account that a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct User {
    /// The account's number.
    pub id: i64,
    /// The account's name.
    pub login: String,
    /// `User` or `Organization`.
    pub r#type: String,
}

/// A repository that tasks can work in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Repository {
    /// The repository's number.
    pub id: i64,
    /// The name without its owner.
    pub name: String,
    /// `owner/name`.
    pub full_name: String,
    /// Who owns it.
    pub owner: User,
    /// The branch that a task starts from unless told otherwise.
    pub default_branch: String,
    /// Whether only some may see it. Always true on a companion.
    pub private: bool,
    /// Companion: why tasks cannot start here now (the folder is gone, no commit yet …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A branch of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Branch {
    /// The name without `refs/heads/`.
    pub name: String,
    /// Its newest commit.
    pub commit: Commit,
    /// Whether the server protects it. Always false on a companion.
    pub protected: bool,
}

/// A commit by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Commit {
    /// The hash in hexadecimal.
    pub sha: String,
}
