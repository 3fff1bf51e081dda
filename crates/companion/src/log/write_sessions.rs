//! Writing tasks and sessions: what is not told by events.

use agent_tasks::{SessionId, State, TaskId, event::CodeChanges};
use rusqlite::Connection;

use super::{LogError, WorktreeRow, WriteTx};

/// A new task.
#[derive(Debug, Clone)]
pub struct NewTaskRow {
    /// Its identifier.
    pub id: TaskId,
    /// Its title.
    pub name: String,
    /// The repository's owner.
    pub owner: String,
    /// The repository's name.
    pub repo: String,
    /// The repository's number.
    pub repo_id: i64,
    /// The launch profile.
    pub agent_id: String,
    /// The model.
    pub model: Option<String>,
    /// The custom agent.
    pub custom_agent: Option<String>,
    /// The branch to start from.
    pub base_ref: String,
    /// The branch to make.
    pub head_ref: String,
}

#[cfg(test)]
impl NewTaskRow {
    /// A task of which nothing matters.
    pub fn sample() -> Self {
        Self {
            id: TaskId("t".into()),
            name: "t".into(),
            owner: "local".into(),
            repo: "sample".into(),
            repo_id: 1,
            agent_id: "a".into(),
            model: None,
            custom_agent: None,
            base_ref: "main".into(),
            head_ref: "agents/a".into(),
        }
    }
}

/// A new session.
#[derive(Debug, Clone)]
pub struct NewSessionRow {
    /// Its identifier.
    pub id: SessionId,
    /// Its title.
    pub name: String,
    /// What to do.
    pub prompt: String,
}

impl WriteTx<'_> {
    /// To look before writing, in the same transaction.
    pub fn reading(&self) -> &Connection {
        self.conn
    }

    /// Adds a task. It is not in any list until it has a session.
    pub fn insert_task(&mut self, task: &NewTaskRow) -> Result<(), LogError> {
        let revision = self.next_revision();
        self.conn.execute(
            "INSERT INTO tasks (id, revision, name, owner, repo, repo_id, agent_id, model, custom_agent, base_ref,
                head_ref, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
            (
                task.id.as_str(),
                revision,
                &task.name,
                &task.owner,
                &task.repo,
                task.repo_id,
                &task.agent_id,
                &task.model,
                &task.custom_agent,
                &task.base_ref,
                &task.head_ref,
                self.now.as_ms(),
            ),
        )?;
        Ok(())
    }

    /// Adds a session to a task, queued.
    pub fn insert_session(&mut self, task_id: &TaskId, session: &NewSessionRow) -> Result<(), LogError> {
        self.conn.execute(
            "UPDATE tasks SET session_count = session_count + 1, updated_at = ?2 WHERE id = ?1",
            (task_id.as_str(), self.now.as_ms()),
        )?;
        self.conn.execute(
            "INSERT INTO sessions (id, task_id, number, name, prompt, state, created_at, updated_at)
             VALUES (?1, ?2, (SELECT session_count FROM tasks WHERE id = ?2), ?3, ?4, ?5, ?6, ?6)",
            (
                session.id.as_str(),
                task_id.as_str(),
                &session.name,
                &session.prompt,
                State::Queued.as_str(),
                self.now.as_ms(),
            ),
        )?;
        self.choose_shown_session(task_id)?;
        self.touch(task_id)
    }

    /// Keeps where the task's worktree is.
    pub fn set_worktree(&mut self, task_id: &TaskId, worktree: &WorktreeRow) -> Result<(), LogError> {
        let (Some(path), Some(git_dir)) = (worktree.path.to_str(), worktree.git_dir.to_str()) else {
            return Err(LogError::Broken("the data folder's path is not UTF-8; name another one with --data".into()));
        };
        self.conn.execute(
            "UPDATE tasks SET worktree = ?2, git_dir = ?3, base_sha = ?4 WHERE id = ?1",
            (task_id.as_str(), path, git_dir, &worktree.base_sha),
        )?;
        self.touch(task_id)
    }

    /// From now on the session's agent may have been started.
    pub fn set_launched(&mut self, session_id: &SessionId) -> Result<(), LogError> {
        self.conn
            .execute("UPDATE sessions SET launched_at = ?2 WHERE id = ?1", (session_id.as_str(), self.now.as_ms()))?;
        Ok(())
    }

    /// Keeps the agent's own name for the session.
    pub fn set_agent_session(&mut self, session_id: &SessionId, agent_session: &str) -> Result<(), LogError> {
        self.conn
            .execute("UPDATE sessions SET agent_session = ?2 WHERE id = ?1", (session_id.as_str(), agent_session))?;
        Ok(())
    }

    /// Keeps what changed on the task's branch.
    pub fn set_changes(&mut self, task_id: &TaskId, changes: &CodeChanges) -> Result<(), LogError> {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let files = i64::try_from(changes.files_modified.len()).unwrap_or(i64::MAX);
        let changed = self.conn.execute(
            "UPDATE tasks SET additions = ?2, deletions = ?3, changed_files = ?4
             WHERE id = ?1 AND (additions IS NOT ?2 OR deletions IS NOT ?3 OR changed_files IS NOT ?4)",
            (task_id.as_str(), count(changes.lines_added), count(changes.lines_removed), files),
        )?;
        if changed > 0 { self.touch(task_id) } else { Ok(()) }
    }
}
