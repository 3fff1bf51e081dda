//! Why a request to the domain is refused, cut by what the caller can do.

use agent_tasks::{ErrorCode, ErrorDetail};

use crate::{git::GitError, log::LogError};

/// A refusal. The sentences say what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// A field of the request is wrong.
    #[error("{}", .0.message.as_deref().unwrap_or("the request is invalid"))]
    Invalid(ErrorDetail),
    /// Not in this state.
    #[error("{0}")]
    Conflict(String),
    /// Too many sessions wait.
    #[error("{0}")]
    TooMany(String),
    /// git failed.
    #[error("{0}")]
    Git(String),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl TaskError {
    /// The value of `field` is wrong.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::field(ErrorCode::Invalid, field, message)
    }

    /// `field` is fault of `code`.
    pub fn field(code: ErrorCode, field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(ErrorDetail { code, field: Some(field.into()), message: Some(message.into()) })
    }

    /// There is no task with this identifier.
    pub fn no_such_task(task_id: &agent_tasks::TaskId) -> Self {
        Self::NotFound(format!("there is no task '{task_id}'"))
    }
}

impl From<GitError> for TaskError {
    fn from(error: GitError) -> Self {
        Self::Git(error.to_string())
    }
}
