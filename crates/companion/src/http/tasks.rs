//! The calls about tasks: list, start, get, steer.

use agent_tasks::{
    ErrorCode, ErrorDetail, NewTask, State as TaskState, Steer, Task, TaskId, TaskList, TaskQuery,
    paths::{COMPANION_BASE, task, task_page},
    query::{PER_PAGE_MAX, TASKS_PER_PAGE, link_header},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use super::{
    App,
    answer::Refusal,
    extract::{ApiJson, ApiPath, ApiQuery, within},
};
use crate::{
    access::hash,
    log::{Start, read_tasks},
    tasks::TaskError,
};

/// The header that makes a start safe to repeat.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The longest key, in bytes.
const KEY_BYTES_MAX: usize = 255;

/// `GET /agents/tasks`
pub async fn list(State(app): State<App>, uri: Uri, ApiQuery(query): ApiQuery<TaskQuery>) -> Result<Response, Refusal> {
    page(&app, &uri, query, None).await
}

/// `GET /agents/repos/{owner}/{repo}/tasks`
pub async fn list_of_repository(
    State(app): State<App>,
    ApiPath((owner, repo)): ApiPath<(String, String)>,
    uri: Uri,
    ApiQuery(query): ApiQuery<TaskQuery>,
) -> Result<Response, Refusal> {
    page(&app, &uri, query, Some((owner, repo))).await
}

/// `POST /agents/repos/{owner}/{repo}/tasks`
pub async fn create(
    State(app): State<App>,
    ApiPath((owner, repo)): ApiPath<(String, String)>,
    headers: HeaderMap,
    ApiJson(new): ApiJson<NewTask>,
) -> Result<(StatusCode, Json<Task>), Refusal> {
    let start = start(&headers, &serde_json::json!([owner, repo, new]))?;
    let tasks = app.tasks.clone();
    let task = to_the_end(async move { tasks.create(&owner, &repo, new, start).await }).await?;
    Ok((StatusCode::CREATED, Json(addressed(&app, task))))
}

/// `GET /agents/tasks/{task_id}`
pub async fn get(State(app): State<App>, ApiPath(id): ApiPath<TaskId>) -> Result<Json<Task>, Refusal> {
    Ok(Json(addressed(&app, app.tasks.get(&id).await?)))
}

/// `GET /agents/repos/{owner}/{repo}/tasks/{task_id}`
pub async fn get_of_repository(
    State(app): State<App>,
    ApiPath((owner, repo, id)): ApiPath<(String, String, TaskId)>,
) -> Result<Json<Task>, Refusal> {
    let task = app.tasks.get(&id).await?;
    if task.repository_name() != Some(&format!("{owner}/{repo}")) {
        return Err(TaskError::no_such_task(&id).into());
    }
    Ok(Json(addressed(&app, task)))
}

/// `POST /agents/tasks/{task_id}/steer`
pub async fn steer(
    State(app): State<App>,
    ApiPath(id): ApiPath<TaskId>,
    headers: HeaderMap,
    ApiJson(steer): ApiJson<Steer>,
) -> Result<StatusCode, Refusal> {
    let start = start(&headers, &serde_json::json!([id, steer]))?;
    let tasks = app.tasks.clone();
    to_the_end(async move { tasks.steer(&id, steer, start).await }).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Does `work` to its end, also when the client goes away meanwhile: half a start or half a stop is worse
/// than none.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, TaskError>> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::spawn(work).await {
        Ok(done) => done.map_err(Refusal::from),
        Err(broken) => std::panic::resume_unwind(broken.into_panic()),
    }
}

/// The task with its addresses on this server.
pub fn addressed(app: &App, mut shown: Task) -> Task {
    let address = app.hosts.address();
    shown.url = Some(format!("{address}{COMPANION_BASE}{}", task(&shown.id)));
    shown.html_url = Some(format!("{address}/{}", task_page(&shown.id)));
    shown
}

async fn page(
    app: &App,
    uri: &Uri,
    query: TaskQuery,
    repository: Option<(String, String)>,
) -> Result<Response, Refusal> {
    let per_page = within("per_page", query.per_page, 1..=PER_PAGE_MAX)?.unwrap_or(TASKS_PER_PAGE);
    let page = within("page", query.page, 1..=u32::MAX)?.unwrap_or(1);
    check_states(query.state.as_deref())?;
    // One more than asked for would tell whether there is more; the totals tell it without a filter.
    let mut list = app.tasks.list(query.clone(), repository.clone()).await?;
    let is_filtered = query.state.is_some() || query.since.is_some();
    let more = if is_filtered {
        let next = TaskQuery { page: Some(page.saturating_add(1)), ..query.clone() };
        !app.tasks.list(next, repository).await?.tasks.is_empty()
    } else {
        read_tasks::count(&list, &query) > u64::from(page) * u64::from(per_page)
    };
    list.tasks = list.tasks.into_iter().map(|task| addressed(app, task)).collect();
    let link = link(app, uri, page, if more { page.saturating_add(1) } else { page });
    Ok((link, Json::<TaskList>(list)).into_response())
}

/// The `Link` header for page `page` of a list at `uri`.
pub fn link(app: &App, uri: &Uri, page: u32, pages: u32) -> [(header::HeaderName, HeaderValue); 1] {
    let kept: Vec<_> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("page="))
        .collect();
    let value = link_header(page, pages, |page| {
        let query = kept.iter().map(|part| format!("{part}&")).collect::<String>();
        format!("{}{COMPANION_BASE}{}?{query}page={page}", app.hosts.address(), uri.path())
    });
    // A query that came as a header line fits into one.
    [(header::LINK, HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("")))]
}

fn check_states(states: Option<&str>) -> Result<(), Refusal> {
    let wrong = states
        .iter()
        .flat_map(|states| states.split(','))
        .find(|word| matches!(TaskState::from(word.trim()), TaskState::Unknown(_)));
    match wrong {
        None => Ok(()),
        Some(word) => Err(Refusal::invalid(ErrorDetail {
            code: ErrorCode::Invalid,
            field: Some("state".into()),
            message: Some(format!("'{word}' is no state; the states are separated by commas")),
        })),
    }
}

/// The key of a request that asks for `asked`, if it has one.
fn start(headers: &HeaderMap, asked: &serde_json::Value) -> Result<Option<Start>, Refusal> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match key.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= KEY_BYTES_MAX => {
            Ok(Some(Start { key: key.to_owned(), body_hash: hash(&asked.to_string()) }))
        }
        _ => Err(Refusal::new(StatusCode::BAD_REQUEST, "the Idempotency-Key must be 1 to 255 plain characters")),
    }
}
