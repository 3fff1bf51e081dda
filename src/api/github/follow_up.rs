//! How a task of GitHub goes on: a comment that names the agent, or a new task on the same branch.

use agent_tasks::{FollowUpWay, NewTask, Prompt, PullState, Task, paths};
use serde_json::json;

use super::branch::{WorkBranch, branch_of};
use crate::api::{Client, Failure};

/// The ways, the usual one first.
pub(in crate::api) fn ways(task: &Task) -> Vec<FollowUpWay> {
    let is_open = |state: PullState| match state {
        PullState::Draft | PullState::Open => true,
        PullState::Merged | PullState::Closed => false,
    };
    let open = task.pull().filter(|pull| pull.state.is_some_and(is_open));
    let comment = open.and_then(|pull| pull.number).map(FollowUpWay::Comment);
    let new_task = branch_of(task).and_then(|WorkBranch { head_ref, base_ref }| {
        Some(FollowUpWay::NewTask { head_ref: head_ref.to_owned(), base_ref: base_ref?.to_owned() })
    });
    comment.into_iter().chain(new_task).collect()
}

impl Client {
    /// Says what comes next on the pull request `number`.
    pub(in crate::api) async fn comment(&self, task: &Task, number: u64, prompt: &Prompt) -> Result<(), Failure> {
        let (owner, repo) = self.named_repository(task)?;
        let body = json!({"body": format!("@copilot {}", prompt.as_str())});
        self.post(&paths::issue_comments(&owner, &repo, number), &body).await.map(drop)
    }

    /// Starts a task that goes on with the branch `head_ref`.
    pub(in crate::api) async fn go_on(
        &self,
        task: &Task,
        head_ref: &str,
        base_ref: &str,
        prompt: &Prompt,
    ) -> Result<Task, Failure> {
        let (owner, repo) = self.named_repository(task)?;
        let next = NewTask {
            prompt: prompt.as_str().to_owned(),
            head_ref: Some(head_ref.to_owned()),
            base_ref: Some(base_ref.to_owned()),
            custom_agent: task.custom_agent.as_ref().map(|agent| agent.id.clone()).filter(|id| !id.is_empty()),
            ..NewTask::default()
        };
        self.start(&owner, &repo, &next).await
    }

    /// Owner and name of a task's repository; fails with what to do where GitHub does not give them.
    pub(in crate::api) fn named_repository(&self, task: &Task) -> Result<(String, String), Failure> {
        self.repository_of(task).ok_or_else(|| {
            Failure::Refused("The name of this task's repository is not known: the token may not see it.".to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_open_pull_takes_comments_and_a_known_branch_takes_new_tasks() {
        let on_branch = || FollowUpWay::NewTask { head_ref: "copilot/fix".to_owned(), base_ref: "main".to_owned() };
        let check = |artifacts: Value, sessions: Value, expected: Vec<FollowUpWay>| {
            let task = json!({"id": "a", "state": "completed", "created_at": "2026-01-01T00:00:00Z",
                "artifacts": artifacts, "sessions": sessions});
            assert_eq!(ways(&serde_json::from_value(task.clone()).unwrap()), expected, "{task}");
        };
        let branch = json!({"provider": "github", "type": "branch",
            "data": {"head_ref": "copilot/fix", "base_ref": "main"}});
        let pull = |state: &str| json!({"provider": "github", "type": "pull", "data": {"id": 42, "number": 12, "state": state}});
        let session = |base_ref: Value| {
            json!({"id": "s", "state": "completed", "created_at": "2026-01-01T00:00:00Z",
                "head_ref": "copilot/fix", "base_ref": base_ref})
        };
        check(json!([]), Value::Null, vec![]);
        check(json!([branch]), Value::Null, vec![on_branch()]);
        check(json!([pull("open"), branch]), Value::Null, vec![FollowUpWay::Comment(12), on_branch()]);
        check(json!([pull("draft")]), Value::Null, vec![FollowUpWay::Comment(12)]);
        check(json!([pull("merged")]), json!([session(json!("main"))]), vec![on_branch()]);
        check(json!([pull("closed")]), json!([session(Value::Null)]), vec![]);
        let not_looked_up = json!({"provider": "github", "type": "pull", "data": {"id": 42}});
        check(json!([not_looked_up]), Value::Null, vec![]);
    }
}
