//! What can go wrong with a request, cut by what the caller can do about it.

use serde_json::Value;

use super::pace::TIMER_MS_MAX;

/// The wait that a 429 without `Retry-After` stands for.
const RATE_LIMIT_SECONDS: u64 = 60;

/// From here on a wait is told in minutes.
const SECONDS_TOLD_MAX: u64 = 120;

/// Why a request came to nothing. `Display` gives a sentence that says what to do next; text from the
/// server is in it as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The token is not good (any more): connect again.
    Unauthorized,
    /// The token is good and may not do this.
    Forbidden(String),
    /// There is no such thing.
    NotFound(String),
    /// The request is wrong; what the server says of it, the faults of single fields included.
    Refused(String),
    /// Too many requests: try again after this many seconds.
    RateLimited(u64),
    /// The server had a fault; carries its status.
    Server(u16),
    /// No answer.
    Unreachable,
    /// An answer that is not one of this API.
    Unreadable,
    /// Nothing was asked: the connection was closed before.
    Closed,
}

impl Failure {
    /// Whether the server has answered and will not: then the question is settled. Any other failure leaves it open.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Forbidden(_) | Self::NotFound(_) | Self::Refused(_) | Self::Unreadable => true,
            Self::Unauthorized | Self::RateLimited(_) | Self::Server(_) | Self::Unreachable | Self::Closed => false,
        }
    }

    /// Reads an answer that is not a success.
    pub fn from_answer(status: u16, retry_after_seconds: Option<u64>, body: &str) -> Self {
        let message = || refusal_sentence(body);
        match status {
            401 => Self::Unauthorized,
            403 => Self::Forbidden(message()),
            404 | 410 => Self::NotFound(message()),
            429 => Self::RateLimited(retry_after_seconds.unwrap_or(RATE_LIMIT_SECONDS)),
            400..=499 => Self::Refused(message()),
            500..=599 => Self::Server(status),
            _ => Self::Unreadable,
        }
    }
}

impl Failure {
    /// How long the server asks to wait, in milliseconds, where it does; no longer than a timer can wait.
    pub fn wait_ms(&self) -> Option<u32> {
        let Self::RateLimited(seconds) = self else { return None };
        let ms = u32::try_from(seconds.saturating_mul(1_000)).unwrap_or(TIMER_MS_MAX);
        Some(ms.min(TIMER_MS_MAX))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unauthorized => out.write_str("The server does not accept the token. Connect again; what you typed is kept."),
            Self::Forbidden(message) => write!(out, "{message} Connect with a token that may do this."),
            Self::NotFound(message) => write!(out, "{message} It may have been removed, or the token may not see it."),
            Self::Refused(message) => out.write_str(message),
            Self::RateLimited(seconds) if *seconds > SECONDS_TOLD_MAX => {
                write!(out, "The server asks to wait. Try again in {} min.", seconds.div_ceil(60))
            }
            Self::RateLimited(seconds) => write!(out, "The server asks to wait. Try again in {seconds} s."),
            Self::Server(status) => {
                write!(out, "The server had a fault ({status}). Try again; if it stays, the server's own log says more.")
            }
            Self::Unreachable => {
                out.write_str(
                    "The server cannot be reached. Check the network or, for a companion, that “flightdeck serve” is \
                     running; then try again.",
                )
            }
            Self::Unreadable => out.write_str(
                "The server's answer could not be read. Reload the page; if it stays, page and server differ in version.",
            ),
            Self::Closed => out.write_str("The connection was closed, and the server not asked. Connect again to go on."),
        }
    }
}

impl std::error::Error for Failure {}

/// The server's words as sentences: what it says of the fields, or else of the whole.
fn refusal_sentence(body: &str) -> String {
    let refusal: Value = super::read_json(body).unwrap_or_default();
    let errors = refusal["errors"].as_array().into_iter().flatten();
    // GitHub tells the fault of a field as an object or as plain text.
    let details: Vec<String> =
        errors.filter_map(|detail| detail["message"].as_str().or(detail.as_str())).map(sentence).collect();
    if details.is_empty() { sentence(refusal["message"].as_str().unwrap_or_default()) } else { details.join(" ") }
}

/// A fragment as a sentence: a capital first, a full stop last. Only letters of ASCII are made capitals: the table of all
/// others weighs four kilobytes.
pub fn sentence(fragment: &str) -> String {
    let fragment = fragment.trim();
    let mut chars = fragment.chars();
    let Some(first) = chars.next() else { return "The server refused this without saying why.".to_owned() };
    let end = if fragment.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{}{}{end}", first.to_ascii_uppercase(), chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_becomes_what_the_caller_can_do() {
        let body = r#"{"message": "no such repository"}"#;
        let message = || "No such repository.".to_owned();
        for (status, expected) in [
            (401, Failure::Unauthorized),
            (403, Failure::Forbidden(message())),
            (404, Failure::NotFound(message())),
            (409, Failure::Refused(message())),
            (413, Failure::Refused(message())),
            (415, Failure::Refused(message())),
            (422, Failure::Refused(message())),
            (429, Failure::RateLimited(7)),
            (500, Failure::Server(500)),
            (502, Failure::Server(502)),
            (503, Failure::Server(503)),
            (504, Failure::Server(504)),
            (302, Failure::Unreadable),
        ] {
            assert_eq!(Failure::from_answer(status, Some(7), body), expected, "{status}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_field_is_said_instead_of_the_summary() {
        let body = r#"{"message": "validation failed", "errors": [
            {"code": "invalid", "field": "base_ref", "message": "there is no branch “x”; choose another"}]}"#;
        assert_eq!(Failure::from_answer(422, None, body).to_string(), "There is no branch “x”; choose another.");
        let body = r#"{"message": "validation failed", "errors": ["the branch is gone", {"code": "new"}]}"#;
        assert_eq!(Failure::from_answer(422, None, body).to_string(), "The branch is gone.");
    }

    #[test]
    fn a_long_wait_is_told_in_minutes() {
        for (seconds, wait) in [(1, "1 s"), (120, "120 s"), (121, "3 min"), (3_541, "60 min")] {
            let shown = Failure::RateLimited(seconds).to_string();
            assert_eq!(shown, format!("The server asks to wait. Try again in {wait}."));
        }
    }

    #[test]
    fn a_wait_fits_a_timer() {
        assert_eq!(Failure::RateLimited(7).wait_ms(), Some(7_000));
        for seconds in [2_147_484, 4_294_967, 4_294_968, u64::MAX] {
            assert_eq!(Failure::RateLimited(seconds).wait_ms(), Some(TIMER_MS_MAX), "{seconds}");
        }
        assert_eq!(Failure::Unreachable.wait_ms(), None);
    }

    #[test]
    fn a_body_of_another_kind_is_never_shown() {
        let shown = Failure::from_answer(403, None, "<html>secret</html>").to_string();
        assert!(!shown.contains("secret"), "{shown}");
    }
}
