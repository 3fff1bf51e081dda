//! The real companion as a process, to be started, asked, killed and started again.

mod database;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use agent_tasks::{Event, EventWindow, NewTask, State, Steer, Task, TaskId, TaskList, paths};
use anyhow::{Context as _, ensure};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{processes, wait::until, workload::Library};

/// The most events that the API gives at once.
const EVENTS_AT_ONCE: usize = 1_000;

/// What a companion is started with.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Its TOML file.
    pub configuration: &'a str,
    /// The names of the user's repositories; the first is where tasks are started unless told otherwise.
    pub repositories: &'a [&'a str],
    /// Logs that it has already.
    pub library: Option<&'a Library>,
}

impl Default for Setting<'_> {
    fn default() -> Self {
        Self { configuration: "", repositories: &["orchard"], library: None }
    }
}

/// A companion with a data folder and repositories of its own.
pub struct Companion {
    folder: tempfile::TempDir,
    repositories: Vec<String>,
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// The address with a pairing code that works once.
    pub link: String,
    token: String,
    http: reqwest::Client,
}

impl Companion {
    /// Starts one on a free port.
    pub async fn start(setting: Setting<'_>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let repositories: Vec<String> = setting.repositories.iter().map(ToString::to_string).collect();
        for name in &repositories {
            crate::make_repository(&folder.path().join(name))?;
        }
        std::fs::write(folder.path().join("flightdeck.toml"), setting.configuration)?;
        if let Some(library) = setting.library {
            library.copy_into(&folder.path().join("data"))?;
        }
        let (child, address, link) = serve(folder.path(), &repositories, "0").await?;
        let http = reqwest::Client::new();
        let mut companion = Self { folder, repositories, child, address, link, token: String::new(), http };
        companion.token = companion.new_token("stories").await?;
        Ok(companion)
    }

    /// `flightdeck token new`.
    pub async fn new_token(&self, label: &str) -> anyhow::Result<String> {
        self.command(&["token", "new", "--label", label]).await
    }

    /// `flightdeck token revoke` for the tokens of all paired browsers.
    pub async fn revoke_paired(&self) -> anyhow::Result<()> {
        let list = self.command(&["token", "list"]).await?;
        let rows = list.lines().filter(|row| !row.ends_with("\tstories"));
        for number in rows.filter_map(|row| row.split('\t').next()) {
            self.command(&["token", "revoke", number]).await?;
        }
        Ok(())
    }

    /// `flightdeck link`.
    pub async fn new_link(&self) -> anyhow::Result<String> {
        self.command(&["link"]).await
    }

    async fn command(&self, args: &[&str]) -> anyhow::Result<String> {
        let data = self.folder.path().join("data");
        let output = Command::new(binary()?).args(args).arg("--data").arg(data).output().await?;
        ensure!(output.status.success(), "flightdeck {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Tells it to end, and waits: every session ends with it.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.tell_to_end().await
    }

    async fn tell_to_end(&mut self) -> anyhow::Result<()> {
        let pid = self.child.id().context("the companion has ended already")?.to_string();
        let told = Command::new("kill").arg(pid).status().await?;
        ensure!(told.success(), "the companion could not be told to end");
        tokio::time::timeout(crate::PATIENCE, self.child.wait()).await.context("the companion does not end")??;
        Ok(())
    }

    /// The same, and its database is kept at `path`.
    pub async fn end_into(mut self, path: &Path) -> anyhow::Result<()> {
        self.tell_to_end().await?;
        std::fs::copy(self.folder.path().join("data/flightdeck.sqlite"), path)?;
        Ok(())
    }

    /// `kill -9`.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().await.context("the companion could not be killed")
    }

    /// Starts it again after [`Companion::kill`], on the same port and data folder.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        let port = self.address.rsplit(':').next().context("the address has no port")?.to_owned();
        (self.child, self.address, self.link) = serve(self.folder.path(), &self.repositories, &port).await?;
        Ok(())
    }

    /// The user's repository.
    pub fn repository(&self) -> PathBuf {
        self.folder.path().join(&self.repositories[0])
    }

    /// The branches of the user's repository.
    pub fn branches(&self) -> anyhow::Result<Vec<String>> {
        let listed = crate::repository::git(&self.repository(), &["branch", "--list", "--format=%(refname:short)"])?;
        Ok(listed.lines().map(str::to_owned).collect())
    }

    /// Deletes a branch of the user's repository, as the user may.
    pub fn delete_branch(&self, name: &str) -> anyhow::Result<()> {
        crate::repository::git(&self.repository(), &["branch", "-D", name]).map(drop)
    }

    /// What the companion wrote to its standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default()
    }

    /// Starts a task with the rehearsal agent.
    pub async fn start_task(&self, prompt: &str) -> anyhow::Result<Task> {
        self.start_task_in(&self.repositories[0], prompt).await
    }

    /// Starts a task with the rehearsal agent in another repository.
    pub async fn start_task_in(&self, repository: &str, prompt: &str) -> anyhow::Result<Task> {
        self.start_task_with("rehearsal", repository, prompt).await
    }

    /// Starts a task with an agent of its own.
    pub async fn start_task_with(&self, agent: &str, repository: &str, prompt: &str) -> anyhow::Result<Task> {
        let new_task = NewTask { prompt: prompt.into(), agent_id: Some(agent.into()), ..NewTask::default() };
        let path = paths::repo_tasks("local", repository);
        let (status, body) = self.post(&path, &serde_json::to_value(new_task)?).await?;
        ensure!(status == 201, "{status}: {body}");
        Ok(serde_json::from_value(body)?)
    }

    /// Asks to stop a task's session.
    pub async fn stop_task(&self, id: &TaskId) -> anyhow::Result<()> {
        let (status, body) = self.post(&paths::steer(id), &serde_json::to_value(Steer::abort())?).await?;
        ensure!(status == 202, "{status}: {body}");
        Ok(())
    }

    /// Sends JSON to the API; the status and the JSON that came back.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<(u16, Value)> {
        let response = self.http.post(self.url(path)).json(body).bearer_auth(&self.token).send().await?;
        let status = response.status().as_u16();
        let body = response.text().await?;
        Ok((status, if body.is_empty() { Value::Null } else { serde_json::from_str(&body)? }))
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

    /// Waits until a task is in this state.
    pub async fn see_state(&self, id: &TaskId, state: &State) -> anyhow::Result<Task> {
        until(&format!("task {id} to be {state}"), async || {
            let task = self.task(id).await?;
            if task.state == *state { Ok(Some(task)) } else { Err(anyhow::anyhow!("it is {}", task.state)) }
        })
        .await
    }

    /// The whole log of a task.
    pub async fn events(&self, id: &TaskId) -> anyhow::Result<Vec<Event>> {
        let mut events: Vec<Event> = Vec::new();
        loop {
            let after = events.last().map_or(0, |event| event.seq);
            let path = format!("{}?after={after}&limit={EVENTS_AT_ONCE}", paths::events(id));
            let window: EventWindow = self.get(&path).await?;
            events.extend(window.events);
            // An answer may be short of what was asked for: long events come in small numbers.
            if events.last().is_none_or(|event| event.seq >= window.last_seq) {
                return Ok(events);
            }
        }
    }

    /// The status of an answer of the API, and its JSON; nothing where it is none.
    pub async fn get_any(&self, path: &str) -> anyhow::Result<(u16, Value)> {
        let response = self.http.get(self.url(path)).bearer_auth(&self.token).send().await?;
        let status = response.status().as_u16();
        Ok((status, serde_json::from_str(&response.text().await?).unwrap_or_default()))
    }

    /// An answer of the API that is a file.
    pub async fn get_file(&self, path: &str) -> anyhow::Result<String> {
        let response = self.http.get(self.url(path)).bearer_auth(&self.token).send().await?.error_for_status()?;
        Ok(response.text().await?)
    }

    /// The processes of a task's sessions, with their command lines.
    pub async fn processes(&self, id: &TaskId) -> anyhow::Result<Vec<String>> {
        let sessions = self.task(id).await?.sessions.unwrap_or_default();
        let session_ids: Vec<String> = sessions.into_iter().map(|session| session.id.to_string()).collect();
        Ok(processes::left_of(&session_ids))
    }

    /// No process of any session is there now.
    pub async fn see_nothing_left(&self) -> anyhow::Result<()> {
        for task in self.tasks().await? {
            let left = self.processes(&task.id).await?;
            ensure!(left.is_empty(), "left of '{}': {}", task.name, left.join("; "));
        }
        Ok(())
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        Ok(serde_json::from_str(&self.get_file(path).await?)?)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.address, paths::COMPANION_BASE)
    }
}

/// The binary to test: `FLIGHTDECK_BIN`, which `cargo xtask test` sets, or the one beside our own.
pub fn binary() -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os("FLIGHTDECK_BIN") {
        return Ok(path.into());
    }
    let own = std::env::current_exe()?;
    let beside = own.parent().and_then(Path::parent).map(|folder| folder.join("flightdeck"));
    match beside.filter(|path| path.exists()) {
        Some(path) => Ok(path),
        None => anyhow::bail!("there is no companion to test; run 'cargo xtask test', or name one in FLIGHTDECK_BIN"),
    }
}

/// Starts the companion and reads its two lines: the address and the link.
async fn serve(folder: &Path, repositories: &[String], port: &str) -> anyhow::Result<(Child, String, String)> {
    let stderr = std::fs::File::options().create(true).append(true).open(folder.join("stderr"))?;
    let mut command = Command::new(binary()?);
    command.args(["serve", "--no-open", "--port", port]);
    command.arg("--data").arg(folder.join("data"));
    for name in repositories {
        command.arg("--repo").arg(folder.join(name));
    }
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
