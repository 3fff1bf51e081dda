//! One request over the network: address, token, time limit, and the answer as it came.

use agent_tasks::FromJson;
use gloo_net::http::RequestBuilder;
use gloo_timers::callback::Timeout;
use web_sys::RequestCache;

use super::Failure;
use super::head::Head;

/// No answer after this long counts as none.
const ANSWER_MS_MAX: u32 = 30_000;

/// What is sent.
pub(super) struct Call<'a> {
    /// `GET` or `POST`.
    pub(super) method: gloo_net::http::Method,
    /// Where to.
    pub(super) url: &'a str,
    /// The bearer token.
    pub(super) token: Option<&'a str>,
    /// Headers by name.
    pub(super) headers: &'a [(&'a str, &'a str)],
    /// JSON.
    pub(super) body: Option<String>,
}

/// An answer, of whatever status.
pub(super) struct Reply {
    /// The status.
    pub(super) status: u16,
    /// The headers.
    pub(super) head: Head,
    /// The body.
    pub(super) body: String,
}

impl Reply {
    /// The body as a value.
    pub(super) fn read<T: FromJson>(&self) -> Result<T, Failure> {
        super::read_json(&self.body).ok_or(Failure::Unreadable)
    }

    /// The answer, where it is a success.
    pub(super) fn success(self) -> Result<Self, Failure> {
        match self.status {
            200..=299 => Ok(self),
            status => {
                let wait_seconds = self.head.retry_after_ms(now_ms()).map(|ms| ms.unsigned_abs().div_ceil(1_000));
                Err(Failure::from_answer(status, wait_seconds, &self.body))
            }
        }
    }
}

/// Sends; fails only where no answer came.
pub(super) async fn send(call: Call<'_>) -> Result<Reply, Failure> {
    let limit = Limit::new(call.method == gloo_net::http::Method::GET);
    // Without a store of the browser's own, what the server says is what is seen.
    let mut request = RequestBuilder::new(call.url)
        .method(call.method)
        .cache(RequestCache::NoStore)
        .abort_signal(limit.signal.as_ref());
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    if let Some(token) = call.token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    let request = match call.body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    let response = request.map_err(|_| Failure::Unreadable)?.send().await.map_err(|_| Failure::Unreachable)?;
    let headers = response.headers();
    Ok(Reply {
        status: response.status(),
        head: Head::read(&|name| headers.get(name)),
        body: response.text().await.map_err(|_| Failure::Unreachable)?,
    })
}

/// The clock, in milliseconds since 1970.
pub(super) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Aborts a request that takes too long; dropped when the answer is there, or when nobody waits for it any more.
struct Limit {
    signal: Option<web_sys::AbortSignal>,
    _timeout: Option<Timeout>,
    /// What to abort then. A write goes on: it may have been done.
    on_drop: Option<web_sys::AbortController>,
}

impl Drop for Limit {
    fn drop(&mut self) {
        // Of a request that is over, nothing is aborted.
        if let Some(controller) = &self.on_drop {
            controller.abort();
        }
    }
}

impl Limit {
    fn new(is_read: bool) -> Self {
        let Ok(controller) = web_sys::AbortController::new() else {
            return Self { signal: None, _timeout: None, on_drop: None };
        };
        let (signal, on_drop) = (Some(controller.signal()), is_read.then(|| controller.clone()));
        Self { signal, _timeout: Some(Timeout::new(ANSWER_MS_MAX, move || controller.abort())), on_drop }
    }
}
