//! The real companion as a process, to be started, asked, killed and started again.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use agent_tasks::{NewTask, Task, TaskId, TaskList, paths};
use anyhow::{Context as _, bail, ensure};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{processes, wait::until};

/// A companion with a data folder and a repository of its own.
pub struct Companion {
    folder: tempfile::TempDir,
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// The address with a pairing code that works once.
    pub link: String,
    token: String,
    http: reqwest::Client,
}

impl Companion {
    /// Starts one on a free port. `configuration` is its TOML file.
    pub async fn start(configuration: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        crate::make_repository(&folder.path().join("orchard"))?;
        std::fs::write(folder.path().join("flightdeck.toml"), configuration)?;
        let (child, address, link) = serve(folder.path(), "0").await?;
        let data = folder.path().join("data");
        let token =
            Command::new(binary()?).args(["token", "new", "--label", "stories", "--data"]).arg(data).output().await?;
        ensure!(token.status.success(), "no token: {}", String::from_utf8_lossy(&token.stderr));
        let token = String::from_utf8(token.stdout)?.trim().to_owned();
        Ok(Self { folder, child, address, link, token, http: reqwest::Client::new() })
    }

    /// `kill -9`.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().await.context("the companion could not be killed")
    }

    /// Starts it again after [`Companion::kill`], on the same port and data folder.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        let port = self.address.rsplit(':').next().context("the address has no port")?.to_owned();
        (self.child, self.address, self.link) = serve(self.folder.path(), &port).await?;
        Ok(())
    }

    /// The user's repository.
    pub fn repository(&self) -> PathBuf {
        self.folder.path().join("orchard")
    }

    /// What the companion wrote to its standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default()
    }

    /// Starts a task with the rehearsal agent.
    pub async fn start_task(&self, prompt: &str) -> anyhow::Result<Task> {
        let new_task = NewTask { prompt: prompt.into(), agent_id: Some("rehearsal".into()), ..NewTask::default() };
        let request = self.http.post(self.url(&paths::repo_tasks("local", "orchard"))).json(&new_task);
        let response = request.bearer_auth(&self.token).send().await?;
        let status = response.status();
        let body = response.text().await?;
        ensure!(status.as_u16() == 201, "{status}: {body}");
        Ok(serde_json::from_str(&body)?)
    }

    /// A task with its sessions.
    pub async fn task(&self, id: &TaskId) -> anyhow::Result<Task> {
        self.get(&paths::task(id)).await
    }

    /// The newest tasks.
    pub async fn tasks(&self) -> anyhow::Result<Vec<Task>> {
        let list: TaskList = self.get(&format!("{}?per_page=100", paths::TASKS)).await?;
        Ok(list.tasks)
    }

    /// Waits until no process of any session is left.
    pub async fn see_nothing_left(&self) -> anyhow::Result<()> {
        let mut session_ids = Vec::new();
        for task in self.tasks().await? {
            let sessions = self.task(&task.id).await?.sessions.unwrap_or_default();
            session_ids.extend(sessions.into_iter().map(|session| session.id.to_string()));
        }
        until("the processes of all sessions to end", async || {
            let left = processes::left_of(&session_ids);
            if left.is_empty() { Ok(Some(())) } else { bail!("left: {}", left.join("; ")) }
        })
        .await
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let response = self.http.get(self.url(path)).bearer_auth(&self.token).send().await?.error_for_status()?;
        Ok(serde_json::from_str(&response.text().await?)?)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.address, paths::COMPANION_BASE)
    }
}

/// The binary to test: `FLIGHTDECK_BIN`, which `cargo xtask test` sets, or the one beside our own.
fn binary() -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os("FLIGHTDECK_BIN") {
        return Ok(path.into());
    }
    let own = std::env::current_exe()?;
    let beside = own.parent().and_then(Path::parent).map(|folder| folder.join("flightdeck"));
    match beside.filter(|path| path.exists()) {
        Some(path) => Ok(path),
        None => bail!("there is no companion to test; run 'cargo xtask test', or name one in FLIGHTDECK_BIN"),
    }
}

/// Starts the companion and reads its two lines: the address and the link.
async fn serve(folder: &Path, port: &str) -> anyhow::Result<(Child, String, String)> {
    let stderr = std::fs::File::options().create(true).append(true).open(folder.join("stderr"))?;
    let mut command = Command::new(binary()?);
    command.args(["serve", "--no-open", "--port", port]);
    command.arg("--data").arg(folder.join("data")).arg("--repo").arg(folder.join("orchard"));
    command.arg("--config").arg(folder.join("flightdeck.toml"));
    command.stdout(Stdio::piped()).stderr(stderr).stdin(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().context("the companion could not be started")?;
    let stdout = child.stdout.take().context("the companion has no standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    let read = async {
        let address = lines.next_line().await?.context("the companion ended before it told its address")?;
        let link = lines.next_line().await?.context("the companion ended before it told a link")?;
        anyhow::Ok((address, link))
    };
    let told = tokio::time::timeout(crate::PATIENCE, read).await.context("the companion did not tell its address");
    let (address, link) = told
        .flatten()
        .with_context(|| format!("it wrote: {}", std::fs::read_to_string(folder.join("stderr")).unwrap_or_default()))?;
    // Somebody has to read what it prints later, or it blocks.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((child, last_word(&address), last_word(&link)))
}

/// `Open http://…` → `http://…`.
fn last_word(line: &str) -> String {
    line.split_whitespace().last().unwrap_or_default().to_owned()
}
