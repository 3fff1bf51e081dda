//! The session page: header, log viewer, follow-up box. It gets state and callbacks as props and sends
//! nothing itself.

use agent_tasks::{Prompt, Task, Timestamp};
use leptos::prelude::*;
use session_log::LogDocument;

use crate::store::{Action, Link, Remote};

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
    let _ = (task, document, link, now, agent_name, stop, follow_up, answer, on_stop, on_follow_up, on_answer);
}
