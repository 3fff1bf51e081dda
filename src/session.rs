//! The session page: header, log viewer, follow-up box. It gets state and callbacks as props and sends
//! nothing itself.

mod ansi;
mod change;
mod diffstat;
mod follow_up;
mod header;
mod log_view;
mod permission;
mod prose;
mod reader;
mod report;
mod row;
mod status_line;
mod step_header;
mod step_line;
mod visible_text;

use agent_tasks::{Prompt, Task, Timestamp};
use leptos::prelude::*;
use session_log::LogDocument;

use crate::store::{Action, Link, Remote};
use crate::ui::memo;
use follow_up::FollowUp;
use header::SessionHeader;
use log_view::{LogContext, LogView};
use status_line::StatusLine;

/// A chosen answer to a permission request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The request.
    pub request_id: String,
    /// The chosen option.
    pub option_id: String,
}

/// One task: what it is, its log, and what can be said to it.
#[component]
pub fn SessionPage(
    /// The task with its sessions.
    #[prop(into)]
    task: Signal<Remote<Task>>,
    /// The log; changes at most once per frame.
    #[prop(into)]
    document: Signal<LogDocument>,
    /// How the log's stream is doing.
    #[prop(into)]
    link: Signal<Link>,
    /// The present moment; ticks once a second.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// The agent's name for people, by profile.
    #[prop(into)]
    agent_name: Signal<Option<String>>,
    /// What came of the last stop.
    #[prop(into)]
    stop: Signal<Action>,
    /// What came of the last follow-up.
    #[prop(into)]
    follow_up: Signal<Action>,
    /// What came of the last answer.
    #[prop(into)]
    answer: Signal<Action>,
    /// Stop was pressed.
    on_stop: Callback<()>,
    /// A follow-up was sent.
    on_follow_up: Callback<Prompt>,
    /// A permission request was answered.
    on_answer: Callback<Answer>,
) -> impl IntoView {
    // The page is laid out anew when another task is shown or what is known of it changes its kind, not
    // with every change of the task.
    let ready = memo(move || match task.get() {
        Remote::Ready(task) => Some(task),
        Remote::Loading | Remote::Failed(_) => None,
    });
    let is_ready = memo(move || ready.with(Option::is_some));
    let failure = memo(move || match task.get() {
        Remote::Failed(sentence) => Some(sentence),
        Remote::Loading | Remote::Ready(_) => None,
    });
    let context = LogContext { document, now, task: ready, answer, answered: RwSignal::new(None), on_answer };
    view! {
        <article class="session-page" aria-busy=move || (!is_ready.get() && failure.with(Option::is_none)).to_string()>
            <Show
                when=move || is_ready.get()
                fallback=move || view! { <Absent failure /> }
            >
                <SessionHeader task=ready now agent_name stop on_stop />
                <LogView context />
                <StatusLine task=ready document link />
                <FollowUp task=ready action=follow_up on_send=on_follow_up />
            </Show>
        </article>
    }
}

/// What stands in the page's place while there is no task.
#[component]
fn Absent(failure: Memo<Option<String>>) -> impl IntoView {
    move || match failure.get() {
        Some(sentence) => view! {
            <div class="session-absent" role="alert">
                <h1>"This session cannot be shown"</h1>
                <p>{sentence}</p>
            </div>
        }
        .into_any(),
        None => view! { <p class="session-absent session-loading" role="status">"Loading the session…"</p> }.into_any(),
    }
}
