//! The names that the companion makes: identifiers and branches.

use agent_tasks::{Prompt, TaskId};
use uuid::Uuid;

/// The longest readable part of a branch name, in characters.
const SLUG_CHARS_MAX: usize = 40;
/// How much of a task's identifier goes into its branch name, in characters.
const SHORT_ID_CHARS: usize = 8;

/// A new identifier; later ones sort after earlier ones.
pub fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// What the branches of tasks begin with.
pub const BRANCH_PREFIX: &str = "agents/";

/// The branch of a task: `agents/1f2e3d4c-fix-the-login-button`.
pub fn branch(task_id: &TaskId, prompt: &Prompt) -> String {
    // The front of a UUIDv7 is the time, its end is random.
    let id: String = task_id.as_str().chars().filter(char::is_ascii_hexdigit).collect();
    let short = &id[id.len().saturating_sub(SHORT_ID_CHARS)..];
    match slug(&prompt.title()).as_str() {
        "" => format!("{BRANCH_PREFIX}{short}"),
        slug => format!("{BRANCH_PREFIX}{short}-{slug}"),
    }
}

/// Lower-case letters, digits and single hyphens only: safe in any reference, path and address.
fn slug(title: &str) -> String {
    let words = title.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.len() + word.len() >= SLUG_CHARS_MAX && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    slug.truncate(SLUG_CHARS_MAX);
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(prompt: &str, branch_name: &str) {
        let task_id = TaskId("0193a1b2-0000-7000-8000-0000deadbeef".into());
        assert_eq!(branch(&task_id, &Prompt::parse(prompt).unwrap()), branch_name);
    }

    #[test]
    fn a_branch_name_holds_nothing_that_git_or_a_path_could_trip_over() {
        check("Fix the login button!", "agents/deadbeef-fix-the-login-button");
        check("../../etc -- @{u} ~^:?*[\\ a..b.lock", "agents/deadbeef-etc-u-a-b-lock");
        check("修复登录", "agents/deadbeef");
        check(&"word ".repeat(40), "agents/deadbeef-word-word-word-word-word-word-word-word");
        check(&"x".repeat(90), &format!("agents/deadbeef-{}", "x".repeat(40)));
    }
}
