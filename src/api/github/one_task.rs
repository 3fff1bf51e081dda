//! One task of GitHub, with what GitHub tells elsewhere: names, the pull request, the page of its run.

use agent_tasks::{SessionId, Task, TaskId, paths};

use super::branch::branch_of;
use super::runs::run_of;
use crate::api::read::read_task;
use crate::api::request::now_ms;
use crate::api::{Client, Failure};

impl Client {
    /// The task with all that can be looked up; a look-up that fails leaves its part out.
    pub(in crate::api) async fn whole_task(&self, id: &TaskId) -> Result<Task, Failure> {
        let mut task = read_task(&self.get(&paths::task(id)).await?.body)?;
        let ids = task.sessions.iter().flatten().map(|session| session.id.clone()).collect();
        self.with(|memory| memory.sessions = Some((id.clone(), ids)));
        self.give_out(&mut task);
        self.look_up(std::slice::from_ref(&task)).await;
        self.find_run_pages(&task).await;
        self.give_out(&mut task);
        Ok(task)
    }

    /// Looks for the pages of the runs behind the sessions on the task's branch.
    async fn find_run_pages(&self, task: &Task) {
        let (Some(branch), Some((owner, repo))) = (branch_of(task), self.repository_of(task)) else { return };
        let sessions = || task.sessions.iter().flatten();
        let is_wanted = self.with(|memory| {
            sessions().any(|session| memory.known.wants_run(&session.id, session.state.is_active(), now_ms()))
        });
        if !is_wanted {
            return;
        }
        let runs = self.runs_on(&owner, &repo, branch.head_ref).await.unwrap_or_default();
        let origin = format!("{}/", self.address.web_origin());
        let found: Vec<(SessionId, Option<String>)> = sessions()
            .map(|session| {
                let page = run_of(session, &runs).and_then(|run| run.html_url.clone());
                (session.id.clone(), page.filter(|page| page.starts_with(&origin)))
            })
            .collect();
        self.with(|memory| {
            for (id, page) in found {
                memory.known.keep_run(id, page, now_ms());
            }
        });
    }
}
