//! The client of the JSON API: requests, errors, pace, and what GitHub and a companion differ in. Every path
//! comes from `agent_tasks::paths`; nothing here knows what the page does with an answer, and nothing outside
//! asks which server it is.

mod failure;
mod github;
mod head;
mod list;
mod log;
mod memory;
mod pace;
mod presets;
mod read;
mod repositories;
mod request;
mod send;
mod start;
mod task_page;

use std::sync::{Arc, Mutex};

use agent_tasks::{
    Capabilities, Edition, Event, FollowUpWay, FromJson, NewPairing, NewTask, PairedToken, Permission, Prompt,
    RateBudget, Repository, ServerAddress, Steer, Task, TaskId, User, paths,
};
use gloo_net::http::Method;
use serde_json::Value;

pub use self::failure::{Failure, sentence};
pub use self::github::log::LogCursor;
use self::memory::Memory;
pub use self::presets::presets;
use self::read::read_task;
use self::request::now_ms;
pub use self::task_page::TaskPage;

/// A server and the token for it. Clones share the pace: what is left of the rate limit, what was answered last.
#[derive(Clone)]
pub struct Client {
    address: ServerAddress,
    /// The bearer token.
    token: String,
    /// What the clones remember together.
    memory: Arc<Mutex<Memory>>,
}

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        self.address == other.address && self.token == other.token
    }
}

impl Eq for Client {}

/// Without the token.
impl std::fmt::Debug for Client {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Client").field("address", &self.address).finish_non_exhaustive()
    }
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
pub async fn pair(address: &ServerAddress, code: &str) -> Result<PairedToken, Failure> {
    let pairing = NewPairing { code: code.to_owned() };
    let url = format!("{}{}", address.base(), paths::PAIRINGS);
    let body = serde_json::to_string(&pairing).map_err(|_| Failure::Unreadable)?;
    let headers = &[("Accept", "application/json")];
    let call = request::Call { method: Method::POST, url: &url, token: None, headers, body: Some(body) };
    request::send(call).await?.success()?.read()
}

/// Reads JSON. Every text of the wire goes through here, by way of a tree: serde's reader of texts is there once,
/// for trees, and [`FromJson`] reads the types.
pub fn read_json<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&serde_json::from_str(text).ok()?)
}

/// The permissions that a token for this server needs; none where a token may do everything.
pub fn needed_permissions(address: &ServerAddress) -> Vec<Permission> {
    match address.edition {
        Edition::Companion => Vec::new(),
        Edition::Github => github::permissions::NEEDED.to_vec(),
    }
}

impl Client {
    /// A client of the server at `address`.
    pub fn new(address: ServerAddress, token: impl Into<String>) -> Self {
        Self { address, token: token.into(), memory: Arc::default() }
    }

    /// Where the server is.
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// The token that the client sends.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Ends the use of the token: no clone sends a request from now on, each fails with [`Failure::Closed`].
    pub fn close(&self) {
        self.with(|memory| memory.is_closed = true);
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address.base())
    }

    /// What the server can do, where that is known without asking.
    pub fn known_capabilities(&self) -> Option<Capabilities> {
        match self.address.edition {
            Edition::Companion => None,
            Edition::Github => Some(github::capabilities(&self.address)),
        }
    }

    /// What the server can do; fails when it does not take the token.
    pub async fn greet(&self) -> Result<Greeting, Failure> {
        match self.address.edition {
            Edition::Companion => {
                let reply = self.get(paths::CAPABILITIES).await?;
                Ok(Greeting { capabilities: reply.read()?, server_ms: reply.head.server_ms })
            }
            Edition::Github => {
                let reply = self.get(paths::USER).await?;
                let user: User = reply.read()?;
                self.with(|memory| {
                    memory.user_id = Some(user.id);
                    memory.known.keep_user(user.id, Some(user.login), now_ms());
                });
                let capabilities = github::capabilities(&self.address);
                Ok(Greeting { capabilities, server_ms: reply.head.server_ms })
            }
        }
    }

    /// Tries what the token may do, as far as that can be tried by reading.
    pub async fn check_permissions(&self, repository: Option<&Repository>) -> Vec<Permission> {
        match self.address.edition {
            Edition::Companion => Vec::new(),
            Edition::Github => self.try_permissions(repository).await,
        }
    }

    /// What is left of the rate limit, by the last answer.
    pub fn budget(&self) -> Option<RateBudget> {
        self.with(|memory| memory.pace.budget)
    }

    /// Whose token this is.
    pub async fn user(&self) -> Result<User, Failure> {
        self.get(paths::USER).await?.read()
    }

    /// The agents that a repository defines, by name; none where the server does not take them.
    pub async fn custom_agents(&self, owner: &str, repo: &str) -> Result<Vec<String>, Failure> {
        match self.address.edition {
            Edition::Companion => Ok(Vec::new()),
            Edition::Github => match self.get(&paths::agent_files(owner, repo)).await {
                Ok(reply) => Ok(github::agent_names(&reply.read::<Value>()?)),
                Err(Failure::NotFound(_)) => Ok(Vec::new()),
                Err(failure) => Err(failure),
            },
        }
    }

    /// How long to wait before the list is asked for changes again, in milliseconds. `is_busy` tells whether
    /// anything is at work.
    pub fn poll_delay_ms(&self, is_busy: bool) -> u32 {
        self.with(|memory| memory.pace.poll_delay_ms(is_busy, now_ms(), js_sys::Math::random()))
    }

    /// One task with its sessions.
    pub async fn task(&self, id: &TaskId) -> Result<Task, Failure> {
        match self.address.edition {
            Edition::Companion => read_task(&self.get(&paths::task(id)).await?.body),
            Edition::Github => self.whole_task(id).await,
        }
    }

    /// Starts a task.
    pub async fn start(&self, owner: &str, repo: &str, task: &NewTask) -> Result<Task, Failure> {
        let mut task = self.start_once(owner, repo, task).await?;
        self.give_out(&mut task);
        Ok(task)
    }

    /// Stops a task's session. Done when the server has taken it over to end it, or, where the page has to see
    /// to that itself, when the session is over.
    pub async fn stop(&self, task: &Task) -> Result<(), Failure> {
        match self.address.edition {
            Edition::Companion => self.steer(&task.id, &Steer::abort()).await,
            Edition::Github => self.stop_runs(task).await,
        }
    }

    /// Pauses a task's session, or lets it go on.
    pub async fn pause(&self, id: &TaskId, is_paused: bool) -> Result<(), Failure> {
        self.steer(id, &Steer::pause(is_paused)).await
    }

    /// Answers a permission request; without an option it is dismissed.
    pub async fn answer(&self, id: &TaskId, request_id: &str, option_id: Option<String>) -> Result<(), Failure> {
        self.steer(id, &Steer::permission_response(request_id, option_id)).await
    }

    /// The ways in which a task can go on, the usual one first; none where there is no way.
    pub fn follow_ups(&self, task: &Task) -> Vec<FollowUpWay> {
        match self.address.edition {
            Edition::Companion => vec![FollowUpWay::SameTask],
            Edition::Github => github::follow_up::ways(task),
        }
    }

    /// Says what comes next. `Some` is a new task that was started for it.
    pub async fn follow_up(&self, task: &Task, way: &FollowUpWay, prompt: &Prompt) -> Result<Option<Task>, Failure> {
        match way {
            FollowUpWay::SameTask => self.steer(&task.id, &Steer::user_message(prompt.as_str())).await.map(|()| None),
            FollowUpWay::Comment(number) => self.comment(task, *number, prompt).await.map(|()| None),
            FollowUpWay::NewTask { head_ref, base_ref } => self.go_on(task, head_ref, base_ref, prompt).await.map(Some),
        }
    }

    /// Whether the server tells the log of its tasks. Asked of this task's log; once
    /// known, it holds for the connection. A task that cannot be read has no log, and leaves it open.
    pub async fn has_log(&self, id: &TaskId) -> Result<bool, Failure> {
        match self.address.edition {
            Edition::Companion => Ok(true),
            Edition::Github => self.tells_logs(id).await,
        }
    }

    /// The events of a log that came since `cursor`, numbered without gaps, for a server without a stream.
    pub async fn log_since(&self, id: &TaskId, cursor: &mut LogCursor) -> Result<Vec<Event>, Failure> {
        self.read_log(id, cursor).await
    }

    async fn steer(&self, id: &TaskId, steer: &Steer) -> Result<(), Failure> {
        self.write_once(&paths::steer(id), send::json_text(steer)?).await.map(drop)
    }

    /// Fills in what is known of a task.
    fn give_out(&self, task: &mut Task) {
        self.with(|memory| memory.give_out(task, &self.address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_a_plain_value_that_does_not_show_its_token() {
        fn check<T: Clone + Eq + Send + Sync + 'static>(_: &T) {}
        let client = Client::new(ServerAddress::github(), "github_pat_secret");
        check(&client);
        assert_eq!(client, Client::new(ServerAddress::github(), "github_pat_secret"));
        assert_ne!(client, Client::new(ServerAddress::github(), "another"));
        assert!(!format!("{client:?}").contains("secret"));
    }

    #[test]
    fn clones_share_what_they_learn() {
        let client = Client::new(ServerAddress::github(), "token");
        client.clone().with(|memory| memory.user_id = Some(7));
        assert_eq!(client.with(|memory| memory.user_id), Some(7));
        assert_eq!(Client::new(ServerAddress::github(), "token").with(|memory| memory.user_id), None);
    }

    #[test]
    fn only_github_needs_permissions() {
        let companion = ServerAddress::of_companion_host("127.0.0.1:4180").unwrap();
        assert!(needed_permissions(&companion).is_empty());
        let names: Vec<_> = needed_permissions(&ServerAddress::github()).iter().map(|needed| needed.name).collect();
        assert_eq!(names, ["Metadata", "Agent tasks", "Actions", "Contents", "Pull requests"]);
    }
}
