//! What may be done in which state: one rule for the server that enforces it and for the page that
//! disables the control and says why.

use crate::{State, Task};

/// Why an action is refused: a fragment that fits after "cannot stop: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The session is over, there is nothing to act on.
    Finished,
    /// The same was asked before and is under way.
    StopUnderWay,
    /// The session is halted.
    Paused,
    /// The session has not begun.
    NotBegun,
    /// The session is not halted.
    NotPaused,
    /// The session asked nothing.
    NothingAsked,
    /// The task is still active.
    StillActive,
    /// The task is in the archive.
    Archived,
    /// The task is not in the archive.
    NotArchived,
    /// The task has no commits to propose.
    NoChanges,
}

impl Refusal {
    /// The reason as a lower-case fragment.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Finished => "the session is already over",
            Self::StopUnderWay => "it is already being stopped",
            Self::Paused => "the session is paused; resume it first",
            Self::NotBegun => "the session waits for a free place",
            Self::NotPaused => "the session is not paused",
            Self::NothingAsked => "the session is not waiting for an answer",
            Self::StillActive => "the session is still active; stop it first",
            Self::Archived => "the task is archived; restore it first",
            Self::NotArchived => "the task is not archived",
            Self::NoChanges => "the task has no changes yet",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.reason())
    }
}

/// May a session in `state` be stopped? `stop_asked` tells whether someone has asked already.
pub fn can_stop(state: &State, stop_asked: bool) -> Result<(), Refusal> {
    match state {
        State::Completed | State::Failed | State::TimedOut | State::Cancelled => Err(Refusal::Finished),
        State::Queued | State::InProgress | State::WaitingForUser | State::Idle | State::Unknown(_) if stop_asked => {
            Err(Refusal::StopUnderWay)
        }
        State::Queued | State::InProgress | State::WaitingForUser | State::Idle | State::Unknown(_) => Ok(()),
    }
}

/// May a permission request of a session in `state` be answered?
pub fn can_answer(state: &State) -> Result<(), Refusal> {
    match state {
        State::WaitingForUser | State::Unknown(_) => Ok(()),
        State::Idle => Err(Refusal::Paused),
        State::Queued | State::InProgress => Err(Refusal::NothingAsked),
        State::Completed | State::Failed | State::TimedOut | State::Cancelled => Err(Refusal::Finished),
    }
}

/// May a session in `state` be paused, or, when not `is_paused`, go on? A companion calls a paused one idle.
pub fn can_pause(state: &State, is_paused: bool) -> Result<(), Refusal> {
    match state {
        State::Completed | State::Failed | State::TimedOut | State::Cancelled => Err(Refusal::Finished),
        State::Queued => Err(Refusal::NotBegun),
        State::Idle if is_paused => Err(Refusal::Paused),
        State::InProgress | State::WaitingForUser if !is_paused => Err(Refusal::NotPaused),
        State::Idle | State::InProgress | State::WaitingForUser | State::Unknown(_) => Ok(()),
    }
}

/// May a follow-up be sent to `task`? While a session runs, the follow-up waits for its end.
pub fn can_steer(task: &Task) -> Result<(), Refusal> {
    if task.archived_at.is_some() { Err(Refusal::Archived) } else { Ok(()) }
}

/// May `task` be moved to the archive?
pub fn can_archive(task: &Task) -> Result<(), Refusal> {
    match (task.archived_at, task.state.is_active()) {
        (Some(_), _) => Err(Refusal::Archived),
        (None, true) => Err(Refusal::StillActive),
        (None, false) => Ok(()),
    }
}

/// May `task` be taken out of the archive?
pub fn can_unarchive(task: &Task) -> Result<(), Refusal> {
    if task.archived_at.is_some() { Ok(()) } else { Err(Refusal::NotArchived) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_is_refused_once_finished_and_never_for_an_unknown_state() {
        for state in State::KNOWN {
            assert_eq!(can_stop(&state, false).is_ok(), state.is_active(), "{state}");
        }
        assert_eq!(can_stop(&State::from("hibernating"), false), Ok(()));
        assert_eq!(can_stop(&State::InProgress, true), Err(Refusal::StopUnderWay));
        assert_eq!(can_stop(&State::Cancelled, true), Err(Refusal::Finished));
    }

    #[test]
    fn what_runs_can_be_paused_and_what_is_paused_can_go_on() {
        for state in State::KNOWN {
            let (pause, resume) = (can_pause(&state, true), can_pause(&state, false));
            assert!(pause.is_err() || resume.is_err(), "{state}");
            assert_eq!(pause.is_ok() || resume.is_ok(), state.is_active() && state != State::Queued, "{state}");
        }
        assert_eq!(can_pause(&State::Idle, false), Ok(()));
        assert_eq!(can_answer(&State::Idle), Err(Refusal::Paused));
    }

    #[test]
    fn an_answer_needs_a_question() {
        assert_eq!(can_answer(&State::WaitingForUser), Ok(()));
        assert_eq!(can_answer(&State::InProgress), Err(Refusal::NothingAsked));
        assert_eq!(can_answer(&State::Failed), Err(Refusal::Finished));
    }
}
