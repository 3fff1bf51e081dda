//! Worlds to begin with: a small one, and one with as many tasks as wanted, always the same.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Pull, Repository, Task, Token, User, World};

/// Calls per hour that GitHub grants to a user.
pub const CALLS_PER_HOUR: u32 = 5_000;
/// The states of generated tasks, in turn: most have ended, as in life.
const STATES: [&str; 10] = [
    "completed",
    "in_progress",
    "completed",
    "failed",
    "idle",
    "completed",
    "waiting_for_user",
    "cancelled",
    "timed_out",
    "queued",
];
/// The newest generated task changed then.
const NEWEST: &str = "2026-01-05T12:00:00Z";
/// One generated task in so many is put away.
const ARCHIVED_EVERY: usize = 25;

impl World {
    /// The text of the token that every world begins with, and that may do everything.
    pub const TOKEN: &str = "github_pat_full";
    /// The number of the repository `octocat/hello-world`.
    pub const HELLO_WORLD: u64 = 1_296_269;

    /// Two people, three repositories, no task, and the token [`World::TOKEN`] of `octocat`.
    pub fn new() -> Self {
        let mut hello = Repository::new(Self::HELLO_WORLD, "octocat", "hello-world");
        hello.branches.push("develop".into());
        let agent = "---\nname: Docs\ndescription: Writes documentation\n---\nWrite documentation.\n";
        hello.files.insert(".github/agents/docs.agent.md".into(), agent.into());
        hello.files.insert("README.md".into(), "# Hello\n".into());
        let mut secret = Repository::new(1_300_192, "octocat", "spoon-knife");
        secret.is_private = true;
        Self {
            users: vec![User::new(1, "octocat"), User::new(2, "monalisa")],
            repositories: vec![hello, secret, Repository::new(1_500_000, "octo-org", "octo-repo")],
            tasks: Vec::new(),
            pulls: Vec::new(),
            runs: Vec::new(),
            comments: Vec::new(),
            tokens: vec![Token::full(Self::TOKEN, 1)],
            serves_events: false,
            events: BTreeMap::new(),
            poll_interval_seconds: None,
            core_remaining: CALLS_PER_HOUR,
            graphql_remaining: CALLS_PER_HOUR,
            limits_reset_at: (OffsetDateTime::now_utc() + Duration::HOUR).unix_timestamp(),
        }
    }

    /// The same with `count` tasks more: all states, all repositories, every third with a pull request, every
    /// 25th put away. Task 0 changed last; each next one a minute before.
    pub fn with_tasks(count: usize) -> Self {
        let mut world = Self::new();
        let newest = OffsetDateTime::parse(NEWEST, &Rfc3339).expect("it is written as RFC 3339");
        for index in 0..count {
            let state = STATES[index % STATES.len()];
            let repository = world.repositories[index % world.repositories.len()].id;
            let number = index as u64;
            let mut task = Task::new(&task_id(number), &format!("Task {index}: tidy the shed"), repository, state);
            if index % 3 == 0 {
                let mut pull = Pull::new(10_000 + number, 1 + number, repository, &task.name);
                pull.is_merged = index % 2 == 0;
                pull.is_open = !pull.is_merged;
                pull.is_draft = pull.is_open && state != "completed";
                pull.checks = Some(["SUCCESS", "FAILURE", "PENDING"][index / 3 % 3].into());
                task = task.with_pull(&pull);
                world.pulls.push(pull);
            }
            let minutes = i64::try_from(index).expect("fewer tasks than minutes");
            let at = |minutes| (newest - Duration::minutes(minutes)).format(&Rfc3339).expect("it has an RFC 3339 form");
            task.updated_at = at(minutes);
            task.created_at = at(minutes + 30);
            task.archived_at = (index % ARCHIVED_EVERY == ARCHIVED_EVERY - 1).then(|| task.updated_at.clone());
            if let Some(session) = task.sessions.last_mut() {
                session.created_at = task.created_at.clone();
                session.completed_at = session.completed_at.is_some().then(|| task.updated_at.clone());
            }
            world.tasks.push(task);
        }
        world
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// An id of the form that GitHub's have.
pub fn task_id(number: u64) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}
