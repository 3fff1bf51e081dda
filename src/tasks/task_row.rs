//! One task of the list.

use std::collections::HashMap;
use std::sync::Arc;

use agent_tasks::{Capabilities, State, Task, TaskId, Timestamp, paths, rules};
use leptos::prelude::*;

use crate::store::{Action, PullLink, Remote, TaskBook, agent_name, status};
use crate::ui::{Badge, Button, ButtonKind, Elapsed, Icon, RelativeTime, Symbol, memo};

/// A row: what it is, what it does now, where, with whom, since when, and Stop.
#[component]
pub fn TaskRow(
    /// Which task.
    id: TaskId,
    /// The tasks.
    book: Signal<TaskBook>,
    /// What the server can do; names the agents.
    capabilities: Signal<Remote<Capabilities>>,
    /// The present moment.
    now: Signal<Timestamp>,
    /// What came of the stops that were asked for.
    stops: Signal<HashMap<TaskId, Action>>,
    /// The task that was started last.
    started: Signal<Option<TaskId>>,
    /// Stop was pressed.
    on_stop: Callback<TaskId>,
) -> impl IntoView {
    let key = id.clone();
    // A row that is about to leave keeps its last look until then.
    let task = Memo::new(move |before: Option<&Option<Arc<Task>>>| {
        book.with(|book| book.task(&key).cloned()).or_else(|| before.cloned().flatten())
    });
    let key = id.clone();
    let stop = memo(move || stops.with(|stops| stops.get(&key).cloned().unwrap_or_default()));
    let key = id.clone();
    let is_fresh = memo(move || started.with(|started| started.as_ref() == Some(&key)));
    let state =
        Signal::derive(move || task.with(|task| task.as_ref().map_or(State::Queued, |task| task.state.clone())));
    let title = Signal::derive(move || with_task(task, |task| title_of(task).to_owned()));
    let agent = move || {
        capabilities.with(|capabilities| with_task(task, |task| agent_of(task, capabilities.ready()).to_owned()))
    };

    view! {
        <li class="task-row" data-fresh=move || is_fresh.get().then_some("")>
            <div class="task-row-state"><StatusBadge state/></div>
            <div class="task-row-main">
                <a href=paths::task_page(&id) class="task-row-title" dir="auto">{move || title.get()}</a>
                <TaskActivity task stop/>
            </div>
            <div class="task-row-place">
                <TaskPlace task/>
            </div>
            <div class="task-row-agent"><Icon symbol=Symbol::Agent/><span>{agent}</span></div>
            <div class="task-row-changes"><Diffstat task/></div>
            <div class="task-row-times"><TaskTimes task now/></div>
            <div class="task-row-action"><StopButton id task stop title on_stop/></div>
        </li>
    }
}

/// A state as a badge.
#[component]
pub fn StatusBadge(
    /// The state.
    #[prop(into)]
    state: Signal<State>,
) -> impl IntoView {
    let label = Signal::derive(move || state.with(|state| status::label(state).to_owned()));
    let tone = Signal::derive(move || state.with(|state| status::tone(state).as_str()));
    let is_busy = Signal::derive(move || state.with(|state| *state == State::InProgress));
    view! { <Badge label tone is_busy/> }
}

type TaskMemo = Memo<Option<Arc<Task>>>;

/// What it does now, or why it failed, or why it could not be stopped.
#[component]
fn TaskActivity(task: TaskMemo, stop: Memo<Action>) -> impl IntoView {
    let line = memo(move || match stop.get() {
        Action::Failed(sentence) => (true, sentence),
        Action::Ready | Action::Pending => with_task(task, |task| match &task.error {
            Some(error) => (true, error.message.clone()),
            None => (false, task.activity.clone().unwrap_or_default()),
        }),
    });
    view! {
        <p
            class="task-row-activity"
            dir="auto"
            data-problem=move || line.with(|(is_problem, _)| is_problem.then_some(""))
            title=move || line.with(|(_, text)| text.clone())
        >
            {move || line.with(|(_, text)| text.clone())}
        </p>
    }
}

/// The repository, and the pull request or the branch.
#[component]
fn TaskPlace(task: TaskMemo) -> impl IntoView {
    let repository = memo(move || with_task(task, |task| task.repository_name().unwrap_or_default().to_owned()));
    let branch = memo(move || with_task(task, |task| task.branch().map(|branch| branch.head_ref.clone())));
    let pull = memo(move || with_task(task, |task| PullLink::parse(task.pull()?.html_url.as_deref()?)));
    let work = move || match (pull.get(), branch.get()) {
        (Some(pull), _) => view! {
            <a class="task-row-pull" href=pull.address target="_blank" rel="noopener noreferrer">
                <Icon symbol=Symbol::Pull/>
                {format!("#{}", pull.number)}
            </a>
        }
        .into_any(),
        (None, Some(branch)) => {
            let title = branch.clone();
            view! { <span class="task-row-branch" title=title><Icon symbol=Symbol::Branch/><span>{branch}</span></span> }.into_any()
        }
        (None, None) => ().into_any(),
    };
    view! {
        <span class="task-row-repository" title=move || repository.get()>
            <Icon symbol=Symbol::Repository/>
            <span>{move || repository.get()}</span>
        </span>
        {work}
    }
}

/// Lines added and removed, once there are any.
#[component]
fn Diffstat(task: TaskMemo) -> impl IntoView {
    let lines = memo(move || {
        with_task(task, |task| {
            let branch = task.branch()?;
            Some((branch.additions?, branch.deletions.unwrap_or_default())).filter(|lines| *lines != (0, 0))
        })
    });
    move || {
        lines.get().map(|(additions, deletions)| {
            let label = format!("{additions} lines added, {deletions} removed");
            view! {
                <span class="diffstat" role="img" aria-label=label>
                    <span class="diffstat-added">{format!("+{additions}")}</span>
                    " "
                    <span class="diffstat-removed">{format!("−{deletions}")}</span>
                </span>
            }
        })
    }
}

/// How long it took, and when it was asked for.
#[component]
fn TaskTimes(task: TaskMemo, now: Signal<Timestamp>) -> impl IntoView {
    let created_ms = Signal::derive(move || with_task(task, |task| task.created_at.as_ms()));
    let started_ms = memo(move || with_task(task, |task| task.started_at.map(Timestamp::as_ms)));
    let completed_ms = memo(move || with_task(task, |task| task.completed_at.map(Timestamp::as_ms)));
    let now_ms = Signal::derive(move || now.get().as_ms());
    let to_ms = Signal::derive(move || completed_ms.get().unwrap_or_else(|| now_ms.get()));
    view! {
        {move || started_ms.get().map(|from_ms| view! { <Elapsed from_ms to_ms/> })}
        <RelativeTime at_ms=created_ms now_ms/>
    }
}

/// Stop, while there is something to stop.
#[component]
fn StopButton(
    id: TaskId,
    task: TaskMemo,
    stop: Memo<Action>,
    title: Signal<String>,
    on_stop: Callback<TaskId>,
) -> impl IntoView {
    let refusal = memo(move || {
        let is_asked = stop.with(|stop| *stop == Action::Pending);
        task.with(|task| {
            let task = task.as_ref()?;
            rules::can_stop(&task.state, is_asked || task.stop_requested_at.is_some()).err()
        })
    });
    let reason = Signal::derive(move || refusal.get().map(|refusal| format!("Cannot stop: {refusal}")));
    let is_finished = memo(move || refusal.get() == Some(rules::Refusal::Finished));
    let label = Signal::derive(move || Some(format!("Stop session: {}", title.get())));
    view! {
        <Show when=move || !is_finished.get()>
            <Button
                kind=ButtonKind::Danger
                disabled_reason=reason
                label
                on_click={ let id = id.clone(); Callback::new(move |()| on_stop.run(id.clone())) }
            >
                <Icon symbol=Symbol::Stop/>
                {move || if reason.with(Option::is_some) { "Stopping…" } else { "Stop" }}
            </Button>
        </Show>
    }
}

fn with_task<T: Default>(task: TaskMemo, read: impl FnOnce(&Task) -> T) -> T {
    task.with(|task| task.as_deref().map(read).unwrap_or_default())
}

fn title_of(task: &Task) -> &str {
    if task.name.trim().is_empty() { "Untitled task" } else { &task.name }
}

fn agent_of<'a>(task: &'a Task, capabilities: Option<&'a Capabilities>) -> &'a str {
    let custom = || task.custom_agent.as_ref().map(|agent| agent.id.as_str());
    task.agent_id.as_deref().map(|id| agent_name(capabilities, id)).or_else(custom).unwrap_or_default()
}
