//! What can be said to a session while it runs, or after.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// The body of a steer call. The call answers 202: it was taken, and the log shows what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Steer {
    /// What is said.
    #[serde(default)]
    pub r#type: SteerType,
    /// `user_message`: the prompt of the follow-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// `permission_response`: which request is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// `permission_response`: the option that was chosen; absent dismisses the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option_id: Option<String>,
}

/// The kinds of steering, in the words of GitHub's own clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SteerType {
    /// A follow-up: runs after the present session, in a session of its own.
    #[default]
    UserMessage,
    /// Stop.
    Abort,
    /// The answer to a permission request.
    PermissionResponse,
    /// Companion: halts the present session, with everything that it started. Its state is `idle` then.
    Pause,
    /// Companion: lets a paused session go on.
    Resume,
}

impl Steer {
    /// A follow-up.
    pub fn user_message(content: impl Into<String>) -> Self {
        Self { r#type: SteerType::UserMessage, content: Some(content.into()), request_id: None, option_id: None }
    }

    /// Stop.
    pub fn abort() -> Self {
        Self { r#type: SteerType::Abort, content: None, request_id: None, option_id: None }
    }

    /// Pause, or resume.
    pub fn pause(is_paused: bool) -> Self {
        let r#type = if is_paused { SteerType::Pause } else { SteerType::Resume };
        Self { r#type, content: None, request_id: None, option_id: None }
    }

    /// The answer to a permission request.
    pub fn permission_response(request_id: impl Into<String>, option_id: Option<String>) -> Self {
        Self { r#type: SteerType::PermissionResponse, content: None, request_id: Some(request_id.into()), option_id }
    }
}
