//! Gathers what arrives and hands it on once per frame of the screen, so that a burst costs one update.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// A hidden page has no frames; this is its pace.
const HIDDEN_PACE_MS: u32 = 250;
/// What is gathered at most before it is handed on without a frame.
const GATHERED_MAX: usize = 2_000;

/// Gathers values of `T`. Clones share the same gathering.
pub struct Frames<T: 'static> {
    inner: Rc<Inner<T>>,
}

struct Inner<T> {
    gathered: RefCell<Vec<T>>,
    is_asked: Cell<bool>,
    on_frame: Box<dyn Fn(Vec<T>)>,
}

impl<T> Clone for Frames<T> {
    fn clone(&self) -> Self {
        Self { inner: Rc::clone(&self.inner) }
    }
}

impl<T> Frames<T> {
    /// `on_frame` gets everything that was gathered since the frame before, in order.
    pub fn new(on_frame: impl Fn(Vec<T>) + 'static) -> Self {
        let on_frame = Box::new(on_frame);
        Self { inner: Rc::new(Inner { gathered: RefCell::default(), is_asked: Cell::new(false), on_frame }) }
    }

    /// Adds one value.
    pub fn push(&self, value: T) {
        self.inner.gathered.borrow_mut().push(value);
        if self.inner.gathered.borrow().len() >= GATHERED_MAX {
            return self.inner.hand_on();
        }
        if self.inner.is_asked.replace(true) {
            return;
        }
        let inner = Rc::downgrade(&self.inner);
        ask_for_frame(move || {
            if let Some(inner) = inner.upgrade() {
                inner.is_asked.set(false);
                inner.hand_on();
            }
        });
    }

    /// Forgets what was gathered.
    pub fn clear(&self) {
        self.inner.gathered.borrow_mut().clear();
    }
}

impl<T> Inner<T> {
    fn hand_on(&self) {
        let gathered = std::mem::take(&mut *self.gathered.borrow_mut());
        if !gathered.is_empty() {
            (self.on_frame)(gathered);
        }
    }
}

fn ask_for_frame(on_frame: impl FnOnce() + 'static) {
    if !super::is_page_visible() {
        Timeout::new(HIDDEN_PACE_MS, on_frame).forget();
    } else if let Some(window) = web_sys::window() {
        let callback = Closure::once_into_js(on_frame);
        // Fails only outside a page.
        let _ = window.request_animation_frame(callback.unchecked_ref());
    }
}
