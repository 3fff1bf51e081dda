//! One request: address, token, time limit, and the answer as a value or a [`Failure`].

use agent_tasks::FromJson;
use gloo_net::http::{Request, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use serde::Serialize;

use super::Failure;

/// No answer after this long counts as none.
const ANSWER_MS_MAX: u32 = 30_000;

/// An answer that is a success.
pub(super) struct Answer {
    /// The body.
    pub(super) body: String,
    /// Whether a `Link` header leads to a next page.
    pub(super) has_next: bool,
    /// The server's clock, where it told it.
    pub(super) server_ms: Option<i64>,
}

impl Answer {
    /// The body as a value.
    pub(super) fn read<T: FromJson>(&self) -> Result<T, Failure> {
        super::read_json(&self.body).ok_or(Failure::Unreadable)
    }
}

/// Reads.
pub(super) async fn get(url: &str, token: &str) -> Result<Answer, Failure> {
    let limit = Limit::new();
    let request = builder(Request::get(url), Some(token), &limit);
    read(request.send().await).await
}

/// Reads a file beside the page, as it is now on its host.
pub(super) async fn get_plain(file: &str) -> Result<Answer, Failure> {
    let limit = Limit::new();
    let request = builder(Request::get(file), None, &limit).cache(web_sys::RequestCache::NoCache);
    read(request.send().await).await
}

/// Writes.
pub(super) async fn post(url: &str, token: Option<&str>, body: &impl Serialize) -> Result<Answer, Failure> {
    let limit = Limit::new();
    let request = builder(Request::post(url), token, &limit).json(body).map_err(|_| Failure::Unreadable)?;
    read(request.send().await).await
}

fn builder(request: RequestBuilder, token: Option<&str>, limit: &Limit) -> RequestBuilder {
    let request = request.header("Accept", "application/json").abort_signal(limit.signal.as_ref());
    match token {
        Some(token) => request.header("Authorization", &format!("Bearer {token}")),
        None => request,
    }
}

async fn read(sent: Result<Response, gloo_net::Error>) -> Result<Answer, Failure> {
    let response = sent.map_err(|_| Failure::Unreachable)?;
    let headers = response.headers();
    let body = response.text().await.map_err(|_| Failure::Unreachable)?;
    if !response.ok() {
        let retry_after = headers.get("Retry-After").and_then(|text| seconds_until(&text));
        return Err(Failure::from_answer(response.status(), retry_after, &body));
    }
    Ok(Answer {
        body,
        has_next: headers.get("Link").is_some_and(|link| agent_tasks::query::next_link(&link).is_some()),
        server_ms: headers.get("Date").and_then(|date| http_date_ms(&date)),
    })
}

/// `Retry-After` in both of its forms.
fn seconds_until(retry_after: &str) -> Option<u64> {
    retry_after.trim().parse().ok().or_else(|| {
        let ms = http_date_ms(retry_after)? as f64 - js_sys::Date::now();
        Some((ms / 1_000.0).ceil().max(0.0) as u64)
    })
}

fn http_date_ms(text: &str) -> Option<i64> {
    let ms = js_sys::Date::parse(text);
    ms.is_finite().then_some(ms as i64)
}

/// Aborts a request that takes too long; dropped when the answer is there.
struct Limit {
    signal: Option<web_sys::AbortSignal>,
    _timeout: Option<Timeout>,
}

impl Limit {
    fn new() -> Self {
        let Ok(controller) = web_sys::AbortController::new() else { return Self { signal: None, _timeout: None } };
        let signal = Some(controller.signal());
        Self { signal, _timeout: Some(Timeout::new(ANSWER_MS_MAX, move || controller.abort())) }
    }
}
