//! The outline beside a log: the steps that matter, where one is, where the hits are. On a phone it is a sheet over
//! the log.

mod minimap;
mod strip;

use leptos::{ev, html::Nav, prelude::*};
use session_log::{Outline, OutlineRow};

use super::find_bar::LogSearch;
use super::focus::focus_in_place;
use super::log_view::{LogContext, LogScreen};
use super::long_list::LongList;
use super::seen_rows::header_of;
use crate::ui::{grouped, memo};
use minimap::Minimap;

/// What a sheet over the log is, in pixels of the window's width.
const SHEET_PX_MAX: f64 = 720.0;

/// The steps that matter, where the reader is, and where the hits are.
#[component]
pub fn OutlinePane(context: LogContext, screen: LogScreen, search: LogSearch) -> impl IntoView {
    let is_shown = memo(move || context.choices.with(|choices| choices.has_outline));
    view! {
        <Show when=move || is_shown.get()>
            <Pane context screen search />
        </Show>
    }
}

/// What the parts of the outline share.
#[derive(Clone, Copy)]
struct Pane {
    context: LogContext,
    screen: LogScreen,
    search: LogSearch,
    outline: StoredValue<Outline>,
    /// Changes when any row of the outline does.
    news: RwSignal<u32>,
    /// The row that the reader is at.
    current: Memo<Option<usize>>,
    /// The row that takes part in the page's order of focus.
    active: RwSignal<Option<usize>>,
    list: LongList,
}

/// The outline.
#[component]
fn Pane(context: LogContext, screen: LogScreen, search: LogSearch) -> impl IntoView {
    let outline = StoredValue::new(Outline::default());
    let news = RwSignal::new(0_u32);
    let nav = NodeRef::<Nav>::new();
    let count = memo(move || {
        news.track();
        outline.with_value(|outline| outline.rows().len())
    });
    // The list stays where it is while the reader only passes by: its rows would be others in each frame.
    let current = Memo::new(move |before: Option<&Option<usize>>| {
        count.track();
        let (is_passing, here) = screen.frame().with(|frame| (frame.is_passing, frame.first_seen()));
        match before {
            Some(before) if is_passing => *before,
            Some(_) | None => outline.with_value(|outline| outline.row_at(here?.step)),
        }
    });
    // Before the first row that there is, the first is the nearest.
    let nearest = memo(move || screen.frame().with(|frame| frame.first_seen()).map(|_| current.get().unwrap_or(0)));
    let list = LongList::new(count);
    let pane = Pane { context, screen, search, outline, news, current, active: RwSignal::new(None), list };
    Effect::new(move |_| {
        let is_news = context.document.with(|document| outline.try_update_value(|outline| outline.sync(document)));
        if is_news == Some(true) {
            news.update(|news| *news = news.wrapping_add(1));
        }
    });
    Effect::new(move |_| {
        // Whoever reads the outline is left in peace.
        let is_read = nav.get_untracked().is_some_and(|nav| nav.matches(":hover, :focus-within") == Ok(true));
        list.track_screen();
        if let Some(row) = nearest.get().filter(|_| !is_read) {
            list.show(row);
        }
    });
    // What it has let pass while it was read.
    let on_leave = move |_| {
        if let Some(row) = nearest.get_untracked() {
            list.show(row);
        }
    };
    let close = move || context.choices.update(|choices| choices.has_outline = false);
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && is_sheet() {
            event.prevent_default();
            close();
            return;
        }
        pane.on_keydown(&event);
    };
    view! {
        <nav class="outline-pane" aria-label="Outline" node_ref=nav on:pointerleave=on_leave>
            <div class="outline-pane-head">
                <h2>"Outline"</h2>
                <button type="button" class="outline-pane-close" aria-label="Close outline" title="Close outline (m)" on:click=move |_| close()>
                    "×"
                </button>
            </div>
            <div class="outline-pane-main">
                <div class="outline-pane-scroll" tabindex="-1" node_ref=list.scroll on:scroll=move |_| list.on_scroll() on:keydown=on_keydown>
                    <div class="outline-pane-space" style:height=move || list.height()>
                        <ol class="outline-pane-rows" style:top=move || list.top()>
                            <For
                                each=move || list.window.with(|window| window.rows.clone())
                                key=|row| *row
                                children=move |row| view! { <OutlineItem pane row /> }
                            />
                        </ol>
                    </div>
                    <Show when=move || count.get() == 0>
                        <p class="outline-pane-empty">"Prompts, messages and tool calls are listed here."</p>
                    </Show>
                </div>
                <Minimap context screen search outline news />
            </div>
        </nav>
    }
}

/// A step of the outline.
#[component]
fn OutlineItem(pane: Pane, row: usize) -> impl IntoView {
    let Pane { context, outline, news, search, .. } = pane;
    let step = memo(move || {
        news.track();
        outline.with_value(|outline| outline.rows().get(row).copied())
    });
    let revision = memo(move || {
        let step = step.get()?.step;
        context.document.with(|document| Some(document.step(step)?.revision()))
    });
    let words = memo(move || {
        revision.get()?;
        let step = step.get()?.step;
        context.document.with_untracked(|document| Some((document.step(step)?.kind_word(), document.title_of(step))))
    });
    let hits = memo(move || {
        news.track();
        let (from, to) = outline.with_value(|outline| {
            let rows = outline.rows();
            let from = if row == 0 { 0 } else { rows.get(row).map_or(0, |row| row.step) };
            (from, rows.get(row + 1).map_or(usize::MAX, |next| next.step))
        });
        search.found.with(|found| found.count_between(from, to))
    });
    let is_error = memo(move || step.get().is_some_and(|row| row.is_error()));
    let look = memo(move || words.with(|words| words.as_ref().map(|(word, _)| word.to_ascii_lowercase())));
    let is_left_out = memo(move || step.get().is_some_and(|row| pane.screen.read(|layout| layout.is_hidden(row.step))));
    let is_current = move || (pane.current.get() == Some(row)).then_some("true");
    view! {
        <li aria-setsize=move || pane.list.count().to_string() aria-posinset=(row + 1).to_string()>
            <button
                type="button"
                class="outline-pane-item"
                data-row=row.to_string()
                data-step=look
                data-error=move || is_error.get().then_some("true")
                data-left-out=move || is_left_out.get().then_some("true")
                aria-current=is_current
                tabindex=move || if pane.tab_stop() == Some(row) { "0" } else { "-1" }
                on:focus=move |_| pane.active.set(Some(row))
                on:click=move |_| pane.go_to(step.get_untracked())
            >
                <b>{move || words.with(|words| words.as_ref().map(|(word, _)| word.clone()))}</b>
                <bdi>{move || words.with(|words| words.as_ref().map(|(_, title)| title.clone()))}</bdi>
                {move || is_left_out.get().then(|| view! { <span class="visually-hidden">", left out by the filter"</span> })}
                {move || is_error.get().then(|| view! { <i class="outline-pane-mark" role="img" aria-label="failed"></i> })}
                {move || (hits.get() > 0).then(|| {
                    view! { <mark class="outline-pane-hits">{grouped(hits.get())}<span class="visually-hidden">" hits"</span></mark> }
                })}
            </button>
        </li>
    }
}

impl Pane {
    /// The row that the tab key leads to: the one that was used, or where the reader is, or the first that is there.
    fn tab_stop(self) -> Option<usize> {
        self.list.window.with(|window| {
            let wanted = self.active.get().or(self.current.get());
            wanted.filter(|row| window.rows.contains(row)).or(Some(window.rows.start))
        })
    }

    fn go_to(self, row: Option<OutlineRow>) {
        let Some(row) = row else { return };
        self.screen.reveal(self.context, header_of(row.step));
        if is_sheet() {
            self.context.choices.update(|choices| choices.has_outline = false);
        }
    }

    fn on_keydown(self, event: &ev::KeyboardEvent) {
        let last = self.list.count().saturating_sub(1);
        let at = self.active.get_untracked().or(self.current.get_untracked()).unwrap_or_default();
        let Some(to) = super::find_bar::neighbour(&event.key(), at, last, self.list.page()) else { return };
        event.prevent_default();
        self.active.set(Some(to));
        // A row that leaves the page would take the focus with it, and the outline would go back to what is read.
        if !self.list.window.with_untracked(|window| window.rows.contains(&to))
            && let Some(scroll) = self.list.scroll.get_untracked()
        {
            focus_in_place(scroll.into());
        }
        self.list.show(to);
        request_animation_frame(move || request_animation_frame(move || self.focus(to)));
    }

    /// Gives the focus to a row that is in the page.
    fn focus(self, row: usize) {
        let selector = ["[data-row=\"", &row.to_string(), "\"]"].concat();
        let scroll = self.list.scroll.try_get_untracked().flatten();
        let item = scroll.and_then(|scroll| scroll.query_selector(&selector).ok().flatten());
        if let Some(item) = item {
            focus_in_place(item);
        }
    }
}

/// Whether the outline lies over the log.
fn is_sheet() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width <= SHEET_PX_MAX)
}
