//! A repository's name out of a task's addresses. Only as a name: nothing is ever linked or asked there.

use agent_tasks::{ServerAddress, Task, paths};

/// First segments of pages that belong to no repository.
const NO_OWNERS: [&str; 6] = ["agents", "copilot", "enterprises", "orgs", "organizations", "settings"];

/// `owner/name` by the task's page, else by its address in the API.
pub(super) fn repository_of(task: &Task, address: &ServerAddress) -> Option<String> {
    let page = task.html_url.as_deref().and_then(|url| url.strip_prefix(&address.web_origin()));
    let call = || task.url.as_deref()?.strip_prefix(address.base())?.strip_prefix(paths::AGENT_REPOS);
    page.and_then(first_two).or_else(|| call().and_then(first_two))
}

/// The first two of at least three segments, where they can be an owner and a name.
fn first_two(path: &str) -> Option<String> {
    let mut segments = path.strip_prefix('/')?.split(['/', '?', '#']);
    let (owner, name, rest) = (segments.next()?, segments.next()?, segments.next()?);
    let is_plain = |text: &str, marks: &[u8]| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || marks.contains(&byte))
    };
    let is_name = is_plain(owner, b"-_") && is_plain(name, b"-_.") && name != "." && name != "..";
    (is_name && !rest.is_empty() && !NO_OWNERS.contains(&owner)).then(|| format!("{owner}/{name}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_address_of_the_server_itself_tells_a_name() {
        let check = |html_url: Option<&str>, url: Option<&str>, expected: Option<&str>| {
            let task = json!({"id": "a", "state": "queued", "created_at": "2026-01-01T00:00:00Z",
                "html_url": html_url, "url": url});
            let task = serde_json::from_value(task).unwrap();
            let found = repository_of(&task, &ServerAddress::github());
            assert_eq!(found.as_deref(), expected, "{html_url:?} {url:?}");
        };
        check(Some("https://github.com/octocat/hello.world/copilot/tasks/1"), None, Some("octocat/hello.world"));
        check(Some("https://github.com/octocat/hello/agents/tasks/1"), None, Some("octocat/hello"));
        check(None, Some("https://api.github.com/agents/repos/octocat/hello/tasks/1"), Some("octocat/hello"));
        check(Some("https://github.com/copilot/tasks/1"), None, None);
        check(Some("https://github.com/agents/tasks/1"), None, None);
        check(Some("https://github.com/octocat/hello"), None, None);
        check(Some("https://github.com.evil.test/octocat/hello/pull/1"), None, None);
        check(Some("https://evil.test/octocat/hello/pull/1"), None, None);
        check(Some("https://github.com@evil.test/octocat/hello/pull/1"), None, None);
        check(Some("https://github.com/octocat/../pull/1"), None, None);
        check(Some("https://github.com/octo%2Fcat/hello/pull/1"), None, None);
        check(Some("javascript:alert(1)"), Some("https://api.github.com/agents/tasks/1"), None);
        check(Some("https://github.com//hello/pull/1"), Some("https://evil.test/agents/repos/o/r/tasks/1"), None);
    }
}
