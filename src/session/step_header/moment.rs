//! The column of moments: when a step began, as the reader likes to count.

use leptos::prelude::*;
use session_log::{LogDocument, Step};

use crate::session::log_view::{LogContext, LogScreen};
use crate::store::Moments;
use crate::ui::{clock_seconds, elapsed, exact_time, memo};

/// When the step at a place began; nothing unless moments are wanted.
#[component]
pub fn MomentMark(context: LogContext, screen: LogScreen, step: usize) -> impl IntoView {
    let moments = memo(move || context.choices.with(|choices| choices.moments));
    let has_any = memo(move || moments.get() != Moments::None);
    let began = memo(move || {
        let document = has_any.get().then_some(context.document)?;
        document.with(|document| Some(told(document, step)?.started_at))
    });
    let text = memo(move || {
        let since = |from: Option<u64>| from.map(|ms| ["+", &elapsed(ms)].concat()).unwrap_or_default();
        let moments = moments.get();
        // Nothing is listened to for nothing.
        if moments == Moments::None {
            return String::new();
        }
        context.document.with(|document| match moments {
            Moments::None => String::new(),
            Moments::Clock => {
                told(document, step).map(|step| clock_seconds(step.started_at.as_ms())).unwrap_or_default()
            }
            Moments::SinceStart => {
                let session = screen.read(|layout| layout.session_of(step));
                since(session.and_then(|session| between(document, session, step)))
            }
            Moments::SinceLast => since(step.checked_sub(1).and_then(|last| between(document, last, step))),
        })
    });
    view! {
        <Show when=move || has_any.get()>
            <time
                class="step-header-moment"
                datetime=move || began.get().map(|at| at.to_string())
                title=move || began.get().map(|at| exact_time(at.as_ms()))
            >
                {text}
            </time>
        </Show>
    }
}

/// Milliseconds between the beginnings of two steps.
fn between(document: &LogDocument, earlier: usize, later: usize) -> Option<u64> {
    Some(told(document, later)?.started_at.since(told(document, earlier)?.started_at))
}

/// The step at a place, once more is known of it than that it is there.
fn told(document: &LogDocument, step: usize) -> Option<&Step> {
    document.step(step).filter(|step| step.is_told())
}
