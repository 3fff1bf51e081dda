//! What GitHub knows in a test: users, repositories, tasks, pull requests, runs, and who may see them.

mod generate;
mod node_id;
mod pull;
mod repository;
mod run;
mod task;
mod token;

use std::collections::BTreeMap;

use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

pub(crate) use self::generate::{CALLS_PER_HOUR, task_id};
pub use self::{
    node_id::{NodeId, NodeKind},
    pull::Pull,
    repository::{Repository, User},
    run::{OnCancel, Run},
    task::{Artifact, Session, Task},
    token::{Access, Token},
};

/// A comment that was written on an issue or a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The repository's number.
    pub repository: u64,
    /// The number of the issue or pull request.
    pub issue: u64,
    /// The writer's number.
    pub author: u64,
    /// The text.
    pub body: String,
}

/// Everything that the stand-in answers from. A test changes it while the page looks.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// The people; tokens name them by number.
    pub users: Vec<User>,
    /// All repositories.
    pub repositories: Vec<Repository>,
    /// All tasks, of all people.
    pub tasks: Vec<Task>,
    /// All pull requests.
    pub pulls: Vec<Pull>,
    /// All runs of Actions.
    pub runs: Vec<Run>,
    /// Comments that were written since the start.
    pub comments: Vec<Comment>,
    /// Who may call, and what for.
    pub tokens: Vec<Token>,
    /// Whether `GET /agents/tasks/{id}/events`, which is not public, answers.
    pub serves_events: bool,
    /// What it answers, by task.
    pub events: BTreeMap<String, Vec<Value>>,
    /// What `X-Poll-Interval` says, in seconds.
    pub poll_interval_seconds: Option<u32>,
    /// Calls that are left until [`World::limits_reset_at`].
    pub core_remaining: u32,
    /// The same for GraphQL, which has a limit of its own.
    pub graphql_remaining: u32,
    /// When the limits begin anew, in seconds since 1970.
    pub limits_reset_at: i64,
}

impl World {
    /// The current time as GitHub writes it: in UTC, to the second.
    pub fn now() -> String {
        let now = OffsetDateTime::now_utc().replace_nanosecond(0).expect("zero is a nanosecond");
        now.format(&Rfc3339).expect("a time of our years has an RFC 3339 form")
    }

    /// The user with this number.
    pub fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The repository with this number.
    pub fn repository(&self, id: u64) -> Option<&Repository> {
        self.repositories.iter().find(|repository| repository.id == id)
    }

    /// The repository with this owner and name, in any case.
    pub fn repository_named(&self, owner: &str, name: &str) -> Option<&Repository> {
        self.repositories.iter().find(|repository| {
            repository.owner.eq_ignore_ascii_case(owner) && repository.name.eq_ignore_ascii_case(name)
        })
    }

    /// The task with this id.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The task with this id, to change it.
    ///
    /// Panics where there is none: the test names one that it did not make.
    pub fn task_mut(&mut self, id: &str) -> &mut Task {
        self.tasks.iter_mut().find(|task| task.id == id).unwrap_or_else(|| panic!("the world has no task {id}"))
    }

    /// The token with this text, to change what it may do.
    ///
    /// Panics where there is none: the test names one that it did not make.
    pub fn token_mut(&mut self, text: &str) -> &mut Token {
        self.tokens.iter_mut().find(|token| token.text == text).unwrap_or_else(|| panic!("the world has no such token"))
    }

    /// Puts a task, and gives its id back.
    pub fn put(&mut self, task: Task) -> String {
        let id = task.id.clone();
        self.tasks.push(task);
        id
    }

    /// Ends a run that was cancelled, and its task.
    pub fn end_cancelled(&mut self, run: u64) {
        let Some(run) = self.runs.iter_mut().find(|known| known.id == run) else { return };
        run.end_cancelled();
        let ended = run.task.clone();
        if let Some(task) = self.tasks.iter_mut().find(|task| Some(&task.id) == ended.as_ref()) {
            task.become_state("cancelled");
        }
    }

    /// Somebody looked at these runs or at their tasks: the cancelled ones among them come nearer to their end.
    pub fn count_poll(&mut self, is_seen: impl Fn(&Run) -> bool) {
        let polled = self.runs.iter_mut().filter(|run| is_seen(run));
        let ended: Vec<u64> = polled.filter_map(|run| run.polled().then_some(run.id)).collect();
        ended.into_iter().for_each(|run| self.end_cancelled(run));
    }
}
