//! Rows of the file as tasks and sessions of the API.

use agent_tasks::{
    Artifact, Session, SessionId, State, Task, TaskId, Timestamp,
    task::{BranchArtifact, CustomAgent, Reference, RepositoryReference, SessionError},
};
use rusqlite::{Result, Row};

/// The number of the one account that a companion has.
pub const ACCOUNT_ID: i64 = 1;

/// The columns that [`task`] reads, of `tasks t JOIN sessions s ON s.id = t.shown_session`.
pub const TASK_COLUMNS: &str = "t.id, t.name, t.owner, t.repo, t.repo_id, t.agent_id, t.custom_agent, t.base_ref, \
    t.head_ref, t.created_at, t.updated_at, t.archived_at, t.session_count, t.base_sha, t.additions, t.deletions, \
    t.changed_files, s.state, s.activity, s.stop_requested_at, s.started_at, s.completed_at, s.error, t.revision";

/// The columns that [`session`] reads, of `sessions s JOIN tasks t ON t.id = s.task_id`.
pub const SESSION_COLUMNS: &str = "s.id, s.name, s.task_id, s.state, s.created_at, s.updated_at, s.started_at, \
    s.completed_at, s.prompt, t.head_ref, t.base_ref, t.model, s.error, t.repo_id";

/// A task without its sessions, and its revision.
pub fn task(row: &Row<'_>) -> Result<(Task, u64)> {
    let (owner, repo): (String, String) = (row.get(2)?, row.get(3)?);
    let has_branch = row.get::<_, Option<String>>(13)?.is_some();
    let branch = BranchArtifact {
        head_ref: row.get(8)?,
        base_ref: row.get(7)?,
        additions: count(row, 14)?,
        deletions: count(row, 15)?,
        changed_files: count(row, 16)?,
    };
    let task = Task {
        id: TaskId(row.get(0)?),
        url: None,
        html_url: None,
        name: row.get(1)?,
        creator: Some(Reference::numbered(ACCOUNT_ID)),
        creator_type: Some("user".into()),
        owner: Some(Reference::numbered(ACCOUNT_ID)),
        repository: Some(RepositoryReference { id: row.get(4)?, full_name: Some(format!("{owner}/{repo}")) }),
        state: state(row, 17)?,
        session_count: row.get(12)?,
        artifacts: if has_branch { vec![Artifact::Branch(branch)] } else { Vec::new() },
        archived_at: moment(row, 11)?,
        updated_at: moment(row, 10)?,
        created_at: Timestamp::from_ms(row.get(9)?),
        custom_agent: row.get::<_, Option<String>>(6)?.map(|id| CustomAgent { id }),
        agent_id: Some(row.get(5)?),
        activity: row.get(18)?,
        stop_requested_at: moment(row, 19)?,
        started_at: moment(row, 20)?,
        completed_at: moment(row, 21)?,
        error: error(row, 22)?,
        sessions: None,
    };
    Ok((task, row.get::<_, i64>(23)?.cast_unsigned()))
}

/// A session.
pub fn session(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        id: SessionId(row.get(0)?),
        name: row.get(1)?,
        user: Some(Reference::numbered(ACCOUNT_ID)),
        owner: Some(Reference::numbered(ACCOUNT_ID)),
        repository: Some(Reference::numbered(row.get(13)?)),
        task_id: Some(TaskId(row.get(2)?)),
        state: state(row, 3)?,
        created_at: Timestamp::from_ms(row.get(4)?),
        updated_at: moment(row, 5)?,
        started_at: moment(row, 6)?,
        completed_at: moment(row, 7)?,
        prompt: row.get(8)?,
        head_ref: row.get(9)?,
        base_ref: row.get(10)?,
        model: row.get(11)?,
        usage: None,
        error: error(row, 12)?,
        run_url: None,
    })
}

fn state(row: &Row<'_>, column: usize) -> Result<State> {
    row.get::<_, String>(column).map(State::from)
}

fn moment(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_ms))
}

fn count(row: &Row<'_>, column: usize) -> Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(i64::cast_unsigned))
}

fn error(row: &Row<'_>, column: usize) -> Result<Option<SessionError>> {
    Ok(row.get::<_, Option<String>>(column)?.map(|message| SessionError { message }))
}
