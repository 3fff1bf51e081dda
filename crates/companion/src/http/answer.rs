//! Refusals as GitHub words them: a status, a JSON body with a sentence, and what the status calls for.

use std::any::Any;

use agent_tasks::{ApiError, ErrorDetail};
use axum::{
    Json,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{log::LogError, tasks::TaskError};

/// Where the API is described.
const DOCUMENTATION_URL: &str = "/api/openapi.json";
/// Seconds to wait before trying again when the database is busy or full, or the queue is.
const RETRY_SECONDS: u64 = 5;

/// A refusal on its way to the client.
#[derive(Debug)]
pub struct Refusal(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    body: ApiError,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// With `status` and a sentence.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let body =
            ApiError { message: message.into(), documentation_url: DOCUMENTATION_URL.into(), errors: Vec::new() };
        Self(Box::new(Parts { status, body, header: None }))
    }

    /// 422, with what is wrong with which field.
    pub fn invalid(detail: ErrorDetail) -> Self {
        let message = detail.message.clone().unwrap_or_else(|| "Validation Failed".into());
        let mut refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, message);
        refusal.0.body.errors.push(detail);
        refusal
    }

    /// 401.
    pub fn unauthorized(message: &str) -> Self {
        let challenge = HeaderValue::from_static("Bearer realm=\"flightdeck\"");
        Self::new(StatusCode::UNAUTHORIZED, message).with(header::WWW_AUTHENTICATE, challenge)
    }

    /// With `Retry-After`.
    pub fn retry_after(status: StatusCode, message: impl Into<String>, seconds: u64) -> Self {
        Self::new(status, message).with(header::RETRY_AFTER, seconds.into())
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Parts { status, body, header } = *self.0;
        let mut response = (status, Json(body)).into_response();
        if let Some((name, value)) = header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<TaskError> for Refusal {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::NotFound(message) => Self::new(StatusCode::NOT_FOUND, message),
            TaskError::Invalid(detail) => Self::invalid(detail),
            TaskError::Conflict(message) => Self::new(StatusCode::CONFLICT, message),
            TaskError::TooMany(message) => Self::retry_after(StatusCode::TOO_MANY_REQUESTS, message, RETRY_SECONDS),
            TaskError::Git(message) => {
                tracing::error!(message, "git failed");
                let said = "git failed in this repository; the companion's own log says how";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, said)
            }
            TaskError::Log(error) => error.into(),
        }
    }
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        tracing::error!(%error, "the log failed");
        match error {
            LogError::Full => Self::retry_after(StatusCode::INSUFFICIENT_STORAGE, error.to_string(), RETRY_SECONDS),
            LogError::Busy => Self::retry_after(StatusCode::SERVICE_UNAVAILABLE, error.to_string(), RETRY_SECONDS),
            LogError::Damaged(_) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the companion's database is damaged; restart Flightdeck: it moves the file aside and begins a new one",
            ),
            LogError::Newer(..) | LogError::OldSqlite(_) | LogError::Broken(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the database failed; the companion's own log says how")
            }
        }
    }
}

/// 405, below the API as everywhere.
pub async fn method_not_allowed() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this address does not take this method; see the description of the API",
    )
}

/// A handler's panic is one failed request, no more.
pub fn after_panic(panic: Box<dyn Any + Send>) -> Response<Body> {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = said, "a handler panicked");
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the companion failed; please report what you did").into_response()
}
