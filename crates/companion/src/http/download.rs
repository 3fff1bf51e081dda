//! A task's whole log as a file.

use agent_tasks::{LogFormat, LogQuery, Task, TaskId};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    App,
    answer::Refusal,
    extract::{ApiPath, ApiQuery},
};

/// The longest name of a repository in a file's name, in characters.
const REPOSITORY_CHARS_MAX: usize = 80;

/// `GET /agents/tasks/{task_id}/log`
pub async fn download(
    State(app): State<App>,
    ApiPath(task_id): ApiPath<TaskId>,
    ApiQuery(query): ApiQuery<LogQuery>,
) -> Result<Response, Refusal> {
    let format = query.format.unwrap_or_default();
    let task = app.tasks.get(&task_id).await?;
    let download = app.tasks.download(&task_id, format).await?;
    let attachment = format!("attachment; filename=\"{}\"", file_name(&task, format));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        // The name is plain ASCII.
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&attachment).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    Ok((headers, Body::from_stream(download.pieces())).into_response())
}

/// `owner-repo-0193a1b2-….jsonl`: letters, digits, dots, hyphens and underscores only.
fn file_name(task: &Task, format: LogFormat) -> String {
    let safe = |text: &str| -> String {
        let keep = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_');
        text.chars().map(|char| if keep(char) { char } else { '-' }).collect()
    };
    let repository: String = safe(task.repository_name().unwrap_or("log"))
        .trim_matches(['-', '.'])
        .chars()
        .take(REPOSITORY_CHARS_MAX)
        .collect();
    format!("{repository}-{}.{}", safe(task.id.as_str()), format.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_is_safe_in_a_header_and_on_a_disk() {
        let name = |repository: &str, id: &str, format| {
            let task = serde_json::json!({"id": id, "state": "completed", "created_at": "2026-01-01T00:00:00Z",
                "repository": {"id": 1, "full_name": repository}});
            file_name(&serde_json::from_value(task).unwrap(), format)
        };
        assert_eq!(name("local/sample", "0193-ab", LogFormat::Jsonl), "local-sample-0193-ab.jsonl");
        assert_eq!(name("../..", "a", LogFormat::Text), "-a.txt");
        assert_eq!(name("ä\"/b\r\n", "../x", LogFormat::Ansi), "b-..-x.ansi.txt");
        assert!(name(&"x".repeat(300), "a", LogFormat::Raw).len() < 100);
    }
}
