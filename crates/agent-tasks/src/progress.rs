//! What a session's log says about its state: the fold that both sides share.

use std::collections::BTreeSet;

use crate::event::{EventBody, SessionInfo, ShutdownType};
use crate::{Event, State, Timestamp};

/// The longest activity line, in characters.
const ACTIVITY_CHARS_MAX: usize = 160;

/// Where one session stands, as far as its events tell. Starts as queued.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The session's state.
    pub state: State,
    /// When its agent began.
    pub started_at: Option<Timestamp>,
    /// When somebody asked to stop it; cleared at its end.
    pub stop_requested_at: Option<Timestamp>,
    /// When it was over.
    pub completed_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
    /// What it is doing, or the last thing that the agent said: one line.
    pub activity: Option<String>,
    /// The permission requests that wait for an answer.
    open_requests: BTreeSet<String>,
    /// Whether somebody asked to stop it, also after its end.
    stop_asked: bool,
    /// Whether everything of it is halted. GitHub has no state for that: it is idle.
    is_paused: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            state: State::Queued,
            started_at: None,
            stop_requested_at: None,
            completed_at: None,
            error: None,
            activity: None,
            open_requests: BTreeSet::new(),
            stop_asked: false,
            is_paused: false,
        }
    }
}

impl Progress {
    /// Takes one event of the session. Events come in the order of their `seq`, each once.
    pub fn apply(&mut self, event: &Event) {
        match &event.body {
            EventBody::SessionRequested(_) => {}
            EventBody::SessionInfo(info) if info.info_type == SessionInfo::LAUNCH => {
                self.started_at = Some(event.timestamp);
                self.state = State::InProgress;
                self.set_activity(&info.message);
            }
            EventBody::SessionInfo(info) if info.info_type == SessionInfo::PAUSE => {
                self.is_paused = true;
                self.run();
                self.set_activity("paused");
            }
            EventBody::SessionInfo(info) if info.info_type == SessionInfo::RESUME => {
                self.is_paused = false;
                self.run();
                self.set_activity("goes on");
            }
            EventBody::SessionStart(start) => {
                self.started_at = Some(start.start_time.unwrap_or(event.timestamp));
                self.state = State::InProgress;
                self.run();
            }
            EventBody::PermissionRequested(asked) => {
                self.open_requests.insert(asked.request_id.clone());
                self.state = State::WaitingForUser;
                self.run();
                self.set_activity(asked.permission_request.title.as_deref().unwrap_or("waits for permission"));
            }
            EventBody::PermissionCompleted(answer) => {
                self.open_requests.remove(&answer.request_id);
                self.run();
            }
            EventBody::Abort(_) => {
                self.stop_asked = true;
                self.stop_requested_at = Some(event.timestamp);
            }
            EventBody::SessionError(error) => self.error = Some(error.message.clone()),
            EventBody::SessionShutdown(end) => {
                self.state = match end.shutdown_type {
                    _ if end.report.as_ref().is_some_and(|report| report.remaining > 0) => State::Failed,
                    ShutdownType::Error => State::Failed,
                    ShutdownType::Routine if self.stop_asked => State::Cancelled,
                    ShutdownType::Routine => State::Completed,
                };
                if let Some(reason) = &end.error_reason {
                    self.error = Some(reason.clone());
                }
                if self.state != State::Failed {
                    self.error = None;
                }
                self.stop_requested_at = None;
                self.completed_at = Some(event.timestamp);
                self.open_requests.clear();
                self.is_paused = false;
            }
            EventBody::ToolExecutionStart(call) => {
                if let Some(line) = call.title.as_deref().or(call.command.as_deref()) {
                    self.set_activity(line);
                } else if !call.tool_name.is_empty() {
                    self.set_activity(&call.tool_name);
                }
            }
            EventBody::AssistantIntent(intent) => self.set_activity(&intent.intent),
            // Markdown's marks for code and emphasis say nothing in a line of plain text.
            EventBody::AssistantMessage(message) => self.set_activity(&message.content.replace(['`', '*'], "")),
            EventBody::AssistantReasoningDelta(_) => self.set_activity("thinking"),
            EventBody::SessionInfo(_)
            | EventBody::SessionTitleChanged(_)
            | EventBody::UserMessage(_)
            | EventBody::AssistantTurnStart(_)
            | EventBody::AssistantTurnEnd(_)
            | EventBody::AssistantReasoning(_)
            | EventBody::AssistantMessageDelta(_)
            | EventBody::AssistantPlan(_)
            | EventBody::AssistantUsage(_)
            | EventBody::ToolExecutionPartialResult(_)
            | EventBody::ToolExecutionProgress(_)
            | EventBody::ToolExecutionComplete(_)
            | EventBody::Unknown(_) => {}
        }
    }

    /// The permission requests that wait for an answer.
    pub fn open_requests(&self) -> impl Iterator<Item = &str> {
        self.open_requests.iter().map(String::as_str)
    }

    /// The state of a session that has begun and is not over.
    fn run(&mut self) {
        self.state = match self.state {
            State::InProgress | State::WaitingForUser | State::Idle if self.is_paused => State::Idle,
            State::InProgress | State::WaitingForUser | State::Idle if !self.open_requests.is_empty() => {
                State::WaitingForUser
            }
            State::InProgress | State::WaitingForUser | State::Idle => State::InProgress,
            State::Queued
            | State::Completed
            | State::Failed
            | State::TimedOut
            | State::Cancelled
            | State::Unknown(_) => {
                return;
            }
        };
    }

    fn set_activity(&mut self, text: &str) {
        let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty()) else { return };
        self.activity = Some(line.chars().filter(|char| !char.is_control()).take(ACTIVITY_CHARS_MAX).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(bodies: &[(&str, serde_json::Value)], state: State) -> Progress {
        let mut progress = Progress::default();
        for (index, (type_name, data)) in bodies.iter().enumerate() {
            let event = json!({"seq": index + 1, "id": "e", "timestamp": "2026-01-01T00:00:00Z", "type": type_name, "data": data});
            progress.apply(&serde_json::from_value(event).unwrap());
        }
        assert_eq!(progress.state, state, "{bodies:?}");
        progress
    }

    #[test]
    fn the_log_alone_tells_the_state() {
        let start = ("session.start", json!({"sessionId": "a"}));
        let ask = |id: &str| ("permission.requested", json!({"requestId": id}));
        let answer = |id: &str| ("permission.completed", json!({"requestId": id, "result": {"kind": "approved"}}));
        let end = ("session.shutdown", json!({"shutdownType": "routine"}));
        let abort = ("abort", json!({"reason": "user_initiated"}));
        let broke = ("session.shutdown", json!({"shutdownType": "error", "errorReason": "the agent crashed"}));
        let survivor = ("session.shutdown", json!({"shutdownType": "routine", "report": {"remaining": 1}}));

        check(&[], State::Queued);
        check(&[("session.info", json!({"infoType": "git"}))], State::Queued);
        check(&[("session.info", json!({"infoType": "launch", "message": "Starting"}))], State::InProgress);
        check(std::slice::from_ref(&start), State::InProgress);
        check(&[start.clone(), ask("1")], State::WaitingForUser);
        check(&[start.clone(), ask("1"), ask("2"), answer("1")], State::WaitingForUser);
        check(&[start.clone(), ask("1"), answer("1")], State::InProgress);
        check(&[start.clone(), end.clone()], State::Completed);
        assert!(check(&[start.clone(), abort.clone()], State::InProgress).stop_requested_at.is_some());
        let stopped = check(&[start.clone(), ask("1"), abort.clone(), end.clone()], State::Cancelled);
        assert_eq!((stopped.stop_requested_at, stopped.open_requests().count()), (None, 0));
        assert_eq!(check(&[start.clone(), broke], State::Failed).error.as_deref(), Some("the agent crashed"));
        let info = |kind: &str| ("session.info", json!({"infoType": kind}));
        check(&[start.clone(), info("pause")], State::Idle);
        check(&[start.clone(), info("pause"), ask("1")], State::Idle);
        check(&[start.clone(), ask("1"), info("pause"), info("resume")], State::WaitingForUser);
        check(&[start.clone(), ask("1"), info("pause"), answer("1"), info("resume")], State::InProgress);
        check(&[info("launch"), info("pause"), start.clone()], State::Idle);
        check(&[start.clone(), abort.clone(), info("pause"), end.clone()], State::Cancelled);
        check(&[start, abort, survivor], State::Failed);
    }
}
