//! What stands under the line of a folded sub-agent: how many steps there are, and what it does now.

use leptos::prelude::*;
use session_log::{Fold, LogDocument, Nested};

use crate::session::step_line::StepLine;
use crate::session::visible_text::VisibleLine;
use crate::ui::counted;

/// The live line of a sub-agent, by what it has done.
pub fn nested_line(document: &LogDocument, nested: Nested) -> impl IntoView + use<> {
    let newest = document.step(nested.newest).map(|step| {
        let line = StepLine::new(document, step, Fold::Closed);
        let text = [line.word.as_str(), line.command.as_ref().unwrap_or(&line.title)].join(" ");
        let is_at_work = nested.is_at_work(document);
        view! {
            <span class="step-nested-newest" data-active=is_at_work.to_string()>
                {if is_at_work { "Now: " } else { "Last: " }}
                <VisibleLine text />
            </span>
        }
    });
    view! {
        <p class="step-nested">
            <span class="step-nested-count">{counted(nested.steps, "step")}</span>
            {newest}
        </p>
    }
}
