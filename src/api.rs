//! The client of the JSON API: requests, errors, pace, and what GitHub and a companion differ in. Every path
//! comes from `agent_tasks::paths`; nothing here knows what the page does with an answer, and nothing outside
//! asks which server it is.

mod failure;
mod presets;
mod request;
mod task_page;

use agent_tasks::capabilities::{Calls, Limits, StartFields};
use agent_tasks::query::PER_PAGE_MAX;
use agent_tasks::{
    Branch, Capabilities, Edition, Event, FollowUpWay, FromJson, NewPairing, NewTask, PairedToken, Permission, Prompt,
    RateBudget, Repository, ServerAddress, Steer, Task, TaskId, Timestamp, User, paths,
};

pub use self::failure::{Failure, sentence};
pub use self::presets::presets;
pub use self::task_page::TaskPage;

/// A server and the token for it. Clones share the pace: what is left of the rate limit, what was answered last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    address: ServerAddress,
    /// The bearer token.
    token: String,
}

/// What a server is, with the hour by its clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Greeting {
    /// What it can do.
    pub capabilities: Capabilities,
    /// Its clock, in milliseconds since 1970, where it told it.
    pub server_ms: Option<i64>,
}

/// How far a log was read that does not come as a stream.
#[derive(Debug, Clone, Default)]
pub struct LogCursor {
    /// How many events were given out.
    pub event_count: u64,
}

/// Trades a pairing code for a token.
pub async fn pair(address: &ServerAddress, code: &str) -> Result<PairedToken, Failure> {
    let pairing = NewPairing { code: code.to_owned() };
    request::post(&format!("{}{}", address.base(), paths::PAIRINGS), None, &pairing).await?.read()
}

/// Reads JSON. Every text of the wire goes through here, by way of a tree: serde's reader of texts is there once,
/// for trees, and [`FromJson`] reads the types.
pub fn read_json<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&serde_json::from_str(text).ok()?)
}

/// The permissions that a token for this server needs; none where a token may do everything.
pub fn needed_permissions(_address: &ServerAddress) -> Vec<Permission> {
    Vec::new()
}

impl Client {
    /// A client of the server at `address`.
    pub fn new(address: ServerAddress, token: impl Into<String>) -> Self {
        Self { address, token: token.into() }
    }

    /// Where the server is.
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// The token that the client sends.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address.base())
    }

    /// What the server can do; fails when it does not take the token.
    pub async fn greet(&self) -> Result<Greeting, Failure> {
        match self.address.edition {
            Edition::Companion => {
                let answer = self.get(paths::CAPABILITIES).await?;
                Ok(Greeting { capabilities: answer.read()?, server_ms: answer.server_ms })
            }
            Edition::Github => {
                self.user().await?;
                Ok(Greeting {
                    capabilities: Capabilities {
                        server: "GitHub".into(),
                        version: String::new(),
                        calls: Calls::default(),
                        start: StartFields::default(),
                        agents: Vec::new(),
                        missing_agents: Vec::new(),
                        limits: Limits { prompt_bytes: 0, running: None, stop_seconds: None },
                        supervision: None,
                    },
                    server_ms: None,
                })
            }
        }
    }

    /// Tries what the token may do, as far as that can be tried by reading.
    pub async fn check_permissions(&self, _repository: Option<&Repository>) -> Vec<Permission> {
        Vec::new()
    }

    /// What is left of the rate limit, by the last answer.
    pub fn budget(&self) -> Option<RateBudget> {
        None
    }

    /// Whose token this is.
    pub async fn user(&self) -> Result<User, Failure> {
        self.get(paths::USER).await?.read()
    }

    /// The repositories to choose from.
    pub async fn repositories(&self) -> Result<Vec<Repository>, Failure> {
        self.get(&format!("{}?per_page={PER_PAGE_MAX}", paths::USER_REPOS)).await?.read()
    }

    /// The branches of a repository.
    pub async fn branches(&self, owner: &str, repo: &str) -> Result<Vec<Branch>, Failure> {
        self.get(&format!("{}?per_page={PER_PAGE_MAX}", paths::branches(owner, repo))).await?.read()
    }

    /// The agents that a repository defines, by name; none where the server does not take them.
    pub async fn custom_agents(&self, _owner: &str, _repo: &str) -> Result<Vec<String>, Failure> {
        Ok(Vec::new())
    }

    /// A page of the tasks that are not archived, from 1, newest change first.
    pub async fn tasks(&self, page: u32) -> Result<TaskPage, Failure> {
        let answer = self.get(&format!("{}?per_page={PER_PAGE_MAX}&page={page}", paths::TASKS)).await?;
        TaskPage::read(&answer.body, answer.has_next)
    }

    /// The tasks that changed at or after `since`, for a server without a stream. `None` when nothing did.
    pub async fn changes(&self, _since: Timestamp) -> Result<Option<Vec<Task>>, Failure> {
        Ok(None)
    }

    /// Looks up the names and pull requests that the lists of a server leave out, and gives back the tasks to
    /// which something was added. Costs no request where all is known.
    pub async fn complete(&self, _tasks: &[Task]) -> Vec<Task> {
        Vec::new()
    }

    /// How long to wait before the list is asked for changes again, in milliseconds. `is_busy` tells whether
    /// anything is at work.
    pub fn poll_delay_ms(&self, is_busy: bool) -> u32 {
        if is_busy { 5_000 } else { 30_000 }
    }

    /// One task with its sessions.
    pub async fn task(&self, id: &TaskId) -> Result<Task, Failure> {
        self.get(&paths::task(id)).await?.read()
    }

    /// Starts a task.
    pub async fn start(&self, owner: &str, repo: &str, task: &NewTask) -> Result<Task, Failure> {
        self.post(&paths::repo_tasks(owner, repo), task).await?.read()
    }

    /// Stops a task's session. Done when the server has taken it over to end it, or, where the page has to see
    /// to that itself, when the session is over.
    pub async fn stop(&self, task: &Task) -> Result<(), Failure> {
        self.steer(&task.id, &Steer::abort()).await
    }

    /// Answers a permission request; without an option it is dismissed.
    pub async fn answer(&self, id: &TaskId, request_id: &str, option_id: Option<String>) -> Result<(), Failure> {
        self.steer(id, &Steer::permission_response(request_id, option_id)).await
    }

    /// The ways in which a task can go on, the usual one first; none where there is no way.
    pub fn follow_ups(&self, _task: &Task) -> Vec<FollowUpWay> {
        vec![FollowUpWay::SameTask]
    }

    /// Says what comes next. `Some` is a new task that was started for it.
    pub async fn follow_up(&self, task: &Task, way: &FollowUpWay, prompt: &Prompt) -> Result<Option<Task>, Failure> {
        match way {
            FollowUpWay::SameTask => self.steer(&task.id, &Steer::user_message(prompt.as_str())).await.map(|()| None),
            FollowUpWay::Comment(_) | FollowUpWay::NewTask { .. } => Err(Failure::Unreadable),
        }
    }

    /// Whether the server tells the log of its tasks. Asked once for each connection, of this task's log.
    pub async fn has_log(&self, _id: &TaskId) -> Result<bool, Failure> {
        Ok(self.address.edition == Edition::Companion)
    }

    /// The events of a log that came since `cursor`, numbered without gaps, for a server without a stream.
    pub async fn log_since(&self, _id: &TaskId, _cursor: &mut LogCursor) -> Result<Vec<Event>, Failure> {
        Ok(Vec::new())
    }

    async fn steer(&self, id: &TaskId, steer: &Steer) -> Result<(), Failure> {
        self.post(&paths::steer(id), steer).await.map(drop)
    }

    async fn get(&self, path: &str) -> Result<request::Answer, Failure> {
        request::get(&self.url(path), &self.token).await
    }

    async fn post(&self, path: &str, body: &impl serde::Serialize) -> Result<request::Answer, Failure> {
        request::post(&self.url(path), Some(&self.token), body).await
    }
}
