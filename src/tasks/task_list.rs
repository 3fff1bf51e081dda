//! The list of tasks, in every condition that it can be in.

use std::collections::HashMap;

use agent_tasks::{Capabilities, TaskId, Timestamp};
use leptos::ev;
use leptos::prelude::*;

use super::task_group::TaskGroup;
use crate::store::status::Group;
use crate::store::{Action, Link, Remote, TaskBook};
use crate::ui::{Button, Notice, NoticeKind, Skeleton, memo};

/// Running and past tasks, in groups.
#[component]
pub fn TaskList(
    /// The tasks that are known.
    #[prop(into)]
    book: Signal<TaskBook>,
    /// Whether the list was read.
    #[prop(into)]
    reading: Signal<Remote<()>>,
    /// How the list's stream is doing.
    #[prop(into)]
    link: Signal<Link>,
    /// What the server can do; names the agents.
    #[prop(into)]
    capabilities: Signal<Remote<Capabilities>>,
    /// The present moment; ticks once a second.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// What came of the stops that were asked for.
    #[prop(into)]
    stops: Signal<HashMap<TaskId, Action>>,
    /// The task that was started last.
    #[prop(into)]
    started: Signal<Option<TaskId>>,
    /// Stop was pressed on a row.
    on_stop: Callback<TaskId>,
    /// The list should be read again.
    on_reload: Callback<()>,
) -> impl IntoView {
    let is_empty = memo(move || book.with(TaskBook::is_empty));
    let viewport = viewport_changes(move || {
        book.with(|book| Group::ALL.map(|group| book.rows(group).len()));
    });
    let condition = move || match (reading.get(), is_empty.get()) {
        (Remote::Loading, true) => view! { <Skeleton rows=4 label="Loading tasks"/> }.into_any(),
        (Remote::Failed(sentence), _) => view! { <ListProblem sentence on_reload/> }.into_any(),
        (Remote::Ready(()), true) => view! { <EmptyList/> }.into_any(),
        (Remote::Loading | Remote::Ready(()), false) => ().into_any(),
    };
    let groups = Group::ALL.map(|group| {
        view! { <TaskGroup group book capabilities viewport now stops started on_stop/> }
    });
    view! {
        <div class="task-list">
            <Show when=move || link.get() == Link::Reconnecting>
                <Notice kind=NoticeKind::Note>
                    "Reconnecting… The list is as it was when the connection was lost; it catches up by itself."
                </Notice>
            </Show>
            {condition} {groups}
        </div>
    }
}

#[component]
fn ListProblem(sentence: String, on_reload: Callback<()>) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Problem>
            <p>"The list of tasks could not be read. " {sentence}</p>
            <Button on_click=on_reload>"Try again"</Button>
        </Notice>
    }
}

#[component]
fn EmptyList() -> impl IntoView {
    view! {
        <div class="task-list-empty">
            <h2>"No tasks yet"</h2>
            <p>"Write above what an agent should do, choose where and who, and press " <b>"Start task"</b> "."</p>
            <p>
                "Only looking around? Choose the rehearsal agent: it plays a script with real edits and real commands in a branch of its own. No model is involved."
            </p>
        </div>
    }
}

/// A number that changes, at most once per frame, when the viewport may show other rows: a scroll, a
/// resize, or a change of what `track` reads, which moves the groups below.
fn viewport_changes(track: impl Fn() + 'static) -> Signal<u32> {
    let (viewport, set_viewport) = signal(0_u32);
    let is_asked = StoredValue::new(false);
    let ask = move || {
        if !is_asked.get_value() {
            is_asked.set_value(true);
            request_animation_frame(move || {
                is_asked.try_set_value(false);
                set_viewport.try_update(|changes| *changes = changes.wrapping_add(1));
            });
        }
    };
    Effect::new(move |_| {
        track();
        ask();
    });
    let on_scroll = window_event_listener(ev::scroll, move |_| ask());
    let on_resize = window_event_listener(ev::resize, move |_| ask());
    on_cleanup(move || {
        on_scroll.remove();
        on_resize.remove();
    });
    viewport.into()
}
