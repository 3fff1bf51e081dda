//! Which permission of a token an operation needs.

use super::{EVENTS, answer::Answer, fault::NO_PERMISSION};
use crate::{Access, Token};

/// A refusal where the token may not do this.
pub fn see(token: &Token, operation: &str) -> Result<(), Answer> {
    let (given, needed) = match operation {
        "agent-tasks/create-task-in-repo" => (token.agent_tasks, Access::Write),
        EVENTS => (token.agent_tasks, Access::Read),
        operation if operation.starts_with("agent-tasks/") => (token.agent_tasks, Access::Read),
        "actions/cancel-workflow-run" | "actions/force-cancel-workflow-run" => (token.actions, Access::Write),
        operation if operation.starts_with("actions/") => (token.actions, Access::Read),
        operation if operation.starts_with("pulls/") => (token.pulls, Access::Read),
        // A comment on a pull request may be written with either permission.
        "issues/create-comment" => (token.issues.max(token.pulls), Access::Write),
        "repos/get-content" | "repos/list-branches" | "repos/compare-commits-with-basehead" => {
            (token.contents, Access::Read)
        }
        // What is left needs a token and nothing more.
        _ => return Ok(()),
    };
    if given >= needed { Ok(()) } else { Err(Answer::error(403, NO_PERMISSION)) }
}
