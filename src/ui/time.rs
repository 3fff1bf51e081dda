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
