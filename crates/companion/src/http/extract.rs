//! Reading requests: JSON bodies, query strings and paths, with refusals in GitHub's shape.

use std::time::Duration;

use agent_tasks::{ErrorCode, ErrorDetail};
use axum::{
    RequestPartsExt,
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::answer::Refusal;

/// The largest body, in bytes.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// How long a body may take to come.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body.
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            let message = "the body must be JSON; send it with Content-Type: application/json";
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        let body = tokio::time::timeout(BODY_TIMEOUT, to_bytes(request.into_body(), BODY_BYTES_MAX))
            .await
            .map_err(|_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time; send it again"))?
            .map_err(|_| {
                Refusal::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    format!("the body is larger than {BODY_BYTES_MAX} bytes; shorten it"),
                )
            })?;
        parse(&body).map(Self)
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let refuse = |error: serde_json::Error| match error.classify() {
        Category::Syntax | Category::Eof | Category::Io => {
            Refusal::new(StatusCode::BAD_REQUEST, format!("Problems parsing JSON: {error}"))
        }
        Category::Data => Refusal::invalid(detail(&error.to_string())),
    };
    // serde would also fill a struct from an array, by position.
    if body.trim_ascii_start().first() != Some(&b'{') {
        serde_json::from_slice::<IgnoredAny>(body).map_err(refuse)?;
        return Err(Refusal::invalid(detail("the body must be a JSON object")));
    }
    serde_json::from_slice(body).map_err(refuse)
}

/// A query string.
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned + Send + 'static, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let Query(query) =
            parts.extract::<Query<T>>().await.map_err(|rejection| Refusal::invalid(detail(&rejection.body_text())))?;
        Ok(Self(query))
    }
}

/// The parameters of a path.
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned + Send + 'static, S: Send + Sync> FromRequestParts<S> for ApiPath<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let path = parts.extract::<Path<T>>().await;
        path.map(|Path(path)| Self(path)).map_err(|_| Refusal::new(StatusCode::NOT_FOUND, "Not Found"))
    }
}

/// A number of a query that must be within `range`.
pub fn within(field: &str, number: Option<u32>, range: std::ops::RangeInclusive<u32>) -> Result<Option<u32>, Refusal> {
    match number {
        Some(number) if !range.contains(&number) => Err(Refusal::invalid(ErrorDetail {
            code: ErrorCode::Invalid,
            field: Some(field.into()),
            message: Some(format!("{field} must be from {} to {}", range.start(), range.end())),
        })),
        number => Ok(number),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let Some(Ok(value)) = values.next().map(|value| value.to_str()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim();
    values.next().is_none() && essence.eq_ignore_ascii_case("application/json")
}

/// What serde says, with the field where it names one: of a wrong value it quotes the value.
fn detail(message: &str) -> ErrorDetail {
    let quoted = |after: &str| message.split_once(after).and_then(|(_, rest)| rest.split('`').next());
    let field = quoted("missing field `").or_else(|| quoted("unknown field `")).map(str::to_owned);
    let code = if message.contains("missing field") { ErrorCode::MissingField } else { ErrorCode::Invalid };
    ErrorDetail { code, field, message: Some(message.to_owned()) }
}
