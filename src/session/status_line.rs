//! One line under the log: what goes on, and whether the page still hears of it.

use agent_tasks::{State, Task};
use leptos::prelude::*;
use session_log::LogDocument;

use crate::store::Link;
use crate::ui::memo;

/// What the session does now, or what the page waits for.
#[component]
pub fn StatusLine(
    /// The task, once it is known.
    task: Memo<Option<Task>>,
    /// The log.
    document: Signal<LogDocument>,
    /// How the log's stream is doing.
    link: Signal<Link>,
) -> impl IntoView {
    let sentence = memo(move || {
        task.with(|task| {
            let task = task.as_ref()?;
            let intent = document.with(|document| document.intent().map(str::to_owned));
            now_doing(task, intent)
        })
    });
    let is_active = memo(move || task.with(|task| task.as_ref().is_some_and(|task| task.state.is_active())));
    let notice = move || match link.get() {
        Link::Reconnecting => Some("Reconnecting… What happens meanwhile will be shown."),
        Link::Connecting if is_active.get() => Some("Connecting…"),
        Link::Connecting | Link::Live => None,
    };
    view! {
        <div class="session-status">
            <p class="session-status-now" data-active=move || is_active.get().to_string()>
                <bdi>{move || sentence.get()}</bdi>
            </p>
            <p class="session-status-link" role="status">{notice}</p>
        </div>
    }
}

fn now_doing(task: &Task, intent: Option<String>) -> Option<String> {
    match &task.state {
        State::Queued => Some("Waits for a free place".into()),
        State::InProgress | State::Unknown(_) if task.stop_requested_at.is_some() => {
            Some("Being stopped: waiting until nothing of it is left".into())
        }
        State::InProgress | State::Unknown(_) => intent.or_else(|| task.activity.clone()),
        State::WaitingForUser => Some("The agent waits for your answer".into()),
        State::Idle if task.is_paused() => Some("Paused: nothing of it runs until you resume it".into()),
        State::Idle => Some("The agent has nothing to do".into()),
        State::Completed | State::Failed | State::TimedOut | State::Cancelled => None,
    }
}
