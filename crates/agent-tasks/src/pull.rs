//! The pull request of a task.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// A pull request. GitHub's lists tell the two ids only; the rest is there once it was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PullArtifact {
    /// The database number at GitHub; not the number that people use.
    pub id: i64,
    /// GitHub's GraphQL id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_id: Option<String>,
    /// The number that people use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The address for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html_url: Option<String>,
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether it is still to be merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PullState>,
    /// What the checks of its newest commit say; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<ChecksState>,
}

/// Where a pull request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PullState {
    /// Not yet for review.
    Draft,
    /// For review.
    Open,
    /// Taken.
    Merged,
    /// Given up.
    Closed,
}

/// What the checks of a commit say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChecksState {
    /// Some have not ended.
    Pending,
    /// All passed.
    Success,
    /// One failed.
    Failure,
}
