//! Repositories, their branches and their files.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{Answer, Call, PathValues, renamed, user_within};
use crate::{
    Repository, World,
    server::paging::{Links, page},
};

/// Parts of the example that are other repositories.
const OTHERS: [&str; 4] = ["parent", "source", "template_repository", "organization"];

/// `GET /user/repos`.
pub fn list(call: &mut Call<'_>) -> Answer {
    let example = call.example("get", "/user/repos")[0].take();
    let asked = call.asked;
    let mut repositories: Vec<&Repository> = call.world.repositories.iter().collect();
    for name in ["visibility", "type"] {
        match asked.query_value(name) {
            Some("private") => repositories.retain(|repository| repository.is_private),
            Some("public") => repositories.retain(|repository| !repository.is_private),
            Some(_) | None => {}
        }
    }
    if matches!(asked.query_value("sort"), None | Some("full_name")) {
        repositories.sort_by_key(|repository| repository.full_name());
    }
    if asked.query_value("direction") == Some("desc") {
        repositories.reverse();
    }
    let listed = page(asked, repositories, Links::Usual);
    let rows = listed.rows.into_iter().map(|repository| shown(call.world, repository, example.clone()));
    with_link(rows.collect(), listed.link)
}

/// `GET /repos/{owner}/{repo}`.
pub fn get(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    match call.repository(path) {
        Some(repository) => Answer::json(200, full(call, repository)),
        None => Answer::not_found(),
    }
}

/// A repository with all of its fields.
pub fn full(call: &Call<'_>, repository: &Repository) -> Value {
    let mut example = call.example("get", "/repos/{owner}/{repo}");
    let fields = example.as_object_mut().expect("a repository is an object");
    OTHERS.iter().for_each(|name| drop(fields.remove(*name)));
    shown(call.world, repository, example)
}

/// `GET /repos/{owner}/{repo}/branches`.
pub fn branches(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    let mut example = call.example("get", "/repos/{owner}/{repo}/branches")[0].take();
    let fields = example.as_object_mut().expect("a branch is an object");
    fields.remove("protection");
    fields.remove("protection_url");
    let Some(repository) = call.repository(path) else { return Answer::not_found() };
    let mut example = of_repository(example, &repository.full_name());
    let wants_protected = call.asked.query_value("protected") == Some("true");
    let names = repository.branches.iter().filter(|_| !wants_protected).collect();
    let listed = page(call.asked, names, Links::Usual);
    let rows = listed.rows.into_iter().map(|name| {
        example["name"] = json!(name);
        example["protected"] = json!(false);
        example.clone()
    });
    with_link(rows.collect(), listed.link)
}

/// `GET /repos/{owner}/{repo}/contents/{path}`: a file, or the files of a folder.
pub fn content(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    let operation = call.description.operation("get", "/repos/{owner}/{repo}/contents/{path}");
    let file = operation.and_then(|operation| {
        operation.official_examples(200).iter().find(|example| example["type"] == "file").cloned()
    });
    let file = file.expect("the description has an example of a file");
    let Some(repository) = call.repository(path) else { return Answer::not_found() };
    let wanted = path.text("path").trim_end_matches('/');
    if let Some(text) = repository.files.get(wanted) {
        let mut file = entry(of_repository(file, &repository.full_name()), wanted, text);
        file["content"] = json!(BASE64_STANDARD.encode(text));
        return Answer::json(200, file);
    }
    let below = format!("{wanted}/");
    let files =
        repository.files.iter().filter(|(name, _)| name.strip_prefix(&below).is_some_and(|name| !name.contains('/')));
    let entries: Vec<Value> = files
        .map(|(name, text)| {
            let mut entry = entry(of_repository(file.clone(), &repository.full_name()), name, text);
            let fields = entry.as_object_mut().expect("a file is an object");
            fields.remove("content");
            fields.remove("encoding");
            entry
        })
        .collect();
    if entries.is_empty() { Answer::not_found() } else { Answer::json(200, entries.into()) }
}

/// `GET /repos/{owner}/{repo}/compare/{basehead}` as a diff.
pub fn compare(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    let diff = call.repository(path).and_then(|repository| repository.diffs.get(path.text("basehead")));
    diff.map_or_else(Answer::not_found, |diff| Answer::diff(diff.clone()))
}

/// A page of a list.
pub fn with_link(rows: Vec<Value>, link: String) -> Answer {
    let answer = Answer::json(200, rows.into());
    if link.is_empty() { answer } else { answer.with_header("link", link) }
}

/// An example that speaks of this repository.
pub fn of_repository(example: Value, full_name: &str) -> Value {
    let examples = ["octocat/Hello-World", "octocat/hello-world", "octokit/octokit.rb", "octo-org/octo-repo"];
    examples.into_iter().fold(example, |example, name| renamed(example, name, full_name))
}

fn shown(world: &World, repository: &Repository, example: Value) -> Value {
    let mut shown = of_repository(example, &repository.full_name());
    shown["id"] = json!(repository.id);
    shown["node_id"] = json!(repository.node_id().modern());
    shown["name"] = json!(repository.name);
    shown["full_name"] = json!(repository.full_name());
    shown["owner"] = user_within(world, &shown["owner"], &repository.owner);
    shown["private"] = json!(repository.is_private);
    shown["visibility"] = json!(if repository.is_private { "private" } else { "public" });
    shown["default_branch"] = json!(repository.default_branch());
    shown["fork"] = json!(false);
    shown
}

fn entry(example: Value, path: &str, text: &str) -> Value {
    let old = example["path"].as_str().unwrap_or_default().to_owned();
    let mut entry = renamed(example, &old, path);
    entry["name"] = json!(path.rsplit('/').next());
    entry["path"] = json!(path);
    entry["size"] = json!(text.len());
    entry
}
