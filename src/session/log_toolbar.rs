//! The tools above a log.

mod filters;
mod levels;
mod moments;

use leptos::prelude::*;

use super::download_menu::DownloadMenu;
use super::find_bar::LogSearch;
use super::log_view::{LogContext, LogScreen};
use crate::store::{LogChoices, Moments};
use crate::ui::{Menu, Toolbar, memo};

/// What of the log is shown, and how.
#[component]
pub fn LogToolbar(
    context: LogContext,
    screen: LogScreen,
    search: LogSearch,
    /// Whether the list of the keys is shown.
    is_listed: RwSignal<bool>,
) -> impl IntoView {
    let choices = context.choices;
    let showing = memo(move || choices.with(|choices| choices.showing.clone()));
    let is_unwrapped = memo(move || choices.with(|choices| choices.is_unwrapped));
    let has_outline = memo(move || choices.with(|choices| choices.has_outline));
    let moments = memo(move || choices.with(|choices| choices.moments));
    // Before the log is laid out for the first time, and whenever the reader chooses anew.
    Effect::new(move |_| {
        let showing = showing.get();
        screen.adapt(context, |layout, document| layout.set_showing(document, &showing));
    });
    // What makes lines longer or shorter makes all heights unknown.
    Effect::new(move |before: Option<(bool, bool)>| {
        let now = (is_unwrapped.get(), moments.get() == Moments::None);
        if before.is_some_and(|before| before != now) {
            screen.adapt(context, |layout, document| layout.forget_heights(document));
        }
        now
    });
    let on_level = Callback::new(move |value: String| {
        let before = showing.get_untracked();
        let Some(showing) = levels::choose(&before, &value) else { return };
        // What was opened and closed by hand gives way, even to the level that was chosen before.
        if showing == before || showing.level != before.level {
            screen.adapt(context, |layout, document| layout.show_again(document, &showing));
        }
        choices.update(|choices| choices.showing = showing);
    });
    let on_filter = Callback::new(move |value: String| {
        choices.update(|choices| filters::choose(&mut choices.showing, &value));
    });
    let left_out = memo(move || screen.read(session_log::Layout::left_out));
    let left_out_text = memo(move || showing.with(|showing| filters::sentence(showing, left_out.get())));
    let switch = move |change: fn(&mut LogChoices)| move |_| choices.update(change);
    view! {
        <div class="log-toolbar">
            <Toolbar label="Log">
                <button
                    type="button"
                    class="log-toolbar-button toolbar-tool"
                    aria-pressed=move || search.is_open().get().to_string()
                    on:click=move |_| if search.is_open().get_untracked() { search.close() } else { search.open() }
                >
                    "Find"
                </button>
                <Menu
                    label="Detail"
                    chosen=Signal::derive(move || showing.with(|showing| levels::word(showing.level).to_owned()))
                    items=Signal::derive(move || showing.with(levels::items))
                    on_choose=on_level
                />
                <Menu
                    label="Filter"
                    chosen=Signal::derive(move || showing.with(filters::word))
                    items=Signal::derive(move || showing.with(filters::items))
                    on_choose=on_filter
                />
                <Menu
                    label="Times"
                    chosen=Signal::derive(move || moments::word(moments.get()).to_owned())
                    items=Signal::derive(move || moments::items(moments.get()))
                    on_choose=Callback::new(move |value: String| {
                        choices.update(|choices| choices.moments = moments::of(&value));
                    })
                />
                <button
                    type="button"
                    class="log-toolbar-button toolbar-tool"
                    aria-pressed=move || (!is_unwrapped.get()).to_string()
                    on:click=switch(|choices| choices.is_unwrapped = !choices.is_unwrapped)
                >
                    "Wrap lines"
                </button>
                <button
                    type="button"
                    class="log-toolbar-button toolbar-tool"
                    aria-pressed=move || has_outline.get().to_string()
                    on:click=switch(|choices| choices.has_outline = !choices.has_outline)
                >
                    "Outline"
                </button>
                <button
                    type="button"
                    class="log-toolbar-button toolbar-tool"
                    aria-haspopup="dialog"
                    on:click=move |_| is_listed.set(true)
                >
                    "Keys"
                </button>
                <DownloadMenu context />
            </Toolbar>
            <p class="log-toolbar-left-out" role="status">{left_out_text}</p>
            <Show when=move || left_out_text.with(|text| !text.is_empty())>
                <button
                    type="button"
                    class="log-toolbar-button"
                    on:click=switch(|choices| filters::clear(&mut choices.showing))
                >
                    "Show all"
                </button>
            </Show>
        </div>
    }
}
