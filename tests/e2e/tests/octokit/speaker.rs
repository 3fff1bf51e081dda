//! A program with GitHub's own client, and the check of everything that it is told.

use std::{collections::HashMap, path::Path};

use agent_tasks::paths::COMPANION_BASE;
use anyhow::{Context as _, ensure};
use e2e::Companion;
use github_stand_in::{Description, contract_folder};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::process::Command;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../octokit/speak.mjs");

/// What the client made of one answer.
#[derive(Debug, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub data: Value,
    pub error: Option<ClientError>,
    url: String,
}

/// The error that the client raised.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct ClientError {
    pub name: String,
    pub status: u16,
    pub message: String,
}

impl Answer {
    /// It is a refusal, and the client knows it as one.
    pub fn see_refusal(&self, status: u16, what: &str) {
        assert_eq!(self.status, status, "{what}: {}", self.data);
        let Some(error) = &self.error else { panic!("{what}: the client raised no error") };
        assert_eq!((error.name.as_str(), error.status), ("HttpError", status), "{what}");
        let message = self.data["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty() && error.message.starts_with(message), "{what}: {}", error.message);
    }
}

/// Makes calls as GitHub's client makes them. Every answer is held against the official description.
pub struct Speaker {
    base: String,
    token: String,
}

impl Speaker {
    /// With a token of its own.
    pub async fn of(companion: &Companion) -> anyhow::Result<Self> {
        let base = format!("{}{COMPANION_BASE}", companion.address);
        Ok(Self { base, token: companion.new_token("octokit").await? })
    }

    /// The same with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { base: self.base.clone(), token: token.to_owned() }
    }

    /// Makes one call that has one answer.
    pub async fn ask(&self, call: Value) -> anyhow::Result<Answer> {
        let mut answers = self.ask_all([call]).await?;
        ensure!(answers.len() == 1, "{} answers instead of one", answers.len());
        answers.pop().context("there is one")
    }

    /// Makes calls, one after the other; all their answers in order.
    pub async fn ask_all(&self, calls: impl IntoIterator<Item = Value>) -> anyhow::Result<Vec<Answer>> {
        let calls: Vec<Value> = calls.into_iter().collect();
        let methods: Vec<&str> = calls.iter().filter_map(|call| call["route"].as_str()?.split(' ').next()).collect();
        let is_paged = calls.iter().any(|call| call["pages"] == true);
        let mut node = Command::new("node");
        node.arg(Path::new(SCRIPT)).arg(contract_folder()).args([&self.base, &self.token]);
        let output = node.arg(json!(calls).to_string()).output().await.context("is Node.js installed?")?;
        ensure!(output.status.success(), "the client failed: {}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout)?;
        let answers: Vec<Answer> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        ensure!(is_paged || answers.len() == calls.len(), "{} calls, {} answers", calls.len(), answers.len());
        for (index, answer) in answers.iter().enumerate() {
            let method = methods.get(index).or(methods.last()).context("no call was made")?;
            self.see_official(method, answer)?;
        }
        Ok(answers)
    }

    /// The answer is one that the official description allows.
    fn see_official(&self, method: &str, answer: &Answer) -> anyhow::Result<()> {
        let path = answer.url.strip_prefix(&self.base).context("the client asked somebody else")?;
        let path = path.split('?').next().unwrap_or_default();
        let described = Description::shared()?.find(method, path);
        let described = described.map_err(|why| anyhow::anyhow!("{method} {path} is not GitHub's: {why:?}"))?;
        let violations = described.operation.answer_violations(answer.status, Some(&answer.data));
        ensure!(violations.is_empty(), "{method} {path}: {}\n{:#}", violations.join("; "), answer.data);
        Ok(())
    }
}
