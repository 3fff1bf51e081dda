//! The head of the session page: what the task is, where it stands, Stop.

use agent_tasks::{Session, State, Task, Timestamp, rules};
use leptos::html::H1;
use leptos::prelude::*;

use super::diffstat::Diffstat;
use super::pause_button::PauseButton;
use super::visible_text::VisibleLine;
use crate::store::{Action, status};
use crate::ui::{Badge, elapsed, memo};

/// Title, state, facts and the Stop button.
#[component]
pub fn SessionHeader(
    /// The task, once it is known.
    task: Memo<Option<Task>>,
    /// The present moment.
    now: Signal<Timestamp>,
    /// The agent's name for people.
    agent_name: Signal<Option<String>>,
    /// The server's name, where there are several.
    server: Memo<Option<String>>,
    /// Whether the server can stop a session.
    takes_stop: Memo<bool>,
    /// What came of the last stop.
    stop: Signal<Action>,
    /// Stop was pressed.
    on_stop: Callback<()>,
    /// Whether the server can pause a session.
    takes_pause: Memo<bool>,
    /// What came of the last pause.
    pause: Signal<Action>,
    /// The session is to be paused, or to go on.
    on_pause: Callback<bool>,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    let part = move |part: fn(&Task) -> Option<String>| {
        memo(move || task.with(|task| task.as_ref().and_then(part)).filter(|text| !text.is_empty()))
    };
    let title = part(|task| Some(task.name.clone()));
    let state_label = part(|task| Some(state_word(task).to_owned()));
    let tone =
        memo(move || task.with(|task| task.as_ref().map_or("neutral", |task| status::tone(&task.state).as_str())));
    let is_busy = memo(move || task.with(|task| task.as_ref().is_some_and(|task| task.state == State::InProgress)));
    let repository = part(repository_of);
    let branch = part(head_ref);
    let base = part(base_ref);
    let model = part(|task| newest(task)?.model.clone());
    let error = part(|task| task.error.as_ref().map(|error| error.message.clone()));
    let agent = memo(move || agent_name.get().or_else(|| task.with(|task| agent_of(task.as_ref()?))));
    let diffstat = memo(move || {
        task.with(|task| {
            let branch = task.as_ref()?.branch()?;
            Some((branch.additions?, branch.deletions?, branch.changed_files))
        })
    });
    let time = move || {
        task.with(|task| {
            let task = task.as_ref()?;
            let start = task.started_at.or(newest(task).and_then(|session| session.started_at))?;
            let end = task.completed_at.or(newest(task).and_then(|session| session.completed_at));
            Some(elapsed(end.unwrap_or_else(|| now.get()).since(start)))
        })
    };
    view! {
        <header class="session-header">
            <a class="session-back" href="#/">"All tasks"</a>
            <div class="session-header-main">
                <h1 class="session-header-title" tabindex="-1" node_ref=heading>
                    <bdi>{move || title.get().unwrap_or_else(|| "Untitled task".into())}</bdi>
                </h1>
                <Badge label=Signal::derive(move || state_label.get().unwrap_or_default()) tone is_busy />
                <Show when=move || takes_pause.get()><PauseButton task pause on_pause /></Show>
                <Show when=move || takes_stop.get()><StopButton task stop heading on_stop /></Show>
            </div>
            <dl class="session-header-facts">
                <Fact name="Where" value=server />
                <Fact name="Repository" value=repository />
                <Fact name="Branch" value=branch />
                <Fact name="from" value=base />
                <Fact name="Agent" value=agent />
                <Fact name="Model" value=model />
                <Fact name="Time" value=memo(time) />
                {move || diffstat.get().map(|(added, removed, files)| view! {
                    <div class="session-fact" data-fact="Changes">
                        <dt>"Changes"</dt>
                        <dd><Diffstat added removed files /></dd>
                    </div>
                })}
            </dl>
            {move || error.get().map(|error| view! { <p class="session-header-error"><bdi>{error}</bdi></p> })}
        </header>
    }
}

/// A name and a value; nothing where there is no value.
#[component]
fn Fact(name: &'static str, value: Memo<Option<String>>) -> impl IntoView {
    move || {
        value.get().map(|value| {
            view! {
                <div class="session-fact" data-fact=name>
                    <dt>{name}</dt>
                    <dd><VisibleLine text=value /></dd>
                </div>
            }
        })
    }
}

/// Stops the session, or says why it cannot be stopped.
#[component]
fn StopButton(
    task: Memo<Option<Task>>,
    stop: Signal<Action>,
    heading: NodeRef<H1>,
    on_stop: Callback<()>,
) -> impl IntoView {
    let refusal = memo(move || {
        task.with(|task| {
            let task = task.as_ref()?;
            rules::can_stop(&task.state, task.stop_requested_at.is_some()).err()
        })
    });
    let is_pending = memo(move || stop.get() == Action::Pending);
    let is_stopping = move || is_pending.get() || refusal.get() == Some(rules::Refusal::StopUnderWay);
    let reason = move || refusal.get().map(|refusal| format!("Cannot stop: {refusal}"));
    let on_click = move |_| {
        on_stop.run(());
        // The button goes dark now, and a dark button cannot hold the focus.
        if let Some(heading) = heading.get_untracked() {
            let _ = heading.focus();
        }
    };
    // What was said of an earlier try does not hold once the session is being stopped or over.
    let failure = move || match stop.get() {
        Action::Failed(sentence) => Some(sentence).filter(|_| refusal.get().is_none()),
        Action::Ready | Action::Pending => None,
    };
    view! {
        <div class="session-stop">
            <button
                type="button"
                class="session-stop-button"
                disabled=move || is_pending.get() || refusal.get().is_some()
                title=reason
                on:click=on_click
            >
                {move || if is_stopping() { "Stopping…" } else { "Stop session" }}
            </button>
            {move || failure().map(|sentence| view! { <p class="action-error" role="alert">{sentence}</p> })}
        </div>
    }
}

/// The word for where a task stands; it may be on its way to being stopped.
fn state_word(task: &Task) -> &str {
    let is_stopping = task.stop_requested_at.is_some() && task.state.is_active();
    match (is_stopping, task.is_paused()) {
        (true, _) => "Stopping…",
        (false, true) => "Paused",
        (false, false) => status::label(&task.state),
    }
}

/// The profile, or the agent that the repository defines.
fn agent_of(task: &Task) -> Option<String> {
    task.agent_id.clone().or_else(|| task.custom_agent.as_ref().map(|agent| agent.id.clone()))
}

/// The name, or the number where the server tells no more.
fn repository_of(task: &Task) -> Option<String> {
    let number = || task.repository.as_ref().map(|repository| repository.id.to_string());
    task.repository_name().map(str::to_owned).or_else(number)
}

fn newest(task: &Task) -> Option<&Session> {
    task.sessions.as_ref()?.last()
}

fn head_ref(task: &Task) -> Option<String> {
    let branch = task.branch().map(|branch| branch.head_ref.clone());
    branch.or_else(|| newest(task)?.head_ref.clone())
}

fn base_ref(task: &Task) -> Option<String> {
    let branch = task.branch().map(|branch| branch.base_ref.clone());
    branch.or_else(|| newest(task)?.base_ref.clone())
}
