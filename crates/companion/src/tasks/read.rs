//! Reading: tasks, windows of logs, and what the streams follow.

use agent_tasks::{LogFormat, OutlineQuery, OutlineWindow, SearchWindow, Task, TaskId, TaskList, TaskQuery};
use session_log::Query;
use tokio::sync::watch;

use super::{TaskError, Tasks};
use crate::{
    derived::{Download, HitRange},
    git::Worktree,
    log::{EventPage, RawEvent, RawWindow, read_events, read_tasks, read_window},
};

/// The events that follow a cursor.
#[derive(Debug, Clone)]
pub struct EventsAfter {
    /// The events, ascending.
    pub events: Vec<RawEvent>,
    /// The log's highest number.
    pub last_seq: u64,
}

impl Tasks {
    /// A page of tasks, of one repository or of all.
    pub async fn list(&self, query: TaskQuery, repository: Option<(String, String)>) -> Result<TaskList, TaskError> {
        let read = move |conn: &rusqlite::Connection| {
            let repository = repository.as_ref().map(|(owner, repo)| (owner.as_str(), repo.as_str()));
            read_tasks::list(conn, &query, repository)
        };
        Ok(self.log().read(read).await?)
    }

    /// One task with its sessions.
    pub async fn get(&self, task_id: &TaskId) -> Result<Task, TaskError> {
        let id = task_id.clone();
        let task = self.log().read(move |conn| read_tasks::get(conn, &id)).await?;
        task.ok_or_else(|| TaskError::no_such_task(task_id))
    }

    /// A window of a task's log.
    pub async fn events(&self, task_id: &TaskId, page: EventPage) -> Result<RawWindow, TaskError> {
        let id = task_id.clone();
        let window = self.log().read(move |conn| read_window::window(conn, &id, &page)).await?;
        window.ok_or_else(|| TaskError::no_such_task(task_id))
    }

    /// What follows `cursor` in a task's log, at most `limit` events.
    pub async fn events_after(&self, task_id: &TaskId, cursor: u64, limit: u32) -> Result<EventsAfter, TaskError> {
        let id = task_id.clone();
        let found = self.log().read(move |conn| read_window::follow(conn, &id, cursor, limit, false)).await?;
        let (events, last_seq) = found.ok_or_else(|| TaskError::no_such_task(task_id))?;
        Ok(EventsAfter { events, last_seq })
    }

    /// A part of what there is in a task's log, step by step.
    pub async fn outline(&self, task_id: &TaskId, query: &OutlineQuery) -> Result<OutlineWindow, TaskError> {
        let window = self.derived().outlines.window(task_id, query).await?;
        window.ok_or_else(|| TaskError::no_such_task(task_id))
    }

    /// What is found in a task's log so far; the same search again goes on. Without a query nothing is searched; the
    /// log is read, so that the search that follows finds it in memory.
    pub async fn search(
        &self,
        task_id: &TaskId,
        query: Option<Query>,
        range: HitRange,
    ) -> Result<SearchWindow, TaskError> {
        let window = self.derived().searches.find(task_id, query, range).await?;
        window.ok_or_else(|| TaskError::no_such_task(task_id))
    }

    /// A task's whole log as a file, as long as it is now.
    pub async fn download(&self, task_id: &TaskId, format: LogFormat) -> Result<Download, TaskError> {
        let id = task_id.clone();
        let last_seq = self.log().read(move |conn| read_events::last_seq(conn, &id)).await?;
        let last_seq = last_seq.ok_or_else(|| TaskError::no_such_task(task_id))?;
        Ok(Download::new(self.log().clone(), self.derived().clone(), task_id.clone(), format, last_seq))
    }

    /// The list's revision, and the tasks that changed after `cursor`.
    pub async fn changed(&self, cursor: u64, limit: u32) -> Result<(u64, Vec<(Task, u64)>), TaskError> {
        Ok(self.log().read(move |conn| read_tasks::changed(conn, cursor, limit)).await?)
    }

    /// The changes of the task on branch `head` that started from `base`, as a unified diff.
    pub async fn diff(&self, owner: &str, repo: &str, base: &str, head: &str) -> Result<String, TaskError> {
        let key = [owner, repo, base, head].map(str::to_owned);
        let found =
            self.log().read(move |conn| read_tasks::worktree_of(conn, &key[0], &key[1], &key[2], &key[3])).await?;
        let row = found.ok_or_else(|| {
            TaskError::NotFound(format!("no task of '{owner}/{repo}' has changes from '{base}' to '{head}' yet"))
        })?;
        Ok(Worktree::from(row).diff().await?)
    }

    /// News of one task's log.
    pub fn watch_task(&self, task_id: &TaskId) -> watch::Receiver<u64> {
        self.log().watch_task(task_id)
    }

    /// News of the list.
    pub fn watch_list(&self) -> watch::Receiver<u64> {
        self.log().watch_list()
    }
}
