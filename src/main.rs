//! Starts the page.

use flightdeck::app::{App, show_crash};

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        show_crash();
    }));
    leptos::mount::mount_to_body(App);
}
