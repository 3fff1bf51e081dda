//! A run of Actions, and what happens when it is told to end.

use super::World;

/// Where the runs of GitHub's own agent are said to come from.
const AGENT_PATH: &str = "dynamic/copilot-swe-agent/copilot";

/// What a run does when it is told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnCancel {
    /// It says 202, and has ended when it or its task was looked at so many times.
    EndsAfterPolls(u32),
    /// It says 409.
    Refuses,
    /// It says 202 and goes on, until it is told by force.
    OnlyByForce,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The number in the database.
    pub id: u64,
    /// The repository's number.
    pub repository: u64,
    /// The branch that it runs on.
    pub branch: String,
    /// The workflow's file, or a `dynamic/…` path.
    pub path: String,
    /// The workflow's name.
    pub name: String,
    /// What started it.
    pub event: String,
    /// `queued`, `in_progress`, `completed` …
    pub status: String,
    /// How it ended: `success`, `cancelled` …
    pub conclusion: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// The task that it works for; it ends with the run.
    pub task: Option<String>,
    /// What it does when it is told to end.
    pub on_cancel: OnCancel,
    /// Looks that are left until it has ended; none before it is told to end.
    pub polls_left: Option<u32>,
}

impl Run {
    /// The agent at work for a task, on the task's branch. It ends at the first look after it is told to.
    pub fn of_agent(id: u64, repository: u64, branch: &str, task: &str) -> Self {
        Self {
            name: "Copilot coding agent".into(),
            path: AGENT_PATH.into(),
            event: "dynamic".into(),
            task: Some(task.into()),
            ..Self::of_workflow(id, repository, branch, "")
        }
    }

    /// Another workflow at work on the same branch, which nobody may cancel.
    pub fn of_workflow(id: u64, repository: u64, branch: &str, file: &str) -> Self {
        Self {
            id,
            repository,
            branch: branch.into(),
            path: format!(".github/workflows/{file}"),
            name: "CI".into(),
            event: "push".into(),
            status: "in_progress".into(),
            conclusion: None,
            created_at: World::now(),
            task: None,
            on_cancel: OnCancel::EndsAfterPolls(1),
            polls_left: None,
        }
    }

    /// Told to end. Whether it takes the request.
    pub(crate) fn cancel(&mut self, is_forced: bool) -> bool {
        if self.status == "completed" {
            return false;
        }
        match (self.on_cancel, is_forced) {
            (OnCancel::Refuses, false) => return false,
            (OnCancel::OnlyByForce, false) => {}
            (OnCancel::EndsAfterPolls(polls), _) => self.polls_left = Some(polls),
            (OnCancel::Refuses | OnCancel::OnlyByForce, true) => self.polls_left = Some(0),
        }
        true
    }

    /// Somebody looked. Whether it ends now.
    pub(crate) fn polled(&mut self) -> bool {
        self.polls_left = self.polls_left.map(|left| left.saturating_sub(1));
        self.is_over()
    }

    /// Whether it was told to end and has nothing left to wait for.
    pub(crate) fn is_over(&self) -> bool {
        self.polls_left == Some(0)
    }

    pub(crate) fn end_cancelled(&mut self) {
        self.status = "completed".into();
        self.conclusion = Some("cancelled".into());
        self.polls_left = None;
    }
}
