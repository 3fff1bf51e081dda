//! One step, laid out: what of it is shown and how tall that is. The rows of an open step are worked out when they come
//! near the screen; until then their height is a guess, so that opening everything costs nothing.

use super::class::{StepClass, is_asking, is_error};
use super::heights::Heights;
use super::recall::Address;
use crate::{Body, Fold, LogDocument, Step, StepKind};

/// The height of a header until it is measured, in pixels.
const HEADER_PX: f64 = 36.0;
/// The height of a line until one is measured, in pixels.
const LINE_PX: f64 = 20.0;
/// The height of a part of a message until it is measured, in pixels.
const PROSE_PX: f64 = 48.0;
/// Bytes of a change that make a line, for a guess.
const CHANGE_LINE_BYTES: u64 = 40;

/// One step, laid out.
#[derive(Debug, Clone)]
pub(super) struct StepLayout {
    /// By which it is known again; `None` while it is only counted.
    pub address: Option<Address>,
    pub class: StepClass,
    pub fold: Fold,
    /// Whether the reader chose `fold`.
    pub is_chosen: bool,
    /// Whether it is a question without an answer: never left out.
    pub is_asking: bool,
    pub is_error: bool,
    /// Whether a filter would leave it out.
    pub is_filtered: bool,
    /// Whether a link or a hit shows it although a filter would leave it out.
    pub is_summoned: bool,
    /// Whether it takes no room.
    pub is_hidden: bool,
    /// Whether only the line of the group that it begins is shown.
    pub is_group_line: bool,
    /// The sub-agent's step that it is part of; always an earlier one.
    pub parent: Option<u32>,
    /// The step that begins its session.
    pub session: u32,
    /// Steps under it, and the newest of them.
    pub nested: Option<(u32, u32)>,
    /// What it has in common with its neighbours when they can be one group.
    pub key: Key,
    /// The first step of the group that it is in; itself where there is none.
    pub run: u32,
    /// Whether it counts as one of that group.
    pub is_counted: bool,
    /// Of the first step of a group: how many there are in it.
    pub run_steps: u32,
    /// Of the first step of a group: what the reader chose.
    pub is_run_open: Option<bool>,
    pub header: f64,
    /// The rows of an open step, once they came near the screen.
    rows: Option<Box<Rows>>,
    /// The height of the rows until then.
    guess: f64,
}

/// The rows under a header.
#[derive(Debug, Clone)]
struct Rows {
    body: Body,
    heights: Heights,
}

/// What neighbours must have in common to be a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Key {
    /// It is never in a group.
    #[default]
    Alone,
    /// It is left out: what stands before and after it are neighbours.
    Skipped,
    /// Calls of one kind; of one tool where the kind says little. Only steps of the same parent.
    Calls(StepClass, u32, Option<u32>),
    /// Everything that was done between two messages.
    Work(Option<u32>),
}

impl StepLayout {
    pub fn new(step: &Step, index: u32, session: u32) -> Self {
        Self {
            address: None,
            class: StepClass::of(step, false),
            fold: Fold::Closed,
            is_chosen: false,
            is_asking: is_asking(step),
            is_error: is_error(step),
            is_filtered: false,
            is_summoned: false,
            is_hidden: false,
            is_group_line: false,
            parent: None,
            session,
            nested: None,
            key: Key::Alone,
            run: index,
            is_counted: false,
            run_steps: 0,
            is_run_open: None,
            header: HEADER_PX,
            rows: None,
            guess: 0.0,
        }
    }

    /// Its height while it is not left out.
    pub fn height(&self) -> f64 {
        if self.is_group_line {
            return self.header;
        }
        self.header + self.rows.as_ref().map_or(self.guess, |rows| rows.heights.total())
    }

    /// The rows that are shown, once they came near the screen.
    pub fn body(&self) -> Option<&Body> {
        self.rows.as_ref().filter(|_| !self.is_group_line).map(|rows| &rows.body)
    }

    pub fn heights(&self) -> Option<&Heights> {
        self.rows.as_ref().filter(|_| !self.is_group_line).map(|rows| &rows.heights)
    }

    pub fn heights_mut(&mut self) -> Option<&mut Heights> {
        self.rows.as_mut().filter(|_| !self.is_group_line).map(|rows| &mut rows.heights)
    }

    pub fn rows(&self) -> usize {
        self.body().map_or(0, Body::rows)
    }

    /// Whether its rows are worked out, or there are none.
    pub fn is_built(&self) -> bool {
        self.rows.is_some() || self.fold == Fold::Closed || self.is_group_line
    }

    /// Folds it like this; its rows are a guess from now on.
    pub fn refold(&mut self, step: &Step, fold: Fold) {
        self.fold = fold;
        self.rows = None;
        self.guess = guess(step, fold);
    }

    /// Takes in that the step has changed.
    pub fn renew(&mut self, document: &LogDocument, step: &Step) {
        if self.rows.is_some() {
            self.build(document, step);
        } else {
            self.guess = guess(step, self.fold);
        }
    }

    /// Works the rows out. Heights that were measured stay.
    pub fn build(&mut self, document: &LogDocument, step: &Step) {
        if self.fold == Fold::Closed {
            (self.rows, self.guess) = (None, 0.0);
            return;
        }
        let (body, mut heights) = match self.rows.take() {
            Some(before) => {
                let body = Body::anew(document, step, self.fold, &before.body);
                (body.folded_as(&before.body), before.heights)
            }
            None => (Body::new(document, step, self.fold), Heights::new(row_px(step))),
        };
        heights.resize(body.rows());
        self.rows = Some(Box::new(Rows { body, heights }));
    }

    /// Folds rows of it; tells whether any were. What was measured is forgotten: rows have other places.
    pub fn refold_rows(&mut self, step: &Step, change: impl FnOnce(&mut Body) -> bool) -> bool {
        let is_changed = self.rows.as_mut().is_some_and(|rows| change(&mut rows.body));
        if is_changed {
            self.forget_heights(step);
        }
        is_changed
    }

    /// Forgets what was measured of its rows.
    pub fn forget_heights(&mut self, step: &Step) {
        if let Some(rows) = &mut self.rows {
            rows.heights = Heights::new(row_px(step));
            rows.heights.resize(rows.body.rows());
        }
    }
}

/// The height of a step's rows before they are worked out.
fn guess(step: &Step, fold: Fold) -> f64 {
    let lines = step.text.lines();
    let rows = match (fold, &step.kind) {
        (Fold::Closed, _) => 0,
        (Fold::Preview, _) => lines.min(6),
        (Fold::Open, StepKind::Prompt | StepKind::Message | StepKind::Reasoning) => lines.div_ceil(3),
        (Fold::Open, StepKind::Tool(tool)) => lines + (tool.change_bytes().unwrap_or(0) / CHANGE_LINE_BYTES) as usize,
        (Fold::Open, StepKind::Plan(plan)) => plan.counts().1,
        (Fold::Open, StepKind::Permission(_) | StepKind::Shutdown(_)) => 2,
        (Fold::Open, StepKind::Session(_)) => 0,
        (Fold::Open, StepKind::Info(_) | StepKind::Error(_) | StepKind::Stop(_) | StepKind::Unknown(_)) => lines,
    };
    rows as f64 * row_px(step)
}

/// The height of one of a step's rows until it is measured.
fn row_px(step: &Step) -> f64 {
    match &step.kind {
        StepKind::Prompt
        | StepKind::Message
        | StepKind::Reasoning
        | StepKind::Permission(_)
        | StepKind::Shutdown(_) => PROSE_PX,
        StepKind::Session(_)
        | StepKind::Info(_)
        | StepKind::Tool(_)
        | StepKind::Plan(_)
        | StepKind::Error(_)
        | StepKind::Stop(_)
        | StepKind::Unknown(_) => LINE_PX,
    }
}
