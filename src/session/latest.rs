//! The way back to the end of a log, and how much came there meanwhile.

use leptos::prelude::*;

use super::log_view::{LogContext, LogScreen};
use crate::ui::{counted, memo};

/// Leads to the end of the log; there only while something is below the screen.
#[component]
pub fn Latest(context: LogContext, screen: LogScreen) -> impl IntoView {
    let frame = screen.frame();
    let is_shown = memo(move || frame.with(|frame| !frame.is_following && frame.has_below));
    let news = memo(move || frame.with(|frame| frame.new_lines));
    // Only where something comes is anything new: a file, or a session that was over before, has an end.
    let is_growing = Memo::new(move |has_grown: Option<&bool>| {
        has_grown == Some(&true) || context.task.with(|task| task.as_ref().is_some_and(|task| task.state.is_active()))
    });
    let name = move || if is_growing.get() { "Jump to latest" } else { "Jump to the end" };
    let words = move || Some(counted(news.get(), "new line")).filter(|_| is_growing.get() && news.get() > 0);
    let on_latest = move |_| {
        screen.follow(context);
        context.on_place.run(None);
        if let Some(scroll) = screen.scroll.get_untracked() {
            let _ = scroll.focus();
        }
    };
    view! {
        <Show when=move || is_shown.get()>
            <button type="button" class="log-view-latest" aria-label=name aria-description=words on:click=on_latest>
                {name}
                {move || words().map(|words| view! { <span class="log-view-news">" · " {words}</span> })}
            </button>
        </Show>
    }
}
