//! The column of moments: when a step began, as the reader likes to count.

use agent_tasks::Timestamp;
use leptos::prelude::*;
use session_log::{Layout, LogDocument, Step};

use crate::store::Moments;
use crate::ui::{clock_seconds, elapsed, exact_time};

/// When a step began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// By the clock; absent while only its place is known.
    began: Option<Timestamp>,
    /// As the reader likes to count.
    text: String,
}

impl Moment {
    /// When the step at a place began; nothing unless moments are wanted.
    pub fn of(moments: Moments, document: &LogDocument, layout: &Layout, step: usize) -> Option<Self> {
        let began = told(document, step).map(|step| step.started_at);
        let since = |from: Option<u64>| from.map(|ms| ["+", &elapsed(ms)].concat()).unwrap_or_default();
        let text = match moments {
            Moments::None => return None,
            Moments::Clock => began.map(|began| clock_seconds(began.as_ms())).unwrap_or_default(),
            Moments::SinceStart => since(layout.session_of(step).and_then(|session| between(document, session, step))),
            Moments::SinceLast => since(step.checked_sub(1).and_then(|last| between(document, last, step))),
        };
        Some(Self { began, text })
    }
}

/// The moment at which a step began.
#[component]
pub fn MomentMark(moment: Moment) -> impl IntoView {
    let Moment { began, text } = moment;
    let title = began.map(|at| exact_time(at.as_ms()));
    view! { <time class="step-header-moment" datetime=began.map(|at| at.to_string()) title=title>{text}</time> }
}

/// Milliseconds between the beginnings of two steps.
fn between(document: &LogDocument, earlier: usize, later: usize) -> Option<u64> {
    Some(told(document, later)?.started_at.since(told(document, earlier)?.started_at))
}

/// The step at a place, once more is known of it than that it is there.
fn told(document: &LogDocument, step: usize) -> Option<&Step> {
    document.step(step).filter(|step| step.is_told())
}
