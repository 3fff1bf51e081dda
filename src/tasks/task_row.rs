//! One task of the list.

use std::collections::HashMap;
use std::sync::Arc;

use agent_tasks::{State, Task, Timestamp, rules};
use leptos::html::A;
use leptos::prelude::*;

use super::task_place::TaskPlace;
use crate::store::{Action, Connection, Connections, TaskBook, TaskEntry, TaskKey, agent_name, status};
use crate::ui::{Badge, Button, ButtonKind, Elapsed, Icon, RelativeTime, Symbol, memo};

/// What the rows share.
#[derive(Clone, Copy)]
pub struct RowContext {
    /// The tasks.
    pub book: Signal<TaskBook>,
    /// Where they live.
    pub connections: Signal<Connections>,
    /// The present moment.
    pub now: Signal<Timestamp>,
    /// What came of the stops that were asked for.
    pub stops: Signal<HashMap<TaskKey, Action>>,
    /// The task that was started last.
    pub started: Signal<Option<TaskKey>>,
    /// Stop was pressed.
    pub on_stop: Callback<TaskKey>,
}

/// A task that may not be there yet.
pub type TaskMemo = Memo<Option<Arc<TaskEntry>>>;

/// A row: what it is, what it does now, where, with whom, since when, and Stop.
#[component]
pub fn TaskRow(
    /// Which task.
    key: TaskKey,
    /// What the rows share.
    context: RowContext,
) -> impl IntoView {
    let RowContext { book, connections, now, stops, started, on_stop } = context;
    let id = key.connection;
    let key = StoredValue::new(key);
    // A row that is about to leave keeps its last look until then.
    let task = Memo::new(move |before: Option<&Option<Arc<TaskEntry>>>| {
        book.with(|book| key.with_value(|key| book.entry(key).cloned())).or_else(|| before.cloned().flatten())
    });
    let stop = memo(move || stops.with(|stops| key.with_value(|key| stops.get(key).cloned()).unwrap_or_default()));
    let is_fresh = memo(move || started.with(|started| key.with_value(|key| started.as_ref() == Some(key))));
    let state = Signal::derive(move || with_task(task, |task| Some(task.state.clone())).unwrap_or(State::Queued));
    let title = Signal::derive(move || with_task(task, |task| title_of(task).to_owned()));
    let address = memo(move || connections.with(|all| key.with_value(|key| all.address_of(key).fragment())));
    let web_origin =
        memo(move || connections.with(|all| all.get(id).map(|it| it.address.web_origin()).unwrap_or_default()));
    let page = memo(move || {
        let name = with_task(task, |task| task.repository_name().map(str::to_owned))?;
        Some(connections.with(|all| all.address_of_repository(id, &name))?.fragment())
    });
    let agent = memo(move || {
        connections.with(|all| {
            with_task(task, |task| agent_of(task, all.get(id)).map(|(symbol, name)| (symbol, name.to_owned())))
        })
    });
    let server = memo(move || {
        connections.with(|all| all.get(id).filter(|_| all.len() > 1).map(|connection| connection.name.clone()))
    });
    let now = Signal::derive(move || {
        let now = now.get();
        connections.with(|all| all.get(id).map_or(now, |connection| connection.at(now)))
    });
    let takes_stop = memo(move || connections.with(|all| all.get(id).is_some_and(Connection::takes_stop)));
    let link = NodeRef::<A>::new();
    let on_stop = Callback::new(move |()| {
        on_stop.run(key.get_value());
        // The button goes dark now, and a dark button cannot hold the focus.
        if let Some(link) = link.get_untracked() {
            let _ = link.focus();
        }
    });

    view! {
        <li class="task-row" data-fresh=move || is_fresh.get().then_some("")>
            <div class="task-row-state">
                <StatusBadge state/>
                {move || server.get().map(|name| {
                    let title = name.clone();
                    view! { <span class="task-row-connection" title=title>{name}</span> }
                })}
            </div>
            <div class="task-row-main">
                <a href=address class="task-row-title" dir="auto" node_ref=link>{move || title.get()}</a>
                <TaskActivity task stop/>
            </div>
            <div class="task-row-place">
                <TaskPlace task web_origin page/>
            </div>
            <div class="task-row-agent">
                {move || agent.get().map(|(symbol, name)| view! { <Icon symbol/> <span>{name}</span> })}
            </div>
            <div class="task-row-changes"><Diffstat task/></div>
            <div class="task-row-times"><TaskTimes task now/></div>
            <div class="task-row-action">
                <Show when=move || takes_stop.get()><StopButton task stop title on_stop/></Show>
            </div>
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
fn StopButton(task: TaskMemo, stop: Memo<Action>, title: Signal<String>, on_stop: Callback<()>) -> impl IntoView {
    let refusal = memo(move || {
        let is_asked = stop.with(|stop| *stop == Action::Pending);
        with_task(task, |task| rules::can_stop(&task.state, is_asked || task.stop_requested_at.is_some()).err())
    });
    let reason = Signal::derive(move || refusal.get().map(|refusal| format!("Cannot stop: {refusal}")));
    let is_finished = memo(move || refusal.get() == Some(rules::Refusal::Finished));
    let label = Signal::derive(move || Some(format!("Stop session: {}", title.get())));
    view! {
        <Show when=move || !is_finished.get()>
            <Button kind=ButtonKind::Danger disabled_reason=reason label on_click=on_stop>
                <Icon symbol=Symbol::Stop/>
                {move || if reason.with(Option::is_some) { "Stopping…" } else { "Stop" }}
            </Button>
        </Show>
    }
}

/// Reads a task; the default while it is not there.
pub fn with_task<T: Default>(task: TaskMemo, read: impl FnOnce(&Task) -> T) -> T {
    task.with(|entry| entry.as_deref().map(|entry| read(&entry.task)).unwrap_or_default())
}

fn title_of(task: &Task) -> &str {
    if task.name.trim().is_empty() { "Untitled task" } else { &task.name }
}

/// The agent by its name, or the one that the repository defines, or else who asked.
fn agent_of<'a>(task: &'a Task, connection: Option<&'a Connection>) -> Option<(Symbol, &'a str)> {
    let capabilities = connection.and_then(|connection| connection.capabilities.ready());
    let profile = task.agent_id.as_deref().map(|id| agent_name(capabilities, id));
    let custom = || task.custom_agent.as_ref().map(|agent| agent.id.as_str());
    let agent = profile.or_else(custom).map(|name| (Symbol::Agent, name));
    let creator = || Some((Symbol::Person, task.creator.as_ref()?.login.as_deref()?));
    agent.or_else(creator).filter(|(_, name)| !name.is_empty())
}
