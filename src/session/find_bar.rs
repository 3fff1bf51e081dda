//! Find in the log: what is searched for, what was found, and all hits in a list.

mod aim;
mod asking;
mod bar_focus;
mod found;
mod hit_list;
mod list_rows;
mod local;
mod marks;
mod row_words;
mod search;
mod way_to_hit;

use leptos::{ev, prelude::*};

pub use aim::Way;
pub use found::FoundHits;
use hit_list::HitList;
pub use list_rows::neighbour;
pub use search::LogSearch;

use crate::store::LogChoices;
use crate::ui::{counted, grouped, memo};

/// What is said of a log that is too long to be searched whole.
const CUT: &str = "The log is too long: its end was not searched. Download it to find what is there.";

/// What is searched for, and what was found.
#[component]
pub fn FindBar(search: LogSearch) -> impl IntoView {
    let is_listed = RwSignal::new(false);
    marks::keep_marks(search);
    view! {
        <Show when=move || search.is_open().get()>
            <search class="find-bar" aria-label="Find in the log" on:keydown=move |event| on_keydown(search, &event)>
                <Line search is_listed />
                {move || {
                    search.problem.get().map(|problem| {
                        view! { <p class="find-bar-problem" id="find-problem" role="alert">{problem}</p> }
                    })
                }}
                <Show when=move || search.query.with(Option::is_some) && search.found.with(FoundHits::is_cut)>
                    <p class="find-bar-note" role="status">{CUT}</p>
                </Show>
                <Show when=move || is_listed.get() && search.found.with(|found| found.total() > 0)>
                    <HitList search />
                </Show>
            </search>
        </Show>
    }
}

/// The field, the numbers and the buttons.
#[component]
fn Line(search: LogSearch, is_listed: RwSignal<bool>) -> impl IntoView {
    let state = memo(move || search.query.with(Option::is_some).then(|| search.found.with(count_in_words)));
    let has_none = memo(move || search.found.with(|found| found.total() == 0));
    let on_field_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "ArrowDown" && !has_none.get_untracked() {
            event.prevent_default();
            is_listed.set(true);
            request_animation_frame(move || search.focus_list());
        }
    };
    view! {
        <div class="find-bar-line">
            <input
                class="find-bar-field"
                type="text"
                inputmode="search"
                enterkeyhint="search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder="Find in the log"
                aria-label="Find in the log"
                aria-invalid=move || search.problem.with(Option::is_some).then_some("true")
                aria-describedby=move || search.problem.with(Option::is_some).then_some("find-problem")
                node_ref=search.field
                prop:value=search.text
                on:input=move |event| search.text.set(event_target_value(&event))
                on:keydown=on_field_keydown
            />
            <span class="find-bar-count" data-none=move || (has_none.get() && state.with(Option::is_some)).to_string()>
                {move || state.get()}
            </span>
            <div class="find-bar-group" role="group" aria-label="How the text is meant">
                <Toggle search label="Match case" sign="Aa" keys="Alt+C" choice=|choices| &mut choices.find_case />
                <Toggle search label="Whole word" sign="ab" keys="Alt+W" choice=|choices| &mut choices.find_word />
                <Toggle search label="Regular expression" sign=".*" keys="Alt+R" choice=|choices| &mut choices.find_regex />
            </div>
            <div class="find-bar-group">
                <button
                    type="button"
                    class="find-bar-button"
                    aria-label="Previous hit"
                    title="Previous hit (Shift+Enter)"
                    disabled=has_none
                    on:click=move |_| search.step(Way::Previous)
                >
                    "↑"
                </button>
                <button
                    type="button"
                    class="find-bar-button"
                    aria-label="Next hit"
                    title="Next hit (Enter)"
                    disabled=has_none
                    on:click=move |_| search.step(Way::Next)
                >
                    "↓"
                </button>
                <button
                    type="button"
                    class="find-bar-button find-bar-all"
                    aria-expanded=move || is_listed.get().to_string()
                    title="List all hits"
                    disabled=has_none
                    on:click=move |_| is_listed.update(|is_listed| *is_listed = !*is_listed)
                >
                    "All hits"
                </button>
            </div>
            <button
                type="button"
                class="find-bar-button"
                aria-label="Close find"
                title="Close find (Esc)"
                on:click=move |_| search.close()
            >
                "×"
            </button>
        </div>
    }
}

/// A choice of how the text is meant.
#[component]
fn Toggle(
    search: LogSearch,
    label: &'static str,
    sign: &'static str,
    keys: &'static str,
    choice: fn(&mut LogChoices) -> &mut bool,
) -> impl IntoView {
    let is_on = memo(move || search.choices().with(|choices| *choice(&mut choices.clone())));
    view! {
        <button
            type="button"
            class="find-bar-button"
            aria-label=label
            aria-pressed=move || is_on.get().to_string()
            title=[label, " (", keys, ")"].concat()
            on:click=move |_| flip(search, choice)
        >
            {sign}
        </button>
    }
}

fn flip(search: LogSearch, choice: fn(&mut LogChoices) -> &mut bool) {
    search.choices().update(|choices| {
        let chosen = choice(choices);
        *chosen = !*chosen;
    });
}

fn on_keydown(search: LogSearch, event: &ev::KeyboardEvent) {
    let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
    // With the option key of some keyboards a letter is another one; its place is the same.
    let choice: Option<fn(&mut LogChoices) -> &mut bool> = match event.code().as_str() {
        "KeyC" => Some(|choices| &mut choices.find_case),
        "KeyW" => Some(|choices| &mut choices.find_word),
        "KeyR" => Some(|choices| &mut choices.find_regex),
        _ => None,
    };
    match (event.key().as_str(), choice) {
        ("Escape", _) if is_plain => search.close(),
        ("Enter", _) if is_plain && search.is_in_field() => {
            search.step(if event.shift_key() { Way::Previous } else { Way::Next });
        }
        (_, Some(choice)) if event.alt_key() && !event.ctrl_key() && !event.meta_key() => flip(search, choice),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// `3 of 10,412`, and whether there may be more.
fn count_in_words(found: &FoundHits) -> String {
    let known = match (found.rank(), found.total()) {
        (_, 0) if found.is_done() => "Nothing found".to_owned(),
        (_, 0) => return "Searching…".to_owned(),
        (Some(rank), total) => [grouped(rank + 1).as_str(), " of ", &grouped(total)].concat(),
        (None, total) => counted(total, "hit"),
    };
    if found.is_done() { known } else { known + ", still searching…" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use found::tests::hit;

    #[test]
    fn numbers_say_how_far_the_search_is() {
        let mut found = FoundHits::default();
        assert_eq!(count_in_words(&found), "Searching…");
        found.take_counts([(1, 10_412)].into_iter(), false);
        assert_eq!(count_in_words(&found), "10,412 hits, still searching…");
        found.take_run(2, vec![hit(1, 0)], Vec::new());
        found.choose(2);
        found.take_counts([(1, 10_412)].into_iter(), true);
        assert_eq!(count_in_words(&found), "3 of 10,412");
        found.take_counts(std::iter::empty(), true);
        assert_eq!(count_in_words(&found), "Nothing found");
    }
}
