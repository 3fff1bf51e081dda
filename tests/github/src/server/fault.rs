//! Answers that go wrong, as a test orders them.

use std::{collections::HashMap, time::Duration};

use serde_json::{Value, json};

use super::answer::Answer;

/// For good, until it is healed.
pub const ALWAYS: usize = usize::MAX;
/// Every operation.
pub const EVERY: &str = "*";

/// How an answer goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// 401: the token is not known any more.
    BadCredentials,
    /// 403 with this message, or with what GitHub says to a token that lacks a permission.
    Forbidden(Option<String>),
    /// 404.
    NotFound,
    /// 422 with these errors, each `{code, message?, …}`.
    Invalid(Vec<Value>),
    /// 429 with `Retry-After` in seconds.
    TooMany {
        /// Seconds.
        retry_after: u32,
    },
    /// 403 with the message of the secondary limit, with `Retry-After` in seconds or without.
    SecondaryLimit {
        /// Seconds.
        retry_after: Option<u32>,
    },
    /// Another status, such as 500, 502 or 503, with a page of HTML as from a gateway.
    Broken(u16),
    /// The right answer, but late.
    Slow(Duration),
    /// The right answer, but only after `StandIn::release`.
    Held,
    /// What was asked is done, but the connection drops in the middle of the answer.
    Cut,
    /// What was asked is done, but the answer is HTML that says it is JSON.
    NotJson,
}

impl Fault {
    /// The refusal, for a fault under which nothing is done.
    pub fn refusal(&self) -> Option<Answer> {
        let retry = |answer: Answer, seconds: u32| answer.with_header("retry-after", seconds.to_string());
        Some(match self {
            Self::BadCredentials => Answer::error(401, "Bad credentials"),
            Self::Forbidden(message) => Answer::error(403, message.as_deref().unwrap_or(NO_PERMISSION)),
            Self::NotFound => Answer::error(404, "Not Found"),
            Self::Invalid(errors) => Answer::error_with(422, "Validation Failed", json!({ "errors": errors })),
            Self::TooMany { retry_after } => retry(Answer::error(429, "Too many requests"), *retry_after),
            Self::SecondaryLimit { retry_after } => {
                let answer = Answer::error(403, SECONDARY_LIMIT);
                match retry_after {
                    Some(seconds) => retry(answer, *seconds),
                    None => answer,
                }
            }
            Self::Broken(status) => Answer::html(*status, "<html><body><h1>Unicorn!</h1></body></html>"),
            Self::Slow(_) | Self::Held | Self::Cut | Self::NotJson => return None,
        })
    }
}

/// What GitHub says to a token that lacks a permission.
pub const NO_PERMISSION: &str = "Resource not accessible by personal access token";
const SECONDARY_LIMIT: &str =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

/// The faults that are left, by operation, in the order in which they were set.
#[derive(Default)]
pub struct Faults(HashMap<String, Vec<(usize, Fault)>>);

impl Faults {
    /// The next `times` calls of an operation go wrong so, after those that were set before.
    pub fn set(&mut self, operation: &str, times: usize, fault: Fault) {
        self.0.entry(operation.to_owned()).or_default().push((times, fault));
    }

    /// No fault is left for an operation.
    pub fn heal(&mut self, operation: &str) {
        self.0.remove(operation);
    }

    /// The fault of a call that is made now.
    pub fn take(&mut self, operation: Option<&str>) -> Option<Fault> {
        let own = operation.filter(|operation| self.0.get(*operation).is_some_and(|faults| !faults.is_empty()));
        let faults = self.0.get_mut(own.unwrap_or(EVERY))?;
        let (times, fault) = faults.first_mut()?;
        let fault = fault.clone();
        if *times != ALWAYS {
            *times = times.saturating_sub(1);
        }
        faults.retain(|(times, _)| *times > 0);
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_order_and_end() {
        let mut faults = Faults::default();
        faults.set("a", 1, Fault::NotFound);
        faults.set("a", 2, Fault::Cut);
        faults.set(EVERY, ALWAYS, Fault::Held);
        let taken: Vec<_> = (0..5).map(|_| faults.take(Some("a"))).collect();
        assert_eq!(
            taken,
            [Some(Fault::NotFound), Some(Fault::Cut), Some(Fault::Cut), Some(Fault::Held), Some(Fault::Held)]
        );
        faults.heal(EVERY);
        assert_eq!(faults.take(None), None);
    }
}
