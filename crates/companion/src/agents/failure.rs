//! Why a run could not go on, as a sentence that says what to do next.

use serde_json::Value;

use super::{connection::AUTH_REQUIRED, connection::RpcError, spawn::LaunchError};

/// How much of an agent's own words is told, in characters.
const WORDS_CHARS_MAX: usize = 600;

/// What broke a conversation off.
#[derive(Debug)]
pub enum Failure {
    /// The agent did not start.
    Launch(LaunchError),
    /// Its process ended, or closed its output; the first field is how.
    Gone(String),
    /// It sent a line longer than so many bytes.
    LineTooLong(usize),
    /// Its output could not be read.
    Unreadable(String),
    /// It has not read what it was told, more than so many bytes.
    Unread(usize),
    /// It printed so many lines and not one message.
    Babble(usize),
    /// It did not answer a method in so many seconds.
    Silent(&'static str, u64),
    /// It answered a method with an error.
    Refused(&'static str, RpcError),
    /// It has no mode of that name; the second field says which it has.
    NoMode(String, String),
    /// It speaks another version of the protocol.
    Version(String),
}

/// What the sentence needs to know beside the failure.
pub struct Circumstances<'a> {
    /// The agent's name, for people.
    pub agent: &'a str,
    /// The ways to log in that the agent told.
    pub auth_methods: &'a Value,
    /// The last lines of its error output.
    pub last_words: Vec<String>,
}

impl Failure {
    /// The sentence, and what the agent said last.
    pub fn sentence(&self, circumstances: &Circumstances<'_>) -> String {
        let agent = circumstances.agent;
        let sentence = match self {
            Self::Launch(error @ LaunchError::NotFound(_)) => {
                format!("{agent} could not be started: {error}. Install it, or correct its command, and start again.")
            }
            Self::Launch(error) => {
                format!("{agent} could not be started: {error}. Check its command in a terminal, and start again.")
            }
            Self::Gone(how) => format!(
                "{agent} broke off: {how}. What it did so far is kept; start again, or run the agent in a terminal to \
                 see what is wrong."
            ),
            Self::LineTooLong(bytes) => format!(
                "{agent} sent a line of more than {bytes} bytes and was ended. Raise `line_bytes` in the companion's \
                 configuration if the agent really needs that."
            ),
            Self::Unread(bytes) => format!(
                "{agent} does not read what it is told: more than {bytes} bytes waited for it, and it was ended. Start \
                 again; if it stays, report it to the makers of the agent."
            ),
            Self::Babble(lines) => format!(
                "{agent} printed {lines} lines and not one message of the Agent Client Protocol. Check its command and \
                 arguments: many agents need a flag such as `--acp` or `acp`."
            ),
            Self::Unreadable(reason) => {
                format!("{agent}'s output could not be read any more ({reason}). Start again.")
            }
            Self::Silent(method, seconds) => format!(
                "{agent} did not answer '{method}' within {seconds} seconds. Check that the command really speaks \
                 ACP, and start again."
            ),
            Self::Refused(_, error) if error.code == AUTH_REQUIRED => {
                format!("{agent} is not logged in. {}", how_to_log_in(circumstances.auth_methods))
            }
            Self::Refused(method, error) => {
                format!("{agent} answered '{method}' with an error: {}. {}", words(error), advice(error))
            }
            Self::NoMode(mode, modes) => format!(
                "{agent} has no mode '{mode}'; it has {modes}. Correct `mode` of this agent in the configuration file."
            ),
            Self::Version(version) => format!(
                "{agent} speaks version {version} of the Agent Client Protocol, and only version 1 is understood \
                 here. Install another version of the agent."
            ),
        };
        with_last_words(sentence, &circumstances.last_words)
    }
}

fn how_to_log_in(methods: &Value) -> String {
    let methods: Vec<String> = methods
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|method| method["description"].as_str().or(method["name"].as_str()))
        .map(|method| method.trim_end_matches('.').to_owned())
        .collect();
    if methods.is_empty() {
        return "Log in with it in a terminal, and start again.".into();
    }
    format!("Log in once ({}), and start again.", methods.join("; or: "))
}

/// The error's message, and what its data says beyond it.
fn words(error: &RpcError) -> String {
    let detail = [&error.data, &error.data["message"], &error.data["details"], &error.data["error"]];
    let detail = detail.into_iter().find_map(Value::as_str).filter(|detail| !error.message.contains(detail));
    let words = match detail {
        Some(detail) => format!("{} ({detail})", error.message),
        None => error.message.clone(),
    };
    words.chars().filter(|char| !char.is_control()).take(WORDS_CHARS_MAX).collect()
}

fn advice(error: &RpcError) -> &'static str {
    let message = format!("{} {}", error.message, error.data).to_ascii_lowercase();
    let is_about_login = ["api key", "unauthorized", "authenticat", "401", "log in", "login"];
    if error.code == 401 || is_about_login.iter().any(|word| message.contains(word)) {
        "Check its login or its API key in a terminal, and start again."
    } else {
        "Start again; if it stays, run the agent in a terminal to see what is wrong."
    }
}

fn with_last_words(sentence: String, last_words: &[String]) -> String {
    if last_words.is_empty() {
        return sentence;
    }
    format!("{sentence} Its last words: {}", last_words.join(" ⏎ "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(failure: &Failure, last_words: &[&str]) -> String {
        failure.sentence(&Circumstances {
            agent: "Codex",
            auth_methods: &json!([{"id": "a", "name": "ChatGPT", "description": "Run `codex login`"}, {"name": "Key"}]),
            last_words: last_words.iter().map(ToString::to_string).collect(),
        })
    }

    #[test]
    fn a_failure_says_what_to_do() {
        let refused = |code, message: &str| {
            Failure::Refused("session/new", RpcError { code, message: message.into(), data: json!({"details": "D"}) })
        };
        assert_eq!(
            check(&refused(AUTH_REQUIRED, "x"), &[]),
            "Codex is not logged in. Log in once (Run `codex login`; or: Key), and start again."
        );
        assert!(check(&refused(-32603, "Incorrect API key"), &[]).contains("Check its login"));
        assert!(check(&refused(-32603, "Internal"), &[]).contains("Internal (D). Start again"));
        let gone = check(&Failure::Gone("it ended with exit code 101".into()), &["panicked", "at main.rs"]);
        assert!(gone.ends_with("Its last words: panicked ⏎ at main.rs"), "{gone}");
    }
}
