//! The branch that a task works on. Pure.

use agent_tasks::Task;

/// A branch of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WorkBranch<'a> {
    /// Its name.
    pub(super) head_ref: &'a str,
    /// The branch that it started from, where that is told.
    pub(super) base_ref: Option<&'a str>,
}

/// The branch that a task works on: that of its newest session that has one, else that of its artifact.
pub(super) fn branch_of(task: &Task) -> Option<WorkBranch<'_>> {
    let named = |name: &'_ str| !name.is_empty();
    let artifact = task.branch().filter(|branch| named(&branch.head_ref));
    let artifact = artifact.map(|branch| WorkBranch {
        head_ref: branch.head_ref.as_str(),
        base_ref: Some(branch.base_ref.as_str()).filter(|name| named(name)),
    });
    let newest = task.sessions.iter().flatten().rev().find_map(|session| {
        let head_ref = session.head_ref.as_deref().filter(|name| named(name))?;
        let of_artifact = || artifact.filter(|artifact| artifact.head_ref == head_ref)?.base_ref;
        let base_ref = session.base_ref.as_deref().filter(|name| named(name)).or_else(of_artifact);
        Some(WorkBranch { head_ref, base_ref })
    });
    newest.or(artifact)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_newest_sessions_branch_counts_before_the_artifact() {
        let session = |head_ref: Value, base_ref: Value| {
            json!({"id": "s", "state": "queued", "created_at": "2026-01-01T00:00:00Z", "head_ref": head_ref,
                "base_ref": base_ref})
        };
        let check = |artifacts: &Value, sessions: Value, expected: Option<(&str, Option<&str>)>| {
            let task = json!({"id": "a", "state": "queued", "created_at": "2026-01-01T00:00:00Z",
                "artifacts": artifacts, "sessions": sessions});
            let expected = expected.map(|(head_ref, base_ref)| WorkBranch { head_ref, base_ref });
            assert_eq!(branch_of(&serde_json::from_value(task.clone()).unwrap()), expected, "{task}");
        };
        let none = json!([]);
        let a = json!([{"provider": "github", "type": "branch", "data": {"head_ref": "a", "base_ref": "main"}}]);
        let null = Value::Null;
        check(&none, null.clone(), None);
        check(&none, json!([session(null.clone(), null.clone())]), None);
        check(&none, json!([session(json!(""), json!("main"))]), None);
        check(&a, null.clone(), Some(("a", Some("main"))));
        check(&a, json!([session(null.clone(), null.clone())]), Some(("a", Some("main"))));
        check(&a, json!([session(json!("a"), null.clone())]), Some(("a", Some("main"))));
        check(&a, json!([session(json!("b"), null.clone())]), Some(("b", None)));
        let (b, c) = (session(json!("b"), json!("main")), session(json!("c"), json!("next")));
        check(&a, json!([b, c]), Some(("c", Some("next"))));
        check(&a, json!([b, session(null.clone(), null.clone())]), Some(("b", Some("main"))));
    }
}
