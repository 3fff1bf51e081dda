//! Component tests: the page's parts in a real browser, found by role and label.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod comfort;
mod connections;
mod content;
mod facts;
mod files;
mod find;
mod find_by_server;
mod live;
mod log;
mod log_keys;
mod outline;
mod prompt;
mod reading;
mod screen;
mod servers;
mod session;
mod tasks;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
