//! Agent tasks.

use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Answer, Call, PathValues};
use crate::{
    Artifact, Session, Task, World,
    server::{
        headers::Refused,
        paging::{Links, page},
    },
    world::task_id,
};

/// The states that the list can be asked for.
const STATES: [&str; 8] =
    ["queued", "in_progress", "completed", "failed", "idle", "waiting_for_user", "timed_out", "cancelled"];
/// Characters of a prompt that become the task's name.
const NAME_CHARS_MAX: usize = 80;

/// `GET /agents/tasks`, and with a repository in the path `GET /agents/repos/{owner}/{repo}/tasks`.
pub fn list(call: &mut Call<'_>, path: Option<&PathValues<'_>>) -> Result<Answer, Refused> {
    let asked = call.asked;
    let states: Vec<&str> = asked.query_value("state").into_iter().flat_map(|states| states.split(',')).collect();
    if let Some(unknown) = states.iter().find(|state| !STATES.contains(state)) {
        let error = json!({ "code": "invalid", "message": format!("'{unknown}' is no state") });
        let answer = Answer::error_with(422, "Validation Failed", json!({ "errors": [error] }));
        return Err(Refused { answer, complaint: Some(format!("it asks for the state '{unknown}', which is none")) });
    }
    call.world.count_poll(|run| run.task.is_some());
    let repository = match path {
        None => None,
        Some(path) => match call.repository(path) {
            Some(repository) => Some(repository.id),
            None => return Ok(Answer::not_found()),
        },
    };
    let links = if repository.is_some() { Links::RepositoryTasks } else { Links::Tasks };
    // Without a repository a list holds only what its reader started.
    let is_in_scope = |task: &&Task| match repository {
        Some(repository) => task.repository == Some(repository),
        None => task.creator == call.token.user,
    };
    let creators: Vec<&str> =
        asked.query.iter().filter(|(name, _)| name == "creator_id").map(|(_, value)| value.as_str()).collect();
    let since = asked.query_value("since").and_then(read_time);
    let wants_archived = asked.query_value("is_archived") == Some("true");
    let of_scope: Vec<&Task> = call.world.tasks.iter().filter(is_in_scope).collect();
    let archived = of_scope.iter().filter(|task| task.archived_at.is_some()).count();
    let totals = (of_scope.len() - archived, archived);
    let mut tasks = of_scope;
    tasks.retain(|task| {
        task.archived_at.is_some() == wants_archived
            && (states.is_empty() || states.contains(&task.state.as_str()))
            && (creators.is_empty() || creators.contains(&task.creator.to_string().as_str()))
            && since.is_none_or(|since| read_time(&task.updated_at).is_some_and(|at| at >= since))
    });
    let by_creation = asked.query_value("sort") == Some("created_at");
    tasks.sort_by_key(|task| read_time(if by_creation { &task.created_at } else { &task.updated_at }));
    if asked.query_value("direction") != Some("asc") {
        tasks.reverse();
    }
    let listed = page(asked, tasks, links);
    let rows: Vec<Value> = listed.rows.iter().map(|task| shown(call.world, task)).collect();
    let body = json!({ "tasks": rows, "total_active_count": totals.0, "total_archived_count": totals.1 });
    let mut answer = Answer::json(200, body).with_header("link", listed.link);
    for (index, task) in listed.rows.iter().enumerate() {
        answer.oddities.extend(oddities(&format!("/tasks/{index}"), task, false));
    }
    Ok(answer)
}

/// `GET /agents/tasks/{task_id}`, with a repository in the path or without.
pub fn get(call: &mut Call<'_>, path: &PathValues<'_>) -> Answer {
    let id = path.text("task_id");
    call.world.count_poll(|run| run.task.as_deref() == Some(id));
    let Some(task) = call.world.task(id) else { return Answer::not_found() };
    let is_elsewhere = !path.text("repo").is_empty()
        && call.repository(path).is_none_or(|repository| task.repository != Some(repository.id));
    if is_elsewhere {
        return Answer::not_found();
    }
    let mut body = shown(call.world, task);
    body["sessions"] = task.sessions.iter().map(|session| session_shown(call.world, task, session)).collect();
    let mut answer = Answer::json(200, body);
    answer.oddities = oddities("", task, true);
    answer
}

/// `POST /agents/repos/{owner}/{repo}/tasks`.
pub fn create(call: &mut Call<'_>, path: &PathValues<'_>, body: &Value) -> Answer {
    let invalid = |code: &str, message: &str| {
        let error = json!({ "code": code, "message": message });
        Answer::error_with(422, "Validation Failed", json!({ "errors": [error] }))
    };
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let prompt = text("prompt").unwrap_or_default();
    if prompt.trim().is_empty() {
        return invalid("missing_field", "prompt is missing");
    }
    let Some(repository) = call.repository(path) else { return Answer::not_found() };
    let base = text("base_ref").unwrap_or_else(|| repository.default_branch().to_owned());
    if !repository.branches.contains(&base) {
        return invalid("invalid", &format!("base_ref '{base}' does not exist"));
    }
    let (repository, now) = (repository.id, World::now());
    // Beyond the numbers of generated tasks.
    let id = task_id(0x1000_0000 + call.world.tasks.len() as u64);
    let name: String = prompt.lines().next().unwrap_or_default().chars().take(NAME_CHARS_MAX).collect();
    let mut task = Task::new(&id, &name, repository, "queued");
    task.creator = call.token.user;
    task.custom_agent = text("custom_agent");
    (task.created_at, task.updated_at) = (now.clone(), now.clone());
    if let Some(session) = task.sessions.last_mut() {
        session.prompt = prompt;
        session.model = text("model");
        session.head_ref = text("head_ref");
        session.base_ref = Some(base);
        session.created_at = now;
    }
    let shown = shown(call.world, &task);
    call.world.put(task);
    Answer::json(201, shown)
}

/// `GET /agents/tasks/{id}/events`, where it is served at all.
pub fn events(call: &mut Call<'_>, id: &str) -> Answer {
    let events = call.world.events.get(id).filter(|_| call.world.serves_events);
    let Some(events) = events else { return Answer::not_found() };
    let total = events.len();
    let listed = page(call.asked, events.iter().collect(), Links::Usual);
    Answer::json(200, json!({ "events": listed.rows, "total": total }))
}

fn shown(world: &World, task: &Task) -> Value {
    let repository = task.repository.and_then(|id| world.repository(id));
    let owner = repository.and_then(|repository| world.users.iter().find(|user| user.login == repository.owner));
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| drop(shown.insert(name.into(), value));
    put("id", json!(task.id));
    put("name", json!(task.name));
    put("creator", json!({ "id": task.creator }));
    put("creator_type", json!("user"));
    put("state", json!(task.state));
    put("session_count", json!(task.sessions.len()));
    put("artifacts", task.artifacts.iter().map(artifact_shown).collect());
    put("archived_at", json!(task.archived_at));
    put("created_at", json!(task.created_at));
    put("updated_at", json!(task.updated_at));
    if let Some(agent) = &task.custom_agent {
        put("custom_agent", json!({ "id": agent }));
    }
    if let Some(repository) = repository {
        put("repository", json!({ "id": repository.id }));
        put("owner", json!({ "id": owner.map_or(repository.id, |owner| owner.id) }));
        if task.has_addresses {
            let name = repository.full_name();
            put("url", json!(format!("https://api.github.com/agents/repos/{name}/tasks/{}", task.id)));
            put("html_url", json!(format!("https://github.com/{name}/copilot/tasks/{}", task.id)));
        }
    }
    shown.into()
}

fn session_shown(world: &World, task: &Task, session: &Session) -> Value {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Option<Value>| drop(value.map(|value| shown.insert(name.into(), value)));
    put("id", Some(json!(session.id)));
    put("name", Some(json!(task.name)));
    put("user", Some(json!({ "id": task.creator })));
    put("repository", task.repository.and_then(|id| world.repository(id)).map(|found| json!({ "id": found.id })));
    put("task_id", Some(json!(task.id)));
    put("state", Some(json!(session.state)));
    put("created_at", Some(json!(session.created_at)));
    put("updated_at", Some(json!(session.completed_at.as_ref().unwrap_or(&task.updated_at))));
    put("completed_at", session.completed_at.as_ref().map(|at| json!(at)));
    put("prompt", Some(json!(session.prompt)));
    put("head_ref", session.head_ref.as_ref().map(|branch| json!(branch)));
    put("base_ref", session.base_ref.as_ref().map(|branch| json!(branch)));
    put("model", session.model.as_ref().map(|model| json!(model)));
    put("usage", session.usage.clone());
    put("error", session.error.as_ref().map(|message| json!({ "message": message })));
    shown.into()
}

fn artifact_shown(artifact: &Artifact) -> Value {
    let (kind, data) = match artifact {
        Artifact::Pull { id, global_id: Some(global_id) } => ("pull", json!({ "id": id, "global_id": global_id })),
        Artifact::Pull { id, global_id: None } => ("pull", json!({ "id": id })),
        Artifact::Branch { head_ref, base_ref } => ("branch", json!({ "head_ref": head_ref, "base_ref": base_ref })),
    };
    json!({ "provider": "github", "type": kind, "data": data })
}

/// What is put over a task at this place, and over its newest session.
fn oddities(place: &str, task: &Task, with_sessions: bool) -> Vec<(String, Value)> {
    let Value::Object(mut fields) = task.oddity.clone() else { return Vec::new() };
    let of_session = fields.remove("session").filter(|_| with_sessions && !task.sessions.is_empty());
    let newest = task.sessions.len().saturating_sub(1);
    let of_session = of_session.map(|oddity| (format!("{place}/sessions/{newest}"), oddity));
    [(place.to_owned(), fields.into())].into_iter().chain(of_session).collect()
}

fn read_time(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}
