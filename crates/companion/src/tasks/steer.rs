//! Stop, answers, follow-ups: what can be said to a task.

use agent_tasks::{
    ErrorCode, EventBody, SessionId, State, Steer, TaskId,
    event::{Abort, SessionShutdown, ShutdownType},
    rules::{self, Refusal},
    steer::SteerType,
};

use super::{TaskError, Tasks, scheduler::Answered};
use crate::log::{Entry, Start, WriteTx, read_events, read_tasks};

impl Tasks {
    /// Does what `steer` says. What came of it is in the log. With `start`, the same follow-up again is none;
    /// everything else may be said again anyway.
    pub async fn steer(&self, task_id: &TaskId, steer: Steer, start: Option<Start>) -> Result<(), TaskError> {
        match steer.r#type {
            SteerType::UserMessage => self.follow_up(task_id, steer.content.as_deref(), start).await,
            SteerType::Abort => self.stop(task_id).await,
            SteerType::PermissionResponse => {
                let Some(request_id) = steer.request_id else {
                    let message = "request_id is missing; name the permission request that is answered";
                    return Err(TaskError::field(ErrorCode::MissingField, "request_id", message));
                };
                self.answer(task_id, request_id, steer.option_id).await
            }
            SteerType::Pause => self.pause(task_id, true).await,
            SteerType::Resume => self.pause(task_id, false).await,
        }
    }

    /// Stops all that runs or waits of a task. Asking again while it stops is no fault.
    pub async fn stop(&self, task_id: &TaskId) -> Result<(), TaskError> {
        let id = task_id.clone();
        let sessions = self.log().write(move |tx| ask_to_stop(tx, &id)).await?;
        for session_id in sessions {
            self.stop_session(task_id, session_id).await?;
        }
        Ok(())
    }

    async fn stop_session(&self, task_id: &TaskId, session_id: SessionId) -> Result<(), TaskError> {
        let (was_queued, controls) = {
            let mut scheduler = self.scheduler();
            (scheduler.leave_queue(&session_id), scheduler.controls(&session_id))
        };
        if let Some(controls) = controls {
            controls.stop().await;
        }
        if was_queued {
            let end = SessionShutdown { shutdown_type: ShutdownType::Routine, ..SessionShutdown::default() };
            let id = task_id.clone();
            self.log().write(move |tx| tx.append(&id, &session_id, [Entry::from(end)])).await?;
        }
        Ok(())
    }

    /// Pauses the session that runs, or lets it go on. Asking again is no fault.
    async fn pause(&self, task_id: &TaskId, is_paused: bool) -> Result<(), TaskError> {
        let verb = if is_paused { "pause" } else { "resume" };
        let refused = |reason: &str| TaskError::Conflict(format!("cannot {verb}: {reason}"));
        if !self.supervisor().can_pause() {
            return Err(refused("this companion's system cannot halt whole sessions"));
        }
        let id = task_id.clone();
        let task = self.log().read(move |conn| read_tasks::get(conn, &id)).await?;
        let task = task.ok_or_else(|| TaskError::no_such_task(task_id))?;
        if task.stop_requested_at.is_some() && task.state.is_active() {
            return Err(refused(Refusal::StopUnderWay.reason()));
        }
        match rules::can_pause(&task.state, is_paused) {
            Ok(()) | Err(Refusal::Paused | Refusal::NotPaused) => {}
            Err(refusal) => return Err(refused(refusal.reason())),
        }
        let id = task_id.clone();
        let sessions = self.log().read(move |conn| read_tasks::unfinished(conn, Some(&id))).await?;
        let running = {
            let scheduler = self.scheduler();
            sessions.iter().find_map(|session| scheduler.controls(&session.session_id))
        };
        // None: it ended this very moment.
        let running = running.ok_or_else(|| refused(Refusal::Finished.reason()))?;
        running.pause(is_paused).await;
        Ok(())
    }

    async fn answer(&self, task_id: &TaskId, request_id: String, option_id: Option<String>) -> Result<(), TaskError> {
        let (id, request, option) = (task_id.clone(), request_id.clone(), option_id.clone());
        let session_id = self.log().write(move |tx| check_answer(tx, &id, &request, option.as_deref())).await?;
        let answered = self.scheduler().answer(&session_id, &request_id, option_id.as_deref());
        match answered {
            Answered::Now(controls) => {
                controls.answer(request_id, option_id).await;
                Ok(())
            }
            Answered::Before => Ok(()),
            Answered::Otherwise => Err(cannot_answer("it was answered otherwise")),
            Answered::NotRunning => Err(cannot_answer(Refusal::Finished.reason())),
        }
    }
}

/// Logs the wish to stop, for every session of the task that is not over; gives those sessions.
fn ask_to_stop(tx: &mut WriteTx<'_>, task_id: &TaskId) -> Result<Vec<SessionId>, TaskError> {
    let task = read_tasks::get(tx.reading(), task_id)?.ok_or_else(|| TaskError::no_such_task(task_id))?;
    match rules::can_stop(&task.state, task.stop_requested_at.is_some()) {
        Ok(()) | Err(Refusal::StopUnderWay) => {}
        // Somebody asked before, and it is done: a stop that was on its way meanwhile is no fault.
        Err(Refusal::Finished) if task.state == State::Cancelled => return Ok(Vec::new()),
        Err(refusal) => return Err(TaskError::Conflict(format!("cannot stop: {refusal}"))),
    }
    let mut sessions = Vec::new();
    for session in read_tasks::unfinished(tx.reading(), Some(task_id))? {
        if !session.stop_asked {
            let abort = Abort { reason: "user_initiated".into() };
            tx.append(task_id, &session.session_id, [Entry::from(abort)])?;
        }
        sessions.push(session.session_id);
    }
    Ok(sessions)
}

/// Checks that the request waits and that the option is on offer; gives the session that asked.
fn check_answer(
    tx: &mut WriteTx<'_>,
    task_id: &TaskId,
    request_id: &str,
    option_id: Option<&str>,
) -> Result<SessionId, TaskError> {
    let task = read_tasks::get(tx.reading(), task_id)?.ok_or_else(|| TaskError::no_such_task(task_id))?;
    rules::can_answer(&task.state).map_err(|refusal| cannot_answer(refusal.reason()))?;
    for session in read_tasks::unfinished(tx.reading(), Some(task_id))? {
        if !tx.progress(&session.session_id)?.open_requests().any(|open| open == request_id) {
            continue;
        }
        let asked = read_events::find(
            tx.reading(),
            task_id,
            &session.session_id,
            "permission.requested",
            ("requestId", request_id),
        )?;
        let Some(EventBody::PermissionRequested(asked)) = asked else { break };
        return match option_id {
            Some(chosen) if asked.options.iter().all(|option| option.option_id != chosen) => {
                let message = format!("the request offers no option '{chosen}'; choose one that it offers");
                Err(TaskError::invalid("option_id", message))
            }
            Some(_) | None => Ok(session.session_id),
        };
    }
    Err(cannot_answer("no such request waits for an answer"))
}

fn cannot_answer(reason: &str) -> TaskError {
    TaskError::Conflict(format!("cannot answer: {reason}"))
}
