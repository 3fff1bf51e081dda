//! Find in a task's log.

use agent_tasks::{ErrorCode, ErrorDetail, SearchQuery, SearchWindow, TaskId, search::SEARCH_HITS_MAX};
use axum::{Json, extract::State};
use session_log::{BadQuery, FindOptions, Query};

use super::{
    App,
    answer::Refusal,
    extract::{ApiPath, ApiQuery, within},
};
use crate::derived::HitRange;

/// `GET /agents/tasks/{task_id}/search`
pub async fn search(
    State(app): State<App>,
    ApiPath(task_id): ApiPath<TaskId>,
    ApiQuery(asked): ApiQuery<SearchQuery>,
) -> Result<Json<SearchWindow>, Refusal> {
    let limit = within("limit", asked.limit, 0..=SEARCH_HITS_MAX)?.unwrap_or(SEARCH_HITS_MAX);
    let options = FindOptions { is_case_sensitive: asked.case, is_whole_word: asked.word, is_regex: asked.regex };
    let query = match Query::new(&asked.q, options) {
        Ok(query) => Some(query),
        Err(BadQuery::Empty) => None,
        Err(bad @ (BadQuery::TooLong | BadQuery::BadExpression(_) | BadQuery::NoExpressions)) => {
            return Err(Refusal::invalid(ErrorDetail {
                code: ErrorCode::Invalid,
                field: Some("q".into()),
                message: Some(bad.to_string()),
            }));
        }
    };
    let skip = asked.skip.and_then(|skip| usize::try_from(skip).ok()).unwrap_or_default();
    let range = HitRange { skip, limit: limit as usize, has_steps: asked.steps != Some(false) };
    Ok(Json(app.tasks.search(&task_id, query, range).await?))
}
