//! The repositories that tasks may work in, their branches, and what tasks changed in them.

use agent_tasks::{Branch, Repository, User, repository::Commit};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{App, answer::Refusal, extract::ApiPath};
use crate::{
    git,
    log::task_row::ACCOUNT_ID,
    tasks::{BRANCH_PREFIX, TaskError},
};

/// The media type that asks for a diff.
const DIFF: &str = "application/vnd.github.diff";

/// `GET /user/repos`
pub async fn list(State(app): State<App>) -> Json<Vec<Repository>> {
    let mut repositories = Vec::new();
    for repository in app.tasks.repositories() {
        repositories.push(shown(repository).await);
    }
    Json(repositories)
}

/// `GET /repos/{owner}/{repo}/branches`
pub async fn branches(
    State(app): State<App>,
    ApiPath((owner, repo)): ApiPath<(String, String)>,
) -> Result<Json<Vec<Branch>>, Refusal> {
    let repository = app.tasks.repository(&owner, &repo).ok_or_else(|| no_repository(&owner, &repo))?;
    let mut heads = repository.branches().await.map_err(TaskError::from)?;
    // A task rarely starts from another one's branch, and there may be hundreds of those.
    heads.sort_by_key(|head| head.name.starts_with(BRANCH_PREFIX));
    let branch = |head: git::BranchHead| Branch { name: head.name, commit: Commit { sha: head.sha }, protected: false };
    Ok(Json(heads.into_iter().map(branch).collect()))
}

/// `GET /repos/{owner}/{repo}/compare/{basehead}`
pub async fn compare(
    State(app): State<App>,
    ApiPath((owner, repo, basehead)): ApiPath<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    if !accepts.into_iter().any(|value| value.contains(DIFF)) {
        let message = format!("only the diff is on offer; ask for it with Accept: {DIFF}");
        return Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, message));
    }
    let Some((base, head)) = basehead.split_once("...") else {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "name two branches as base...head"));
    };
    let diff = app.tasks.diff(&owner, &repo, base, head).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], diff).into_response())
}

async fn shown(repository: &git::Repository) -> Repository {
    let default_branch = repository.default_branch().await;
    let problem = match &default_branch {
        Ok(_) => None,
        Err(error) => Some(format!("tasks cannot start here: {error}")),
    };
    Repository {
        id: repository.id(),
        name: repository.name.clone(),
        full_name: repository.full_name(),
        owner: User { id: ACCOUNT_ID, login: repository.owner.clone(), r#type: "User".into() },
        default_branch: default_branch.unwrap_or_default(),
        private: true,
        problem,
    }
}

fn no_repository(owner: &str, repo: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, format!("there is no repository '{owner}/{repo}' here"))
}
