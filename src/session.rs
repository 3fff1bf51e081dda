//! The session page: header, log viewer or what is known without one, follow-up box. It gets state and callbacks as props and sends
//! nothing itself.

mod ansi;
mod change;
mod code;
mod copying;
mod diffstat;
mod download_menu;
mod find_bar;
mod focus;
mod folded;
mod follow_up;
mod header;
mod kept_rows;
mod key_list;
mod latest;
mod line_mark;
mod log_keys;
mod log_panel;
mod log_screen;
mod log_toolbar;
mod log_view;
mod long_list;
mod marked;
mod outline_pane;
mod pause_button;
mod permission;
mod picture;
mod plain_row;
mod plan_pin;
mod prose;
mod question;
mod reader;
mod report;
mod rest;
mod row;
mod row_walk;
mod seen_rows;
mod selection;
mod session_facts;
mod shortcut;
mod status_line;
mod step_header;
mod step_line;
mod step_menu;
mod step_words;
mod usage;
mod visible_text;
mod web_link;

use agent_tasks::{FollowUpWay, Prompt, Task, Timestamp};
use leptos::prelude::*;
use session_log::{LogDocument, Want};

use crate::store::{Action, Connection, Link, LogChoices, LogPlace, LogSpot, LogTarget, ReadingPlace, Remote};
use crate::ui::memo;
pub use download_menu::{LogOutlet, Saving};
use follow_up::FollowUp;
use header::SessionHeader;
pub use log_panel::LogPanel;
pub use log_view::{LogContext, LogFind, Looked};
use session_facts::SessionFacts;
pub use shortcut::{Shortcut, shortcuts};
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
    /// Where the log can be read.
    #[prop(into)]
    log: Signal<LogPlace>,
    /// Where the log is opened.
    #[prop(into)]
    target: Signal<Option<LogTarget>>,
    /// The address of the step that an event began.
    step_address: Callback<u64, String>,
    /// How this reader likes logs.
    choices: RwSignal<LogChoices>,
    /// How text is found in the log.
    #[prop(into)]
    find: Signal<LogFind>,
    /// What the screen shows of the log, whenever that changes.
    on_look: Callback<Looked>,
    /// Something is needed that is not in the document.
    on_want: Callback<Vec<Want>>,
    /// Why what is looked at could not be loaded.
    #[prop(into)]
    load_failure: Signal<Option<String>>,
    /// What could not be loaded is to be tried again.
    on_retry: Callback<()>,
    /// A line was named: the address is to lead there.
    on_spot: Callback<LogSpot>,
    /// The reader rests at a place of the log; `None` is its end.
    on_place: Callback<Option<ReadingPlace>>,
    /// The server that the task lives on.
    #[prop(into)]
    connection: Signal<Option<Connection>>,
    /// Whether there are other servers: then the page says which one this is.
    #[prop(into, optional)]
    is_one_of_many: Signal<bool>,
    /// The present moment; ticks once a second.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// The agent's name for people, by profile.
    #[prop(into)]
    agent_name: Signal<Option<String>>,
    /// What came of the last stop.
    #[prop(into)]
    stop: Signal<Action>,
    /// The ways in which the task can go on, the usual one first.
    #[prop(into)]
    follow_ups: Signal<Vec<FollowUpWay>>,
    /// What came of the last follow-up.
    #[prop(into)]
    follow_up: Signal<Action>,
    /// What came of the last answer.
    #[prop(into)]
    answer: Signal<Action>,
    /// Stop was pressed.
    on_stop: Callback<()>,
    /// What came of the last pause.
    #[prop(into)]
    pause: Signal<Action>,
    /// The session is to be paused, or to go on.
    on_pause: Callback<bool>,
    /// A follow-up was sent.
    on_follow_up: Callback<(FollowUpWay, Prompt)>,
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
    let context = LogContext {
        document,
        now,
        task: ready,
        answer,
        answered: RwSignal::new(None),
        on_answer,
        target,
        step_address,
        choices,
        find,
        on_look,
        on_want,
        load_failure,
        on_retry,
        on_spot,
        on_place,
        is_finding: RwSignal::new(false),
    };
    let log = memo(move || log.get());
    let web_origin =
        memo(move || connection.with(|it| it.as_ref().map(|it| it.address.web_origin()).unwrap_or_default()));
    let takes_stop = memo(move || connection.with(|it| it.as_ref().is_some_and(Connection::takes_stop)));
    let takes_pause = memo(move || connection.with(|it| it.as_ref().is_some_and(Connection::takes_pause)));
    let server =
        memo(move || connection.with(|it| it.as_ref().map(|it| it.name.clone())).filter(|_| is_one_of_many.get()));
    let log = move || match log.get() {
        LogPlace::Here => view! { <LogPanel context /> }.into_any(),
        LogPlace::Asking => {
            view! { <p class="session-absent session-loading" role="status">"Loading the log…"</p> }.into_any()
        }
        LogPlace::Elsewhere => view! { <SessionFacts task=ready now web_origin /> }.into_any(),
    };
    view! {
        <article class="session-page" aria-busy=move || (!is_ready.get() && failure.with(Option::is_none)).to_string()>
            <Show
                when=move || is_ready.get()
                fallback=move || view! { <Absent failure /> }
            >
                <SessionHeader task=ready now agent_name server takes_stop stop on_stop takes_pause pause on_pause />
                {log}
                <StatusLine task=ready document link />
                <FollowUp task=ready ways=follow_ups action=follow_up on_send=on_follow_up />
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
                <a href="#/">"All tasks"</a>
            </div>
        }
        .into_any(),
        None => view! { <p class="session-absent session-loading" role="status">"Loading the session…"</p> }.into_any(),
    }
}
