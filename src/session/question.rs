//! The way to what the agent asks, while that is not on the screen: others may have gone on below it, or the reader may
//! be elsewhere.

use agent_tasks::State;
use leptos::prelude::*;
use session_log::{LogDocument, StepKind, StepState};

use super::log_view::{LogContext, LogScreen};
use super::seen_rows::header_of;
use crate::ui::memo;

/// Leads to the question.
#[component]
pub fn Question(context: LogContext, screen: LogScreen) -> impl IntoView {
    let frame = screen.frame();
    let is_waiting =
        memo(move || context.task.with(|task| task.as_ref().is_some_and(|task| task.state == State::WaitingForUser)));
    let asking = memo(move || if is_waiting.get() { context.document.with(asking_step) } else { None });
    let is_elsewhere =
        move |step: &usize| frame.with(|frame| !frame.rows.is_empty() && !frame.is_seen(*step, screen.screen_px()));
    let wanted = memo(move || asking.get().filter(is_elsewhere));
    let on_click = move |_| {
        if let Some(step) = wanted.get_untracked() {
            screen.reveal(context, header_of(step));
            // The button goes, and what is gone cannot hold the focus.
            if let Some(scroll) = screen.scroll.get_untracked() {
                let _ = scroll.focus();
            }
        }
    };
    view! {
        <Show when=move || wanted.with(Option::is_some)>
            <button type="button" class="log-view-question" on:click=on_click>"Show the question"</button>
        </Show>
    }
}

/// The newest question that nobody has answered.
fn asking_step(document: &LogDocument) -> Option<usize> {
    let is_asking = |step: &usize| {
        let step = document.step(*step);
        step.is_some_and(|step| matches!(step.kind, StepKind::Permission(_)) && step.state == StepState::Waiting)
    };
    (0..document.steps()).rev().find(is_asking)
}
