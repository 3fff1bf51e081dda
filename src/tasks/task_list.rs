//! The list of tasks, in every condition that it can be in.

use std::collections::HashMap;

use agent_tasks::Timestamp;
use leptos::ev;
use leptos::prelude::*;

use super::list_notices::ListNotices;
use super::task_group::TaskGroup;
use super::task_row::RowContext;
use crate::store::status::Group;
use crate::store::{Action, Connection, ConnectionId, Connections, Remote, TaskBook, TaskKey};
use crate::ui::{Skeleton, memo};

/// Running and past tasks of all servers, in groups.
#[component]
pub fn TaskList(
    /// The tasks that are known.
    #[prop(into)]
    book: Signal<TaskBook>,
    /// Where they live.
    #[prop(into)]
    connections: Signal<Connections>,
    /// The servers that were asked for these tasks, each with what came of that.
    #[prop(into)]
    asked: Signal<Connections>,
    /// The present moment; ticks once a second.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// What came of the stops that were asked for.
    #[prop(into)]
    stops: Signal<HashMap<TaskKey, Action>>,
    /// The task that was started last.
    #[prop(into)]
    started: Signal<Option<TaskKey>>,
    /// Stop was pressed on a row.
    on_stop: Callback<TaskKey>,
    /// A server's tasks should be read again.
    on_reload: Callback<ConnectionId>,
) -> impl IntoView {
    let context = RowContext { book, connections, now, stops, started, on_stop };
    let viewport = viewport_changes(move || {
        book.with(|book| Group::ALL.map(|group| book.rows(group).len()));
    });
    let blank = memo(move || {
        let is_empty = book.with(TaskBook::is_empty);
        asked.with(|asked| if is_empty { Blank::of(asked) } else { Blank::None })
    });
    let blank = move || match blank.get() {
        Blank::None => ().into_any(),
        Blank::Loading => view! { <Skeleton rows=4 label="Loading tasks"/> }.into_any(),
        Blank::Empty { has_rehearsal } => view! { <EmptyList has_rehearsal/> }.into_any(),
    };
    let groups = Group::ALL.map(|group| view! { <TaskGroup group context viewport/> });
    view! {
        <div class="task-list">
            <ListNotices asked on_reload/>
            {blank} {groups}
        </div>
    }
}

/// What stands in the place of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blank {
    /// Nothing: there are rows, or only notices.
    None,
    /// They are on their way.
    Loading,
    /// There is no task.
    Empty {
        /// Whether an agent that only plays a script is on offer.
        has_rehearsal: bool,
    },
}

impl Blank {
    /// What stands there while no task is known.
    fn of(asked: &Connections) -> Self {
        let is_loading = |connection: &Connection| connection.reading == Remote::Loading;
        let is_read = |connection: &Connection| connection.reading == Remote::Ready(());
        if asked.open().any(is_loading) {
            return Self::Loading;
        }
        let offered = asked.open().filter_map(|connection| connection.capabilities.ready());
        let has_rehearsal = offered.flat_map(|known| &known.agents).any(|agent| agent.rehearsal);
        if asked.open().any(is_read) { Self::Empty { has_rehearsal } } else { Self::None }
    }
}

#[component]
fn EmptyList(has_rehearsal: bool) -> impl IntoView {
    let rehearsal = has_rehearsal.then(|| {
        view! {
            <p>
                "Only looking around? Choose the rehearsal agent: it plays a script with real edits and real commands in a branch of its own. No model is involved."
            </p>
        }
    });
    view! {
        <div class="task-list-empty">
            <h2>"No tasks yet"</h2>
            <p>"Write above what an agent should do, choose where and who, and press " <b>"Start task"</b> "."</p>
            {rehearsal}
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
