//! A wait that can be ended early.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::JsFuture;

/// One wait at a time.
#[derive(Default)]
pub(super) struct Pause {
    /// Ends the present wait.
    end: RefCell<Option<js_sys::Function>>,
}

impl Pause {
    /// Waits, or until [`Pause::end`].
    pub(super) async fn wait(&self, delay_ms: u32) {
        let promise = self.begin();
        let Some(resolve) = self.end.borrow().clone() else { return };
        let timeout = Timeout::new(delay_ms, move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL)));
        self.finish(promise).await;
        drop(timeout);
    }

    /// Waits until [`Pause::end`].
    pub(super) async fn wait_for_end(&self) {
        let promise = self.begin();
        self.finish(promise).await;
    }

    /// Whether somebody waits.
    pub(super) fn is_waiting(&self) -> bool {
        self.end.borrow().is_some()
    }

    /// Ends the present wait, if there is one.
    pub(super) fn end(&self) {
        if let Some(resolve) = self.end.borrow_mut().take() {
            drop(resolve.call0(&wasm_bindgen::JsValue::NULL));
        }
    }

    fn begin(&self) -> js_sys::Promise {
        js_sys::Promise::new(&mut |resolve, _| *self.end.borrow_mut() = Some(resolve))
    }

    async fn finish(&self, promise: js_sys::Promise) {
        // The promise has no way to be rejected.
        let _ = JsFuture::from(promise).await;
        self.end.borrow_mut().take();
    }
}
