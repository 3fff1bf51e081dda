//! What the world says to each operation that is served.

mod pulls;
mod repositories;
mod runs;
mod tasks;
mod users;

use serde_json::{Value, json};

use super::{
    EVENTS,
    answer::Answer,
    asked::Asked,
    headers::{Refused, Wanted},
};
use crate::{Described, Description, Repository, Token, World};

/// A call that is allowed.
pub struct Call<'a> {
    /// Where examples come from.
    pub description: &'static Description,
    /// The request.
    pub asked: &'a Asked,
    /// What is known.
    pub world: &'a mut World,
    /// Whose call it is.
    pub token: &'a Token,
    /// JSON or a diff.
    pub wanted: Wanted,
}

/// Parameters of a path by name.
struct PathValues<'a>(&'a [(String, String)]);

/// Answers a described operation. One that the stand-in does not serve is refused and told.
pub fn described(call: &mut Call<'_>, described: &Described, body: Option<Value>) -> Result<Answer, Refused> {
    let path = PathValues(&described.path_values);
    let body = body.unwrap_or_default();
    Ok(match (described.operation.id.as_str(), call.wanted) {
        ("users/get-authenticated", _) => users::authenticated(call),
        ("users/get-by-id", _) => users::by_id(call, path.number("account_id")),
        ("repos/list-for-authenticated-user", _) => repositories::list(call),
        ("repos/get", _) => repositories::get(call, &path),
        ("repos/list-branches", _) => repositories::branches(call, &path),
        ("repos/get-content", _) => repositories::content(call, &path),
        ("repos/compare-commits-with-basehead", Wanted::Diff) => repositories::compare(call, &path),
        ("pulls/list", _) => pulls::list(call, &path),
        ("pulls/get", _) => pulls::get(call, &path),
        ("issues/create-comment", _) => pulls::comment(call, &path, &body),
        ("actions/list-workflow-runs-for-repo", _) => runs::list(call, &path),
        ("actions/get-workflow-run", _) => runs::get(call, &path),
        ("actions/cancel-workflow-run", _) => runs::cancel(call, &path, false),
        ("actions/force-cancel-workflow-run", _) => runs::cancel(call, &path, true),
        ("agent-tasks/list-tasks", _) => tasks::list(call, None)?,
        ("agent-tasks/list-tasks-for-repo", _) => tasks::list(call, Some(&path))?,
        ("agent-tasks/get-task-by-id", _) => tasks::get(call, &path),
        ("agent-tasks/get-task-by-repo-and-id", _) => tasks::get(call, &path),
        ("agent-tasks/create-task-in-repo", _) => tasks::create(call, &path, &body),
        (id, _) => {
            let complaint = format!("the stand-in does not serve '{id}' so; teach it");
            return Err(Refused { answer: Answer::not_found(), complaint: Some(complaint) });
        }
    })
}

/// Answers what the description does not hold.
pub fn not_described(call: &mut Call<'_>, name: &str, id: &str) -> Answer {
    if name == EVENTS {
        return tasks::events(call, id);
    }
    match id.parse().ok().and_then(|id| call.world.repository(id)) {
        Some(repository) => Answer::json(200, repositories::full(call, repository)),
        None => Answer::not_found(),
    }
}

impl Call<'_> {
    /// The official example of an operation's first success.
    fn example(&self, method: &str, template: &str) -> Value {
        let operation = self.description.operation(method, template).expect("the description holds what is served");
        let status = operation.statuses().into_iter().find(|status| (200..300).contains(status));
        status.and_then(|status| operation.example(status)).expect("what is served answers with a body")
    }

    /// The repository in a path.
    fn repository(&self, path: &PathValues<'_>) -> Option<&Repository> {
        self.world.repository_named(path.text("owner"), path.text("repo"))
    }
}

impl<'a> PathValues<'a> {
    fn text(&self, name: &str) -> &'a str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A number; zero, which nothing has, where it is none.
    fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or_default()
    }
}

/// The value with one word put for another in all of its text.
fn renamed(value: Value, from: &str, to: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace(from, to)),
        Value::Array(items) => items.into_iter().map(|item| renamed(item, from, to)).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, inner)| (name, renamed(inner, from, to)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => plain,
    }
}

/// A user inside of something else, from the example's own.
fn user_within(world: &World, example: &Value, login: &str) -> Value {
    let mut user = renamed(example.clone(), "octocat", login);
    if let Some(known) = world.users.iter().find(|user| user.login == login) {
        user["id"] = json!(known.id);
        user["node_id"] = json!(known.node_id().modern());
    }
    user["login"] = json!(login);
    user
}
