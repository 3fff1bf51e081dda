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
    let words = move || Some(counted(news.get(), "new line")).filter(|_| news.get() > 0);
    let on_latest = move |_| {
        screen.follow(context);
        context.on_place.run(None);
        if let Some(scroll) = screen.scroll.get_untracked() {
            let _ = scroll.focus();
        }
    };
    view! {
        <Show when=move || is_shown.get()>
            <button type="button" class="log-view-latest" aria-label="Jump to latest" aria-description=words on:click=on_latest>
                "Jump to latest"
                {move || words().map(|words| view! { <span class="log-view-news">" · " {words}</span> })}
            </button>
        </Show>
    }
}
