//! Reads what a newer or older server may say in another way: what does not fit is left out, and hides nothing else.

use agent_tasks::{FromJson, Session, Task};
use serde_json::{Map, Value};

use super::Failure;

/// What a task and a session cannot be without.
const ESSENTIAL: [&str; 3] = ["id", "state", "created_at"];

/// The rows of a list that can be read.
pub(super) fn read_rows<T: FromJson>(body: &str) -> Result<Vec<T>, Failure> {
    let list: Value = super::read_json(body).ok_or(Failure::Unreadable)?;
    Ok(list.as_array().ok_or(Failure::Unreadable)?.iter().filter_map(T::from_json).collect())
}

/// The task that a body tells.
pub(super) fn read_task(body: &str) -> Result<Task, Failure> {
    super::read_json::<Value>(body).as_ref().and_then(task_of).ok_or(Failure::Unreadable)
}

/// Reads a task. A field that does not fit is left out, in its sessions too.
pub(super) fn task_of(json: &Value) -> Option<Task> {
    if let Some(task) = Task::from_json(json) {
        return Some(task);
    }
    let mut task: Task = read_essential(json.as_object()?)?;
    task.sessions = json["sessions"].as_array().map(|all| all.iter().filter_map(session_of).collect());
    Some(task)
}

fn session_of(json: &Value) -> Option<Session> {
    Session::from_json(json).or_else(|| read_essential(json.as_object()?))
}

/// Reads the essential fields, and of the others those that fit.
fn read_essential<T: FromJson>(fields: &Map<String, Value>) -> Option<T> {
    let is_essential = |name: &str| ESSENTIAL.contains(&name);
    let mut kept = Map::new();
    for (name, value) in fields.iter().filter(|(name, _)| is_essential(name)) {
        kept.insert(name.clone(), value.clone());
    }
    for (name, value) in fields.iter().filter(|(name, _)| !is_essential(name)) {
        let mut more = kept.clone();
        more.insert(name.clone(), value.clone());
        let more = Value::Object(more);
        if let (Some(_), Value::Object(more)) = (T::from_json(&more), more) {
            kept = more;
        }
    }
    T::from_json(&Value::Object(kept))
}

#[cfg(test)]
mod tests {
    use agent_tasks::State;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_does_not_fit_is_left_out_and_hides_nothing() {
        let session = json!({"id": "s", "state": "in_progress", "created_at": "2026-01-01T00:00:00Z",
            "error": {}, "usage": {"type": 5}, "head_ref": "copilot/fix", "model": null});
        let task = task_of(&json!({"id": "a", "state": "hibernating", "created_at": "2026-01-01T00:00:00Z",
            "name": null, "artifacts": null, "creator": {"id": null}, "session_count": -1, "updated_at": "yesterday",
            "html_url": "https://github.com/o/r/copilot/tasks/a", "repository": {"id": 7}, "weather": {"rain": []},
            "sessions": [session, {"id": 7}, null]}))
        .unwrap();
        assert_eq!((task.name.as_str(), task.artifacts.len(), task.session_count), ("", 0, 0));
        assert_eq!((task.repository.unwrap().id, task.updated_at), (7, None));
        assert_eq!((task.state, task.html_url.is_some()), (State::from("hibernating"), true));
        let sessions = task.sessions.unwrap();
        assert_eq!((sessions.len(), sessions[0].head_ref.as_deref()), (1, Some("copilot/fix")));
        assert_eq!((sessions[0].error.as_ref(), sessions[0].usage.as_ref()), (None, None));
    }

    #[test]
    fn every_optional_field_may_be_null_or_of_another_kind() {
        let whole = json!({"id": "a", "url": "u", "html_url": "h", "name": "n", "creator": {"id": 1},
            "creator_type": "user", "owner": {"id": 1}, "repository": {"id": 1}, "state": "queued",
            "session_count": 1, "artifacts": [], "archived_at": null, "updated_at": "2026-01-01T00:00:00Z",
            "created_at": "2026-01-01T00:00:00Z", "custom_agent": {"id": "x"}, "sessions": []});
        for name in whole.as_object().unwrap().keys().filter(|name| !ESSENTIAL.contains(&name.as_str())) {
            for odd in [json!(null), json!(7), json!("x"), json!({}), json!([null]), json!({"id": null})] {
                let mut task = whole.clone();
                task[name] = odd.clone();
                assert!(task_of(&task).is_some(), "{name}: {odd}");
            }
        }
    }

    #[test]
    fn what_is_no_task_is_none() {
        for odd in [json!(null), json!([]), json!({"id": "a"}), json!({"id": 7, "state": "queued"})] {
            assert!(task_of(&odd).is_none(), "{odd}");
        }
    }
}
