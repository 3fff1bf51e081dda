//! Waits until nothing has moved for a while.

use std::time::Duration;

use leptos::prelude::*;

/// Does something once nothing has moved for a while. To move costs no timer while one runs: some things move with
/// every frame.
#[derive(Clone, Copy)]
pub struct Rest {
    while_ms: f64,
    /// When something moved last, by the machine's clock.
    moved_ms: StoredValue<f64>,
    timer: StoredValue<Option<TimeoutHandle>>,
    on_rest: Callback<()>,
}

impl Rest {
    /// Runs `on_rest` when nothing has moved for so long.
    pub fn new(rest: Duration, on_rest: impl Fn() + Send + Sync + 'static) -> Self {
        let timer = StoredValue::new(None::<TimeoutHandle>);
        on_cleanup(move || {
            if let Some(Some(timer)) = timer.try_get_value() {
                timer.clear();
            }
        });
        Self {
            while_ms: rest.as_secs_f64() * 1_000.0,
            moved_ms: StoredValue::new(0.0),
            timer,
            on_rest: Callback::new(move |()| on_rest()),
        }
    }

    /// Something moved.
    pub fn wait(self) {
        self.moved_ms.set_value(js_sys::Date::now());
        if self.timer.with_value(Option::is_none) {
            self.set_timer(self.while_ms);
        }
    }

    fn set_timer(self, wait_ms: f64) {
        let on_time = move || {
            let Some(moved_ms) = self.moved_ms.try_get_value() else { return };
            // A clock may be set back.
            let left_ms = (moved_ms + self.while_ms - js_sys::Date::now()).min(self.while_ms);
            if left_ms > 0.0 {
                return self.set_timer(left_ms);
            }
            self.timer.set_value(None);
            self.on_rest.run(());
        };
        let wait = Duration::from_millis(wait_ms as u64 + 1);
        self.timer.set_value(set_timeout_with_handle(on_time, wait).ok());
    }
}
