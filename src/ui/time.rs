//! Moments and lengths that tick.

use leptos::prelude::*;

use super::duration::{ago, elapsed};
use super::memo;

/// How long ago a moment was, with the exact time and zone at hand.
#[component]
pub fn RelativeTime(
    /// The moment, in milliseconds since 1970.
    #[prop(into)]
    at_ms: Signal<i64>,
    /// The present, on the same clock.
    #[prop(into)]
    now_ms: Signal<i64>,
) -> impl IntoView {
    let text = memo(move || ago(span_ms(at_ms.get(), now_ms.get())));
    let date = move || js_sys::Date::new(&(at_ms.get() as f64).into());
    view! {
        <time
            class="relative-time"
            datetime=move || date().to_iso_string().as_string()
            title=move || date().to_string().as_string()
        >
            {text}
        </time>
    }
}

/// A moment as the clock and calendar of this machine tell it.
#[component]
pub fn Moment(
    /// The moment, in milliseconds since 1970.
    at_ms: i64,
) -> impl IntoView {
    let date = js_sys::Date::new(&(at_ms as f64).into());
    let text = String::from(date.to_locale_string("default", &wasm_bindgen::JsValue::UNDEFINED));
    view! { <time class="moment" datetime=date.to_iso_string().as_string()>{text}</time> }
}

/// The hour of a moment by this machine's clock: `14:05`.
pub fn clock_time(at_ms: i64) -> String {
    let date = js_sys::Date::new(&(at_ms as f64).into());
    format!("{}:{:02}", date.get_hours(), date.get_minutes())
}

/// The second of a moment by this machine's clock: `14:05:09`.
pub fn clock_seconds(at_ms: i64) -> String {
    let date = js_sys::Date::new(&(at_ms as f64).into());
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}

/// A moment with its day and zone.
pub fn exact_time(at_ms: i64) -> String {
    js_sys::Date::new(&(at_ms as f64).into()).to_string().into()
}

/// How long something takes or took.
#[component]
pub fn Elapsed(
    /// Its start, in milliseconds since 1970.
    #[prop(into)]
    from_ms: Signal<i64>,
    /// Its end; the present while it lasts.
    #[prop(into)]
    to_ms: Signal<i64>,
) -> impl IntoView {
    let text = memo(move || elapsed(span_ms(from_ms.get(), to_ms.get())));
    view! { <span class="elapsed">{text}</span> }
}

/// Never negative: clocks differ.
fn span_ms(from_ms: i64, to_ms: i64) -> u64 {
    u64::try_from(to_ms.saturating_sub(from_ms)).unwrap_or(0)
}
