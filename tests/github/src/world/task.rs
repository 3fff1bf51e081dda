//! A task with its sessions, and the ways in which one is odd.

use serde_json::{Value, json};

use super::{Pull, World};

/// What a task made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Artifact {
    /// A pull request, by its number in the database; with its global id or without.
    Pull {
        /// The number in the database, which is not the one in the repository.
        id: u64,
        /// The global id in either form.
        global_id: Option<String>,
    },
    /// A branch.
    Branch {
        /// The branch itself.
        head_ref: String,
        /// Where it began.
        base_ref: String,
    },
}

/// One prompt and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// One of GitHub's states.
    pub state: String,
    /// What was asked.
    pub prompt: String,
    /// The branch that it works on, once there is one.
    pub head_ref: Option<String>,
    /// The branch that it began from.
    pub base_ref: Option<String>,
    /// The model that was chosen.
    pub model: Option<String>,
    /// When it was asked.
    pub created_at: String,
    /// When it ended.
    pub completed_at: Option<String>,
    /// What it cost: `{type, amount}`.
    pub usage: Option<Value>,
    /// Why it failed.
    pub error: Option<String>,
}

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// What it is called; GitHub takes it from the prompt.
    pub name: String,
    /// The number of who started it.
    pub creator: u64,
    /// The number of its repository; absent where GitHub leaves it out.
    pub repository: Option<u64>,
    /// One of GitHub's states.
    pub state: String,
    /// Oldest first.
    pub sessions: Vec<Session>,
    /// What it made.
    pub artifacts: Vec<Artifact>,
    /// When it was put away.
    pub archived_at: Option<String>,
    /// When it was started.
    pub created_at: String,
    /// When it changed last.
    pub updated_at: String,
    /// The file of the chosen custom agent, without its ending.
    pub custom_agent: Option<String>,
    /// Whether `url` and `html_url` are there. The official example of the list has neither.
    pub has_addresses: bool,
    /// Fields that are put over what is sent, and over its newest session where they are called `session`. They are
    /// not held against the description: they are what GitHub may say tomorrow.
    pub oddity: Value,
}

impl Task {
    /// A task with one session, in one of GitHub's states.
    pub fn new(id: &str, name: &str, repository: u64, state: &str) -> Self {
        let created_at = "2026-01-05T09:00:00Z".to_owned();
        let mut task = Self {
            id: id.into(),
            name: name.into(),
            creator: 1,
            repository: Some(repository),
            state: "queued".into(),
            sessions: Vec::new(),
            artifacts: Vec::new(),
            archived_at: None,
            updated_at: created_at.clone(),
            created_at,
            custom_agent: None,
            has_addresses: true,
            oddity: Value::Null,
        };
        task.add_session(name);
        task.set_state(state, "2026-01-05T09:10:00Z");
        task
    }

    /// One in a state that nobody knows.
    pub fn hibernating(id: &str, repository: u64) -> Self {
        let oddity = json!({ "state": "hibernating", "session": { "state": "hibernating" } });
        Self { oddity, ..Self::new(id, "Sleep through the winter", repository, "in_progress") }
    }

    /// One with a field that nobody knows.
    pub fn with_unknown_field(id: &str, repository: u64) -> Self {
        let oddity = json!({ "weather": { "sky": ["clear"] }, "session": { "weather": 1 } });
        Self { oddity, ..Self::new(id, "Watch the weather", repository, "in_progress") }
    }

    /// One without addresses: the name of its repository has to be asked for.
    pub fn without_addresses(id: &str, repository: u64) -> Self {
        Self { has_addresses: false, ..Self::new(id, "Work without an address", repository, "completed") }
    }

    /// One that does not say at all where it works.
    pub fn without_repository(id: &str) -> Self {
        Self { repository: None, has_addresses: false, ..Self::new(id, "Work anywhere", 0, "completed") }
    }

    /// One whose pull request is told in the form that only GitHub's own clients know.
    pub fn with_resource_artifact(id: &str, pull: &Pull) -> Self {
        let resource = json!({ "id": pull.id, "type": "pull", "global_id": pull.node_id().modern() });
        let artifact = json!({ "provider": "github", "type": "github_resource", "data": resource });
        Self { oddity: json!({ "artifacts": [artifact] }), ..Self::new(id, &pull.title, pull.repository, "completed") }
    }

    /// With this pull request and its branch.
    pub fn with_pull(mut self, pull: &Pull) -> Self {
        self.artifacts = vec![
            Artifact::Pull { id: pull.id, global_id: Some(pull.node_id().modern()) },
            Artifact::Branch { head_ref: pull.head.clone(), base_ref: pull.base.clone() },
        ];
        self.on_branch(&pull.head, &pull.base)
    }

    /// With a newest session that works on this branch.
    pub fn on_branch(mut self, head_ref: &str, base_ref: &str) -> Self {
        if let Some(session) = self.sessions.last_mut() {
            session.head_ref = Some(head_ref.into());
            session.base_ref = Some(base_ref.into());
        }
        self
    }

    /// Changes its state and that of its newest session, now.
    pub fn become_state(&mut self, state: &str) {
        self.set_state(state, &World::now());
    }

    /// Begins another session.
    pub fn add_session(&mut self, prompt: &str) -> &mut Session {
        self.sessions.push(Session {
            id: format!("{}-s{}", self.id, self.sessions.len() + 1),
            state: "queued".into(),
            prompt: prompt.into(),
            head_ref: None,
            base_ref: Some("main".into()),
            model: None,
            created_at: self.updated_at.clone(),
            completed_at: None,
            usage: None,
            error: None,
        });
        self.state = "queued".into();
        self.sessions.last_mut().expect("one was just put")
    }

    fn set_state(&mut self, state: &str, at: &str) {
        self.state = state.into();
        self.updated_at = at.into();
        let is_over = matches!(state, "completed" | "failed" | "timed_out" | "cancelled");
        if let Some(session) = self.sessions.last_mut() {
            session.state = state.into();
            session.completed_at = is_over.then(|| at.into());
            session.error = (state == "failed").then(|| "the agent gave up".into());
        }
    }
}
