//! The permissions that a token of GitHub needs, what each is for, and which one a refusal means.

use agent_tasks::{ApiError, Permission, Repository, paths};

use crate::api::send::Verb;
use crate::api::{Client, Failure, read_json};

/// What GitHub says when a token lacks a permission; its kind of token follows.
const REFUSAL: &str = "Resource not accessible by";

const fn permission(name: &'static str, access: &'static str, purpose: &'static str) -> Permission {
    Permission { name, access, purpose, is_granted: None }
}

/// All of them, as the form that makes the token names them.
pub(in crate::api) const NEEDED: [Permission; 5] = [
    permission("Metadata", "read", "names of repositories"),
    permission("Agent tasks", "read and write", "the list of tasks, and starting them"),
    permission("Actions", "read and write", "Stop, and links to the runs"),
    permission("Contents", "read", "branches and custom agents to choose from"),
    permission("Pull requests", "read and write", "state and checks; follow-ups as comments to @copilot"),
];

/// What a refusal means: the permission that the token lacks. `None` for other answers.
pub(in crate::api) fn missing(verb: Verb, path: &str, status: u16, body: &str) -> Option<String> {
    if status != 403 || !read_json::<ApiError>(body)?.message.starts_with(REFUSAL) {
        return None;
    }
    let asked = paths::part(path);
    let name = BY_PART.iter().find(|(part, _)| asked.starts_with(part)).map_or("Metadata", |(_, name)| name);
    let access = if verb == Verb::Write { "read and write" } else { "read" };
    Some(format!("This token lacks the permission “{name}: {access}”."))
}

/// How parts of paths begin, and the permission that a call there needs. Comments on a pull request need that for
/// pull requests or the one for issues.
const BY_PART: [(&str, &str); 7] = [
    ("tasks", "Agent tasks"),
    ("actions/", "Actions"),
    ("issues/", "Pull requests"),
    ("pulls", "Pull requests"),
    ("contents/", "Contents"),
    ("branches", "Contents"),
    ("compare/", "Contents"),
];

impl Client {
    /// Tries each by reading. What needs more than reading stays open where reading is allowed.
    pub(in crate::api) async fn try_permissions(&self, repository: Option<&Repository>) -> Vec<Permission> {
        let one = |path: &str| format!("{path}?per_page=1");
        let mut paths = vec![("Metadata", paths::USER.to_owned()), ("Agent tasks", one(paths::TASKS))];
        if let Some((owner, repo)) = repository.and_then(|repository| repository.full_name.split_once('/')) {
            paths.push(("Actions", one(&paths::runs(owner, repo))));
            paths.push(("Contents", one(&paths::branches(owner, repo))));
            paths.push(("Pull requests", one(&paths::pulls(owner, repo))));
        }
        let mut permissions = NEEDED.to_vec();
        for (name, path) in paths {
            let answer = self.get(&path).await;
            for permission in permissions.iter_mut().filter(|permission| permission.name == name) {
                permission.is_granted = shown(answer.as_ref().err(), permission.access == "read");
            }
        }
        permissions
    }
}

/// What a try by reading has shown of a permission.
fn shown(failure: Option<&Failure>, is_for_reading: bool) -> Option<bool> {
    match failure {
        None => is_for_reading.then_some(true),
        Some(Failure::Unauthorized | Failure::Forbidden(_) | Failure::NotFound(_)) => Some(false),
        Some(
            Failure::Refused(_)
            | Failure::RateLimited(_)
            | Failure::Server(_)
            | Failure::Unreachable
            | Failure::Unreadable
            | Failure::Closed,
        ) => None,
    }
}

#[cfg(test)]
mod tests {
    use agent_tasks::TaskId;

    use super::*;

    const BODY: &str = r#"{"message": "Resource not accessible by personal access token"}"#;

    #[test]
    fn a_refusal_names_the_permission_that_is_missing() {
        let check = |verb, path: &str, expected: &str| {
            let sentence = missing(verb, path, 403, BODY).unwrap();
            assert!(sentence.contains(&format!("“{expected}”")), "{path}: {sentence}");
        };
        let id = TaskId("pulls".into());
        check(Verb::Get, paths::TASKS, "Agent tasks: read");
        check(Verb::Get, &paths::task(&id), "Agent tasks: read");
        check(Verb::Write, &paths::repo_tasks("o", "r"), "Agent tasks: read and write");
        check(Verb::Write, &paths::cancel_run("o", "r", 1), "Actions: read and write");
        check(Verb::Get, &paths::runs("o", "r"), "Actions: read");
        check(Verb::Get, &paths::branches("o", "r"), "Contents: read");
        check(Verb::Get, &paths::agent_files("o", "r"), "Contents: read");
        check(Verb::Get, &paths::pulls("o", "r"), "Pull requests: read");
        check(Verb::Write, &paths::issue_comments("o", "r", 1), "Pull requests: read and write");
        check(Verb::Get, &format!("{}?per_page=1", paths::TASKS), "Agent tasks: read");
        check(Verb::Get, paths::USER_REPOS, "Metadata: read");
        check(Verb::Get, &paths::repository_by_id(7), "Metadata: read");
    }

    #[test]
    fn a_name_of_a_repository_asks_for_nothing() {
        for name in ["tasks-app", "tasks", "repos", "actions"] {
            for owner in ["o", "tasks", "pulls"] {
                let sentence = missing(Verb::Get, &paths::pulls(owner, name), 403, BODY).unwrap();
                assert!(sentence.contains("“Pull requests: read”"), "{owner}/{name}: {sentence}");
                let sentence = missing(Verb::Get, &paths::runs(owner, name), 403, BODY).unwrap();
                assert!(sentence.contains("“Actions: read”"), "{owner}/{name}: {sentence}");
            }
        }
    }

    #[test]
    fn other_refusals_speak_for_themselves() {
        for (status, body) in [(403, r#"{"message": "no seat"}"#), (404, BODY), (403, "<html>"), (200, BODY)] {
            assert_eq!(missing(Verb::Get, paths::TASKS, status, body), None, "{status} {body}");
        }
    }

    #[test]
    fn reading_shows_only_what_is_for_reading() {
        assert_eq!((shown(None, true), shown(None, false)), (Some(true), None));
        for failure in [Failure::Unauthorized, Failure::Forbidden(String::new()), Failure::NotFound(String::new())] {
            assert_eq!(shown(Some(&failure), false), Some(false));
        }
        assert_eq!(shown(Some(&Failure::Unreachable), true), None);
    }
}
