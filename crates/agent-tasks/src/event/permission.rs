//! Permission requests: an agent asks before it does something.

use serde::{Deserialize, Serialize};

use super::{Location, ToolContent, ToolKind};

use crate::FromJson;

/// The agent asks for permission and waits.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PermissionRequested {
    /// Unique in the session; the answer names it.
    pub request_id: String,
    /// What it wants to do.
    pub permission_request: PermissionRequest,
    /// Companion: the answers on offer, in the agent's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<PermissionOption>,
}

/// What an agent wants to do.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PermissionRequest {
    /// A word for the kind: `shell`, `write`, `read`, `url` … or ACP's kind of tool.
    pub kind: String,
    /// The tool call that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// Companion: one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Companion: the kind of tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_kind: Option<ToolKind>,
    /// Companion: the whole command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Companion: the files it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// Companion: the change it wants to make.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<ToolContent>,
}

/// One answer on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PermissionOption {
    /// What the answer names.
    pub option_id: String,
    /// What the button says.
    pub name: String,
    /// What choosing it means.
    #[serde(default)]
    pub kind: PermissionOptionKind,
}

/// What choosing an option means, in ACP's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PermissionOptionKind {
    /// Yes, this time.
    AllowOnce,
    /// Yes, and do not ask again.
    AllowAlways,
    /// No, and do not ask again.
    RejectAlways,
    /// No, this time. An unknown word is taken for this: it never allows anything.
    #[default]
    #[serde(other)]
    RejectOnce,
}

/// The request was answered, or fell away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PermissionCompleted {
    /// The request.
    pub request_id: String,
    /// What came of it.
    pub result: PermissionResult,
}

/// What came of a permission request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PermissionResult {
    /// `approved`, `denied-interactively-by-user` or `cancelled`, in GitHub's words.
    pub kind: String,
    /// Companion: the option that was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option_id: Option<String>,
}

impl PermissionResult {
    /// Somebody chose `option`.
    pub fn chosen(option: &PermissionOption) -> Self {
        let kind = match option.kind {
            PermissionOptionKind::AllowOnce | PermissionOptionKind::AllowAlways => "approved",
            PermissionOptionKind::RejectOnce | PermissionOptionKind::RejectAlways => "denied-interactively-by-user",
        };
        Self { kind: kind.into(), option_id: Some(option.option_id.clone()) }
    }

    /// Nobody chose; the session went on without.
    pub fn cancelled() -> Self {
        Self { kind: "cancelled".into(), option_id: None }
    }
}
