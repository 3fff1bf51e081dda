//! One reader's view of a document: what is open, grouped or left out, how tall rows are, and so which rows are near
//! the screen. Heights are guessed until they are measured; an [`Anchor`] keeps the reading position while they change.
//! What is not shown has the height zero: opening and closing never moves a step.

mod class;
mod fenwick;
mod folds;
mod heights;
mod hiding;
mod nesting;
mod place;
mod recall;
mod runs;
mod scale;
mod showing;
mod step_layout;

use std::collections::HashMap;
use std::ops::Range;

use crate::{Body, DocumentId, Hit, HitPart, LogDocument, StepKind, StepState};
pub use class::StepClass;
use fenwick::Fenwick;
pub use nesting::Nested;
pub use recall::Address;
use recall::Choices;
pub use runs::Group;
pub use scale::Scale;
pub use showing::{Level, Showing};
use step_layout::StepLayout;

/// Pixels above the end of which the rows are worked out, so that the tail is followed by exact heights.
const TAIL_PX: f64 = 4_000.0;
/// The most steps at the end that are looked at for that.
const TAIL_STEPS: usize = 500;

/// A row of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Row {
    /// The place of its step.
    pub step: usize,
    /// Which row of the step.
    pub part: RowPart,
}

/// Which row of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowPart {
    /// The one line that is always there. The line of a group stands in the one of its first step.
    Header,
    /// One under it.
    Body(usize),
}

/// A row near the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedRow {
    /// The row.
    pub row: Row,
    /// Changes whenever what the row shows does; constant for headers.
    pub version: u64,
    /// Where it starts, in pixels from the document's start.
    pub top: f64,
}

/// A place that stays where it is while the document changes: so many pixels into a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    /// The row.
    pub row: Row,
    /// Pixels from the row's start.
    pub within: f64,
}

/// What is shown of a document and how tall everything is.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The document that is laid out, and its revision.
    document: Option<DocumentId>,
    revision: u64,
    steps: Vec<StepLayout>,
    /// The steps' heights; zero for what is not shown.
    tops: Fenwick,
    showing: Showing,
    /// The sorts of steps that are left out.
    hidden_bits: u32,
    /// How many steps are left out.
    left_out: usize,
    /// The step that begins the newest session.
    session: u32,
    /// The longest time that a step of a session took, in milliseconds, by the step that begins the session.
    longest_ms: HashMap<u32, u64>,
    /// The steps of the last window: their rows stay worked out.
    near: Range<usize>,
    /// What the reader chose of steps of the document before, which have not come again yet.
    choices: Choices,
    /// The rows of what is closed.
    no_rows: Body,
}

impl Layout {
    /// Takes in what changed in `document` since the last time; tells whether anything did. Another document is the same
    /// log begun anew: steps with the same addresses stay open or closed as the reader chose.
    pub fn sync(&mut self, document: &LogDocument) -> bool {
        let before = self.document.replace(document.id());
        let is_other = before.is_some_and(|before| before != document.id());
        if !is_other && self.revision == document.revision() && self.steps.len() == document.steps() {
            return false;
        }
        if is_other {
            let (showing, choices) = (std::mem::take(&mut self.showing), self.take_choices());
            let hidden_bits = showing.hidden_bits();
            *self = Self { document: self.document, hidden_bits, showing, choices, ..Self::default() };
        }
        let known = self.steps.len();
        for index in known..document.steps() {
            let Some(step) = document.step(index) else { break };
            if matches!(step.kind, StepKind::Session(_)) {
                self.session = index as u32;
            }
            self.steps.push(StepLayout::new(step, index as u32, self.session));
            self.tops.push(0.0);
            self.take_in(document, index);
        }
        let changed: Vec<usize> = document.changed_since(self.revision).filter(|&index| index < known).collect();
        for index in changed {
            self.take_in(document, index);
        }
        self.revision = document.revision();
        self.build_near(document);
        true
    }

    /// The rows under a step's header: none while it is closed. Those of an open step are worked out when they come near
    /// the screen; until then there is `None`.
    pub fn body(&self, step: usize) -> Option<&Body> {
        let laid = self.steps.get(step)?;
        if laid.fold == crate::Fold::Closed || laid.is_group_line { Some(&self.no_rows) } else { laid.body() }
    }

    /// Makes sure that a step is on the page ([`Self::uncover`]), and works its rows out.
    fn look_at(&mut self, document: &LogDocument, step: usize) {
        self.uncover(document, step);
        self.build(document, step);
    }

    /// The row that shows a hit. What it is folded away in is opened, and its step is shown even if it is left out.
    pub fn row_of_hit(&mut self, document: &LogDocument, hit: &Hit) -> Option<Row> {
        self.look_at(document, hit.step);
        let row_of = |laid: &StepLayout| match hit.part {
            HitPart::Header => Some(RowPart::Header),
            HitPart::Above(_) | HitPart::Text(_) | HitPart::Below(_) => {
                laid.body().and_then(|body| body.row_of(hit.part)).map(RowPart::Body)
            }
        };
        let mut part = row_of(self.steps.get(hit.step)?);
        if part.is_none() {
            self.set_fold(document, hit.step, crate::Fold::Open);
            let laid = &mut self.steps[hit.step];
            if row_of(laid).is_none()
                && let Some(step) = document.step(hit.step)
                && laid.refold_rows(step, |body| body.reveal(hit.part))
            {
                self.set_height(hit.step);
            }
            part = row_of(&self.steps[hit.step]);
        }
        Some(Row { step: hit.step, part: part? })
    }

    /// Opens or closes what a row under a step's header stands for: lines that did not change, an object of JSON.
    pub fn toggle_row(&mut self, document: &LogDocument, step: usize, row: usize) {
        let (Some(laid), Some(told)) = (self.steps.get_mut(step), document.step(step)) else { return };
        if laid.refold_rows(told, |body| body.toggle(row)) {
            self.set_height(step);
        }
    }

    /// The longest time that a step of the same session took, in milliseconds.
    pub fn longest_ms(&self, step: usize) -> u64 {
        let session = self.steps.get(step).map(|laid| laid.session);
        session.and_then(|session| self.longest_ms.get(&session)).copied().unwrap_or_default()
    }

    /// The step that begins the session of a step.
    pub fn session_of(&self, step: usize) -> Option<usize> {
        self.steps.get(step).map(|laid| laid.session as usize)
    }

    /// A step is new or has changed.
    fn take_in(&mut self, document: &LogDocument, index: usize) {
        let Some(step) = document.step(index) else { return };
        self.nest(document, step, index);
        let laid = &mut self.steps[index];
        laid.class = StepClass::of(step, laid.nested.is_some());
        (laid.is_asking, laid.is_error) = (class::is_asking(step), step.state == StepState::Failed);
        let is_timed = laid.class.is_tool() || laid.class == StepClass::Reasoning;
        if let (Some(ended_at), true) = (step.ended_at, is_timed) {
            let longest = self.longest_ms.entry(laid.session).or_default();
            *longest = (*longest).max(ended_at.since(step.started_at));
        }
        let (class, is_container) = (laid.class, laid.nested.is_some() || laid.class == StepClass::Session);
        let recalled = self.recall(step, index);
        let laid = &mut self.steps[index];
        let is_free = recalled.is_some() || !laid.is_chosen;
        let fold = recalled.unwrap_or_else(|| self.showing.fold_of(step, class));
        let is_refolded = is_free && laid.fold != fold;
        if is_refolded {
            laid.refold(step, fold);
        } else {
            laid.renew(document, step);
        }
        let range = self.rekey(document, index);
        self.hide(if is_refolded && is_container { range.start..self.steps.len() } else { range });
    }

    /// Works out the rows of a step, if they are not yet: as if it came near the screen.
    pub fn build(&mut self, document: &LogDocument, index: usize) {
        let Some(step) = document.step(index) else { return };
        let Some(laid) = self.steps.get_mut(index).filter(|laid| !laid.is_built()) else { return };
        laid.build(document, step);
        self.set_height(index);
    }

    /// Works out the rows of what is on the screen and of what is at the end.
    fn build_near(&mut self, document: &LogDocument) {
        let end = self.steps.len();
        for index in self.near.start.min(end)..self.near.end.min(end) {
            if !self.steps[index].is_hidden {
                self.build(document, index);
            }
        }
        let mut left = TAIL_PX;
        for index in (end.saturating_sub(TAIL_STEPS)..end).rev() {
            if left <= 0.0 {
                break;
            }
            if !self.steps[index].is_hidden {
                self.build(document, index);
                left -= self.tops.get(index);
            }
        }
    }

    fn set_height(&mut self, index: usize) {
        let laid = &self.steps[index];
        self.tops.set(index, if laid.is_hidden { 0.0 } else { laid.height() });
    }
}
