//! The body of every refusal, in GitHub's shape.

use serde::{Deserialize, Serialize};

use crate::FromJson;

/// `{message, documentation_url, errors?}`; `errors` comes with status 422 only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiError {
    /// What is wrong, for people.
    pub message: String,
    /// Where to read more.
    #[serde(default)]
    pub documentation_url: String,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorDetail>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorDetail {
    /// The kind of fault.
    pub code: ErrorCode,
    /// The field of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What to do, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// GitHub's kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The thing that was named does not exist.
    Missing,
    /// A required field is absent.
    MissingField,
    /// A field's value is wrong.
    Invalid,
    /// The same thing exists.
    AlreadyExists,
    /// The request was understood and cannot be done.
    Unprocessable,
    /// The message says it.
    #[serde(other)]
    Custom,
}
