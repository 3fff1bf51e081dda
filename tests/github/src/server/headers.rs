//! The headers that a request must have, and those that it must not.

use axum::http::Method;

use super::{answer::Answer, asked::Asked};
use crate::{Token, World};

/// The versions of the API that GitHub knows.
const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];
const JSON_TYPES: [&str; 2] = ["application/json", "application/vnd.github+json"];

/// What a client asks for with `Accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// JSON.
    Json,
    /// A diff.
    Diff,
}

/// A refusal, and whether the client did what the description does not allow.
pub struct Refused {
    /// What GitHub answers.
    pub answer: Answer,
    /// What is wrong with the request; none for a token that is merely unknown.
    pub complaint: Option<String>,
}

impl Refused {
    fn with(answer: Answer, complaint: String) -> Self {
        Self { answer, complaint: Some(complaint) }
    }
}

/// Whose request it is.
pub fn token(asked: &Asked, world: &World) -> Result<Token, Refused> {
    let authorization = asked.header("authorization");
    if authorization.is_empty() {
        return Err(Refused::with(Answer::error(401, "Requires authentication"), "it has no Authorization".into()));
    }
    let Some(text) = authorization.strip_prefix("Bearer ").or_else(|| authorization.strip_prefix("bearer ")) else {
        return Err(Refused::with(
            Answer::error(401, "Bad credentials"),
            "its Authorization is no Bearer token".into(),
        ));
    };
    let known = world.tokens.iter().find(|token| token.text == text).cloned();
    known.ok_or_else(|| Refused { answer: Answer::error(401, "Bad credentials"), complaint: None })
}

/// What the client wants to read.
pub fn wanted(asked: &Asked) -> Result<Wanted, Refused> {
    let accept = asked.header("accept");
    let name = accept.split(';').next().unwrap_or_default().trim();
    if JSON_TYPES.contains(&name) {
        return Ok(Wanted::Json);
    }
    if name.starts_with("application/vnd.github") && name.ends_with("diff") {
        return Ok(Wanted::Diff);
    }
    let message = format!("Unsupported 'Accept' header: '{accept}'. Must accept 'application/json'.");
    Err(Refused::with(
        Answer::error(415, &message),
        format!("its Accept is '{accept}', which is neither JSON nor a diff"),
    ))
}

/// The other headers.
pub fn see_others(asked: &Asked) -> Result<(), Refused> {
    let version = asked.header("x-github-api-version");
    if !version.is_empty() && !VERSIONS.contains(&version) {
        let message = format!("Unsupported API version: '{version}'");
        return Err(Refused::with(Answer::error(400, &message), format!("there is no version '{version}' of the API")));
    }
    if asked.method != Method::GET
        && !asked.bytes.is_empty()
        && !asked.header("content-type").starts_with("application/json")
    {
        let message = "Body should be a JSON object";
        return Err(Refused::with(Answer::error(400, message), "its Content-Type is not JSON".into()));
    }
    if !asked.header("cookie").is_empty() {
        return Err(Refused::with(Answer::error(400, "Bad Request"), "it carries a cookie".into()));
    }
    Ok(())
}
