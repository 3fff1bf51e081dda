//! What the lists leave out, asked for in one GraphQL query: names by number and pull requests. Pure: a query is
//! text, an answer is a tree.

use agent_tasks::query::PER_PAGE_MAX;
use agent_tasks::{ChecksState, PullArtifact, PullState, Task};
use serde_json::{Value, json};

use super::known::Known;
use super::node_id;

/// How many things of one kind a query may name.
const IDS_MAX: usize = PER_PAGE_MAX as usize;

/// What has to be looked up: numbers with their GraphQL ids.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    repositories: Vec<(i64, String)>,
    users: Vec<(i64, String)>,
    pulls: Vec<(i64, String)>,
}

impl Wanted {
    /// What is not known of `tasks`; at most [`IDS_MAX`] of a kind.
    pub(super) fn of(tasks: &[Task], known: &Known, now_ms: i64) -> Self {
        let mut wanted = Self::default();
        for task in tasks {
            if let Some(repository) = &task.repository
                && repository.id > 0
                && known.wants_repository(repository.id, now_ms)
            {
                add(&mut wanted.repositories, repository.id, || node_id::repository(repository.id));
            }
            if let Some(creator) = &task.creator
                && creator.id > 0
                && known.wants_user(creator.id, now_ms)
            {
                let is_person = task.creator_type.as_deref() != Some("organization");
                add(&mut wanted.users, creator.id, || match is_person {
                    true => node_id::user(creator.id),
                    false => node_id::organization(creator.id),
                });
            }
            if let Some(pull) = task.pull()
                && known.wants_pull(pull.id, now_ms)
            {
                add(&mut wanted.pulls, pull.id, || pull.global_id.clone().unwrap_or_else(|| node_id::pull(pull.id)));
            }
        }
        wanted
    }

    /// Whether there is nothing to ask.
    pub(super) fn is_empty(&self) -> bool {
        self.repositories.is_empty() && self.users.is_empty() && self.pulls.is_empty()
    }

    /// The body of the query.
    pub(super) fn query(&self) -> Value {
        let (mut declared, mut selected, mut variables) = (String::new(), String::new(), json!({}));
        for (name, ids, fields) in [
            ("repositories", &self.repositories, "...on Repository{nameWithOwner}"),
            ("users", &self.users, "...on User{login}...on Organization{login}"),
            (
                "pulls",
                &self.pulls,
                "...on PullRequest{number title url state isDraft \
                 commits(last:1){nodes{commit{statusCheckRollup{state}}}}}",
            ),
        ] {
            if !ids.is_empty() {
                declared += &format!("${name}:[ID!]!,");
                selected += &format!("{name}:nodes(ids:${name}){{{fields}}}");
                variables[name] = ids.iter().map(|(_, id)| id.as_str()).collect();
            }
        }
        let declared = declared.trim_end_matches(',');
        json!({"query": format!("query({declared}){{{selected}}}"), "variables": variables})
    }

    /// Remembers what an answer tells, and that it does not tell the rest. False where it tells nothing at all.
    pub(super) fn take(&self, answer: &Value, known: &mut Known, now_ms: i64) -> bool {
        let data = &answer["data"];
        if !data.is_object() {
            return false;
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        for (at, (id, _)) in self.repositories.iter().enumerate() {
            known.keep_repository(*id, text(&data["repositories"][at]["nameWithOwner"]), now_ms);
        }
        for (at, (id, _)) in self.users.iter().enumerate() {
            known.keep_user(*id, text(&data["users"][at]["login"]), now_ms);
        }
        for (at, (id, _)) in self.pulls.iter().enumerate() {
            known.keep_pull(*id, pull_of_graphql(&data["pulls"][at]), now_ms);
        }
        true
    }
}

fn add(wanted: &mut Vec<(i64, String)>, number: i64, node_id: impl FnOnce() -> String) {
    if wanted.len() < IDS_MAX && !wanted.iter().any(|(known, _)| *known == number) {
        wanted.push((number, node_id()));
    }
}

fn pull_of_graphql(json: &Value) -> Option<PullArtifact> {
    let state = match (json["state"].as_str()?, &json["isDraft"]) {
        ("MERGED", _) => PullState::Merged,
        ("CLOSED", _) => PullState::Closed,
        (_, Value::Bool(true)) => PullState::Draft,
        _ => PullState::Open,
    };
    let checks = match json["commits"]["nodes"][0]["commit"]["statusCheckRollup"]["state"].as_str() {
        Some("SUCCESS") => Some(ChecksState::Success),
        Some("FAILURE" | "ERROR") => Some(ChecksState::Failure),
        Some(_) => Some(ChecksState::Pending),
        None => None,
    };
    Some(pull(json, "url", state, checks))
}

/// The pull request of a REST list that is the artifact `id`.
pub(super) fn pull_of_rest(list: &Value, id: i64) -> Option<PullArtifact> {
    let json = list.as_array()?.iter().find(|pull| pull["id"].as_i64() == Some(id))?;
    let state = match (json["merged_at"].is_string(), json["state"].as_str(), &json["draft"]) {
        (true, ..) => PullState::Merged,
        (_, Some("closed"), _) => PullState::Closed,
        (.., Value::Bool(true)) => PullState::Draft,
        _ => PullState::Open,
    };
    Some(pull(json, "html_url", state, None))
}

fn pull(json: &Value, url: &str, state: PullState, checks: Option<ChecksState>) -> PullArtifact {
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    PullArtifact {
        number: json["number"].as_u64(),
        html_url: text(url),
        title: text("title"),
        state: Some(state),
        checks,
        ..PullArtifact::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(id: &str, repository: i64, creator: i64, pull: Value) -> Task {
        serde_json::from_value(json!({"id": id, "state": "queued", "created_at": "2026-01-01T00:00:00Z",
            "repository": {"id": repository}, "creator": {"id": creator},
            "artifacts": [{"provider": "github", "type": "pull", "data": pull}]}))
        .unwrap()
    }

    #[test]
    fn a_hundred_tasks_are_one_query_and_cost_none_once_known() {
        let tasks: Vec<Task> = (1..=250)
            .map(|id| task(&id.to_string(), id, 1, json!({"id": id, "global_id": format!("PR_{id}")})))
            .collect();
        let mut known = Known::default();
        let wanted = Wanted::of(&tasks, &known, 0);
        assert_eq!((wanted.repositories.len(), wanted.users.len(), wanted.pulls.len()), (100, 1, 100));
        let body = wanted.query();
        assert_eq!(body["variables"]["pulls"][99], "PR_100");
        assert_eq!(body["variables"]["users"], json!(["MDQ6VXNlcjE="]));
        for _ in 0..3 {
            let wanted = Wanted::of(&tasks, &known, 0);
            assert!(wanted.take(&json!({"data": {}}), &mut known, 0));
        }
        assert!(
            Wanted::of(&tasks, &known, 0).is_empty(),
            "what the server does not give is not asked for again at once"
        );
    }

    #[test]
    fn a_query_names_only_what_it_asks_for() {
        let wanted = Wanted { repositories: vec![(7, "R".into())], ..Wanted::default() };
        let body = wanted.query();
        assert_eq!(
            body["query"],
            "query($repositories:[ID!]!){repositories:nodes(ids:$repositories){...on Repository{nameWithOwner}}}"
        );
    }

    #[test]
    fn a_part_of_an_answer_is_taken_and_the_rest_left() {
        let tasks = [task("a", 7, 1, json!({"id": 42})), task("b", 8, 2, json!({"id": 43}))];
        let mut known = Known::default();
        let wanted = Wanted::of(&tasks, &known, 0);
        assert_eq!(wanted.pulls[0].1, node_id::pull(42));
        let answer = json!({"data": {"repositories": [{"nameWithOwner": "o/r"}, null], "users": [null, {"login": "b"}],
            "pulls": [{"number": 12, "title": "Fix", "url": "https://github.com/o/r/pull/12", "state": "OPEN",
                "isDraft": true, "commits": {"nodes": [{"commit": {"statusCheckRollup": {"state": "EXPECTED"}}}]}}]},
            "errors": [{"type": "FORBIDDEN", "path": ["repositories", 1]}]});
        assert!(wanted.take(&answer, &mut known, 0));
        assert_eq!((known.repository(7), known.repository(8)), (Some("o/r"), None));
        let mut first = tasks[0].clone();
        known.fill(&mut first, &agent_tasks::ServerAddress::github());
        let pull = first.pull().unwrap();
        assert_eq!(
            (pull.number, pull.state, pull.checks),
            (Some(12), Some(PullState::Draft), Some(ChecksState::Pending))
        );
        assert!(!wanted.take(&json!({"data": null, "errors": [{}]}), &mut known, 0));
    }

    #[test]
    fn states_and_checks_of_pulls_have_their_words() {
        let rollup = |state: &str| json!({"nodes": [{"commit": {"statusCheckRollup": {"state": state}}}]});
        for (state, is_draft, checks, expected) in [
            ("OPEN", false, "SUCCESS", (PullState::Open, Some(ChecksState::Success))),
            ("OPEN", true, "FAILURE", (PullState::Draft, Some(ChecksState::Failure))),
            ("MERGED", true, "ERROR", (PullState::Merged, Some(ChecksState::Failure))),
            ("CLOSED", true, "PENDING", (PullState::Closed, Some(ChecksState::Pending))),
        ] {
            let json = json!({"number": 1, "state": state, "isDraft": is_draft, "commits": rollup(checks)});
            let pull = pull_of_graphql(&json).unwrap();
            assert_eq!((pull.state.unwrap(), pull.checks), expected);
        }
        assert_eq!(pull_of_graphql(&Value::Null), None);
        for (json, expected) in [
            (json!({"id": 1, "state": "open", "draft": false, "merged_at": null}), PullState::Open),
            (json!({"id": 1, "state": "open", "draft": true}), PullState::Draft),
            (json!({"id": 1, "state": "closed", "merged_at": null}), PullState::Closed),
            (json!({"id": 1, "state": "closed", "merged_at": "2026-01-01T00:00:00Z"}), PullState::Merged),
        ] {
            let list = json!([{"id": 9, "state": "open"}, json]);
            assert_eq!(pull_of_rest(&list, 1).unwrap().state, Some(expected));
        }
        assert_eq!(pull_of_rest(&json!([{"id": 9}]), 1), None);
    }
}
