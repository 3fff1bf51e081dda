//! A page of tasks, read row by row: one that this version cannot read must not hide the others.

use agent_tasks::Task;
use serde_json::Value;

use super::{Failure, read::task_of};

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TaskPage {
    /// The tasks that could be read.
    pub tasks: Vec<Task>,
    /// How many could not.
    pub unreadable_count: usize,
    /// Whether there is a next page.
    pub has_next: bool,
}

impl TaskPage {
    /// Reads the body of a list.
    pub(super) fn read(body: &str, has_next: bool) -> Result<Self, Failure> {
        let list: Value = super::read_json(body).ok_or(Failure::Unreadable)?;
        let rows = list["tasks"].as_array().ok_or(Failure::Unreadable)?;
        let tasks: Vec<Task> = rows.iter().filter_map(task_of).collect();
        Ok(Self { unreadable_count: rows.len() - tasks.len(), tasks, has_next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_cannot_be_read_hides_no_other() {
        let body = r#"{"tasks": [
            {"id": "a", "state": "queued", "created_at": "2026-01-01T00:00:00Z"},
            {"id": 7, "state": "queued", "created_at": "2026-01-01T00:00:00Z"},
            {"id": "b", "state": "hibernating", "created_at": "2026-01-01T00:00:00Z", "new_field": {}},
            null]}"#;
        let page = TaskPage::read(body, false).unwrap();
        assert_eq!((page.tasks.len(), page.unreadable_count), (2, 2));
        assert_eq!(TaskPage::read("<html>", false), Err(Failure::Unreadable));
        assert_eq!(TaskPage::read("{}", false), Err(Failure::Unreadable));
    }
}
