//! The ways in which a task goes on after its session.

/// Where a follow-up goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpWay {
    /// To the task itself: a new session of it.
    SameTask,
    /// To the pull request with this number: a comment that names the agent.
    Comment(u64),
    /// To a new task that works on this branch.
    NewTask {
        /// The branch to go on with.
        head_ref: String,
        /// The branch that it started from.
        base_ref: String,
    },
}
