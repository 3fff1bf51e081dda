//! News as they happen: event streams (open, decode, resume, watch), and asking again and again where a server
//! has none. The only module that knows streams.
//!
//! A stream is a fetch whose body is read as it comes, because an `EventSource` cannot carry a token.
//! What is heard goes to one callback; what is done with it is the caller's business.

mod backoff;
mod connection;
mod download;
mod frame;
mod pause;
mod poll;
pub mod sse;
mod wake;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use self::connection::Outcome;
pub use self::download::{DownloadEnd, download};
pub use self::frame::Frames;
use self::pause::Pause;
pub use self::poll::Poll;
pub use self::sse::SseEvent;
use self::wake::WakeListeners;

/// A connection that lived this long was a good one: the next delay starts from the shortest again.
const GOOD_CONNECTION_MS: f64 = 5_000.0;
/// After this silence a page that wakes up does not trust its connection: the server says something every 15 s.
const DOUBT_MS: f64 = 20_000.0;

/// What a stream tells its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The server answers; events follow.
    Opened,
    /// The connection is gone; another try follows by itself.
    Cut,
    /// The server refuses with this HTTP status; no try follows.
    Refused(u16),
    /// An event.
    Event(SseEvent),
}

/// Where a stream is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The address.
    pub url: String,
    /// The bearer token.
    pub token: String,
    /// The event after which to begin; the whole stream when absent.
    pub last_event_id: Option<String>,
}

/// An open stream. It reads, and comes back after every cut, until it is dropped.
pub struct EventStream {
    shared: Rc<Shared>,
    _wake: WakeListeners,
}

/// What the reading task and the stream's owner both touch.
struct Shared {
    source: Source,
    /// The id to resume after; moves with every event.
    last_event_id: RefCell<Option<String>>,
    on_news: Box<dyn Fn(News)>,
    /// Ends the present connection.
    abort: RefCell<Option<web_sys::AbortController>>,
    /// The wait between two connections.
    pause: Pause,
    /// When anything arrived last.
    heard_at_ms: Cell<f64>,
    /// Whether the next try should not wait.
    is_hurried: Cell<bool>,
    is_closed: Cell<bool>,
}

impl EventStream {
    /// Opens a stream.
    pub fn open(source: Source, on_news: impl Fn(News) + 'static) -> Self {
        let shared = Rc::new(Shared {
            last_event_id: RefCell::new(source.last_event_id.clone()),
            source,
            on_news: Box::new(on_news),
            abort: RefCell::default(),
            pause: Pause::default(),
            heard_at_ms: Cell::new(js_sys::Date::now()),
            is_hurried: Cell::new(false),
            is_closed: Cell::new(false),
        });
        spawn_local(Rc::clone(&shared).run());
        let waking = Rc::downgrade(&shared);
        let wake = WakeListeners::new(move || {
            if let Some(shared) = waking.upgrade() {
                shared.wake();
            }
        });
        Self { shared, _wake: wake }
    }

    /// Reads again after event `id`, or all when absent: what came since does not fit together.
    pub fn restart_from(&self, id: Option<String>) {
        *self.shared.last_event_id.borrow_mut() = id;
        self.shared.cut();
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.shared.is_closed.set(true);
        self.shared.cut();
        self.shared.pause.end();
    }
}

impl Shared {
    async fn run(self: Rc<Self>) {
        let mut attempt = 0;
        while !self.is_closed.get() {
            let started_at_ms = js_sys::Date::now();
            let outcome = connection::read(&self).await;
            if self.is_closed.get() {
                return;
            }
            let wait_ms = match outcome {
                Outcome::Refused(status) => return (self.on_news)(News::Refused(status)),
                Outcome::Over => return,
                Outcome::Cut { wait_ms } => wait_ms,
            };
            (self.on_news)(News::Cut);
            if js_sys::Date::now() - started_at_ms > GOOD_CONNECTION_MS {
                attempt = 0;
            }
            if !self.is_hurried.take() {
                let delay_ms = || backoff::delay_ms(attempt, js_sys::Math::random(), is_page_visible());
                self.pause.wait(wait_ms.unwrap_or_else(delay_ms)).await;
            }
            attempt += 1;
        }
    }

    /// The page woke up, or the network came back: try at once instead of waiting.
    fn wake(&self) {
        if self.pause.is_waiting() {
            self.pause.end();
        } else if js_sys::Date::now() - self.heard_at_ms.get() > DOUBT_MS {
            self.is_hurried.set(true);
            self.cut();
        }
    }

    fn cut(&self) {
        if let Some(abort) = self.abort.borrow_mut().take() {
            abort.abort();
        }
    }
}

/// Whether the page is on screen.
fn is_page_visible() -> bool {
    web_sys::window().and_then(|window| window.document()).is_none_or(|document| {
        !js_sys::Reflect::get(document.unchecked_ref(), &"hidden".into()).is_ok_and(|hidden| hidden.is_truthy())
    })
}
