//! What there is in a task's log, step by step.

use agent_tasks::{ErrorCode, ErrorDetail, OutlineQuery, OutlineWindow, TaskId, outline::OUTLINE_LIMIT_MAX};
use axum::{Json, extract::State};

use super::{
    App,
    answer::Refusal,
    extract::{ApiPath, ApiQuery, within},
};

/// `GET /agents/tasks/{task_id}/outline`
pub async fn outline(
    State(app): State<App>,
    ApiPath(task_id): ApiPath<TaskId>,
    ApiQuery(query): ApiQuery<OutlineQuery>,
) -> Result<Json<OutlineWindow>, Refusal> {
    within("limit", query.limit, 1..=OUTLINE_LIMIT_MAX)?;
    if query.first.is_some() && query.seq.is_some() {
        return Err(Refusal::invalid(ErrorDetail {
            code: ErrorCode::Invalid,
            field: None,
            message: Some("first and seq exclude each other; name one of them".into()),
        }));
    }
    Ok(Json(app.tasks.outline(&task_id, &query).await?))
}
