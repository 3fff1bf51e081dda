//! What a header's words depend on. Many headers stand on the screen while one step grows: the others have no news, and
//! are not made again.

use agent_tasks::Timestamp;
use leptos::prelude::*;
use session_log::{Fold, Group, Nested};

use super::group;
use super::moment::Moment;
use crate::session::log_view::{LogContext, LogScreen};
use crate::session::step_line::{is_held, is_timed};

/// What a header's words depend on.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// The step's revision.
    revision: u64,
    /// Whether it goes on only when a person has answered.
    pub is_held: bool,
    /// How it is folded.
    pub fold: Fold,
    /// Whether steps stand under its line.
    pub holds_steps: bool,
    /// Whether it is shown although a filter leaves it out.
    pub is_summoned: bool,
    /// The longest time that a step of its session took, in milliseconds.
    pub longest_ms: u64,
    /// The present moment, for what goes on.
    pub now: Option<Timestamp>,
    /// The group that it begins, and the newest change of a step of it.
    pub group: Option<(Group, u64)>,
    /// The steps that are folded away under its line, and the newest one's revision.
    pub nested: Option<(Nested, u64)>,
    /// When it began, if readers want to know.
    pub moment: Option<Moment>,
}

impl News {
    /// Those of the step at a place; whoever asks is told when there are others.
    pub fn of(context: LogContext, screen: LogScreen, step: usize) -> Option<Self> {
        let moments = context.choices.with(|choices| choices.moments);
        let (mut news, is_going_on) = context.document.with(|document| {
            screen.read(|layout| {
                let told = document.step(step)?;
                let revision = |step: usize| document.step(step).map_or(0, |step| step.revision());
                let fold = layout.fold(step);
                let nested = layout.nested(step).filter(|_| fold != Fold::Open);
                let news = Self {
                    revision: told.revision(),
                    is_held: is_held(document, told, step),
                    fold,
                    holds_steps: layout.holds_steps(step),
                    is_summoned: layout.is_summoned(step),
                    longest_ms: layout.longest_ms(step),
                    now: None,
                    group: layout.group(step).map(|group| (group, group::revision(document, layout, group))),
                    nested: nested.map(|nested| (nested, revision(nested.newest))),
                    moment: Moment::of(moments, document, layout, step),
                };
                Some((news, told.ended_at.is_none() && is_timed(told)))
            })
        })?;
        // The clock is read for what goes on only.
        news.now = is_going_on.then(|| context.now.get());
        Some(news)
    }

    /// Whether the step's own line is shown, and not only that of its group.
    pub fn is_own(&self) -> bool {
        self.group.is_none_or(|(group, _)| group.is_open)
    }
}
