//! Pull requests, and comments on them.

use serde_json::{Value, json};

use super::{
    Answer, Call, PathValues, renamed,
    repositories::{of_repository, with_link},
    user_within,
};
use crate::{
    Comment, Pull, Repository, World,
    server::{
        headers::Wanted,
        paging::{Links, page},
    },
};

/// The number of the example's pull request.
const EXAMPLE: &str = "/1347";

/// `GET /repos/{owner}/{repo}/pulls`.
pub fn list(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    let example = call.example("get", "/repos/{owner}/{repo}/pulls")[0].take();
    let Some(repository) = call.repository(path) else { return Answer::not_found() };
    let asked = call.asked;
    let mut pulls: Vec<&Pull> = call.world.pulls.iter().filter(|pull| pull.repository == repository.id).collect();
    match asked.query_value("state") {
        None | Some("open") => pulls.retain(|pull| pull.is_open),
        Some("closed") => pulls.retain(|pull| !pull.is_open),
        Some(_) => {}
    }
    if let Some(head) = asked.query_value("head") {
        pulls.retain(|pull| format!("{}:{}", repository.owner, pull.head) == head);
    }
    if let Some(base) = asked.query_value("base") {
        pulls.retain(|pull| pull.base == base);
    }
    // The newest first, unless the client says otherwise.
    pulls.sort_by_key(|pull| pull.number);
    if asked.query_value("direction") != Some("asc") {
        pulls.reverse();
    }
    let listed = page(asked, pulls, Links::Usual);
    let rows = listed.rows.into_iter().map(|pull| shown(call.world, repository, pull, example.clone()));
    with_link(rows.collect(), listed.link)
}

/// `GET /repos/{owner}/{repo}/pulls/{pull_number}`.
pub fn get(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    let number = path.number("pull_number");
    let Some(repository) = call.repository(path) else { return Answer::not_found() };
    let mut pulls = call.world.pulls.iter().filter(|pull| pull.repository == repository.id);
    let Some(pull) = pulls.find(|pull| pull.number == number) else { return Answer::not_found() };
    match call.wanted {
        Wanted::Diff => Answer::diff(pull.diff.clone()),
        Wanted::Json => {
            let example = call.example("get", "/repos/{owner}/{repo}/pulls/{pull_number}");
            let mut shown = shown(call.world, repository, pull, example);
            shown["merged"] = json!(pull.is_merged);
            Answer::json(200, shown)
        }
    }
}

/// `POST /repos/{owner}/{repo}/issues/{issue_number}/comments`.
pub fn comment(call: &mut Call<'_>, path: &PathValues<'_>, body: &Value) -> Answer {
    let issue = path.number("issue_number");
    let Some(repository) = call.repository(path) else { return Answer::not_found() };
    if !call.world.pulls.iter().any(|pull| pull.repository == repository.id && pull.number == issue) {
        return Answer::not_found();
    }
    let example = call.example("post", "/repos/{owner}/{repo}/issues/{issue_number}/comments");
    let mut shown = renamed(of_repository(example, &repository.full_name()), EXAMPLE, &format!("/{issue}"));
    let author = call.world.user(call.token.user).map(|user| user.login.clone()).unwrap_or_default();
    shown["user"] = user_within(call.world, &shown["user"], &author);
    shown["id"] = json!(call.world.comments.len() + 1);
    shown["body"] = body["body"].clone();
    let text = body["body"].as_str().unwrap_or_default().to_owned();
    let comment = Comment { repository: repository.id, issue, author: call.token.user, body: text };
    call.world.comments.push(comment);
    let location = shown["url"].as_str().unwrap_or_default().to_owned();
    Answer::json(201, shown).with_header("location", location)
}

fn shown(world: &World, repository: &Repository, pull: &Pull, example: Value) -> Value {
    let example = of_repository(example, &repository.full_name());
    let mut shown = renamed(example, EXAMPLE, &format!("/{}", pull.number));
    let author = world.user(pull.author).map(|user| user.login.clone()).unwrap_or_default();
    shown["user"] = user_within(world, &shown["user"], &author);
    shown["id"] = json!(pull.id);
    shown["node_id"] = json!(pull.node_id().modern());
    shown["number"] = json!(pull.number);
    shown["title"] = json!(pull.title);
    shown["state"] = json!(if pull.is_open { "open" } else { "closed" });
    shown["draft"] = json!(pull.is_draft);
    shown["closed_at"] = if pull.is_open { Value::Null } else { json!("2026-01-05T12:00:00Z") };
    shown["merged_at"] = if pull.is_merged { json!("2026-01-05T12:00:00Z") } else { Value::Null };
    for (side, branch) in [("head", &pull.head), ("base", &pull.base)] {
        shown[side]["ref"] = json!(branch);
        shown[side]["label"] = json!(format!("{}:{branch}", repository.owner));
        shown[side]["repo"]["id"] = json!(repository.id);
        shown[side]["repo"]["name"] = json!(repository.name);
    }
    shown
}
