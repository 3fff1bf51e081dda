//! GitHub's own client library against the companion: it lists, starts and reads tasks, and what it gets is
//! what GitHub's official description promises.

mod speaker;

use std::collections::BTreeSet;

use agent_tasks::{State, TaskId};
use e2e::{Companion, Setting};
use serde_json::{Value, json};

use self::speaker::{Answer, Speaker};

const LIST: &str = "GET /agents/tasks";
const LIST_OF_REPOSITORY: &str = "GET /agents/repos/{owner}/{repo}/tasks";
const CREATE: &str = "POST /agents/repos/{owner}/{repo}/tasks";
const GET: &str = "GET /agents/tasks/{task_id}";
const GET_OF_REPOSITORY: &str = "GET /agents/repos/{owner}/{repo}/tasks/{task_id}";

/// A call about the repository, with more parameters.
fn call(route: &str, more: Value) -> Value {
    let mut parameters = json!({"owner": "local", "repo": "orchard"});
    for (name, value) in more.as_object().into_iter().flatten() {
        parameters[name] = value.clone();
    }
    json!({"route": route, "parameters": parameters})
}

fn start(prompt: &str) -> Value {
    call(CREATE, json!({"prompt": prompt, "agent_id": "rehearsal"}))
}

/// The tasks of a list's answer.
fn tasks(answer: &Answer) -> Vec<Value> {
    answer.data["tasks"].as_array().cloned().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_a_task_and_reads_it_by_both_paths() -> anyhow::Result<()> {
    let companion = Companion::start(Setting::default()).await?;
    let speaker = Speaker::of(&companion).await?;
    let official = json!({"prompt": "rehearse: quick", "base_ref": "main", "create_pull_request": false,
        "agent_id": "rehearsal", "headers": {"x-github-api-version": "2026-03-10"}});
    let created = speaker.ask(call(CREATE, official)).await?;
    assert_eq!((created.status, &created.error), (201, &None));
    assert_eq!(created.headers["content-type"], "application/json; charset=utf-8");
    let id = TaskId(created.data["id"].as_str().unwrap_or_default().to_owned());
    let page = format!("{}/#/tasks/{id}", companion.address);
    assert_eq!(created.data["html_url"], json!(page));
    assert_eq!(created.data["url"], json!(format!("{}/api/agents/tasks/{id}", companion.address)));

    companion.see_state(&id, &State::Completed).await?;
    let preview = json!({"task_id": id, "headers": {"accept": "application/vnd.github.v3+json"}});
    let read = speaker.ask(call(GET, preview)).await?;
    assert_eq!(read.data["sessions"][0]["prompt"], "rehearse: quick");
    assert_eq!(read.data["state"], "completed");
    assert_eq!(read.data["artifacts"][0]["type"], "branch");
    let by_repository = speaker.ask(call(GET_OF_REPOSITORY, json!({"task_id": id}))).await?;
    assert_eq!(by_repository.data, read.data);
    companion.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_pages_through_lists_by_their_links() -> anyhow::Result<()> {
    let companion = Companion::start(Setting::default()).await?;
    let speaker = Speaker::of(&companion).await?;
    let prompts = ["one", "two", "three", "four", "five"];
    let started = speaker.ask_all(prompts.map(|word| start(&format!("rehearse: quick\n{word}")))).await?;
    let ids: BTreeSet<String> = started.iter().map(|answer| answer.data["id"].to_string()).collect();
    assert_eq!(ids.len(), prompts.len());
    for answer in &started {
        let id = TaskId(answer.data["id"].as_str().unwrap_or_default().to_owned());
        companion.see_state(&id, &State::Completed).await?;
    }
    for route in [LIST, LIST_OF_REPOSITORY] {
        let mut paged = call(route, json!({"per_page": 2, "sort": "created_at", "direction": "asc"}));
        if route == LIST {
            paged["parameters"] = json!({"per_page": 2, "sort": "created_at", "direction": "asc"});
        }
        paged["pages"] = json!(true);
        let pages = speaker.ask_all([paged]).await?;
        let sizes: Vec<usize> = pages.iter().map(|page| tasks(page).len()).collect();
        assert_eq!(sizes, [2, 2, 1], "{route}");
        let listed: Vec<Value> = pages.iter().flat_map(tasks).map(|task| task["id"].clone()).collect();
        let asked: Vec<Value> = started.iter().map(|answer| answer.data["id"].clone()).collect();
        assert_eq!(listed, asked, "{route}: in the order in which they were started");
        assert!(pages.iter().all(|page| page.data["total_active_count"] == 5), "{route}");
        let last = &pages[2].headers["link"];
        assert!(!last.contains("rel=\"next\"") && last.contains("rel=\"last\""), "{route}: {last}");
    }
    let filtered = speaker.ask(json!({"route": LIST, "parameters": {"state": "failed,cancelled"}})).await?;
    assert!(tasks(&filtered).is_empty());
    companion.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn its_errors_are_github_s() -> anyhow::Result<()> {
    let companion = Companion::start(Setting::default()).await?;
    let speaker = Speaker::of(&companion).await?;
    let foreign = json!({"origin": "https://evil.test"});
    for (call, status, code) in [
        (call(GET, json!({"task_id": "nobody"})), 404, None),
        (call(GET_OF_REPOSITORY, json!({"task_id": "nobody"})), 404, None),
        (call(CREATE, json!({"prompt": " "})), 422, Some("invalid")),
        (call(CREATE, json!({"agent_id": "rehearsal"})), 422, Some("missing_field")),
        (call(CREATE, json!({"prompt": "Go", "base_ref": "no-such-branch"})), 422, Some("invalid")),
        (json!({"route": LIST, "parameters": {"per_page": 101}}), 422, Some("invalid")),
        (json!({"route": LIST, "parameters": {"state": "done"}}), 422, Some("invalid")),
        (call(CREATE, json!({"repo": "nobody", "prompt": "Go"})), 404, None),
        (json!({"route": LIST, "parameters": {"headers": foreign}}), 403, None),
    ] {
        let what = call.to_string();
        let answer = speaker.ask(call).await?;
        answer.see_refusal(status, &what);
        assert_eq!(answer.data["errors"][0]["code"].as_str(), code, "{what}: {}", answer.data);
    }
    let stranger = speaker.with_token("wrong");
    for call in [json!({"route": LIST}), start("Go"), call(GET, json!({"task_id": "nobody"}))] {
        let what = call.to_string();
        stranger.ask(call).await?.see_refusal(401, &what);
    }
    companion.end().await
}
