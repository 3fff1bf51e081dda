//! One group of the list. Only the rows near the screen exist; the others are space.

use std::ops::Range;

use leptos::html;
use leptos::prelude::*;

use super::task_row::{RowContext, TaskRow};
use super::window::visible_rows;
use crate::store::TaskKey;
use crate::store::status::Group;
use crate::ui::{memo, px};

/// The height of a row where the style sheet does not tell it.
const ROW_PX: f64 = 64.0;

/// A heading with a count, and a window of rows. Nothing while the group is empty.
#[component]
pub fn TaskGroup(
    /// Which group.
    group: Group,
    /// What the rows share.
    context: RowContext,
    /// Changes with every scroll and resize.
    viewport: Signal<u32>,
) -> impl IntoView {
    let list = NodeRef::<html::Ul>::new();
    let book = context.book;
    let count = memo(move || book.with(|book| book.rows(group).len()));
    let row_px = RwSignal::new(ROW_PX);
    let window = RwSignal::new(0..0_usize);

    // Layout can only be read after the change is in the document.
    Effect::new(move |_| {
        viewport.track();
        let count = count.get();
        if let Some(list) = list.get() {
            let height = row_height(&list).unwrap_or(ROW_PX);
            set_if_changed(row_px, height);
            let top = list.get_bounding_client_rect().top();
            set_if_changed(window, visible_rows(count, height, top, viewport_height()));
        }
    });

    let range = memo(move || {
        let Range { start, end } = window.get();
        let count = count.get();
        start.min(count)..end.min(count)
    });
    let visible = memo(move || {
        let range = range.get();
        book.with(|book| book.rows(group)[range].iter().map(|entry| entry.key.clone()).collect::<Vec<_>>())
    });
    let heading = move || {
        view! {
            <h2 class="task-group-heading">
                {group.label()} " " <span class="task-group-count">{move || count.get()}</span>
            </h2>
        }
    };
    let rows = move || {
        view! {
            <ul
                class="task-group-rows"
                node_ref=list
                style:height=move || px(count.get() as f64 * row_px.get())
                style:padding-top=move || px(range.get().start as f64 * row_px.get())
            >
                <For each=move || visible.get() key=TaskKey::clone let:key>
                    <TaskRow key context/>
                </For>
            </ul>
        }
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="task-group" aria-label=group.label()>
                {heading()} {rows()}
            </section>
        </Show>
    }
}

fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

/// The style sheet owns the height of a row, because it differs between wide and narrow screens.
fn row_height(list: &web_sys::HtmlUListElement) -> Option<f64> {
    let style = window().get_computed_style(list).ok()??;
    let text = style.get_property_value("--task-row-height").ok()?;
    let px = js_sys::parse_float(&text);
    px.is_finite().then_some(px)
}

fn viewport_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default()
}
