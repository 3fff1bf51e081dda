//! The moments at which a sleeping page should look at its connection: shown again, thawed, back from the
//! history, network back.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::EventTarget;

/// Events of the window that mean "look now".
const WINDOW_EVENTS: [&str; 2] = ["online", "pageshow"];
/// Events of the document that mean "look now".
const DOCUMENT_EVENTS: [&str; 2] = ["visibilitychange", "resume"];

/// Listens until it is dropped.
pub(super) struct WakeListeners {
    closure: Closure<dyn FnMut()>,
    targets: Vec<(EventTarget, &'static str)>,
}

impl WakeListeners {
    /// Calls `on_wake` at every such moment, while the page is visible.
    pub(super) fn new(on_wake: impl Fn() + 'static) -> Self {
        let closure = Closure::<dyn FnMut()>::new(move || {
            if super::is_page_visible() {
                on_wake();
            }
        });
        let mut targets = Vec::new();
        if let Some(window) = web_sys::window() {
            if let Some(document) = window.document() {
                let document = EventTarget::from(document);
                targets.extend(DOCUMENT_EVENTS.map(|name| (document.clone(), name)));
            }
            let window = EventTarget::from(window);
            targets.extend(WINDOW_EVENTS.map(|name| (window.clone(), name)));
        }
        for (target, name) in &targets {
            // Fails only for a name that is no text.
            let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        }
        Self { closure, targets }
    }
}

impl Drop for WakeListeners {
    fn drop(&mut self) {
        for (target, name) in &self.targets {
            let _ = target.remove_event_listener_with_callback(name, self.closure.as_ref().unchecked_ref());
        }
    }
}
