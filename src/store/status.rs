//! One exhaustive table from a state to how it is said and shown. A new state breaks the build here.

use agent_tasks::{ChecksState, PullState, State};

/// The colour family of a badge. The word beside it says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to look at.
    Neutral,
    /// At work.
    Info,
    /// A person is wanted.
    Warning,
    /// Ended by itself.
    Success,
    /// Ended badly.
    Danger,
}

impl Tone {
    /// The value of a badge's `data-tone`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Success => "success",
            Self::Danger => "danger",
        }
    }
}

/// The part of the list that a task belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Nothing moves until a person acts.
    NeedsYou,
    /// Queued or at work.
    Working,
    /// Over, well or badly.
    Done,
}

impl Group {
    /// The groups from top to bottom.
    pub const ALL: [Self; 3] = [Self::NeedsYou, Self::Working, Self::Done];

    /// The heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NeedsYou => "Needs you",
            Self::Working => "Working",
            Self::Done => "Done",
        }
    }

    /// Its place in [`Group::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::NeedsYou => 0,
            Self::Working => 1,
            Self::Done => 2,
        }
    }
}

/// The word of a state's badge; an unknown state shows as itself.
pub fn label(state: &State) -> &str {
    match state {
        State::Queued => "Queued",
        State::InProgress => "Running",
        State::WaitingForUser => "Needs you",
        State::Idle => "Idle",
        State::Completed => "Done",
        State::Failed => "Failed",
        State::TimedOut => "Timed out",
        State::Cancelled => "Stopped",
        State::Unknown(word) => word,
    }
}

/// The colour family of a state's badge.
pub fn tone(state: &State) -> Tone {
    match state {
        State::Queued | State::Idle | State::Cancelled | State::Unknown(_) => Tone::Neutral,
        State::InProgress => Tone::Info,
        State::WaitingForUser => Tone::Warning,
        State::Completed => Tone::Success,
        State::Failed | State::TimedOut => Tone::Danger,
    }
}

/// The group of a state. An unknown state counts as at work, never as done.
pub fn group(state: &State) -> Group {
    match state {
        State::WaitingForUser | State::Idle => Group::NeedsYou,
        State::Queued | State::InProgress | State::Unknown(_) => Group::Working,
        State::Completed | State::Failed | State::TimedOut | State::Cancelled => Group::Done,
    }
}

/// The word for where a pull request stands, and its colour family.
pub const fn pull(state: PullState) -> (&'static str, Tone) {
    match state {
        PullState::Draft => ("Draft", Tone::Neutral),
        PullState::Open => ("Open", Tone::Success),
        PullState::Merged => ("Merged", Tone::Info),
        PullState::Closed => ("Closed", Tone::Danger),
    }
}

/// What the checks of a pull request say, and its colour family.
pub const fn checks(state: ChecksState) -> (&'static str, Tone) {
    match state {
        ChecksState::Pending => ("Checks under way", Tone::Warning),
        ChecksState::Success => ("Checks passed", Tone::Success),
        ChecksState::Failure => ("Checks failed", Tone::Danger),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finished_states_are_in_done() {
        for state in State::KNOWN {
            assert_eq!(group(&state) == Group::Done, state.is_finished(), "{state}");
        }
        let newer = State::from("hibernating");
        assert_eq!((label(&newer), tone(&newer), group(&newer)), ("hibernating", Tone::Neutral, Group::Working));
    }

    #[test]
    fn every_group_is_found_at_its_index() {
        for group in Group::ALL {
            assert_eq!(Group::ALL[group.index()], group);
        }
    }
}
