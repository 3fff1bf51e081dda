//! The log on the screen: what a reader does to it, and the sentences about it. What is where is decided by
//! [`Reader`]; rows are made and measured by [`LogScreen`].

use std::ops::Range;
use std::time::Duration;

use agent_tasks::{SearchQuery, SearchWindow, Task, Timestamp};
use leptos::prelude::*;
use session_log::{LogDocument, Want};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use super::Answer;
use super::copying::{self, Copying};
use super::latest::Latest;
use super::line_mark;
pub use super::log_screen::LogScreen;
use super::marked;
use super::question::Question;
use super::reader::{Arrival, Reader};
use super::rest::Rest;
use crate::store::{Action, LogChoices, LogSpot, LogTarget, ReadingPlace};
use crate::ui::memo;

/// How long the scroll bar rests before its place is noted.
const REST: Duration = Duration::from_millis(250);
/// How long a scroll bar that was dragged stands still before what is on the screen is looked at.
const STAND: Duration = Duration::from_millis(50);
/// What is said of an address whose step is not there.
const NO_STEP: &str =
    "The address names a step that is not in this log. It may belong to another task, or the log was begun anew.";
/// What is said of an address whose step is not there yet.
const NO_STEP_YET: &str = "The address names a step that this log does not have yet. It is shown when it comes.";
/// What is said of an address whose line is not there.
const NO_LINE: &str = "The address names a line that this step does not have. This is the step.";

/// What is said of an address whose line is not shown.
const UNSHOWN_LINE: &str = "The address names a line that is not shown by itself, for example because what was changed \
     is shown in its place. This is its step.";

/// What the parts of the log share.
#[derive(Clone, Copy)]
pub struct LogContext {
    /// The log.
    pub document: Signal<LogDocument>,
    /// The present moment.
    pub now: Signal<Timestamp>,
    /// The task, once it is known.
    pub task: Memo<Option<Task>>,
    /// What came of the last answer.
    pub answer: Signal<Action>,
    /// The last answer.
    pub answered: RwSignal<Option<Answer>>,
    /// A permission request was answered.
    pub on_answer: Callback<Answer>,
    /// Where the log is opened: at the place that the address names, or where it was left.
    pub target: Signal<Option<LogTarget>>,
    /// The address of the step that an event began.
    pub step_address: Callback<u64, String>,
    /// How this reader likes logs.
    pub choices: RwSignal<LogChoices>,
    /// Finds in what is not loaded.
    pub find: Signal<LogFind>,
    /// What the screen shows, whenever that changes.
    pub on_look: Callback<Looked>,
    /// Something is needed that is not in the document, on the screen or not. It is asked for until it comes.
    pub on_want: Callback<Vec<Want>>,
    /// Why what is looked at could not be loaded.
    pub load_failure: Signal<Option<String>>,
    /// What could not be loaded is to be tried again now.
    pub on_retry: Callback<()>,
    /// The reader named a place: the address is to lead there.
    pub on_spot: Callback<LogSpot>,
    /// The reader rests at a place; `None` is the tail.
    pub on_place: Callback<Option<ReadingPlace>>,
    /// Whether the find bar is open.
    pub is_finding: RwSignal<bool>,
}

/// What the screen shows of a log. What was told before and is not among it is no longer looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The places of the steps near the screen.
    pub near: Range<usize>,
    /// What of them is not in the document, the first on the screen first.
    pub wants: Vec<Want>,
}

/// How text is found in a log.
#[derive(Clone, Copy)]
pub enum LogFind {
    /// In the document: all of the log is in it.
    Here,
    /// By the server. The answer is what was found so far, or a sentence for people.
    ByServer(Callback<(SearchQuery, Callback<Result<SearchWindow, String>>)>),
}

/// The log viewer.
#[component]
pub fn LogView(context: LogContext, screen: LogScreen) -> impl IntoView {
    let is_empty = memo(move || context.document.with(|document| document.steps() == 0));
    // The address is followed as soon as its step is there, and again when it changes.
    let awaited = StoredValue::new(None::<LogTarget>);
    let missed = RwSignal::new(None::<&'static str>);
    let copying = Copying::new();
    let stand = Rest::new(STAND, move || {
        if screen.reader.try_update_value(Reader::on_stand) == Some(true) {
            screen.show(context);
        }
    });
    let rest = Rest::new(REST, move || {
        screen.reader.update_value(Reader::let_bar_go);
        screen.show(context);
        context.on_place.run(screen.place(context));
    });

    let on_scroll = move |_| {
        if screen.take_move() {
            awaited.set_value(None);
            stand.wait();
            rest.wait();
        }
        screen.show(context);
    };

    Effect::new(move |before: Option<Option<LogTarget>>| {
        let target = context.target.get();
        if before != Some(target) {
            awaited.set_value(target);
            missed.set(None);
            screen.mark(None);
        }
        context.document.track();
        context.load_failure.track();
        // Whoever scrolls has gone on.
        if before == Some(target) && screen.take_move() {
            awaited.set_value(None);
            stand.wait();
            rest.wait();
        }
        screen.show(context);
        if let Some(target) = awaited.get_value() {
            let arrival = screen.go_to(context, target);
            if arrival != Arrival::Awaited {
                awaited.set_value(None);
            }
            missed.set(sentence(context, target, arrival));
        }
        target
    });
    // Whoever is taken elsewhere has gone on too, and comes back to there.
    Effect::new(move |_| {
        screen.frame().track();
        if screen.take_leap() {
            awaited.set_value(None);
            rest.wait();
        }
    });
    Effect::new(move |_| {
        if let Some(rows) = screen.rows.get() {
            watch_size(&rows, screen, context);
            marked::follow(&rows, screen, context);
        }
    });

    view! {
        <div class="log-view">
            <div
                class="log-view-scroll"
                role="log"
                aria-label="Session log"
                aria-live="off"
                tabindex="0"
                node_ref=screen.scroll
                on:scroll=on_scroll
                on:copy=move |event| copying.on_copy(context, screen, &event)
                on:keydown=move |event| copying::on_key(context, screen, &event)
                on:click=move |event| line_mark::on_click(context, screen, &event)
                on:pointerover=move |event| line_mark::on_point(context, screen, &event)
                on:pointerleave=move |_| screen.point_at(None)
            >
                <div class="log-view-space" node_ref=screen.space>
                    <div class="log-view-rows" node_ref=screen.rows></div>
                </div>
                <Show when=move || is_empty.get()>
                    <Empty context />
                </Show>
            </div>
            <div class="log-view-notes" role="status">
                {move || missed.get().map(|sentence| view! { <p class="log-view-note">{sentence}</p> })}
                {move || copying.sentence().map(|sentence| view! { <p class="log-view-note">{sentence}</p> })}
            </div>
            <Question context screen />
            <Latest context screen />
        </div>
    }
}

/// What stands in the log's place while there is nothing of it.
#[component]
fn Empty(context: LogContext) -> impl IntoView {
    move || {
        match context.load_failure.get() {
        Some(sentence) => view! {
            <div class="log-view-empty" role="alert">
                <p>"The log cannot be shown. " {sentence}</p>
                <button type="button" class="log-row-again" on:click=move |_| context.on_retry.run(())>"Try again"</button>
            </div>
        }
        .into_any(),
        None => view! {
            <p class="log-view-empty">"Nothing has happened yet. The log appears here as the agent works."</p>
        }
        .into_any(),
    }
    }
}

/// What is to be said of where an address led.
fn sentence(context: LogContext, target: LogTarget, arrival: Arrival) -> Option<&'static str> {
    let is_over = || context.task.with_untracked(|task| task.as_ref().is_some_and(|task| !task.state.is_active()));
    let is_there =
        || context.document.with_untracked(|document| target.seq() <= document.last_seq() || document.steps() == 0);
    match (arrival, target) {
        (Arrival::There(_), _) => None,
        (Arrival::Unshown(_), _) => Some(UNSHOWN_LINE),
        (Arrival::Nowhere, LogTarget::Spot(LogSpot { line: Some(_), .. })) if is_there() => Some(NO_LINE),
        (Arrival::Nowhere, _) => Some(NO_STEP),
        // It is on its way, step by step or with the next answer.
        (Arrival::Awaited, _) if is_there() => None,
        (Arrival::Awaited, _) => Some(if is_over() { NO_STEP } else { NO_STEP_YET }),
    }
}

/// Shows the log anew when the screen or the rows change their size.
fn watch_size(rows: &HtmlElement, screen: LogScreen, context: LogContext) {
    let Some(scroll) = screen.scroll.get_untracked() else { return };
    let watched = scroll.clone();
    let width = StoredValue::new(watched.client_width());
    let on_resize = Closure::<dyn Fn()>::new(move || {
        let Some(before) = width.try_get_value() else { return };
        if before == watched.client_width() {
            screen.settle(context);
        } else {
            width.set_value(watched.client_width());
            screen.forget_heights(context);
        }
    });
    let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else { return };
    observer.observe(&scroll);
    observer.observe(rows);
    let kept = StoredValue::new_local((observer, on_resize));
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| observer.disconnect());
    });
}
