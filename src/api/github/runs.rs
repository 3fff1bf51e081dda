//! The Actions runs behind the sessions of a task.

use agent_tasks::query::PER_PAGE_MAX;
use agent_tasks::{Session, Timestamp, paths};
use serde_json::Value;

use crate::api::{Client, Failure};

/// What the path of every run of the agent begins with; other runs share its branch.
const AGENT_PATH: &str = "dynamic/copilot-swe-agent/copilot";
/// The states of a run that is not over.
const LIVE: [&str; 5] = ["queued", "in_progress", "requested", "waiting", "pending"];
/// How much older than its session a run may say that it is, in milliseconds.
const SLACK_MS: i64 = 120_000;

/// A run of the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::api) struct Run {
    /// Its number.
    pub(in crate::api) id: u64,
    /// Its page.
    pub(in crate::api) html_url: Option<String>,
    /// Whether it is not over.
    pub(in crate::api) is_live: bool,
    created_at: Option<Timestamp>,
}

impl Client {
    /// The agent's newest runs on a branch, the newest first.
    pub(in crate::api) async fn runs_on(&self, owner: &str, repo: &str, branch: &str) -> Result<Vec<Run>, Failure> {
        let (path, branch) = (paths::runs(owner, repo), paths::segment(branch));
        // Of several states only one can be asked for at a time.
        let reply = self.get(&format!("{path}?branch={branch}&per_page={PER_PAGE_MAX}")).await?;
        Ok(runs_of(&reply.read()?))
    }
}

/// The agent's runs in a list, in its order: the newest first.
pub(in crate::api) fn runs_of(list: &Value) -> Vec<Run> {
    let rows = list["workflow_runs"].as_array().into_iter().flatten();
    let of_agent = rows.filter(|run| run["path"].as_str().is_some_and(|path| path.starts_with(AGENT_PATH)));
    of_agent
        .filter_map(|run| {
            Some(Run {
                id: run["id"].as_u64()?,
                html_url: run["html_url"].as_str().map(str::to_owned),
                is_live: run["status"].as_str().is_some_and(|status| LIVE.contains(&status)),
                created_at: run["created_at"].as_str().and_then(Timestamp::parse),
            })
        })
        .collect()
}

/// The run of a session: the first that began with it or after it.
pub(in crate::api) fn run_of<'a>(session: &Session, runs: &'a [Run]) -> Option<&'a Run> {
    let from = Timestamp::from_ms(session.created_at.as_ms() - SLACK_MS);
    runs.iter().rev().find(|run| run.created_at.is_none_or(|created_at| created_at >= from))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(id: u64, path: &str, status: &str, created_at: &str) -> Value {
        json!({"id": id, "path": path, "status": status, "created_at": created_at, "html_url": format!("u{id}")})
    }

    #[test]
    fn only_the_agents_runs_count_and_only_those_that_are_not_over_can_be_stopped() {
        let agent = "dynamic/copilot-swe-agent/copilot";
        let list = json!({"total_count": 9, "workflow_runs": [
            run(1, agent, "in_progress", ""), run(2, "dynamic/copilot-swe-agent/copilot-x", "queued", ""),
            run(3, ".github/workflows/ci.yml", "in_progress", ""), run(4, agent, "completed", ""),
            run(5, agent, "requested", ""), run(6, agent, "waiting", ""), run(7, agent, "pending", ""),
            run(8, agent, "hibernating", ""), {"id": "x", "path": agent}, null]});
        let runs = runs_of(&list);
        let ids =
            |is_live: bool| runs.iter().filter(|run| run.is_live == is_live).map(|run| run.id).collect::<Vec<_>>();
        assert_eq!((ids(true), ids(false)), (vec![1, 2, 5, 6, 7], vec![4, 8]));
        assert!(runs_of(&json!({})).is_empty() && runs_of(&json!(null)).is_empty());
    }

    #[test]
    fn each_session_has_the_first_run_after_its_beginning() {
        let agent = "dynamic/copilot-swe-agent/copilot";
        let list = json!({"workflow_runs": [run(2, agent, "queued", "2026-01-01T02:00:10Z"),
            run(1, agent, "completed", "2026-01-01T01:00:10Z")]});
        let runs = runs_of(&list);
        for (created_at, expected) in [
            ("2026-01-01T01:00:00Z", Some(1)),
            ("2026-01-01T01:01:00Z", Some(1)),
            ("2026-01-01T02:00:00Z", Some(2)),
            ("2026-01-01T03:00:00Z", None),
        ] {
            let session = json!({"id": "s", "state": "queued", "created_at": created_at});
            let session = serde_json::from_value(session).unwrap();
            assert_eq!(run_of(&session, &runs).map(|run| run.id), expected, "{created_at}");
        }
    }
}
