//! Asking again and again, for servers without a stream: while the page is shown, and at once when it is
//! shown again.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::is_page_visible;
use super::pause::Pause;
use super::wake::WakeListeners;

/// Asks until it is dropped.
pub struct Poll {
    shared: Rc<Shared>,
    _wake: WakeListeners,
}

#[derive(Default)]
struct Shared {
    pause: Pause,
    /// Whether the next turn should not wait.
    is_hurried: Cell<bool>,
    is_closed: Cell<bool>,
}

impl Poll {
    /// `turn` asks once and tells how long to wait before it asks again, in milliseconds. The first turn comes
    /// at once; turns never overlap.
    pub fn start(turn: impl AsyncFn() -> u32 + 'static) -> Self {
        let shared = Rc::new(Shared::default());
        let running = Rc::clone(&shared);
        spawn_local(async move {
            while !running.is_closed.get() {
                let delay_ms = turn().await;
                if !running.is_closed.get() && !running.is_hurried.take() {
                    running.pause.wait(delay_ms).await;
                }
                while !running.is_closed.get() && !is_page_visible() {
                    running.pause.wait_for_end().await;
                }
            }
        });
        let waking = Rc::downgrade(&shared);
        let wake = WakeListeners::new(move || {
            if let Some(shared) = waking.upgrade() {
                shared.pause.end();
            }
        });
        Self { shared, _wake: wake }
    }

    /// Asks now: something was done that the server will tell.
    pub fn hurry(&self) {
        if self.shared.pause.is_waiting() {
            self.shared.pause.end();
        } else {
            self.shared.is_hurried.set(true);
        }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.shared.is_closed.set(true);
        self.shared.pause.end();
    }
}
