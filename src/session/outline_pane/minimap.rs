//! A strip as tall as the outline that stands for the whole log: errors, prompts, hits, and what is on the screen. The
//! list beside it says the same.

use std::time::Duration;

use leptos::{ev, html::Div, prelude::*};
use session_log::{Layout, Outline, OutlineKind};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::strip::{Marks, PLACES};
use crate::session::find_bar::{FoundHits, LogSearch};
use crate::session::log_view::{LogContext, LogScreen};
use crate::session::seen_rows::header_of;
use crate::ui::memo;

/// How many screens a log has that needs a map.
const SCREENS_MIN: f64 = 4.0;
/// How long marks stay as they are while the log changes.
const KEPT: Duration = Duration::from_millis(250);

/// The strip.
#[component]
pub fn Minimap(
    context: LogContext,
    screen: LogScreen,
    search: LogSearch,
    outline: StoredValue<Outline>,
    news: RwSignal<u32>,
) -> impl IntoView {
    let strip = NodeRef::<Div>::new();
    let paths = RwSignal::new(Paths::default());
    let is_asked = StoredValue::new(false);
    let height = memo(move || screen.frame().with(|frame| frame.height as u64));
    let is_long = memo(move || height.get() as f64 > SCREENS_MIN * screen.screen_px().max(1.0));
    Effect::new(move |before: Option<()>| {
        news.track();
        height.track();
        search.found.track();
        if !is_long.get() || is_asked.get_value() {
            return;
        }
        is_asked.set_value(true);
        let draw = move || {
            if is_asked.try_set_value(false).is_none() {
                let now = Paths::new(screen, search, outline);
                paths.try_set(now);
            }
        };
        if before.is_none() { request_animation_frame(draw) } else { set_timeout(draw, KEPT) }
    });
    // What is on the screen, in places of the strip.
    let seen = move || {
        let height = (height.get() as f64).max(1.0);
        let top = screen.frame().with(|frame| frame.scroll_top) / height;
        (top, (screen.screen_px() / height).min(1.0))
    };
    let drag = move |event: &ev::PointerEvent| {
        let Some(strip) = strip.get_untracked() else { return };
        let box_ = strip.get_bounding_client_rect();
        let part = (f64::from(event.client_y()) - box_.top()) / box_.height().max(1.0);
        let row = screen.with_layout(|layout| Some(layout.anchor(part.clamp(0.0, 1.0) * layout.height())?.row));
        if let Some(row) = row {
            screen.reveal(context, row);
        }
    };
    let on_pointerdown = move |event: ev::PointerEvent| {
        if let Some(strip) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            let _ = strip.set_pointer_capture(event.pointer_id());
        }
        event.prevent_default();
        drag(&event);
    };
    let on_pointermove = move |event: ev::PointerEvent| {
        if event.buttons() == 1 {
            drag(&event);
        }
    };
    view! {
        <Show when=move || is_long.get()>
            <div class="minimap" aria-hidden="true" node_ref=strip on:pointerdown=on_pointerdown on:pointermove=on_pointermove>
                <svg viewBox=["0 0 1 ", &PLACES.to_string()].concat() preserveAspectRatio="none">
                    <path class="minimap-prompts" d=move || paths.with(|paths| paths.prompts.clone())></path>
                    <path class="minimap-errors" d=move || paths.with(|paths| paths.errors.clone())></path>
                    <path class="minimap-hits" d=move || paths.with(|paths| paths.hits.clone())></path>
                </svg>
                <div
                    class="minimap-seen"
                    style:top=move || percent(seen().0)
                    style:height=move || percent(seen().1)
                ></div>
            </div>
        </Show>
    }
}

/// The marks of a strip.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Paths {
    prompts: String,
    errors: String,
    hits: String,
}

impl Paths {
    fn new(screen: LogScreen, search: LogSearch, outline: StoredValue<Outline>) -> Self {
        let (mut prompts, mut errors, mut hits) = (Marks::default(), Marks::default(), Marks::default());
        screen.with_layout(|layout| {
            let height = layout.height();
            outline.with_value(|outline| {
                for row in outline.rows() {
                    if row.is_error() {
                        errors.add(layout.top(header_of(row.step)), height);
                    } else if row.kind == OutlineKind::Prompt {
                        prompts.add(layout.top(header_of(row.step)), height);
                    }
                }
            });
            search.found.with_untracked(|found| mark_hits(&mut hits, found, layout));
        });
        Self { prompts: prompts.path(), errors: errors.path(), hits: hits.path() }
    }
}

fn mark_hits(marks: &mut Marks, found: &FoundHits, layout: &Layout) {
    let height = layout.height();
    for group in found.steps() {
        let top = layout.top(header_of(group.step));
        let tall = layout.top(header_of(group.step + 1)) - top;
        // Hits of a step that is taller than a mark stand where they are in it.
        if tall * (PLACES as f64) < height {
            marks.add(top, height);
            continue;
        }
        let (mut above, mut before) = (top, group.first);
        for (rank, hit) in found.known(group.first..group.first + group.count) {
            let here = layout.row_showing(&hit).map_or(top, |row| layout.top(row));
            marks.spread(above..here, rank - before, height);
            marks.add(here, height);
            (above, before) = (here, rank + 1);
        }
        // Where those are that are counted but not known can only be guessed.
        marks.spread(above..top + tall, group.first + group.count - before, height);
    }
}

fn percent(part: f64) -> String {
    // In hundredths: whole numbers are written in little code.
    let hundredths = (part * 10_000.0).clamp(0.0, 10_000.0) as u32;
    let fraction = hundredths % 100;
    let zero = if fraction < 10 { "0" } else { "" };
    [&(hundredths / 100).to_string(), ".", zero, &fraction.to_string(), "%"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_as_percent() {
        for (part, text) in [(0.0, "0.00%"), (0.5, "50.00%"), (0.0307, "3.07%"), (1.0, "100.00%"), (7.0, "100.00%")] {
            assert_eq!(percent(part), text);
        }
    }
}
