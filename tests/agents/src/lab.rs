//! A companion with one real agent that talks to the scripted model, in folders of its own.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use agent_tasks::{Event, EventWindow, NewTask, Steer, Task, paths};
use anyhow::{Context, ensure};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::model::Model;

/// How long a story waits for what it expects.
const DEADLINE: Duration = Duration::from_secs(90);
/// How often it looks.
const PACE: Duration = Duration::from_millis(50);

/// The real agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealAgent {
    /// `opencode-ai`.
    OpenCode,
    /// `@agentclientprotocol/codex-acp`.
    Codex,
}

/// Whether the agent is set up to ask before it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// It writes unasked.
    Never,
    /// It asks first.
    BeforeWriting,
}

/// A running companion, its agent's model and their folders.
pub struct Lab {
    address: String,
    token: String,
    client: reqwest::Client,
    _companion: Child,
    _model: Model,
    _folder: tempfile::TempDir,
}

impl Lab {
    /// Starts a companion that offers `agent`.
    ///
    /// `FLIGHTDECK_BIN` names the companion, `FLIGHTDECK_REAL_AGENTS` the folder whose `node_modules`
    /// hold the agents.
    pub async fn start(agent: RealAgent, asks: Asks) -> anyhow::Result<Self> {
        let binary = std::env::var("FLIGHTDECK_BIN").context("FLIGHTDECK_BIN names no companion")?;
        let agents = std::env::var("FLIGHTDECK_REAL_AGENTS").context("FLIGHTDECK_REAL_AGENTS names no folder")?;
        let model = Model::start().await?;
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("flightdeck.toml");
        let bin = Path::new(&agents).join("node_modules/.bin");
        std::fs::write(&config, profile(agent, asks, &bin, folder.path(), &model.base_url())?)?;
        let data = folder.path().join("data");
        let mut companion = Command::new(&binary)
            .args(["serve", "--port", "0", "--no-open", "--data"])
            .arg(&data)
            .arg("--config")
            .arg(&config)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = companion.stdout.take().context("stdout is piped")?;
        let mut lines = BufReader::new(stdout).lines();
        let address = lines.next_line().await?.context("the companion ended before it answered")?;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let new_token =
            Command::new(&binary).args(["token", "new", "--label", "lab", "--data"]).arg(&data).output().await?;
        ensure!(new_token.status.success(), "token new failed: {}", String::from_utf8_lossy(&new_token.stderr));
        let token = String::from_utf8(new_token.stdout)?.trim().to_owned();
        Ok(Self {
            address,
            token,
            client: reqwest::Client::new(),
            _companion: companion,
            _model: model,
            _folder: folder,
        })
    }

    /// Starts a task in the sample repository.
    pub async fn start_task(&self, prompt: &str) -> anyhow::Result<Task> {
        let repositories: Vec<agent_tasks::Repository> = self.get(paths::USER_REPOS).await?;
        let repository = repositories.first().context("the companion made no sample repository")?;
        let body = NewTask { prompt: prompt.to_owned(), agent_id: Some("real".into()), ..NewTask::default() };
        let path = paths::repo_tasks(&repository.owner.login, &repository.name);
        Ok(self.post(&path, &serde_json::to_value(body)?).await?.json().await?)
    }

    /// Says something to the task's session.
    pub async fn steer(&self, task: &Task, steer: &Steer) -> anyhow::Result<()> {
        self.post(&paths::steer(&task.id), &serde_json::to_value(steer)?).await.map(drop)
    }

    /// Waits until `is_so` holds for the task.
    pub async fn until(&self, task: &Task, is_so: impl Fn(&Task) -> bool) -> anyhow::Result<Task> {
        let wait = async {
            loop {
                let task: Task = self.get(&paths::task(&task.id)).await?;
                if is_so(&task) {
                    return anyhow::Ok(task);
                }
                tokio::time::sleep(PACE).await;
            }
        };
        match tokio::time::timeout(DEADLINE, wait).await {
            Ok(task) => task,
            Err(_) => {
                let task: Task = self.get(&paths::task(&task.id)).await?;
                let log = serde_json::to_string_pretty(&self.log(&task).await?)?;
                anyhow::bail!("what was expected did not come: the task is {}, its log\n{log}", task.state)
            }
        }
    }

    /// Waits until `is_so` holds for the task's log.
    pub async fn until_log(&self, task: &Task, is_so: impl Fn(&[Event]) -> bool) -> anyhow::Result<()> {
        let wait = async {
            while !is_so(&self.log(task).await?) {
                tokio::time::sleep(PACE).await;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(DEADLINE, wait).await.context("what was expected did not come into the log")?
    }

    /// The whole log.
    pub async fn log(&self, task: &Task) -> anyhow::Result<Vec<Event>> {
        let mut events: Vec<Event> = Vec::new();
        loop {
            let after = events.last().map_or(0, |event| event.seq);
            let path = format!("{}?limit=1000&after={after}", paths::events(&task.id));
            let window: EventWindow = self.get(&path).await?;
            let last = window.last_seq;
            events.extend(window.events);
            if events.last().is_none_or(|event| event.seq >= last) {
                return Ok(events);
            }
        }
    }

    /// What the task changed, as a diff.
    pub async fn diff(&self, task: &Task) -> anyhow::Result<String> {
        let name = task.repository_name().context("the task names its repository")?;
        let (owner, repo) = name.split_once('/').context("owner/name")?;
        let branch = task.branch().context("the task has a branch")?;
        let path = paths::compare(owner, repo, &branch.base_ref, &branch.head_ref);
        let request = self.client.get(self.url(&path)).bearer_auth(&self.token);
        let answer = request.header("accept", "application/vnd.github.diff").send().await?;
        Ok(answer.error_for_status()?.text().await?)
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let answer = self.client.get(self.url(path)).bearer_auth(&self.token).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    async fn post(&self, path: &str, body: &serde_json::Value) -> anyhow::Result<reqwest::Response> {
        let answer = self.client.post(self.url(path)).bearer_auth(&self.token).json(body).send().await?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        anyhow::bail!("{path} answered {status}: {}", answer.text().await?)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.address, paths::COMPANION_BASE)
    }
}

/// The numbers of all processes that carry the mark of one of the task's sessions.
pub fn processes_of(task: &Task) -> Vec<PathBuf> {
    let marks: Vec<String> =
        task.sessions.iter().flatten().map(|session| format!("FLIGHTDECK_SESSION={}", session.id)).collect();
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let is_marked = |folder: &PathBuf| {
        let environment = std::fs::read(folder.join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| marks.iter().any(|mark| mark.as_bytes() == variable))
    };
    entries.flatten().map(|entry| entry.path()).filter(is_marked).collect()
}

/// The configuration that makes `agent` talk to the scripted model.
fn profile(agent: RealAgent, asks: Asks, bin: &Path, folder: &Path, base_url: &str) -> anyhow::Result<String> {
    let home = folder.join("home");
    std::fs::create_dir_all(&home)?;
    let (command, args, mode, env) = match agent {
        RealAgent::OpenCode => {
            let permission = match asks {
                Asks::Never => json!({}),
                Asks::BeforeWriting => json!({"edit": "ask", "bash": "ask"}),
            };
            let model = json!({"name": "Scripted", "reasoning": true, "tool_call": true, "limit": {"context": 200_000, "output": 32_000}});
            let provider = json!({
                "npm": "@ai-sdk/openai-compatible", "options": {"baseURL": base_url, "apiKey": "none"},
                "models": {"scripted": model}
            });
            let config = json!({
                "autoupdate": false, "share": "disabled", "lsp": false, "formatter": false,
                "enabled_providers": ["fake"], "model": "fake/scripted", "small_model": "fake/scripted",
                "provider": {"fake": provider}, "permission": permission
            });
            let env = json!({
                "HOME": home, "OPENCODE_CONFIG_CONTENT": config.to_string(), "OPENCODE_DISABLE_AUTOUPDATE": "1",
                "OPENCODE_DISABLE_MODELS_FETCH": "1", "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
                "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1", "OPENCODE_SERVER_PASSWORD": "only-for-this-test"
            });
            (bin.join("opencode"), "[\"acp\"]", None, env)
        }
        RealAgent::Codex => {
            let text = format!(
                "model = \"scripted\"\nmodel_provider = \"fake\"\n[model_providers.fake]\nname = \"fake\"\n\
                 base_url = \"{base_url}\"\nenv_key = \"SCRIPTED_KEY\"\nwire_api = \"responses\"\n"
            );
            std::fs::write(home.join("config.toml"), text)?;
            let mode = match asks {
                Asks::Never => None,
                Asks::BeforeWriting => Some("read-only"),
            };
            let env = json!({"HOME": home, "CODEX_HOME": home, "SCRIPTED_KEY": "none"});
            (bin.join("codex-acp"), "[]", mode, env)
        }
    };
    let mode = mode.map(|mode| format!("mode = \"{mode}\"\n")).unwrap_or_default();
    let env = env.as_object().into_iter().flatten();
    let env: String = env.map(|(name, value)| format!("{name} = '{}'\n", value.as_str().unwrap_or_default())).collect();
    Ok(format!(
        "[[agent]]\nid = \"real\"\nname = \"Real\"\ncommand = {command:?}\nargs = {args}\n{mode}[agent.env]\n{env}"
    ))
}
