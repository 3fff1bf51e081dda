//! The official description is found, read, and strict.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use github_stand_in::{Described, Description, NotDescribed};
use serde_json::json;

fn find(method: &str, path: &str) -> Described {
    Description::shared().unwrap().find(method, path).unwrap()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn query_violations(path: &str, query: &[(&str, &str)]) -> Vec<String> {
    let Described { operation, path_values } = find("GET", path);
    operation.request_violations(&path_values, &pairs(query), None)
}

#[test]
fn a_request_finds_its_operation() {
    for (method, path, id) in [
        ("GET", "/user", "users/get-authenticated"),
        ("GET", "/user/repos", "repos/list-for-authenticated-user"),
        ("GET", "/user/1", "users/get-by-id"),
        ("GET", "/agents/tasks", "agent-tasks/list-tasks"),
        ("GET", "/agents/tasks/t-1", "agent-tasks/get-task-by-id"),
        ("POST", "/agents/repos/o/r/tasks", "agent-tasks/create-task-in-repo"),
        ("GET", "/agents/repos/o/r/tasks", "agent-tasks/list-tasks-for-repo"),
        ("GET", "/agents/repos/o/r/tasks/t-1", "agent-tasks/get-task-by-repo-and-id"),
        ("GET", "/repos/o/r/contents/.github/agents", "repos/get-content"),
        ("GET", "/repos/o/r/compare/main...copilot/fix-1", "repos/compare-commits-with-basehead"),
        ("GET", "/repos/o/r/branches/copilot/fix-1", "repos/get-branch"),
        ("POST", "/repos/o/r/actions/runs/7/force-cancel", "actions/force-cancel-workflow-run"),
    ] {
        assert_eq!(find(method, path).operation.id, id);
    }
    assert_eq!(find("get", "/repos/o/r%20s").path_values, pairs(&[("owner", "o"), ("repo", "r s")]));
}

#[test]
fn what_is_not_described_is_not_found() {
    let description = Description::shared().unwrap();
    let wrong_method = description.find("DELETE", "/agents/tasks").unwrap_err();
    assert_eq!(wrong_method, NotDescribed::Method(vec!["GET".into()]));
    for path in ["/agents", "/agents/tasks/t-1/events", "/agents/tasks/", "/repositories/1", "agents/tasks", ""] {
        assert_eq!(description.find("GET", path).unwrap_err(), NotDescribed::Path, "{path}");
    }
}

#[test]
fn a_wrong_query_is_told() {
    let tasks = "/agents/repos/o/r/tasks";
    let right = [("per_page", "100"), ("is_archived", "true"), ("since", "2025-01-01T00:00:00Z"), ("creator_id", "1")];
    assert_eq!(query_violations(tasks, &[&right[..], &[("creator_id", "2")]].concat()), Vec::<String>::new());
    for wrong in [
        ("per_page", "many"),
        ("per_page", "101"),
        ("page", "0"),
        ("sort", "name"),
        ("is_archived", "yes"),
        ("since", "yesterday"),
        ("creator_id", "octocat"),
        ("cursor", "x"),
    ] {
        assert_eq!(query_violations(tasks, &[wrong]).len(), 1, "{wrong:?}");
    }
    assert_eq!(query_violations(tasks, &[("page", "1"), ("page", "2")]).len(), 1);
    assert_eq!(query_violations("/agents/tasks", &[("creator_id", "1")]), ["query: 'creator_id' is not described"]);
    assert_eq!(query_violations("/user/octocat", &[]).len(), 1);
}

#[test]
fn a_wrong_body_is_told() {
    let Described { operation, path_values } = find("POST", "/agents/repos/o/r/tasks");
    let violations = |body: Option<&serde_json::Value>| operation.request_violations(&path_values, &[], body);
    assert_eq!(violations(Some(&json!({ "prompt": "p", "base_ref": "main" }))), Vec::<String>::new());
    assert_eq!(violations(None), ["body: it is missing"]);
    for wrong in [json!({}), json!({ "prompt": 1 }), json!({ "prompt": "p", "agent_id": "claude" }), json!([])] {
        assert_eq!(violations(Some(&wrong)).len(), 1, "{wrong}");
    }
    let Described { operation, path_values } = find("GET", "/user");
    assert_eq!(operation.request_violations(&path_values, &[], Some(&json!({}))).len(), 1);
}

#[test]
fn a_wrong_answer_is_told() {
    let operation = find("GET", "/agents/tasks/t-1").operation;
    let task =
        |state: &str| json!({ "id": "t-1", "state": state, "created_at": "2025-01-01T00:00:00Z", "archived_at": null });
    assert_eq!(operation.answer_violations(200, Some(&task("queued"))), Vec::<String>::new());
    assert_eq!(operation.answer_violations(200, Some(&task("hibernating"))).len(), 1);
    assert_eq!(operation.answer_violations(200, None).len(), 1);
    assert_eq!(operation.answer_violations(204, None).len(), 1);
    assert_eq!(operation.answer_violations(503, Some(&json!({ "message": "no server" }))), Vec::<String>::new());
    assert_eq!(operation.answer_violations(503, Some(&json!({ "message": 1 }))).len(), 1);
    let odd = json!({ "id": "t-1", "state": "queued", "created_at": "2025-01-01T00:00:00Z", "agent_id": "claude" });
    assert_eq!(operation.answer_violations(200, Some(&odd)), Vec::<String>::new());
    assert_eq!(operation.unknown_answer_fields(200, &odd), ["/agent_id"]);
}

#[test]
fn examples_keep_to_their_schemas() {
    for (method, path, status) in [
        ("GET", "/user", 200),
        ("GET", "/user/1", 200),
        ("GET", "/user/repos", 200),
        ("GET", "/repos/o/r", 200),
        ("GET", "/repos/o/r/branches", 200),
        ("GET", "/repos/o/r/contents/f", 200),
        ("GET", "/repos/o/r/pulls", 200),
        ("GET", "/repos/o/r/pulls/1", 200),
        ("POST", "/repos/o/r/issues/1/comments", 201),
        ("GET", "/repos/o/r/actions/runs", 200),
        ("GET", "/repos/o/r/actions/runs/1", 200),
        ("POST", "/repos/o/r/actions/runs/1/cancel", 202),
        ("GET", "/agents/tasks", 200),
        ("POST", "/agents/repos/o/r/tasks", 201),
        ("GET", "/agents/tasks/t-1", 200),
        ("GET", "/agents/tasks/t-1", 404),
    ] {
        let operation = find(method, path).operation;
        let example = operation.example(status).unwrap();
        assert_eq!(
            operation.answer_violations(status, Some(&example)),
            Vec::<String>::new(),
            "{operation:?} {example}"
        );
        assert_eq!(operation.unknown_answer_fields(status, &example), Vec::<String>::new(), "{operation:?}");
    }
}

#[test]
fn the_official_examples_of_tasks_need_no_repair() {
    for path in ["/agents/tasks", "/agents/tasks/t-1", "/agents/repos/o/r/tasks", "/agents/repos/o/r/tasks/t-1"] {
        let operation = find("GET", path).operation;
        assert_eq!(operation.official_examples(200).first(), operation.example(200).as_ref(), "{path}");
    }
}
