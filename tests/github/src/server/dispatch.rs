//! From a request to its answer: what the description allows, what a test ordered, what the token may do, and only
//! then what the world says.

use axum::{
    extract::Request as HttpRequest,
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    EVENTS, GRAPHQL, REPOSITORY_BY_ID, Stage,
    answer::{Answer, Body},
    asked::Asked,
    cors,
    fault::Fault,
    graphql,
    headers::{self, Refused, Wanted},
    limits::Resource,
    operations::{self, Call},
    permissions,
    request_log::Request,
    send,
};
use crate::{Described, NotDescribed};

/// Operations that also answer with a diff.
const WITH_DIFF: [&str; 2] = ["pulls/get", "repos/compare-commits-with-basehead"];

/// What a request is for.
enum Target {
    Described(Described),
    Graphql,
    /// What GitHub serves, or may serve, and does not describe.
    NotDescribed {
        name: &'static str,
        /// The number or id in the path.
        id: String,
    },
    Nothing(NotDescribed),
}

/// Answers a request.
pub async fn answer(stage: &Stage, request: HttpRequest) -> Response {
    let asked = Asked::read(request).await;
    if asked.method == Method::OPTIONS {
        stage.log.note_preflight();
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.headers_mut() = cors::preflight(stage, &asked.in_words(), &asked.headers);
        return response;
    }
    let target = Target::of(stage, &asked);
    let place = stage.log.note(Request {
        method: asked.method.to_string(),
        path: asked.path.clone(),
        query: asked.query.clone(),
        is_conditional: !asked.header("if-none-match").is_empty(),
        operation: target.name().map(str::to_owned),
        body: asked.json().ok().flatten(),
        status: None,
        at: std::time::Instant::now(),
    });
    let fault = stage.faults().take(target.name());
    let mut released = stage.released.subscribe();
    let answer = answer_now(stage, &asked, &target, fault.as_ref());
    match fault {
        Some(Fault::Slow(delay)) => tokio::time::sleep(delay).await,
        // It fails when the stand-in ends; then nobody waits for the answer.
        Some(Fault::Held) => drop(released.changed().await),
        Some(_) | None => {}
    }
    let response = send::response(stage, &asked, answer, target.resource(), fault.as_ref());
    stage.log.note_status(place, response.status().as_u16());
    response
}

fn answer_now(stage: &Stage, asked: &Asked, target: &Target, fault: Option<&Fault>) -> Answer {
    let about = asked.in_words();
    let mut answer = act(stage, asked, target, fault).unwrap_or_else(|Refused { answer, complaint }| {
        complaint.iter().for_each(|complaint| stage.complain(&about, complaint));
        answer
    });
    for violation in target.answer_violations(&answer) {
        stage.complain(&about, &format!("the stand-in itself answers wrongly: {violation}"));
    }
    answer.become_odd();
    answer
}

fn act(stage: &Stage, asked: &Asked, target: &Target, fault: Option<&Fault>) -> Result<Answer, Refused> {
    if let Target::Nothing(reason) = target {
        let complaint = match reason {
            NotDescribed::Path => "there is no such path".to_owned(),
            NotDescribed::Method(methods) => format!("this path takes {} only", methods.join(", ")),
        };
        return Err(Refused { answer: Answer::not_found(), complaint: Some(complaint) });
    }
    let mut world = stage.world();
    let token = headers::token(asked, &world)?;
    let wanted = headers::wanted(asked)?;
    headers::see_others(asked)?;
    let body = target.see_request(asked, wanted)?;
    if let Some(refusal) = fault.and_then(Fault::refusal) {
        return Ok(refusal);
    }
    let done = target.resource().count(&mut world, token.user);
    if let Err(refusal) = done.and_then(|()| permissions::see(&token, target.name().unwrap_or_default())) {
        return Ok(refusal);
    }
    let mut call = Call { description: stage.description, asked, world: &mut world, token: &token, wanted };
    match target {
        Target::Graphql => graphql::answer(&mut call, &body.unwrap_or_default()),
        Target::NotDescribed { name, id } => Ok(operations::not_described(&mut call, name, id)),
        Target::Described(described) => operations::described(&mut call, described, body),
        Target::Nothing(_) => Ok(Answer::not_found()),
    }
}

impl Target {
    fn of(stage: &Stage, asked: &Asked) -> Self {
        if asked.is_graphql() && asked.method == Method::POST {
            return Self::Graphql;
        }
        match stage.description.find(asked.method.as_str(), &asked.path) {
            Ok(described) => Self::Described(described),
            Err(reason) => {
                let segments: Vec<&str> = asked.path.split('/').collect();
                let not_described = |name, id: &str| Self::NotDescribed { name, id: id.to_owned() };
                match (asked.method == Method::GET, segments.as_slice()) {
                    (true, ["", "agents", "tasks", id, "events"]) => not_described(EVENTS, id),
                    (true, ["", "repositories", id]) => not_described(REPOSITORY_BY_ID, id),
                    _ => Self::Nothing(reason),
                }
            }
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Described(described) => Some(&described.operation.id),
            Self::Graphql => Some(GRAPHQL),
            Self::NotDescribed { name, .. } => Some(name),
            Self::Nothing(_) => None,
        }
    }

    fn resource(&self) -> Resource {
        match self {
            Self::Graphql => Resource::Graphql,
            Self::Described(_) | Self::NotDescribed { .. } | Self::Nothing(_) => Resource::Core,
        }
    }

    /// The body, once nothing is wrong with the request.
    fn see_request(&self, asked: &Asked, wanted: Wanted) -> Result<Option<Value>, Refused> {
        let body = asked.json().map_err(|error| Refused {
            answer: Answer::error(400, "Problems parsing JSON"),
            complaint: Some(format!("its body is not JSON: {error}")),
        })?;
        let violations = match self {
            Self::Described(Described { operation, path_values }) => {
                let mut violations = operation.request_violations(path_values, &asked.query, body.as_ref());
                if wanted == Wanted::Diff && !WITH_DIFF.contains(&operation.id.as_str()) {
                    violations.push("header: it asks for a diff where there is none".into());
                }
                violations
            }
            Self::NotDescribed { name, id } => {
                let allowed: &[&str] = if *name == EVENTS { &["page", "per_page"] } else { &[] };
                let unknown = asked.query.iter().filter(|(name, _)| !allowed.contains(&name.as_str()));
                let mut violations: Vec<String> =
                    unknown.map(|(name, _)| format!("query: '{name}' is not known")).collect();
                if *name == REPOSITORY_BY_ID && id.parse::<u64>().is_err() {
                    violations.push("path: a repository has a number".into());
                }
                violations
            }
            Self::Graphql | Self::Nothing(_) => Vec::new(),
        };
        let too_many = asked.query_value("per_page").and_then(|text| text.parse::<usize>().ok());
        let too_many = too_many.filter(|rows| *rows > super::paging::PER_PAGE_MAX && violations.is_empty());
        let violations: Vec<String> = violations
            .into_iter()
            .chain(too_many.map(|rows| format!("query: a page has at most 100 rows, not {rows}")))
            .collect();
        if violations.is_empty() {
            return Ok(body);
        }
        let errors: Vec<Value> =
            violations.iter().map(|violation| json!({ "code": "invalid", "message": violation })).collect();
        let answer = Answer::error_with(422, "Validation Failed", json!({ "errors": errors }));
        Err(Refused { answer, complaint: Some(violations.join("; ")) })
    }

    fn answer_violations(&self, answer: &Answer) -> Vec<String> {
        let (Self::Described(Described { operation, .. }), Body::Json(body)) = (self, &answer.body) else {
            return Vec::new();
        };
        let mut violations = operation.answer_violations(answer.status, Some(body));
        if answer.status < 300 {
            let unknown = operation.unknown_answer_fields(answer.status, body);
            violations.extend(unknown.iter().map(|place| format!("{place} is not described")));
        }
        violations
    }
}
