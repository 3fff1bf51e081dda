//! Reading tasks: lists, one task with its sessions, and what a session needs to run.

use std::path::PathBuf;

use agent_tasks::{
    SessionId, Task, TaskId, TaskList, TaskQuery,
    query::{Direction, Sort, TASKS_PER_PAGE},
};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, types::Value};

use super::{
    LogError,
    task_row::{SESSION_COLUMNS, TASK_COLUMNS, session, task},
};

/// All that is needed to run a session.
#[derive(Debug, Clone)]
pub struct Order {
    /// The task.
    pub task_id: TaskId,
    /// `owner/name` of its repository.
    pub repository: String,
    /// The launch profile.
    pub agent_id: String,
    /// The model, by the agent's own name.
    pub model: Option<String>,
    /// The branch to start from.
    pub base_ref: String,
    /// The task's branch.
    pub head_ref: String,
    /// What to do.
    pub prompt: String,
    /// The agent's own id of the task's newest earlier session.
    pub resume: Option<String>,
    /// The worktree, once it is made.
    pub worktree: Option<WorktreeRow>,
}

/// Where a task's worktree is, and what it started from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorktreeRow {
    /// Where the agent works.
    pub path: PathBuf,
    /// The companion's own git directory for it.
    pub git_dir: PathBuf,
    /// The task's branch.
    pub head_ref: String,
    /// The branch it started from.
    pub base_ref: String,
    /// The commit it started from.
    pub base_sha: String,
}

/// A session that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its task.
    pub task_id: TaskId,
    /// The session.
    pub session_id: SessionId,
    /// Whether its agent may have been started.
    pub launched: bool,
    /// Whether somebody asked to stop it.
    pub stop_asked: bool,
}

/// One page of tasks, of one repository or of all.
pub fn list(conn: &Connection, query: &TaskQuery, repository: Option<(&str, &str)>) -> Result<TaskList, LogError> {
    let mut parameters: Vec<Value> = Vec::new();
    let mut filter = |column: &str, value: Value| {
        parameters.push(value);
        format!(" AND {column} ?{}", parameters.len())
    };
    let mut scope = String::new();
    if let Some((owner, repo)) = repository {
        scope += &filter("t.owner = ", Value::Text(owner.into()));
        scope += &filter("t.repo = ", Value::Text(repo.into()));
    }
    let mut narrowed = scope.clone();
    if let Some(since) = query.since {
        narrowed += &filter("t.updated_at >= ", Value::Integer(since.as_ms()));
    }
    if let Some(states) = &query.state {
        let places: Vec<_> =
            states.split(',').map(|state| filter("s.state = ", Value::Text(state.trim().into()))).collect();
        let any: Vec<_> = places.iter().map(|place| place.trim_start_matches(" AND ")).collect();
        narrowed += &format!(" AND ({})", any.join(" OR "));
    }
    narrowed +=
        if query.is_archived == Some(true) { " AND t.archived_at NOT NULL" } else { " AND t.archived_at IS NULL" };
    let column = match query.sort.unwrap_or_default() {
        Sort::UpdatedAt => "updated_at",
        Sort::CreatedAt => "created_at",
    };
    let direction = match query.direction.unwrap_or_default() {
        Direction::Asc => "ASC",
        Direction::Desc => "DESC",
    };
    let per_page = query.per_page.unwrap_or(TASKS_PER_PAGE);
    let offset = u64::from(query.page.unwrap_or(1).saturating_sub(1)) * u64::from(per_page);
    let sql = format!(
        "SELECT {TASK_COLUMNS} FROM tasks t JOIN sessions s ON s.id = t.shown_session WHERE TRUE{narrowed}
         ORDER BY t.{column} {direction}, t.id {direction} LIMIT {per_page} OFFSET {offset}"
    );
    let bound: Vec<&dyn ToSql> = parameters.iter().map(|value| value as &dyn ToSql).collect();
    let tasks = conn.prepare(&sql)?.query_map(&bound[..], |row| Ok(task(row)?.0))?.collect::<Result<_, _>>()?;
    let scope_parameters = if repository.is_some() { &bound[..2] } else { &[] };
    let (active, archived): (i64, i64) = conn
        .prepare(&format!("SELECT count(*) - count(archived_at), count(archived_at) FROM tasks t WHERE TRUE{scope}"))?
        .query_row(scope_parameters, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(TaskList {
        tasks,
        total_active_count: Some(active.cast_unsigned()),
        total_archived_count: Some(archived.cast_unsigned()),
    })
}

/// How many tasks `query` names in all.
pub fn count(list: &TaskList, query: &TaskQuery) -> u64 {
    let total = if query.is_archived == Some(true) { list.total_archived_count } else { list.total_active_count };
    total.unwrap_or_default()
}

/// One task with its sessions.
pub fn get(conn: &Connection, task_id: &TaskId) -> Result<Option<Task>, LogError> {
    let found = conn
        .prepare_cached(&format!(
            "SELECT {TASK_COLUMNS} FROM tasks t JOIN sessions s ON s.id = t.shown_session WHERE t.id = ?1"
        ))?
        .query_row([task_id.as_str()], task)
        .optional()?;
    let Some((mut task, _)) = found else { return Ok(None) };
    let sessions = conn
        .prepare_cached(&format!(
            "SELECT {SESSION_COLUMNS} FROM sessions s JOIN tasks t ON t.id = s.task_id WHERE t.id = ?1 ORDER BY s.number"
        ))?
        .query_map([task_id.as_str()], session)?
        .collect::<Result<_, _>>()?;
    task.sessions = Some(sessions);
    Ok(Some(task))
}

/// The list's highest revision, and the tasks that changed after `cursor`, oldest change first. From the
/// start (cursor 0) only the newest `limit` tasks that are not archived.
pub fn changed(conn: &Connection, cursor: u64, limit: u32) -> Result<(u64, Vec<(Task, u64)>), LogError> {
    let revision: i64 = conn.query_row("SELECT coalesce(max(revision), 0) FROM tasks", [], |row| row.get(0))?;
    let which = if cursor == 0 { "t.archived_at IS NULL ORDER BY t.revision DESC" } else { "TRUE ORDER BY t.revision" };
    let mut tasks = conn
        .prepare_cached(&format!(
            "SELECT {TASK_COLUMNS} FROM tasks t JOIN sessions s ON s.id = t.shown_session
             WHERE t.revision > ?1 AND {which} LIMIT ?2"
        ))?
        .query_map((cursor.cast_signed(), limit), task)?
        .collect::<Result<Vec<_>, _>>()?;
    if cursor == 0 {
        tasks.reverse();
    }
    Ok((revision.cast_unsigned(), tasks))
}

/// What `session_id` needs to run.
pub fn order(conn: &Connection, session_id: &SessionId) -> Result<Option<Order>, LogError> {
    let order = conn
        .prepare_cached(
            "SELECT t.id, t.owner || '/' || t.repo, t.agent_id, t.model, t.base_ref, t.head_ref, s.prompt,
                (SELECT agent_session FROM sessions e WHERE e.task_id = t.id AND e.number < s.number
                    AND agent_session NOT NULL ORDER BY e.number DESC LIMIT 1),
                t.worktree, t.git_dir, t.base_sha
             FROM sessions s JOIN tasks t ON t.id = s.task_id WHERE s.id = ?1",
        )?
        .query_row([session_id.as_str()], |row| {
            Ok(Order {
                task_id: TaskId(row.get(0)?),
                repository: row.get(1)?,
                agent_id: row.get(2)?,
                model: row.get(3)?,
                base_ref: row.get(4)?,
                head_ref: row.get(5)?,
                prompt: row.get(6)?,
                resume: row.get(7)?,
                worktree: worktree(row, 8, row.get(4)?, row.get(5)?)?,
            })
        })
        .optional()?;
    Ok(order)
}

/// The worktree of the task on branch `head_ref` that started from `base_ref`.
pub fn worktree_of(
    conn: &Connection,
    owner: &str,
    repo: &str,
    base: &str,
    head: &str,
) -> Result<Option<WorktreeRow>, LogError> {
    let found = conn
        .prepare_cached(
            "SELECT worktree, git_dir, base_sha FROM tasks
             WHERE owner = ?1 AND repo = ?2 AND head_ref = ?4 AND (base_ref = ?3 OR base_sha = ?3)",
        )?
        .query_row([owner, repo, base, head], |row| worktree(row, 0, base.to_owned(), head.to_owned()))
        .optional()?;
    Ok(found.flatten())
}

/// The sessions that are not over, in the order in which they were asked for.
pub fn unfinished(conn: &Connection, task_id: Option<&TaskId>) -> Result<Vec<Unfinished>, LogError> {
    let rows = conn
        .prepare_cached(
            "SELECT task_id, id, launched_at NOT NULL, stop_requested_at NOT NULL FROM sessions
             WHERE state NOT IN ('completed', 'failed', 'timed_out', 'cancelled') AND (?1 IS NULL OR task_id = ?1)
             ORDER BY created_at, rowid",
        )?
        .query_map([task_id.map(TaskId::as_str)], |row| {
            Ok(Unfinished {
                task_id: TaskId(row.get(0)?),
                session_id: SessionId(row.get(1)?),
                launched: row.get(2)?,
                stop_asked: row.get(3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

fn worktree(row: &Row<'_>, first: usize, base_ref: String, head_ref: String) -> rusqlite::Result<Option<WorktreeRow>> {
    let path: Option<String> = row.get(first)?;
    let git_dir: Option<String> = row.get(first + 1)?;
    let base_sha: Option<String> = row.get(first + 2)?;
    let (Some(path), Some(git_dir), Some(base_sha)) = (path, git_dir, base_sha) else { return Ok(None) };
    Ok(Some(WorktreeRow { path: PathBuf::from(path), git_dir: PathBuf::from(git_dir), head_ref, base_ref, base_sha }))
}
