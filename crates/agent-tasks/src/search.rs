//! Find in a log, by its server: for what a page has not loaded. A companion's call; servers that have it say so in
//! their capabilities.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// The most hits that one answer tells; all are counted.
pub const SEARCH_HITS_MAX: u32 = 1_000;

/// What to find.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SearchQuery {
    /// The text, or the regular expression.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub q: String,
    /// Whether case matters.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub case: bool,
    /// Whether only whole words count.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub word: bool,
    /// Whether `q` is a regular expression.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub regex: bool,
    /// Whether an answer tells the counts of steps before all is searched: yes unless told otherwise. They may be many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<bool>,
    /// The rank of the first hit to tell, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<u64>,
    /// The most hits to tell: 1,000 unless told otherwise, and at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// What was found so far. A server answers soon, with what it has; the same query asked again goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SearchWindow {
    /// The event up to which the log was searched.
    pub last_seq: u64,
    /// Whether all of it was, or as much as ever is.
    pub is_done: bool,
    /// Whether the log goes on after `last_seq` and is too long for the rest to be searched.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
    /// How many hits there are so far.
    pub total: u64,
    /// How many each step has that has any; absent where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<StepHits>>,
    /// Some of the hits, in the log's order.
    pub hits: Vec<SearchHit>,
}

/// How many hits a step has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StepHits {
    /// The place of the step in the outline, from 0.
    pub step: u32,
    /// How many.
    pub count: u32,
}

/// One hit. Offsets are bytes of the words that its row shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SearchHit {
    /// The place of its step in the outline, from 0.
    pub step: u32,
    /// The number of that step's first event.
    pub seq: u64,
    /// Which rows of the step `row` counts.
    pub part: SearchPart,
    /// The row.
    pub row: u32,
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// What stands before it on its line, cut.
    pub before: String,
    /// The hit, cut.
    pub hit: String,
    /// What stands after it, cut.
    pub after: String,
}

/// Rows of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchPart {
    /// The step's one line.
    #[default]
    Header,
    /// What stands before its text.
    Above,
    /// Its text.
    Text,
    /// What stands after its text.
    Below,
}
