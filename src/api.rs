//! The client of the JSON API: requests and errors. Every path comes from `agent_tasks::paths`; nothing
//! here knows what the page does with an answer.

mod failure;
mod request;
mod task_page;

use agent_tasks::query::PER_PAGE_MAX;
use agent_tasks::{
    Branch, Capabilities, FromJson, NewPairing, NewTask, PairedToken, Repository, Steer, Task, TaskId, User, paths,
};

pub use self::failure::{Failure, sentence};
pub use self::task_page::TaskPage;

/// A server and the token for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The address below which all paths are, without a slash at its end.
    base: String,
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

/// Trades a pairing code for a token.
pub async fn pair(base: &str, code: &str) -> Result<PairedToken, Failure> {
    let pairing = NewPairing { code: code.to_owned() };
    request::post(&format!("{base}{}", paths::PAIRINGS), None, &pairing).await?.read()
}

/// Reads JSON. Every text of the wire goes through here, by way of a tree: serde's reader of texts is there once,
/// for trees, and [`FromJson`] reads the types.
pub fn read_json<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&serde_json::from_str(text).ok()?)
}

impl Client {
    /// A client of the server at `base`.
    pub fn new(base: impl Into<String>, token: impl Into<String>) -> Self {
        Self { base: base.into(), token: token.into() }
    }

    /// The token that the client sends.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What the server can do.
    pub async fn capabilities(&self) -> Result<Greeting, Failure> {
        let answer = self.get(paths::CAPABILITIES).await?;
        Ok(Greeting { capabilities: answer.read()?, server_ms: answer.server_ms })
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

    /// A page of the tasks that are not archived, from 1, newest change first.
    pub async fn tasks(&self, page: u32) -> Result<TaskPage, Failure> {
        let answer = self.get(&format!("{}?per_page={PER_PAGE_MAX}&page={page}", paths::TASKS)).await?;
        TaskPage::read(&answer.body, answer.has_next)
    }

    /// One task with its sessions.
    pub async fn task(&self, id: &TaskId) -> Result<Task, Failure> {
        self.get(&paths::task(id)).await?.read()
    }

    /// Starts a task.
    pub async fn start(&self, owner: &str, repo: &str, task: &NewTask) -> Result<Task, Failure> {
        self.post(&paths::repo_tasks(owner, repo), task).await?.read()
    }

    /// Says something to a task's session: a follow-up, stop, an answer.
    pub async fn steer(&self, id: &TaskId, steer: &Steer) -> Result<(), Failure> {
        self.post(&paths::steer(id), steer).await.map(drop)
    }

    async fn get(&self, path: &str) -> Result<request::Answer, Failure> {
        request::get(&self.url(path), &self.token).await
    }

    async fn post(&self, path: &str, body: &impl serde::Serialize) -> Result<request::Answer, Failure> {
        request::post(&self.url(path), Some(&self.token), body).await
    }
}
