//! The real program as a process with a data folder of its own: started, asked, killed, started again.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use agent_tasks::{TaskId, paths};
use serde_json::value::RawValue;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_flightdeck");

/// A companion as a process. Dropped, it is killed.
pub struct Program {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// From its start until it answered.
    pub ready_after: Duration,
    caller: Caller,
}

/// Somebody who asks a companion, whether it lives or not.
#[derive(Clone)]
pub struct Caller {
    address: String,
    token: String,
    http: reqwest::Client,
}

impl std::ops::Deref for Program {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Program {
    /// Starts it on the folder `data`. `hold_seconds` is how long an agent is held while its log cannot be written.
    pub fn start(data: &Path, token: &str, hold_seconds: u64) -> Self {
        let began = Instant::now();
        let config = data.with_extension("toml");
        std::fs::write(&config, format!("[limits]\nrunning = 3\nhold_seconds = {hold_seconds}\n")).unwrap();
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0", "--no-open", "--data"]).arg(data).arg("--config").arg(config);
        let log = std::fs::File::options().create(true).append(true).open(data.with_extension("stderr")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = |line: Option<std::io::Result<String>>| match line {
            Some(Ok(line)) => line,
            Some(Err(_)) | None => {
                panic!("it did not start: {}", std::fs::read_to_string(data.with_extension("stderr")).unwrap())
            }
        };
        let address = said(lines.next());
        let _link = said(lines.next());
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let caller = Caller { address: address.clone(), token: token.into(), http };
        Self { child, address, ready_after: began.elapsed(), caller }
    }

    /// `flightdeck token new`; makes the data folder.
    pub fn new_token(data: &Path) -> String {
        let made =
            Command::new(PROGRAM).args(["token", "new", "--label", "tests", "--data"]).arg(data).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Whether the process is still there.
    pub fn is_up(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The memory that it holds, in megabytes.
    pub fn memory_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1_024
    }

    /// How many files it has open.
    pub fn files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).map_or(0, Iterator::count)
    }

    pub fn caller(&self) -> Caller {
        self.caller.clone()
    }
}

impl Caller {
    pub fn token(&self) -> &str {
        &self.token
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.address, paths::COMPANION_BASE)
    }

    /// Starts a task; the status and the body.
    pub async fn create(&self, key: &str, prompt: &str) -> reqwest::Result<(u16, Option<String>, Value)> {
        let request = self.http.post(self.url(&paths::repo_tasks("local", "sample"))).bearer_auth(&self.token);
        let body = json!({"prompt": prompt, "agent_id": "rehearsal"});
        let response = request.header("idempotency-key", key).json(&body).send().await?;
        let status = response.status().as_u16();
        let wait = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        Ok((status, wait, response.json().await?))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let response = self.http.get(self.url(path)).bearer_auth(&self.token).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    /// The log of a task, each event as it came.
    pub async fn log(&self, id: &TaskId) -> Vec<String> {
        #[derive(serde::Deserialize)]
        struct Window {
            events: Vec<Box<RawValue>>,
            last_seq: u64,
        }
        let mut events: Vec<String> = Vec::new();
        loop {
            let path = format!("{}?limit=1000&after={}", paths::events(id), events.len());
            let response = self.http.get(self.url(&path)).bearer_auth(&self.token).send().await.unwrap();
            let window: Window = serde_json::from_str(&response.text().await.unwrap()).unwrap();
            let is_done = window.events.is_empty();
            events.extend(window.events.iter().map(|event| event.get().to_owned()));
            if is_done || events.len() as u64 >= window.last_seq {
                return events;
            }
        }
    }
}
