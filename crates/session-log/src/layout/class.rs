//! The sorts of steps that a reader thinks in: what is filtered, opened and closed together.

use agent_tasks::FromJson;
use agent_tasks::event::ToolKind;
use serde::Serialize;

use crate::{Step, StepKind, StepState};

/// A sort of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum StepClass {
    /// A session begins.
    Session,
    /// What a person asked.
    Prompt,
    /// A message of the agent.
    Message,
    /// A thought.
    Reasoning,
    /// A tool that reads files.
    Read,
    /// A tool that looks for something.
    Search,
    /// A tool that changes, moves or deletes files.
    Edit,
    /// A command.
    Run,
    /// A tool that gets something from elsewhere.
    Fetch,
    /// A sub-agent's call.
    Agent,
    /// Any other tool.
    Tool,
    /// A plan.
    Plan,
    /// A permission request.
    Permission,
    /// Something went wrong.
    Error,
    /// A line worth knowing.
    Info,
    /// A stop, or the end of a session.
    End,
    /// A type that this version does not know.
    Unknown,
}

impl StepClass {
    /// The sort of a step. A tool call with steps under it is a sub-agent's.
    pub fn of(step: &Step, is_parent: bool) -> Self {
        match &step.kind {
            StepKind::Session(_) => Self::Session,
            StepKind::Prompt => Self::Prompt,
            StepKind::Info(_) => Self::Info,
            StepKind::Reasoning => Self::Reasoning,
            StepKind::Message => Self::Message,
            StepKind::Tool(_) if is_parent => Self::Agent,
            StepKind::Tool(tool) => match tool.kind {
                ToolKind::Read => Self::Read,
                ToolKind::Edit | ToolKind::Delete | ToolKind::Move => Self::Edit,
                ToolKind::Search => Self::Search,
                ToolKind::Execute => Self::Run,
                ToolKind::Fetch => Self::Fetch,
                ToolKind::Think | ToolKind::SwitchMode | ToolKind::Other => Self::Tool,
            },
            StepKind::Plan(_) => Self::Plan,
            StepKind::Permission(_) => Self::Permission,
            StepKind::Error(_) => Self::Error,
            StepKind::Stop(_) | StepKind::Shutdown(_) => Self::End,
            StepKind::Unknown(_) => Self::Unknown,
        }
    }

    /// Whether it is something that the agent does, in contrast to what it says or is told.
    pub fn is_work(self) -> bool {
        match self {
            Self::Reasoning
            | Self::Read
            | Self::Search
            | Self::Edit
            | Self::Run
            | Self::Fetch
            | Self::Agent
            | Self::Tool
            | Self::Info
            | Self::Unknown => true,
            Self::Session | Self::Prompt | Self::Message | Self::Plan | Self::Permission | Self::Error | Self::End => {
                false
            }
        }
    }

    /// Whether it is a tool call.
    pub fn is_tool(self) -> bool {
        match self {
            Self::Read | Self::Search | Self::Edit | Self::Run | Self::Fetch | Self::Agent | Self::Tool => true,
            Self::Session
            | Self::Prompt
            | Self::Message
            | Self::Reasoning
            | Self::Plan
            | Self::Permission
            | Self::Error
            | Self::Info
            | Self::End
            | Self::Unknown => false,
        }
    }

    pub(super) fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Whether something went wrong in it.
pub(super) fn is_error(step: &Step) -> bool {
    step.state == StepState::Failed
}

/// Whether it is a question that a person has not answered yet.
pub(super) fn is_asking(step: &Step) -> bool {
    matches!(step.kind, StepKind::Permission(_)) && step.state == StepState::Waiting
}
