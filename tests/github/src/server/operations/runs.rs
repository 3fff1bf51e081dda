//! Runs of Actions, and how they are cancelled.

use serde_json::{Value, json};

use super::{Answer, Call, PathValues, renamed, repositories::of_repository};
use crate::{
    Repository, Run,
    server::paging::{Links, page},
};

/// The number of the example's run.
const EXAMPLE: &str = "30433642";

/// `GET /repos/{owner}/{repo}/actions/runs`.
pub fn list(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    let example = call.example("get", "/repos/{owner}/{repo}/actions/runs")["workflow_runs"][0].take();
    let Some(repository) = call.repository(path).cloned() else { return Answer::not_found() };
    let asked = call.asked;
    let is_listed = |run: &Run| {
        let is_like = |name: &str, value: &str| asked.query_value(name).is_none_or(|wanted| wanted == value);
        let has_status = is_like("status", &run.status) || is_like("status", run.conclusion.as_deref().unwrap_or("-"));
        run.repository == repository.id && is_like("branch", &run.branch) && is_like("event", &run.event) && has_status
    };
    call.world.count_poll(is_listed);
    let runs: Vec<&Run> = call.world.runs.iter().filter(|run| is_listed(run)).collect();
    let total = runs.len();
    let listed = page(asked, runs, Links::Usual);
    let rows: Vec<Value> = listed.rows.into_iter().map(|run| shown(&repository, run, example.clone())).collect();
    let answer = Answer::json(200, json!({ "total_count": total, "workflow_runs": rows }));
    if listed.link.is_empty() { answer } else { answer.with_header("link", listed.link) }
}

/// `GET /repos/{owner}/{repo}/actions/runs/{run_id}`.
pub fn get(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    let id = path.number("run_id");
    call.world.count_poll(|run| run.id == id);
    let Some(repository) = call.repository(path) else { return Answer::not_found() };
    let mut runs = call.world.runs.iter().filter(|run| run.repository == repository.id);
    match runs.find(|run| run.id == id) {
        Some(run) => {
            let example = call.example("get", "/repos/{owner}/{repo}/actions/runs/{run_id}");
            Answer::json(200, shown(repository, run, example))
        }
        None => Answer::not_found(),
    }
}

/// `POST …/cancel` and, by force, `POST …/force-cancel`.
pub fn cancel(call: &mut Call<'_>, path: &PathValues<'_>, is_forced: bool) -> Answer {
    let id = path.number("run_id");
    let Some(repository) = call.repository(path).map(|repository| repository.id) else { return Answer::not_found() };
    let mut runs = call.world.runs.iter_mut().filter(|run| run.repository == repository);
    let Some(run) = runs.find(|run| run.id == id) else { return Answer::not_found() };
    if !run.cancel(is_forced) {
        return Answer::error(409, "Cannot cancel a workflow run that is completed.");
    }
    if run.is_over() {
        call.world.end_cancelled(id);
    }
    Answer::json(202, json!({}))
}

fn shown(repository: &Repository, run: &Run, example: Value) -> Value {
    let example = of_repository(example, &repository.full_name());
    let mut shown = renamed(example, EXAMPLE, &run.id.to_string());
    for (name, value) in [
        ("id", json!(run.id)),
        ("head_branch", json!(run.branch)),
        ("path", json!(run.path)),
        ("name", json!(run.name)),
        ("display_title", json!(run.name)),
        ("event", json!(run.event)),
        ("status", json!(run.status)),
        ("conclusion", json!(run.conclusion)),
        ("created_at", json!(run.created_at)),
        ("referenced_workflows", json!([])),
    ] {
        shown[name] = value;
    }
    for name in ["repository", "head_repository"] {
        shown[name]["id"] = json!(repository.id);
        shown[name]["name"] = json!(repository.name);
        shown[name]["full_name"] = json!(repository.full_name());
        shown[name]["private"] = json!(repository.is_private);
    }
    shown
}
