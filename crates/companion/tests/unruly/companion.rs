//! The real program with a folder of its own, and an agent for each mode.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use agent_tasks::{Capabilities, Event, EventWindow, State, Steer, Task, TaskId, paths};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::modes::MODES;

const PROGRAM: &str = env!("CARGO_BIN_EXE_flightdeck");
/// Longer than anything may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether something has come.
const PACE: Duration = Duration::from_millis(10);

/// A companion that runs until it is dropped.
pub struct Companion {
    child: Child,
    address: String,
    token: String,
    client: reqwest::Client,
    /// Outlives the program: it is started again in it.
    data: PathBuf,
    uses_cgroups: bool,
}

impl Drop for Companion {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Companion {
    /// With its data below `folder`.
    pub fn start(folder: &Path, uses_cgroups: bool) -> Self {
        let data = folder.join("data");
        let made = Command::new(PROGRAM).args(["token", "new", "--label", "unruly", "--data"]).arg(&data).output();
        let token = String::from_utf8(made.unwrap().stdout).unwrap().trim().to_owned();
        let (child, address) = serve(&data, uses_cgroups);
        Self { child, address, token, client: reqwest::Client::new(), data, uses_cgroups }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As the kernel does when memory is short: it can do nothing any more.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Another one in the same folder; the time until it answers.
    pub fn start_again(&mut self) -> Duration {
        self.kill();
        let begun = Instant::now();
        (self.child, self.address) = serve(&self.data, self.uses_cgroups);
        begun.elapsed()
    }

    pub async fn capabilities(&self) -> Capabilities {
        self.get(paths::CAPABILITIES).await
    }

    /// Starts a task with the agent of that id.
    pub async fn task(&self, agent: &str, prompt: &str) -> TaskId {
        let body = json!({"prompt": prompt, "agent_id": agent});
        let request = self.client.post(self.url(&paths::repo_tasks("local", "sample"))).bearer_auth(&self.token);
        let answer = request.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{agent}");
        answer.json::<Task>().await.unwrap().id
    }

    /// Says something to a task; the status of the answer.
    pub async fn steer(&self, id: &TaskId, steer: &Steer) -> u16 {
        let request = self.client.post(self.url(&paths::steer(id))).bearer_auth(&self.token);
        request.json(steer).send().await.unwrap().status().as_u16()
    }

    pub async fn look(&self, id: &TaskId) -> Task {
        self.get(&paths::task(id)).await
    }

    /// The id of the task's newest session.
    pub async fn session(&self, id: &TaskId) -> String {
        self.look(id).await.sessions.unwrap().last().unwrap().id.as_str().to_owned()
    }

    /// The log after `after`.
    pub async fn log(&self, id: &TaskId, after: u64) -> EventWindow {
        self.get(&format!("{}?limit=100&after={after}", paths::events(id))).await
    }

    /// The log's last events.
    pub async fn last_events(&self, id: &TaskId) -> Vec<Event> {
        let end = self.log(id, 0).await.last_seq;
        // A window holds no more than so many bytes: only few fit for sure.
        self.log(id, end.saturating_sub(2)).await.events
    }

    pub async fn until_state(&self, id: &TaskId, state: &State) -> Task {
        self.until(id, &format!("{state}"), |task| task.state == *state).await
    }

    /// Waits until the task looks so.
    pub async fn until(&self, id: &TaskId, what: &str, is_so: impl Fn(&Task) -> bool) -> Task {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let task = self.look(id).await;
            if is_so(&task) {
                return task;
            }
            assert!(Instant::now() < deadline, "never {what}: {task:?}");
            tokio::time::sleep(PACE).await;
        }
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let answer = self.client.get(self.url(path)).bearer_auth(&self.token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.address, paths::COMPANION_BASE)
    }
}

/// Waits until `condition` holds.
pub async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(PACE).await;
    }
}

fn serve(data: &Path, uses_cgroups: bool) -> (Child, String) {
    let config = data.join("modes.toml");
    std::fs::write(&config, configuration(uses_cgroups)).unwrap();
    let log = std::fs::OpenOptions::new().create(true).append(true).open(data.join("companion.log")).unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--port", "0", "--no-open", "--data"])
        .arg(data)
        .arg("--config")
        .arg(&config)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.next().unwrap().unwrap();
    // The link; who closes its output before ends the program.
    lines.next().unwrap().unwrap();
    (child, address)
}

fn configuration(uses_cgroups: bool) -> String {
    let agents = MODES.iter().map(|mode| {
        let crash = mode.crash_at.map(|at| format!(", REHEARSAL_CRASH_AT = {at:?}")).unwrap_or_default();
        format!(
            "[[agent]]\nid = {:?}\ncommand = {PROGRAM:?}\nargs = [\"rehearsal-agent\"]\nenv = {{ REHEARSAL_SCRIPT = {:?}{crash} }}\n",
            mode.name, mode.script
        )
    });
    format!("[limits]\nrunning = 100\n[supervision]\ncgroups = {uses_cgroups}\n{}", agents.collect::<String>())
}
