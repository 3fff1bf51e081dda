//! One connection of a stream, from the request to the last byte.

use gloo_net::http::{Request, Response};
use gloo_timers::callback::Interval;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

use super::sse::SseParser;
use super::{News, Shared};
use agent_tasks::paths::stream::{HEARTBEAT_SECONDS, RESET};

/// Three missed heartbeats: the connection is dead though nobody said so.
const SILENCE_MS_MAX: f64 = HEARTBEAT_SECONDS as f64 * 3_000.0;
/// How often the silence is measured.
const WATCHDOG_INTERVAL_MS: u32 = 2_000;
/// The wait after a 429 that does not say how long.
const RATE_LIMIT_WAIT_MS: u32 = 60_000;

/// How a connection ended.
pub(super) enum Outcome {
    /// By accident; worth another try, after the wait that the server asked for.
    Cut { wait_ms: Option<u32> },
    /// The server has nothing more to say.
    Over,
    /// The server will not have us, with this HTTP status.
    Refused(u16),
}

const CUT: Outcome = Outcome::Cut { wait_ms: None };

/// Opens the stream once and reads it to its end.
pub(super) async fn read(shared: &std::rc::Rc<Shared>) -> Outcome {
    let Ok(abort) = web_sys::AbortController::new() else { return CUT };
    let signal = abort.signal();
    *shared.abort.borrow_mut() = Some(abort);
    shared.heard_at_ms.set(js_sys::Date::now());
    let watched = std::rc::Rc::downgrade(shared);
    let _watchdog = Interval::new(WATCHDOG_INTERVAL_MS, move || {
        if let Some(shared) = watched.upgrade()
            && js_sys::Date::now() - shared.heard_at_ms.get() > SILENCE_MS_MAX
        {
            shared.cut();
        }
    });
    let mut request = Request::get(&shared.source.url)
        .header("Accept", "text/event-stream")
        .header("Authorization", &format!("Bearer {}", shared.source.token))
        .abort_signal(Some(&signal));
    if let Some(id) = shared.last_event_id.borrow().as_deref() {
        request = request.header("Last-Event-ID", id);
    }
    let Ok(response) = request.send().await else { return CUT };
    match response.status() {
        200 => read_body(shared, &response).await,
        204 => Outcome::Over,
        429 | 503 => Outcome::Cut { wait_ms: Some(wait_asked_for(&response)) },
        status @ 400..=499 => Outcome::Refused(status),
        _ => CUT,
    }
}

fn wait_asked_for(response: &Response) -> u32 {
    let seconds = response.headers().get("Retry-After").and_then(|text| text.trim().parse::<u32>().ok());
    match (seconds, response.status()) {
        (Some(seconds), _) => seconds.saturating_mul(1_000),
        (None, 429) => RATE_LIMIT_WAIT_MS,
        (None, _) => 1_000,
    }
}

async fn read_body(shared: &Shared, response: &Response) -> Outcome {
    let is_stream =
        response.headers().get("Content-Type").is_some_and(|content| content.starts_with("text/event-stream"));
    let Some(body) = response.body().filter(|_| is_stream) else { return CUT };
    let Ok(reader) = body.get_reader().dyn_into::<ReadableStreamDefaultReader>() else { return CUT };
    (shared.on_news)(News::Opened);
    let mut parser = SseParser::default();
    while let Some(chunk) = next_chunk(&reader).await {
        if shared.is_closed.get() {
            break;
        }
        shared.heard_at_ms.set(js_sys::Date::now());
        let heard = parser.push(&chunk, |event| {
            if event.name == RESET {
                *shared.last_event_id.borrow_mut() = None;
            } else if !event.id.is_empty() {
                *shared.last_event_id.borrow_mut() = Some(event.id.clone());
            }
            (shared.on_news)(News::Event(event));
        });
        if heard.is_err() {
            shared.cut();
            break;
        }
    }
    Outcome::Cut { wait_ms: parser.retry_ms().and_then(|ms| u32::try_from(ms).ok()) }
}

/// The next bytes; `None` at the end, whatever the reason.
async fn next_chunk(reader: &ReadableStreamDefaultReader) -> Option<Vec<u8>> {
    let part = JsFuture::from(reader.read()).await.ok()?;
    let value = Reflect::get(&part, &"value".into()).ok()?;
    value.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec())
}
