//! A step's one line: a button that opens the step, or plain text where there is nothing to open. The line of a group
//! stands above that of its first step.

mod bar;
mod group;
mod moment;
mod nested;

use leptos::{ev, prelude::*};
use session_log::{Fold, Nested, StepState};

use super::code::Command;
use super::diffstat::Diffstat;
use super::log_view::{LogContext, LogScreen};
use super::step_line::{StepLine, is_held};
use super::step_menu::StepMenu;
use super::visible_text::VisibleLine;
use crate::ui::{counted, elapsed, grouped, memo};
use bar::Bar;
use group::GroupLine;
use moment::MomentMark;
use nested::NestedLine;

/// The shortest time that is told, in milliseconds.
const WORTH_TELLING_MS: u64 = 1_000;
/// The deepest that the page sets rows in.
const DEPTHS: usize = 3;

/// The header of the step at a place.
#[component]
pub fn StepHeader(context: LogContext, screen: LogScreen, step: usize) -> impl IntoView {
    let group = memo(move || screen.read(|layout| layout.group(step)));
    let is_own = memo(move || group.get().is_none_or(|group| group.is_open));
    let has_group = memo(move || group.with(Option::is_some));
    let place = memo(move || {
        screen.read(|layout| Place {
            fold: layout.fold(step),
            holds_steps: layout.holds_steps(step),
            nested: layout.nested(step),
            is_summoned: layout.is_summoned(step),
            longest_ms: layout.longest_ms(step),
        })
    });
    // Many headers stand on the screen while one step grows: the others have nothing new to say.
    let news = memo(move || {
        context.document.with(|document| {
            let shown = document.step(step)?;
            Some((shown.revision(), is_held(document, shown, step)))
        })
    });
    let line = memo(move || {
        let (_, is_held) = news.get()?;
        let fold = place.get().fold;
        context.document.with_untracked(|document| {
            let mut line = StepLine::new(document, document.step(step)?, fold);
            if is_held {
                (line.state, line.state_word) = (StepState::Waiting, "Waits for your answer");
            }
            Some(line)
        })
    });
    let is_open = memo(move || place.get().fold == Fold::Open);
    let part = move |part: fn(&StepLine) -> String| {
        memo(move || line.with(|line| line.as_ref().map(part).unwrap_or_default()))
    };
    let word = part(|line| line.word.clone());
    let look = part(|line| line.word.split(' ').next().unwrap_or_default().to_ascii_lowercase());
    let state = part(|line| look_of(line.state).to_owned());
    let state_label = part(|line| line.state_word.to_owned());
    let seq = memo(move || line.with(|line| line.as_ref().map(|line| line.seq).unwrap_or_default()));
    let can_open =
        memo(move || place.get().holds_steps || line.with(|line| line.as_ref().is_some_and(|line| line.can_open)));
    let ms = memo(move || {
        line.with(|line| {
            let line = line.as_ref().filter(|line| line.is_timed)?;
            // The clock is read for what goes on only.
            let ms = line.ended_at.unwrap_or_else(|| context.now.get()).since(line.started_at);
            (ms >= WORTH_TELLING_MS).then_some(ms)
        })
    });
    let longest_ms = Signal::derive(move || place.get().longest_ms);
    let nested = memo(move || place.get().nested.filter(|_| !is_open.get()));
    let has_nested = memo(move || nested.with(Option::is_some));
    let group_look = move || group.get().map(|group| if group.is_open { "open" } else { "closed" });

    let summary = move || {
        view! {
            <span class="step-header-mark" aria-hidden="true"></span>
            <span class="step-header-word">{word}</span>
            <span class="step-header-title">{move || title(line)}</span>
            <span class="step-header-facts">
                {move || place.get().is_summoned.then(|| view! {
                    <span class="step-header-summoned" title="The filter leaves out steps like this one. It is shown because a link or a hit leads to it.">
                        "Shown in spite of the filter"
                    </span>
                })}
                {move || facts(line)}
                <span class="step-header-state">{state_label}</span>
                {move || ms.get().map(|ms| view! { <span class="step-header-time">{elapsed(ms)}</span> })}
            </span>
        }
    };
    let on_click = move |event: ev::MouseEvent| {
        if event.alt_key() && place.get_untracked().holds_steps {
            open_all(context, screen, step);
        } else {
            screen.toggle(context, step);
        }
    };
    view! {
        <div
            class="step-header"
            data-step=look
            data-state=state
            data-group=group_look
            data-depth=depth_of(screen, step)
        >
            <Show when=move || has_group.get()>
                <GroupLine context screen step group />
            </Show>
            <Show when=move || is_own.get()>
                <MomentMark context screen step />
                <Show
                    when=move || can_open.get()
                    fallback=move || view! { <div class="step-header-line">{summary()}</div> }
                >
                    <button
                        type="button"
                        class="step-header-line"
                        tabindex="-1"
                        aria-expanded=move || is_open.get().to_string()
                        on:click=on_click
                    >
                        {summary()}
                    </button>
                </Show>
                <Show when=move || place.get().holds_steps>
                    <button
                        type="button"
                        class="step-header-all"
                        tabindex="-1"
                        title="Opens or closes everything under this line (Alt and a click on the line do the same)"
                        on:click=move |_| open_all(context, screen, step)
                    >
                        "All"<span class="visually-hidden">" under this line"</span>
                    </button>
                </Show>
                <Bar ms longest_ms />
            </Show>
            <Show when=move || is_own.get()>
                <StepMenu context step />
            </Show>
            <a
                class="step-header-link"
                tabindex="-1"
                href=move || context.step_address.run(seq.get())
                aria-label="Link to this step"
            >"#"</a>
            <Show when=move || has_nested.get() && is_own.get()>
                <NestedLine context nested />
            </Show>
        </div>
    }
}

/// How far a row of a step is set in, as an attribute; none on the left edge.
pub fn depth_of(screen: LogScreen, step: usize) -> Option<String> {
    // A step belongs to the same sub-agent for ever.
    let depth = untrack(|| screen.read(|layout| layout.depth(step)));
    (depth > 0).then(|| depth.min(DEPTHS).to_string())
}

/// What the layout tells of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    fold: Fold,
    holds_steps: bool,
    nested: Option<Nested>,
    is_summoned: bool,
    longest_ms: u64,
}

/// Opens everything under a step's line; closes it when the line is open.
fn open_all(context: LogContext, screen: LogScreen, step: usize) {
    screen.arrange(context, |layout, document| {
        let fold = if layout.fold(step) == Fold::Open { Fold::Closed } else { Fold::Open };
        layout.set_tree(document, step, fold);
    });
}

fn title(line: Memo<Option<StepLine>>) -> AnyView {
    line.with(|line| {
        let Some(line) = line else { return ().into_any() };
        let title = (!line.title.is_empty()).then(|| {
            view! { <span class="step-header-words"><VisibleLine text=line.title.clone() /></span> }
        });
        let command = line.command.clone().map(|command| {
            view! { <code class="step-header-command"><Command text=command /></code> }
        });
        let tail = line.tail.clone().map(|tail| {
            view! { <span class="step-header-tail"><VisibleLine text=tail /></span> }
        });
        (command, title, tail).into_any()
    })
}

fn facts(line: Memo<Option<StepLine>>) -> AnyView {
    line.with(|line| {
        let Some(line) = line else { return ().into_any() };
        let outcome = line.outcome.clone().map(|outcome| {
            view! { <span class="step-header-outcome"><VisibleLine text=outcome /></span> }
        });
        let lines = match (line.diffstat, line.lines) {
            (Some((added, removed)), _) => view! { <Diffstat added=added.into() removed=removed.into() /> }.into_any(),
            (None, 0) => ().into_any(),
            (None, lines) => view! { <span class="step-header-lines">{counted(lines, if line.are_rows { "row" } else { "line" })}</span> }.into_any(),
        };
        let tokens = line.tokens.map(|tokens| {
            view! { <span class="step-header-tokens">{grouped(tokens as usize)} " tokens"</span> }
        });
        (outcome, lines, tokens).into_any()
    })
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
