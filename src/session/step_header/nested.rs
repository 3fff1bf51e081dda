//! What stands under the line of a folded sub-agent: how many steps there are, and what it does now.

use leptos::prelude::*;
use session_log::{Fold, Nested};

use crate::session::log_view::LogContext;
use crate::session::step_line::StepLine;
use crate::session::visible_text::VisibleLine;
use crate::ui::{counted, memo};

/// The live line of a sub-agent.
#[component]
pub fn NestedLine(
    context: LogContext,
    /// What it has done.
    nested: Memo<Option<Nested>>,
) -> impl IntoView {
    let count = memo(move || nested.get().map(|nested| counted(nested.steps, "step")).unwrap_or_default());
    let newest = memo(move || {
        let nested = nested.get()?;
        context.document.with(|document| {
            let line = StepLine::new(document, document.step(nested.newest)?, Fold::Closed);
            let about = line.command.unwrap_or(line.title);
            Some((nested.is_at_work(document), [line.word.as_str(), about.as_str()].join(" ")))
        })
    });
    view! {
        <p class="step-nested">
            <span class="step-nested-count">{count}</span>
            {move || newest.get().map(|(is_at_work, text)| view! {
                <span class="step-nested-newest" data-active=is_at_work.to_string()>
                    {if is_at_work { "Now: " } else { "Last: " }}
                    <VisibleLine text />
                </span>
            })}
        </p>
    }
}
