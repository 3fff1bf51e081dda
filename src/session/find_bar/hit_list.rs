//! All hits with what stands around them, step by step; only those near the screen are in the page.

use leptos::{ev, prelude::*};
use session_log::Excerpt;

use super::found::FoundHits;
use super::list_rows::{ListRow, neighbour, row_at, row_of_rank, rows};
use super::search::LogSearch;
use crate::session::long_list::LongList;
use crate::session::step_words::step_in_words;
use crate::ui::{grouped, memo};

/// What is shown of a line before a hit and after it, in characters.
const AROUND_CHARS: usize = 80;

/// The list.
#[component]
pub fn HitList(search: LogSearch) -> impl IntoView {
    let count = memo(move || search.found.with(rows));
    let list = LongList::new(count);
    // The hit that Enter goes to.
    let active = RwSignal::new(search.found.with_untracked(FoundHits::rank).unwrap_or_default());
    let show_active = move || {
        let row = search.found.with_untracked(|found| row_of_rank(found, active.get_untracked()));
        if let Some(row) = row {
            list.show(row);
        }
    };
    // Hits that come to be known leave the list where the reader has scrolled to.
    let rank = memo(move || search.found.with(FoundHits::rank));
    Effect::new(move |_| {
        if let Some(rank) = rank.get() {
            active.set(rank);
        }
        show_active();
    });
    let on_keydown = move |event: ev::KeyboardEvent| {
        let at = active.get_untracked();
        let last = search.found.with_untracked(FoundHits::total).saturating_sub(1);
        match event.key().as_str() {
            "Enter" | " " => search.go_to_rank(at),
            key => {
                let Some(to) = neighbour(key, at, last, list.page()) else { return };
                active.set(to);
                show_active();
            }
        }
        event.prevent_default();
    };
    // A name leads somewhere only while its row is in the page.
    let descendant = move || {
        let row = search.found.with(|found| row_of_rank(found, active.get()))?;
        list.window.with(|window| window.rows.contains(&row)).then(|| id_of(active.get()))
    };
    let shown = move || {
        let rows = list.window.with(|window| window.rows.clone());
        search.found.with(|found| rows.filter_map(|row| row_at(found, row)).collect::<Vec<_>>())
    };
    view! {
        <div
            class="hit-list"
            role="listbox"
            tabindex="0"
            aria-label="All hits"
            aria-activedescendant=descendant
            node_ref=list.scroll
            on:scroll=move |_| list.on_scroll()
            on:keydown=on_keydown
        >
            <div class="hit-list-space" role="presentation" style:height=move || list.height()>
                <div class="hit-list-rows" role="presentation" style:top=move || list.top()>
                    <For each=shown key=|row| *row children=move |row| view! { <HitRow search row active /> } />
                </div>
            </div>
        </div>
    }
}

/// A hit, or the title of the step whose hits come next.
#[component]
fn HitRow(search: LogSearch, row: ListRow, active: RwSignal<usize>) -> impl IntoView {
    match row {
        ListRow::Step { step, count } => {
            let title = memo(move || search.context.document.with(|document| step_in_words(document, step)));
            view! {
                <div class="hit-list-step" role="presentation">
                    <span class="hit-list-title">{title}</span>
                    <span class="hit-list-count">{grouped(count)}</span>
                </div>
            }
            .into_any()
        }
        ListRow::Hit { rank, hit } => {
            if hit.is_none() {
                // An answer may end before this hit. Once it is known, the row is made anew.
                Effect::new(move |_| {
                    search.found.track();
                    search.learn_later(rank);
                });
            }
            let excerpt = hit.and_then(|_| search.excerpt(rank)).unwrap_or_default();
            let Excerpt { before, hit: excerpt_hit, after } = excerpt;
            let total = search.found.with_untracked(FoundHits::total);
            view! {
                <div
                    class="hit-list-hit"
                    role="option"
                    id=id_of(rank)
                    aria-selected=move || (active.get() == rank).to_string()
                    aria-posinset=(rank + 1).to_string()
                    aria-setsize=total.to_string()
                    on:click=move |_| search.go_to_rank(rank)
                >
                    <bdi>{before}<mark>{excerpt_hit}</mark>{after}</bdi>
                </div>
            }
            .into_any()
        }
    }
}

impl LogSearch {
    /// What stands around a hit.
    fn excerpt(self, rank: usize) -> Option<Excerpt> {
        self.found.with_untracked(|found| {
            found.excerpt(rank).cloned().or_else(|| {
                let hit = found.hit(rank)?;
                self.context.document.with_untracked(|document| hit.excerpt(document, AROUND_CHARS))
            })
        })
    }
}

fn id_of(rank: usize) -> String {
    ["hit-", &rank.to_string()].concat()
}
