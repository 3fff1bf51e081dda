//! The outline of a log: what there is in it, without the texts. A page shows a log of any size by it, and reads the
//! events of what is looked at only. A companion's call; servers that have it say so in their capabilities.

mod code;
mod summary;

use serde::{Deserialize, Serialize};

use crate::FromJson;
use crate::event::AssistantUsage;

pub use code::{StepCode, StepCodeKind, StepState};
pub use summary::{
    COMMAND_CHARS_MAX, LOCATIONS_MAX, OPTIONS_MAX, PermissionSummary, PlanSummary, SessionSummary, StepSummary,
    TITLE_CHARS_MAX, TextMark, ToolSummary,
};

/// The most steps that one answer tells.
pub const OUTLINE_LIMIT_MAX: u32 = 500;
/// How many it tells unless told otherwise.
pub const OUTLINE_LIMIT: u32 = 100;

/// Which steps to tell. Without `first` and `seq`: the last ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OutlineQuery {
    /// The place of the first step, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
    /// The steps around the one that the event with this `seq` began or belongs after. Excludes `first`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The most steps: 100 unless told otherwise, at most 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = OUTLINE_LIMIT_MAX)))]
    pub limit: Option<u32>,
    /// Whether to add the map of all steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<bool>,
}

/// Some steps of a log, and how many there are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutlineWindow {
    /// The event up to which all of this is told; what comes after it is in the events.
    pub last_seq: u64,
    /// How many steps the log has.
    pub total: u32,
    /// The place of the first of `steps`, from 0.
    pub first: u32,
    /// The steps, one after the other.
    pub steps: Vec<StepSummary>,
    /// Steps outside of `steps` that later events may go on in: those that are open ([`StepCode::is_open`]), and the
    /// newest one. A server that gives the map gives them too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<PlacedStep>,
    /// All steps, in a few bytes each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<OutlineMap>,
    /// What was used, as told last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<AssistantUsage>,
    /// What the agent does now, as it told last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
}

/// A step with its place.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlacedStep {
    /// The place of the step, from 0.
    pub step: u32,
    /// What it says.
    pub summary: StepSummary,
}

/// All steps of a log, in a few bytes each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutlineMap {
    /// Two letters for each step: what it is, and where it stands ([`StepCode`]).
    pub codes: String,
    /// The lines of each step's text.
    pub lines: Vec<u32>,
    /// Which steps are part of a sub-agent's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nested: Vec<Nesting>,
}

/// A step that is part of a sub-agent's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Nesting {
    /// The place of the step.
    pub step: u32,
    /// The place of the sub-agent's step.
    pub parent: u32,
}
