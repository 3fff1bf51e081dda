//! Component tests: the page's parts in a real browser, found by role and label.
#![cfg(target_arch = "wasm32")]

mod live;
mod screen;
mod session;
mod tasks;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
