//! The log with everything around it: tools above, the plan, what was found, the outline beside it.

use leptos::prelude::*;

use super::find_bar::{FindBar, LogSearch};
use super::key_list::KeyList;
use super::log_keys::LogKeys;
use super::log_toolbar::LogToolbar;
use super::log_view::{LogContext, LogScreen, LogView};
use super::outline_pane::OutlinePane;
use super::plan_pin::PlanPin;
use crate::store::Moments;

/// The log and its tools.
#[component]
pub fn LogPanel(context: LogContext) -> impl IntoView {
    let screen = LogScreen::new();
    let search = LogSearch::new(context, screen);
    let wrap = move || if context.choices.with(|choices| choices.is_unwrapped) { "off" } else { "on" };
    let is_listed = RwSignal::new(false);
    let moments = move || if context.choices.with(|choices| choices.moments == Moments::None) { "off" } else { "on" };
    view! {
        <section class="log-panel" aria-label="Log" data-wrap=wrap data-moments=moments node_ref=search.panel>
            <LogToolbar context screen search is_listed />
            <FindBar search />
            <PlanPin context screen search />
            <div class="log-panel-main">
                <LogView context screen />
                <OutlinePane context screen search />
            </div>
            <LogKeys context screen search is_listed />
            <Show when=move || is_listed.get()>
                <KeyList choices=context.choices is_listed />
            </Show>
        </section>
    }
}
