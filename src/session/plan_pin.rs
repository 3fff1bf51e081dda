//! The newest plan, which stays in view above the log: a checklist, or one line of it.

use agent_tasks::event::{PlanEntry, PlanStatus};
use leptos::{ev, prelude::*};
use session_log::{LogDocument, Row, RowPart, StepKind};

use super::find_bar::LogSearch;
use super::log_view::{LogContext, LogScreen};
use super::visible_text::{VisibleLine, VisibleText};
use crate::ui::memo;

/// Up to this height of the window the log comes first, in pixels.
const LOW_PX_MAX: f64 = 560.0;

/// The plan of the newest session.
#[derive(Debug, Clone, PartialEq)]
struct Pinned {
    step: usize,
    entries: Vec<PlanEntry>,
}

/// The agent's plan as a checklist.
#[component]
pub fn PlanPin(context: LogContext, screen: LogScreen, search: LogSearch) -> impl IntoView {
    let newest = StoredValue::new(NewestPlan::default());
    let pinned =
        memo(move || context.document.with(|document| newest.try_update_value(|it| it.look(document)).flatten()));
    let has_plan = memo(move || pinned.with(|pinned| pinned.as_ref().is_some_and(|plan| !plan.entries.is_empty())));
    // What is done, or would take the room of the log, is one line until the reader opens it.
    let is_low = RwSignal::new(is_low());
    let on_resize = window_event_listener(ev::resize, move |_| is_low.set(self::is_low()));
    on_cleanup(move || on_resize.remove());
    let is_done = memo(move || {
        pinned.with(|plan| {
            plan.as_ref().is_some_and(|plan| plan.entries.iter().all(|it| it.status == PlanStatus::Completed))
        })
    });
    let is_in_the_way = memo(move || is_done.get() || is_low.get() || search.is_open().get());
    let opened_by_hand = RwSignal::new(false);
    Effect::new(move |_| {
        is_in_the_way.track();
        opened_by_hand.set(false);
    });
    let is_closed = memo(move || {
        let is_wanted = !context.choices.with(|choices| choices.is_plan_closed);
        !(is_wanted && (!is_in_the_way.get() || opened_by_hand.get()))
    });
    let summary =
        memo(move || pinned.with(|plan| plan.as_ref().map(|plan| summary(&plan.entries)).unwrap_or_default()));
    let go_to = Callback::new(move |()| {
        if let Some(step) = pinned.with_untracked(|plan| plan.as_ref().map(|plan| plan.step)) {
            screen.reveal(context, Row { step, part: RowPart::Header });
        }
    });
    // A plan that is told but not loaded is asked for: it is always looked at.
    Effect::new(move |_| {
        let Some(step) = pinned.with(|plan| plan.as_ref().filter(|plan| plan.entries.is_empty()).map(|plan| plan.step))
        else {
            return;
        };
        let want = context.document.with_untracked(|document| document.wants(step, true, 0..1));
        if let Some(want) = want {
            context.on_want.run(vec![want]);
        }
    });
    let on_fold = move |_| {
        let opens = is_closed.get_untracked();
        opened_by_hand.set(opens);
        // To close what is out of the way anyway says how this reader likes plans.
        if opens || !is_in_the_way.get_untracked() {
            context.choices.update(|choices| choices.is_plan_closed = !opens);
        }
    };
    view! {
        <Show when=move || has_plan.get()>
            <section class="plan-pin" aria-label="Plan">
                <div class="plan-pin-head">
                    <button
                        type="button"
                        class="plan-pin-fold"
                        aria-expanded=move || (!is_closed.get()).to_string()
                        on:click=on_fold
                    >
                        <span class="plan-pin-word">"Plan"</span>
                        <span class="plan-pin-count">{move || summary.get().0}</span>
                        <span class="plan-pin-now">{move || view! { <VisibleLine text=summary.get().1 /> }}</span>
                    </button>
                    <button type="button" class="plan-pin-go" on:click=move |_| go_to.run(())>"Show in the log"</button>
                </div>
                <Show when=move || !is_closed.get()>
                    <ol class="plan-pin-entries">
                        {move || pinned.with(|plan| plan.as_ref().map(|plan| entries(&plan.entries, go_to)))}
                    </ol>
                </Show>
            </section>
        </Show>
    }
}

fn is_low() -> bool {
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    height.is_some_and(|height| height <= LOW_PX_MAX)
}

fn entries(entries: &[PlanEntry], go_to: Callback<()>) -> Vec<AnyView> {
    let entry = |entry: &PlanEntry| {
        let (look, word) = match entry.status {
            PlanStatus::Completed => ("done", "Done: "),
            PlanStatus::InProgress => ("doing", "Under way: "),
            PlanStatus::Pending => ("open", "Open: "),
        };
        view! {
            <li class="plan-pin-entry" data-plan=look on:click=move |_| go_to.run(())>
                <span class="plan-pin-mark" aria-hidden="true"></span>
                <span class="plan-pin-text">
                    <span class="visually-hidden">{word}</span>
                    <VisibleText text=entry.content.clone() />
                </span>
            </li>
        }
        .into_any()
    };
    entries.iter().map(entry).collect()
}

/// Keeps the newest plan of the newest session: most changes of a log are of other steps.
#[derive(Debug, Clone, Default)]
struct NewestPlan {
    /// The document's revision that was looked at.
    revision: u64,
    /// How many steps it had.
    steps: usize,
    found: Option<Pinned>,
}

impl NewestPlan {
    fn look(&mut self, document: &LogDocument) -> Option<Pinned> {
        let is_same_log = (1..=document.revision()).contains(&self.revision) && self.steps <= document.steps();
        let matters = |index: usize| {
            document.step(index).is_some_and(|step| matches!(step.kind, StepKind::Plan(_) | StepKind::Session(_)))
        };
        if !is_same_log || document.changed_since(self.revision).any(matters) {
            self.found = newest_plan(document);
        }
        (self.revision, self.steps) = (document.revision(), document.steps());
        self.found.clone()
    }
}

/// The newest plan of the newest session.
fn newest_plan(document: &LogDocument) -> Option<Pinned> {
    let newest = (0..document.steps()).rev().filter_map(|index| Some((index, document.step(index)?)));
    let mut of_session = newest.take_while(|(_, step)| !matches!(step.kind, StepKind::Session(_)));
    of_session.find_map(|(index, step)| {
        let StepKind::Plan(plan) = &step.kind else { return None };
        plan.is_newest.then(|| Pinned { step: index, entries: plan.entries.clone() })
    })
}

/// How far it is, and what is being done: `3 of 7`, `Write the tests`.
fn summary(entries: &[PlanEntry]) -> (String, String) {
    let is = |status: PlanStatus| move |entry: &&PlanEntry| entry.status == status;
    let done = entries.iter().filter(is(PlanStatus::Completed)).count();
    let now = entries.iter().find(is(PlanStatus::InProgress)).or_else(|| entries.iter().find(is(PlanStatus::Pending)));
    let count = format!("{done} of {} done", entries.len());
    (count, now.map(|entry| entry.content.clone()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(content: &str, status: PlanStatus) -> PlanEntry {
        PlanEntry { content: content.into(), priority: String::new(), status }
    }

    #[test]
    fn one_line_says_how_far_it_is_and_what_is_done_now() {
        use PlanStatus::{Completed, InProgress, Pending};
        let check = |statuses: &[PlanStatus], count: &str, now: &str| {
            let entries: Vec<PlanEntry> =
                statuses.iter().enumerate().map(|(index, &status)| entry(&index.to_string(), status)).collect();
            assert_eq!(summary(&entries), (count.to_owned(), now.to_owned()));
        };
        check(&[Completed, InProgress, Pending], "1 of 3 done", "1");
        check(&[Completed, Pending, InProgress], "1 of 3 done", "2");
        check(&[Pending, Pending], "0 of 2 done", "0");
        check(&[Completed, Completed], "2 of 2 done", "");
    }
}
