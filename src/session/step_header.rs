//! A step's one line: a button that opens the step, or plain text where there is nothing to open.

use leptos::prelude::*;
use session_log::{Fold, StepState};

use super::diffstat::Diffstat;
use super::log_view::{LogContext, LogScreen};
use super::step_line::StepLine;
use super::step_menu::StepMenu;
use super::visible_text::{VisibleLine, VisibleText};
use crate::ui::{counted, elapsed, memo};

/// The shortest time that is told, in milliseconds.
const WORTH_TELLING_MS: u64 = 1_000;

/// The header of the step at a place.
#[component]
pub fn StepHeader(context: LogContext, screen: LogScreen, step: usize) -> impl IntoView {
    let line = memo(move || {
        let fold = screen.fold(step);
        context.document.with(|document| Some(StepLine::new(document, document.step(step)?, fold)))
    });
    let is_open = memo(move || screen.fold(step) == Fold::Open);
    let part = move |part: fn(&StepLine) -> String| {
        memo(move || line.with(|line| line.as_ref().map(part).unwrap_or_default()))
    };
    let word = part(|line| line.word.clone());
    let look = part(|line| line.word.split(' ').next().unwrap_or_default().to_lowercase());
    let state = part(|line| look_of(line.state).to_owned());
    let state_label = part(|line| line.state_word.to_owned());
    let seq = memo(move || line.with(|line| line.as_ref().map(|line| line.seq).unwrap_or_default()));
    let can_open = memo(move || line.with(|line| line.as_ref().is_some_and(|line| line.can_open)));
    let moment = part(|line| line.started_at.to_string());
    let time = memo(move || {
        line.with(|line| {
            let line = line.as_ref().filter(|line| line.is_timed)?;
            // The clock is read for what goes on only.
            let ms = line.ended_at.unwrap_or_else(|| context.now.get()).since(line.started_at);
            (ms >= WORTH_TELLING_MS).then(|| elapsed(ms))
        })
    });

    let summary = move || {
        view! {
            <span class="step-header-mark" aria-hidden="true"></span>
            <span class="step-header-word">{word}</span>
            <span class="step-header-title">{move || title(line)}</span>
            <span class="step-header-facts">
                {move || facts(line)}
                <span class="step-header-state">{state_label}</span>
                {move || time.get().map(|time| view! { <span class="step-header-time" title=moment>{time}</span> })}
            </span>
        }
    };
    view! {
        <div class="step-header" data-step=look data-state=state>
            <Show
                when=move || can_open.get()
                fallback=move || view! { <div class="step-header-line">{summary()}</div> }
            >
                <button
                    type="button"
                    class="step-header-line"
                    aria-expanded=move || is_open.get().to_string()
                    on:click=move |_| screen.toggle(context, step)
                >
                    {summary()}
                </button>
            </Show>
            <StepMenu context step />
            <a class="step-header-link" href=move || context.step_address.run(seq.get()) aria-label="Link to this step">"#"</a>
        </div>
    }
}

fn title(line: Memo<Option<StepLine>>) -> AnyView {
    let (title, command) =
        line.with(|line| line.as_ref().map(|line| (line.title.clone(), line.command.clone())).unwrap_or_default());
    let title =
        (!title.is_empty()).then(|| view! { <span class="step-header-words"><VisibleLine text=title /></span> });
    let command =
        command.map(|command| view! { <code class="step-header-command"><VisibleText text=command /></code> });
    (command, title).into_any()
}

fn facts(line: Memo<Option<StepLine>>) -> AnyView {
    let (outcome, diffstat, lines) = line
        .with(|line| line.as_ref().map(|line| (line.outcome.clone(), line.diffstat, line.lines)).unwrap_or_default());
    let outcome =
        outcome.map(|outcome| view! { <span class="step-header-outcome"><VisibleLine text=outcome /></span> });
    let lines = match (diffstat, lines) {
        (Some((added, removed)), _) => view! { <Diffstat added=added.into() removed=removed.into() /> }.into_any(),
        (None, 0) => ().into_any(),
        (None, lines) => view! { <span class="step-header-lines">{counted(lines, "line")}</span> }.into_any(),
    };
    (outcome, lines).into_any()
}

/// The name of a state's look.
fn look_of(state: StepState) -> &'static str {
    match state {
        StepState::Running => "running",
        StepState::Waiting => "waiting",
        StepState::Succeeded => "succeeded",
        StepState::Failed => "failed",
        StepState::Cancelled => "cancelled",
    }
}
