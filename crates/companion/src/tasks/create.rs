//! Starting a task, and following up on one.

use agent_tasks::{
    ErrorCode, NewTask, Prompt, SessionId, Task, TaskId,
    event::{SessionRequested, UserMessage},
    rules,
};

use super::{
    TaskError, Tasks, names,
    scheduler::{Place, QUEUE_MAX},
};
use crate::{
    git::Repository,
    log::{Entry, NewSessionRow, NewTaskRow, Start, WriteTx, read_tasks},
};

/// The longest name of a model, in bytes.
const MODEL_BYTES_MAX: usize = 200;

impl Tasks {
    /// Starts a task in `owner/repo`. With `start`, the same start again gives the same task.
    pub async fn create(&self, owner: &str, repo: &str, new: NewTask, start: Option<Start>) -> Result<Task, TaskError> {
        let repository = self.repository(owner, repo).ok_or_else(|| {
            TaskError::NotFound(format!(
                "there is no repository '{owner}/{repo}' here; start the companion with --repo and its folder"
            ))
        })?;
        let prompt = parse_prompt("prompt", &new.prompt)?;
        self.see_room()?;
        refuse_what_cannot_be_done(&new)?;
        let agent_id = self.offered(new.agent_id.as_deref())?;
        let base_ref = existing_branch(repository, new.base_ref.as_deref()).await?;
        let id = TaskId(names::new_id());
        let row = NewTaskRow {
            name: prompt.title(),
            owner: repository.owner.clone(),
            repo: repository.name.clone(),
            repo_id: repository.id(),
            agent_id,
            model: new.model,
            custom_agent: new.custom_agent,
            base_ref,
            head_ref: names::branch(&id, &prompt),
            id,
        };
        let (task_id, session_id) = self.log().write(move |tx| insert_once(tx, &row, &prompt, start.as_ref())).await?;
        if let Some(session_id) = session_id {
            self.enqueue(&task_id, session_id);
        }
        self.get(&task_id).await
    }

    /// Adds a session to a task: it runs after the present one. With `start`, only once.
    pub(super) async fn follow_up(
        &self,
        task_id: &TaskId,
        content: Option<&str>,
        start: Option<Start>,
    ) -> Result<(), TaskError> {
        let Some(content) = content else {
            return Err(TaskError::field(
                ErrorCode::MissingField,
                "content",
                "content is missing; write what to do next",
            ));
        };
        let prompt = parse_prompt("content", content)?;
        self.see_room()?;
        let id = task_id.clone();
        let session_id = self
            .log()
            .write(move |tx| {
                if earlier(tx, start.as_ref())?.is_some() {
                    return Ok::<_, TaskError>(None);
                }
                let task = read_tasks::get(tx.reading(), &id)?.ok_or_else(|| TaskError::no_such_task(&id))?;
                rules::can_steer(&task)
                    .map_err(|refusal| TaskError::Conflict(format!("cannot follow up: {refusal}")))?;
                let requested = SessionRequested { agent_id: task.agent_id, ..SessionRequested::default() };
                let session_id = insert_session(tx, &id, &prompt, requested)?;
                if let Some(start) = &start {
                    tx.remember_start(start, &id)?;
                }
                Ok(Some(session_id))
            })
            .await?;
        if let Some(session_id) = session_id {
            self.enqueue(task_id, session_id);
        }
        Ok(())
    }

    fn see_room(&self) -> Result<(), TaskError> {
        if self.scheduler().has_room() {
            return Ok(());
        }
        Err(TaskError::TooMany(format!(
            "{QUEUE_MAX} sessions wait for a place already; wait until some have run, or stop some"
        )))
    }

    fn enqueue(&self, task_id: &TaskId, session_id: SessionId) {
        self.scheduler().enqueue(Place { task_id: task_id.clone(), session_id });
        self.start_next();
    }

    /// The launch profile that `asked` names, or the default.
    fn offered(&self, asked: Option<&str>) -> Result<String, TaskError> {
        if let Some(agent) = self.catalogue().get(asked) {
            return Ok(agent.offer.id.clone());
        }
        let Some(asked) = asked else {
            let none = "no agent was found on this machine; `flightdeck agents` tells how to install one";
            return Err(TaskError::invalid("agent_id", none));
        };
        let message = match self.catalogue().missing.iter().find(|agent| agent.id == asked) {
            Some(agent) => format!("{} is not installed here: {}", agent.name, agent.install),
            None => format!("there is no agent '{asked}'; `flightdeck agents` lists those on offer"),
        };
        Err(TaskError::invalid("agent_id", message))
    }
}

fn parse_prompt(field: &str, text: &str) -> Result<Prompt, TaskError> {
    Prompt::parse(text).map_err(|error| TaskError::invalid(field, error.to_string()))
}

fn refuse_what_cannot_be_done(new: &NewTask) -> Result<(), TaskError> {
    let refuse = |field, message| Err(TaskError::field(ErrorCode::Unprocessable, field, message));
    if new.create_pull_request == Some(true) {
        return refuse(
            "create_pull_request",
            "this companion cannot open pull requests yet; start the task without, and push its branch yourself",
        );
    }
    if new.head_ref.is_some() {
        return refuse(
            "head_ref",
            "this companion cannot continue on an existing branch yet; name it as base_ref to start from it",
        );
    }
    let is_bad = |model: &String| model.len() > MODEL_BYTES_MAX || model.chars().any(char::is_control);
    if new.model.as_ref().is_some_and(is_bad) {
        return Err(TaskError::invalid("model", "the model's name is too long or holds control characters"));
    }
    Ok(())
}

async fn existing_branch(repository: &Repository, asked: Option<&str>) -> Result<String, TaskError> {
    let base_ref = match asked {
        Some(asked) => asked.to_owned(),
        None => repository.default_branch().await?,
    };
    let branches = repository.branches().await?;
    if branches.iter().any(|branch| branch.name == base_ref) {
        return Ok(base_ref);
    }
    let name = repository.full_name();
    Err(TaskError::invalid("base_ref", format!("'{name}' has no branch '{base_ref}'; choose one that it has")))
}

/// The task of an earlier request with this key.
fn earlier(tx: &mut WriteTx<'_>, start: Option<&Start>) -> Result<Option<TaskId>, TaskError> {
    match start.map(|start| tx.earlier_start(start)).transpose()?.flatten() {
        None => Ok(None),
        Some((task_id, true)) => Ok(Some(task_id)),
        Some((_, false)) => Err(TaskError::field(
            ErrorCode::Unprocessable,
            "Idempotency-Key",
            "this Idempotency-Key was used for another request; use a new one",
        )),
    }
}

/// Inserts the task, its first session and the prompt in one go; only once for a repeated start.
fn insert_once(
    tx: &mut WriteTx<'_>,
    row: &NewTaskRow,
    prompt: &Prompt,
    start: Option<&Start>,
) -> Result<(TaskId, Option<SessionId>), TaskError> {
    if let Some(task_id) = earlier(tx, start)? {
        return Ok((task_id, None));
    }
    tx.insert_task(row)?;
    let requested = SessionRequested {
        agent_id: Some(row.agent_id.clone()),
        head_ref: Some(row.head_ref.clone()),
        base_ref: Some(row.base_ref.clone()),
    };
    let session_id = insert_session(tx, &row.id, prompt, requested)?;
    if let Some(start) = start {
        tx.remember_start(start, &row.id)?;
    }
    Ok((row.id.clone(), Some(session_id)))
}

fn insert_session(
    tx: &mut WriteTx<'_>,
    task_id: &TaskId,
    prompt: &Prompt,
    requested: SessionRequested,
) -> Result<SessionId, TaskError> {
    let session =
        NewSessionRow { id: SessionId(names::new_id()), name: prompt.title(), prompt: prompt.as_str().to_owned() };
    tx.insert_session(task_id, &session)?;
    let said = UserMessage { content: session.prompt, source: None };
    tx.append(task_id, &session.id, [Entry::from(requested), Entry::from(said)])?;
    Ok(session.id)
}
