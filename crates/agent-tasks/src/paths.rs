//! Every path of the API: templates for the server's router, functions for the client's requests.
//!
//! All are below a base: `https://api.github.com`, or `{companion}/api`.

use crate::TaskId;

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes.
    Post,
}

/// `GET`: my tasks in all repositories.
pub const TASKS: &str = "/agents/tasks";
/// What `/{owner}/{repo}/tasks` follows on.
pub const AGENT_REPOS: &str = "/agents/repos";
/// `GET`, `POST`: the tasks of a repository; start one.
pub const REPO_TASKS: &str = "/agents/repos/{owner}/{repo}/tasks";
/// `GET`: one task with its sessions.
pub const TASK: &str = "/agents/tasks/{task_id}";
/// `GET`: the same, by repository.
pub const REPO_TASK: &str = "/agents/repos/{owner}/{repo}/tasks/{task_id}";
/// `GET`: a task's log, as a window or as an event stream.
pub const EVENTS: &str = "/agents/tasks/{task_id}/events";
/// `GET`: what there is in a task's log, step by step.
pub const OUTLINE: &str = "/agents/tasks/{task_id}/outline";
/// `GET`: find in a task's log.
pub const SEARCH: &str = "/agents/tasks/{task_id}/search";
/// `GET`: a task's whole log as a file.
pub const LOG: &str = "/agents/tasks/{task_id}/log";
/// `POST`: say something to a session.
pub const STEER: &str = "/agents/tasks/{task_id}/steer";
/// `GET`: the list of tasks as an event stream.
pub const STREAM: &str = "/agents/stream";
/// `GET`: what the server can do.
pub const CAPABILITIES: &str = "/agents/capabilities";
/// `POST`: trade a pairing code for a token.
pub const PAIRINGS: &str = "/agents/pairings";
/// `GET`: whose token this is.
pub const USER: &str = "/user";
/// `GET`: the repositories to choose from.
pub const USER_REPOS: &str = "/user/repos";
/// `GET`: the branches of a repository.
pub const BRANCHES: &str = "/repos/{owner}/{repo}/branches";
/// `POST`: GitHub's GraphQL; below the origin's own base on a GitHub Enterprise Server.
pub const GRAPHQL: &str = "/graphql";
/// `GET`: what changed between two branches.
pub const COMPARE: &str = "/repos/{owner}/{repo}/compare/{basehead}";
/// `GET`: this description.
pub const OPENAPI: &str = "/openapi.json";

/// Where a companion serves the API.
pub const COMPANION_BASE: &str = "/api";

/// The names of the events on the streams.
pub mod stream {
    /// A line of a log; the `id` is its `seq`, and behind a `-` what marks the log that it is of.
    pub const EVENT: &str = "event";
    /// A task as it is now; the `id` is the list's revision, and behind a `-` what marks the list that it is of.
    pub const TASK: &str = "task";
    /// Nothing new; sent every 15 s.
    pub const HEARTBEAT: &str = "heartbeat";
    /// The cursor is not of this log: start from nothing.
    pub const RESET: &str = "reset";
    /// Seconds between two heartbeats.
    pub const HEARTBEAT_SECONDS: u64 = 15;

    /// The number in an event's `id`.
    pub fn number_of(id: &str) -> Option<u64> {
        id.split('-').next()?.parse().ok()
    }
}

/// The tasks of a repository.
pub fn repo_tasks(owner: &str, repo: &str) -> String {
    format!("/agents/repos/{}/{}/tasks", segment(owner), segment(repo))
}

/// One task.
pub fn task(id: &TaskId) -> String {
    format!("/agents/tasks/{}", segment(id.as_str()))
}

/// One task, by repository.
pub fn repo_task(owner: &str, repo: &str, id: &TaskId) -> String {
    format!("{}/{}", repo_tasks(owner, repo), segment(id.as_str()))
}

/// A task's log.
pub fn events(id: &TaskId) -> String {
    format!("{}/events", task(id))
}

/// What there is in a task's log.
pub fn outline(id: &TaskId) -> String {
    format!("{}/outline", task(id))
}

/// Find in a task's log.
pub fn search(id: &TaskId) -> String {
    format!("{}/search", task(id))
}

/// A task's whole log as a file.
pub fn log(id: &TaskId) -> String {
    format!("{}/log", task(id))
}

/// Say something to a task's session.
pub fn steer(id: &TaskId) -> String {
    format!("{}/steer", task(id))
}

/// The branches of a repository.
pub fn branches(owner: &str, repo: &str) -> String {
    format!("/repos/{}/{}/branches", segment(owner), segment(repo))
}

/// What changed from `base` to `head`.
pub fn compare(owner: &str, repo: &str, base: &str, head: &str) -> String {
    format!("/repos/{}/{}/compare/{}...{}", segment(owner), segment(repo), segment(base), segment(head))
}

/// GitHub: a repository by its number.
pub fn repository_by_id(id: i64) -> String {
    format!("/repositories/{id}")
}

/// GitHub: the pull requests of a repository.
pub fn pulls(owner: &str, repo: &str) -> String {
    format!("/repos/{}/{}/pulls", segment(owner), segment(repo))
}

/// GitHub: the comments of an issue or pull request.
pub fn issue_comments(owner: &str, repo: &str, number: u64) -> String {
    format!("/repos/{}/{}/issues/{number}/comments", segment(owner), segment(repo))
}

/// GitHub: the folder in which a repository defines agents.
pub fn agent_files(owner: &str, repo: &str) -> String {
    format!("/repos/{}/{}/contents/.github/agents", segment(owner), segment(repo))
}

/// GitHub: the Actions runs of a repository.
pub fn runs(owner: &str, repo: &str) -> String {
    format!("/repos/{}/{}/actions/runs", segment(owner), segment(repo))
}

/// GitHub: ask an Actions run to end.
pub fn cancel_run(owner: &str, repo: &str, run: u64) -> String {
    format!("{}/{run}/cancel", runs(owner, repo))
}

/// GitHub: end an Actions run that does not react to [`cancel_run`].
pub fn force_cancel_run(owner: &str, repo: &str, run: u64) -> String {
    format!("{}/{run}/force-cancel", runs(owner, repo))
}

/// The page's address of a task, to be put after the page's own: a fragment, so that any host can serve it.
pub fn task_page(id: &TaskId) -> String {
    format!("#/tasks/{}", segment(id.as_str()))
}

/// One segment of a path, percent-encoded but for the unreserved characters of RFC 3986.
pub fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            _ => {
                encoded.push('%');
                encoded.push(char::from(HEX[usize::from(byte >> 4)]));
                encoded.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    encoded
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// What a path asks for: of a repository what comes after its name, of the API of agents what comes after the first
/// word, else all of it; without the query.
pub fn part(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    match path.split_once("/repos/") {
        Some((_, repository)) => repository.splitn(3, '/').nth(2).unwrap_or_default(),
        None => path.strip_prefix("/agents/").unwrap_or(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_holds_no_name() {
        let id = TaskId("pulls".into());
        for (path, expected) in [
            (TASKS, "tasks"),
            ("/agents/tasks?per_page=1", "tasks"),
            (task(&id).as_str(), "tasks/pulls"),
            (repo_tasks("pulls", "repos").as_str(), "tasks"),
            (pulls("tasks", "tasks-app").as_str(), "pulls"),
            (runs("repos", "tasks").as_str(), "actions/runs"),
            (USER_REPOS, USER_REPOS),
            ("/repos/o/r", ""),
        ] {
            assert_eq!(part(path), expected, "{path}");
        }
    }

    #[test]
    fn names_cannot_leave_their_segment() {
        assert_eq!(repo_tasks("a/b", "..?x"), "/agents/repos/a%2Fb/..%3Fx/tasks");
        assert_eq!(compare("o", "r", "main", "agents/1"), "/repos/o/r/compare/main...agents%2F1");
        for path in [pulls("a/b", "r"), runs("a/b", "r"), agent_files("a/b", "r"), issue_comments("a/b", "r", 7)] {
            assert!(path.starts_with("/repos/a%2Fb/r/"), "{path}");
        }
        assert_eq!(force_cancel_run("o", "r", 7), "/repos/o/r/actions/runs/7/force-cancel");
        assert_eq!(cancel_run("o", "r", 7), "/repos/o/r/actions/runs/7/cancel");
    }
}
