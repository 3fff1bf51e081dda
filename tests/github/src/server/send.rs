//! Sends an answer: its headers, what is new only, and broken in the way a test ordered.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::SystemTime,
};

use axum::{
    body::{Body as HttpBody, Bytes},
    http::{HeaderValue, Method, StatusCode, header::HeaderName},
    response::Response,
};

use super::{
    Stage,
    answer::{Answer, Body},
    asked::Asked,
    cors,
    fault::Fault,
    limits::Resource,
};

/// The host that GitHub's own examples name; the client is given the stand-in's instead.
const GITHUB: &str = "https://api.github.com";
const JSON: &str = "application/json; charset=utf-8";
const NOT_JSON: &str = "<!doctype html><title>Down for maintenance</title>";

/// The answer as it is sent.
pub fn response(stage: &Stage, asked: &Asked, answer: Answer, resource: Resource, fault: Option<&Fault>) -> Response {
    let Answer { status, body, headers, .. } = answer;
    let (media_type, text) = match body {
        Body::Json(body) => (JSON, body.to_string().replace(GITHUB, &asked.base)),
        Body::Text(media_type, text) => (media_type, text),
    };
    let (mut status, mut text) = (status, text);
    let mut more = headers;
    if asked.method == Method::GET && status == 200 {
        let tag = entity_tag(&text);
        let is_known = asked.header("if-none-match").split(',').any(|known| known.trim() == tag);
        more.push(("etag", tag));
        // A browser keeps such an answer for a minute, unless the page asks it not to.
        more.push(("cache-control", "private, max-age=60, s-maxage=60".into()));
        if is_known {
            resource.take_back(&mut stage.world());
            (status, text) = (304, String::new());
        }
    }
    if fault == Some(&Fault::NotJson) {
        text = NOT_JSON.into();
    }
    let limits = resource.headers(&mut stage.world());
    more.extend(limits);
    more.extend(stage.world().poll_interval_seconds.map(|seconds| ("x-poll-interval", seconds.to_string())));
    more.push(("date", httpdate::fmt_http_date(SystemTime::now())));
    more.push(("x-github-media-type", "github.v3; format=json".into()));
    more.push(("vary", "Accept, Authorization, Cookie, X-GitHub-OTP".into()));
    let length = text.len();
    let body = if fault == Some(&Fault::Cut) { half(&text) } else { HttpBody::from(text) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).expect("tests order statuses that HTTP has");
    let sent = response.headers_mut();
    cors::add_to_answer(sent);
    if status != 304 {
        sent.insert("content-type", HeaderValue::from_static(media_type));
        sent.insert("content-length", length.into());
    }
    for (name, value) in more {
        let value = HeaderValue::from_str(&value).expect("the stand-in makes headers of plain text");
        sent.insert(HeaderName::from_static(name), value);
    }
    response
}

/// The first half, and then the connection breaks: the announced length does not come.
fn half(text: &str) -> HttpBody {
    let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
    let broken = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut as ordered");
    // One after the other: an error that comes with the first part would keep it from being sent.
    let parts = futures_util::stream::unfold(Some(Ok(half)), move |part| {
        let error = std::io::Error::new(broken.kind(), broken.to_string());
        async move {
            let part = part?;
            let is_last: bool = Result::is_err(&part);
            if is_last {
                // The half that was sent before has left by now.
                tokio::task::yield_now().await;
            }
            Some((part, (!is_last).then_some(Err(error))))
        }
    });
    HttpBody::from_stream(parts)
}

fn entity_tag(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}
