//! A step's one line: a button that opens the step, or plain text where there is nothing to open. The line of a group
//! stands above that of its first step.

mod bar;
mod group;
mod moment;
mod nested;
mod news;

use agent_tasks::Timestamp;
use leptos::{ev, prelude::*};
use session_log::{Fold, StepState};

use super::code::Command;
use super::diffstat::Diffstat;
use super::log_view::{LogContext, LogScreen};
use super::step_line::StepLine;
use super::step_menu::StepMenu;
use super::visible_text::VisibleLine;
use crate::ui::{counted, elapsed, grouped, memo};
use bar::Bar;
use group::GroupLine;
use moment::MomentMark;
use nested::nested_line;
use news::News;

/// The shortest time that is told, in milliseconds.
const WORTH_TELLING_MS: u64 = 1_000;
/// How far the page sets rows in.
const DEPTHS: [&str; 3] = ["1", "2", "3"];

/// The header of the step at a place.
#[component]
pub fn StepHeader(context: LogContext, screen: LogScreen, step: usize) -> impl IntoView {
    let news = memo(move || News::of(context, screen, step));
    let line = memo(move || {
        let news = news.get()?;
        context.document.with_untracked(|document| {
            let mut line = StepLine::new(document, document.step(step)?, news.fold);
            if news.is_held {
                (line.state, line.state_word) = (StepState::Waiting, "Waits for your answer");
            }
            Some(line)
        })
    });
    let is_own = memo(move || news.with(|news| news.as_ref().is_none_or(News::is_own)));
    let of_line = move |part: fn(&StepLine) -> String| line.with(|line| line.as_ref().map(part).unwrap_or_default());
    let group_look = move || {
        let group = news.with(|news| news.as_ref()?.group)?.0;
        Some(if group.is_open { "open" } else { "closed" })
    };
    // For the style sheet; absent where there is nothing to open.
    let is_open = move || {
        let news = news.get().filter(News::is_own)?;
        let can_open = news.holds_steps || line.with(|line| line.as_ref().is_some_and(|line| line.can_open));
        can_open.then_some(if news.fold == Fold::Open { "true" } else { "false" })
    };
    // One closure for all that changes together: what it makes again is laid over what is there, which keeps the focus.
    let before_menu = move || {
        let (news, line) = (news.get()?, line.get()?);
        let group = news.group.map(|(group, _)| view! { <GroupLine context screen group /> });
        Some((group, news.is_own().then(|| own(context, screen, step, news, line))))
    };
    let after_menu = move || {
        let nested = news.with(|news| news.as_ref().filter(|news| news.is_own())?.nested);
        let seq = line.with(|line| line.as_ref().map(|line| line.seq).unwrap_or_default());
        (
            view! {
                <a class="step-header-link" tabindex="-1" href=context.step_address.run(seq) aria-label="Link to this step">"#"</a>
            },
            nested.map(|(nested, _)| context.document.with_untracked(|document| nested_line(document, nested))),
        )
    };
    view! {
        <div
            class="step-header"
            data-step=move || of_line(|line| line.word.split(' ').next().unwrap_or_default().to_ascii_lowercase())
            data-state=move || of_line(|line| look_of(line.state).to_owned())
            data-group=group_look
            data-open=is_open
            data-depth=depth_of(screen, step)
        >
            {before_menu}
            {move || is_own.get().then(|| view! { <StepMenu context step /> })}
            {after_menu}
        </div>
    }
}

/// The step's own line, and what else is about it alone.
fn own(context: LogContext, screen: LogScreen, step: usize, news: News, line: StepLine) -> AnyView {
    let can_open = news.holds_steps || line.can_open;
    let is_open = news.fold == Fold::Open;
    let ms = elapsed_ms(&line, news.now);
    let summary = summary(line, ms, news.is_summoned);
    let on_click = move |event: ev::MouseEvent| {
        if event.alt_key() && news.holds_steps {
            open_all(context, screen, step);
        } else {
            screen.toggle(context, step);
        }
    };
    let line = if can_open {
        view! {
            <button
                type="button"
                class="step-header-line"
                tabindex="-1"
                aria-expanded=is_open.to_string()
                on:click=on_click
            >
                {summary}
            </button>
        }
        .into_any()
    } else {
        view! { <div class="step-header-line">{summary}</div> }.into_any()
    };
    let all = news.holds_steps.then(|| {
        view! {
            <button
                type="button"
                class="step-header-all"
                tabindex="-1"
                title="Opens or closes everything under this line (Alt and a click on the line do the same)"
                on:click=move |_| open_all(context, screen, step)
            >
                "All"<span class="visually-hidden">" under this line"</span>
            </button>
        }
    });
    let moment = news.moment.map(|moment| view! { <MomentMark moment /> });
    let bar = ms.map(|ms| view! { <Bar ms longest_ms=news.longest_ms /> });
    (moment, line, all, bar).into_any()
}

fn summary(line: StepLine, ms: Option<u64>, is_summoned: bool) -> AnyView {
    let summoned = is_summoned.then(|| {
        view! {
            <span class="step-header-summoned" title="The filter leaves out steps like this one. It is shown because a link or a hit leads to it.">
                "Shown in spite of the filter"
            </span>
        }
    });
    let facts = facts(&line);
    let time = ms.map(|ms| view! { <span class="step-header-time">{elapsed(ms)}</span> });
    view! {
        <span class="step-header-mark" aria-hidden="true"></span>
        <span class="step-header-word">{line.word.clone()}</span>
        <span class="step-header-title">{title(&line)}</span>
        <span class="step-header-facts">{summoned}{facts}<span class="step-header-state">{line.state_word}</span>{time}</span>
    }
    .into_any()
}

/// How long a step takes or took, in milliseconds, where that is worth telling.
fn elapsed_ms(line: &StepLine, now: Option<Timestamp>) -> Option<u64> {
    let ms = line.ended_at.or(now).filter(|_| line.is_timed)?.since(line.started_at);
    (ms >= WORTH_TELLING_MS).then_some(ms)
}

/// How far a row of a step is set in, as an attribute; none on the left edge.
pub fn depth_of(screen: LogScreen, step: usize) -> Option<&'static str> {
    // A step belongs to the same sub-agent for ever.
    let depth = screen.with_layout(|layout| layout.depth(step)).min(DEPTHS.len());
    depth.checked_sub(1).map(|depth| DEPTHS[depth])
}

/// Opens everything under a step's line; closes it when the line is open.
fn open_all(context: LogContext, screen: LogScreen, step: usize) {
    screen.arrange(context, |layout, document| {
        let fold = if layout.fold(step) == Fold::Open { Fold::Closed } else { Fold::Open };
        layout.set_tree(document, step, fold);
    });
}

fn title(line: &StepLine) -> AnyView {
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
}

fn facts(line: &StepLine) -> AnyView {
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
