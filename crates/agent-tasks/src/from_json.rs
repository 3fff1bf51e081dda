//! Reading a type from JSON in little code. serde's readers are general and weigh kilobytes per type; the
//! page has some forty types and carries these instead: the same result, of a tree, without reasons.

pub use from_json_derive::FromJson;
pub use serde_json::Value;

/// A type that can be read from JSON.
pub trait FromJson: Sized {
    /// The value that `json` says; `None` when it does not fit.
    fn from_json(json: &Value) -> Option<Self>;

    /// The value of a field that is not there; `None` when it has to be.
    fn absent() -> Option<Self> {
        None
    }
}

/// A field of an object.
pub fn field<T: FromJson>(json: &Value, name: &str) -> Option<T> {
    json.get(name).map_or_else(T::absent, T::from_json)
}

/// A field that may be missing.
pub fn field_or_default<T: FromJson + Default>(json: &Value, name: &str) -> Option<T> {
    json.get(name).map_or_else(|| Some(T::default()), T::from_json)
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Value) -> Option<Self> {
        if json.is_null() { Some(None) } else { T::from_json(json).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Value) -> Option<Self> {
        let mut all = Vec::new();
        for item in json.as_array()? {
            all.push(T::from_json(item)?);
        }
        Some(all)
    }
}

impl FromJson for String {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_str().map(str::to_owned)
    }
}

impl FromJson for Value {
    fn from_json(json: &Value) -> Option<Self> {
        Some(json.clone())
    }
}

impl FromJson for bool {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_bool()
    }
}

impl FromJson for f64 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_f64()
    }
}

impl FromJson for i64 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_i64()
    }
}

impl FromJson for u64 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()
    }
}

impl FromJson for u32 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()?.try_into().ok()
    }
}

impl FromJson for usize {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::{PermissionRequested, SessionShutdown, ToolExecutionComplete, ToolExecutionStart};
    use crate::{Capabilities, Event, OutlineWindow, Session, StepSummary, Task};

    fn check<T: FromJson + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(json: Value) {
        assert_eq!(T::from_json(&json), serde_json::from_value(json.clone()).ok(), "{json}");
    }

    #[test]
    fn the_result_is_that_of_serde() {
        let odd = [json!({}), json!([]), json!(null), json!("x"), json!(7)];
        let whole = json!({"id": "a", "state": "queued", "created_at": "2026-01-01T00:00:00Z", "session_count": 2,
            "artifacts": [{"provider": "git", "type": "branch", "data": {"head_ref": "h", "base_ref": "b"}}, {"type": "x"}],
            "usage": {"type": "t", "amount": 1.5}, "error": null});
        let shutdown = json!({"shutdownType": "new", "codeChanges": {"linesAdded": 1}, "report": {"layer": "l",
            "signals": [{"signal": "SIGTERM", "pid": 7, "command": "c"}], "remaining": 0}});
        let complete = json!({"toolCallId": "t", "success": true, "result": {"contents": [
            {"type": "text", "text": "a"}, {"type": "text"}, {"type": "terminal", "exitCode": -1}, {"type": "new"}, 5,
            {"type": "diff", "path": "p", "newText": "n"}, {"type": "resource_link", "uri": "u"}]}});
        let asked = json!({"requestId": "r", "permissionRequest": {"toolKind": "switch_mode"},
            "options": [{"optionId": "o", "name": "n", "kind": "allow_once"}, {"optionId": "p", "name": "n", "kind": "new"}]});
        let event = json!({"id": "e", "timestamp": "2026-01-01T00:00:00Z", "parentId": "d", "type": "assistant.message",
            "data": {"messageId": "m", "content": "c", "toolRequests": [{"x": 1}]}});
        let summary = json!({"seq": 1, "last_seq": 2, "session_id": "s", "code": "Xs", "started_at": "2026-01-01T00:00:00Z",
            "tool": {"kind": "new", "exit_code": -1, "locations": [{"path": "p"}]}, "plan": {"done": 1},
            "session": {"number": 1}, "permission": {"kind": "k"}, "marks": [{"seq": 1, "line": 2, "at": 3, "pen": "1"}]});
        let outline = json!({"last_seq": 2, "total": 1, "first": 0, "steps": [summary], "open": [{"step": 0, "summary": summary}],
            "map": {"codes": "Xs", "lines": [2], "nested": [{"step": 0, "parent": 0}]}});
        for json in odd.into_iter().chain([whole, shutdown, complete, asked, event, summary, outline]) {
            check::<Task>(json.clone());
            check::<Session>(json.clone());
            check::<Event>(json.clone());
            check::<Capabilities>(json.clone());
            check::<OutlineWindow>(json.clone());
            check::<StepSummary>(json.clone());
            // serde would also fill these from an array, by position.
            if !json.is_array() {
                check::<SessionShutdown>(json.clone());
                check::<ToolExecutionStart>(json.clone());
                check::<ToolExecutionComplete>(json.clone());
                check::<PermissionRequested>(json);
            }
        }
    }

    #[test]
    fn a_field_of_another_kind_does_not_fit() {
        check::<ToolExecutionStart>(json!({"toolCallId": 7}));
        check::<ToolExecutionStart>(json!({"toolCallId": null}));
        check::<ToolExecutionStart>(
            json!({"toolCallId": "t", "title": null, "locations": [{"path": "p", "line": -1}]}),
        );
    }
}
