//! One reader's view of a document: which steps are open, how tall rows are, and so which rows are near
//! the screen. Heights are guessed until they are measured; an [`Anchor`] keeps the reading position
//! while they change.

mod fenwick;
mod heights;
mod scale;

use crate::{Body, Fold, Hit, HitPart, LogDocument, Step, StepKind};
use fenwick::Fenwick;
use heights::Heights;
pub use scale::Scale;

/// The height of a header until it is measured, in pixels.
const HEADER_PX: f64 = 36.0;
/// The height of a line until one is measured, in pixels.
const LINE_PX: f64 = 20.0;
/// The height of a part of a message until it is measured, in pixels.
const PROSE_PX: f64 = 48.0;

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
    /// The one line that is always there.
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

/// Which steps are open and how tall everything is.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The document's revision that is laid out.
    revision: u64,
    steps: Vec<StepLayout>,
    /// The steps' heights.
    tops: Fenwick,
}

/// One step, laid out.
#[derive(Debug, Clone)]
struct StepLayout {
    fold: Fold,
    /// Whether the reader chose `fold`.
    is_chosen: bool,
    header: f64,
    body: Body,
    heights: Heights,
}

impl Layout {
    /// Takes in what changed in `document` since the last time; tells whether anything did.
    pub fn sync(&mut self, document: &LogDocument) -> bool {
        if self.revision == document.revision() {
            return false;
        }
        // Another document, or the same one from its start.
        if document.revision() < self.revision || document.steps() < self.steps.len() {
            *self = Self::default();
        }
        for index in self.steps.len()..document.steps() {
            let Some(step) = document.step(index) else { break };
            let fold = Fold::of(step);
            self.steps.push(StepLayout {
                fold,
                is_chosen: false,
                header: HEADER_PX,
                body: Body::default(),
                heights: Heights::new(row_px(step)),
            });
            self.tops.push(HEADER_PX);
        }
        for index in document.changed_since(self.revision) {
            let Some(step) = document.step(index) else { continue };
            let laid = &mut self.steps[index];
            let fold = Fold::of(step);
            if !laid.is_chosen && laid.fold != fold {
                laid.fold = fold;
                laid.heights = Heights::new(row_px(step));
            }
            self.lay_out(document, index);
        }
        self.revision = document.revision();
        true
    }

    /// How a step is folded.
    pub fn fold(&self, step: usize) -> Fold {
        self.steps.get(step).map_or(Fold::Closed, |step| step.fold)
    }

    /// Opens or closes a step.
    pub fn set_fold(&mut self, document: &LogDocument, step: usize, fold: Fold) {
        let Some(laid) = self.steps.get_mut(step) else { return };
        (laid.fold, laid.is_chosen) = (fold, true);
        let Some(folded) = document.step(step) else { return };
        laid.heights = Heights::new(row_px(folded));
        self.lay_out(document, step);
    }

    /// The rows under a step's header.
    pub fn body(&self, step: usize) -> Option<&Body> {
        self.steps.get(step).map(|step| &step.body)
    }

    /// The row that shows a hit. Its step is opened if the row is folded away.
    pub fn row_of_hit(&mut self, document: &LogDocument, hit: &Hit) -> Option<Row> {
        let row_of = |laid: &StepLayout| match hit.part {
            HitPart::Header => Some(RowPart::Header),
            HitPart::Above(_) | HitPart::Text(_) | HitPart::Below(_) => laid.body.row_of(hit.part).map(RowPart::Body),
        };
        let mut part = row_of(self.steps.get(hit.step)?);
        if part.is_none() {
            self.set_fold(document, hit.step, Fold::Open);
            let laid = &mut self.steps[hit.step];
            if row_of(laid).is_none() && laid.body.reveal(hit.part) {
                self.resize(document, hit.step);
            }
            part = row_of(&self.steps[hit.step]);
        }
        Some(Row { step: hit.step, part: part? })
    }

    /// Opens or closes what a row under a step's header stands for: lines that did not change, an object of JSON.
    pub fn toggle_row(&mut self, document: &LogDocument, step: usize, row: usize) {
        if self.steps.get_mut(step).is_some_and(|laid| laid.body.toggle(row)) {
            self.resize(document, step);
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.steps.iter().map(|step| step.body.rows() + 1).sum()
    }

    /// The height of the document in pixels.
    pub fn height(&self) -> f64 {
        self.tops.total()
    }

    /// The rows that touch `top..bottom`, in order.
    pub fn window(&self, document: &LogDocument, top: f64, bottom: f64) -> Vec<PlacedRow> {
        let mut placed = Vec::new();
        let Some(anchor) = self.anchor(top) else { return placed };
        let mut row = anchor.row;
        let mut at = self.top(row);
        while at < bottom {
            let (laid, Some(step)) = (&self.steps[row.step], document.step(row.step)) else { break };
            let version = match row.part {
                RowPart::Header => 0,
                RowPart::Body(index) => laid.body.version(step, index),
            };
            placed.push(PlacedRow { row, version, top: at });
            at += self.row_height(row);
            let next = match row.part {
                RowPart::Header => 0,
                RowPart::Body(index) => index + 1,
            };
            row = if next < laid.body.rows() {
                Row { part: RowPart::Body(next), ..row }
            } else {
                Row { step: row.step + 1, part: RowPart::Header }
            };
            if row.step >= self.steps.len() {
                break;
            }
        }
        placed
    }

    /// The row at `offset` pixels; the nearest one where there is none.
    pub fn anchor(&self, offset: f64) -> Option<Anchor> {
        let last = self.steps.len().checked_sub(1)?;
        let step = self.tops.find(offset.max(0.0)).min(last);
        let laid = &self.steps[step];
        let under = offset.max(0.0) - self.tops.sum(step);
        if under < laid.header || laid.body.rows() == 0 {
            return Some(Anchor { row: Row { step, part: RowPart::Header }, within: under });
        }
        let (index, within) = laid.heights.find(under - laid.header);
        Some(Anchor { row: Row { step, part: RowPart::Body(index) }, within })
    }

    /// Where an anchor is now, in pixels. A row that is gone leaves its step's header.
    pub fn offset(&self, anchor: Anchor) -> f64 {
        let Some(laid) = self.steps.get(anchor.row.step) else { return self.height() };
        match anchor.row.part {
            RowPart::Body(index) if index >= laid.body.rows() => self.tops.sum(anchor.row.step),
            RowPart::Header | RowPart::Body(_) => self.top(anchor.row) + anchor.within,
        }
    }

    /// Where a row starts, in pixels.
    pub fn top(&self, row: Row) -> f64 {
        let Some(laid) = self.steps.get(row.step) else { return self.height() };
        let within = match row.part {
            RowPart::Header => 0.0,
            RowPart::Body(index) => laid.header + laid.heights.sum(index),
        };
        self.tops.sum(row.step) + within
    }

    /// Notes how tall a row is; tells whether that was news.
    pub fn measure(&mut self, row: Row, height: f64) -> bool {
        let Some(laid) = self.steps.get_mut(row.step) else { return false };
        let before = match row.part {
            RowPart::Header => std::mem::replace(&mut laid.header, height),
            RowPart::Body(index) if index < laid.body.rows() => laid.heights.set(index, height),
            RowPart::Body(_) => return false,
        };
        let change = height - before;
        if change.abs() < 0.01 {
            return false;
        }
        self.tops.add(row.step, change);
        true
    }

    /// Forgets what was measured: the page's width has changed.
    pub fn forget_heights(&mut self, document: &LogDocument) {
        for index in 0..self.steps.len() {
            let Some(step) = document.step(index) else { break };
            let laid = &mut self.steps[index];
            laid.heights = Heights::new(row_px(step));
            laid.heights.resize(laid.body.rows());
            let height = laid.header + laid.heights.total();
            self.tops.add(index, height - self.tops.get(index));
        }
    }

    fn row_height(&self, row: Row) -> f64 {
        let laid = &self.steps[row.step];
        match row.part {
            RowPart::Header => laid.header,
            RowPart::Body(index) => laid.heights.get(index),
        }
    }

    /// Takes in that other rows of a step are folded away.
    fn resize(&mut self, document: &LogDocument, index: usize) {
        let Some(step) = document.step(index) else { return };
        let laid = &mut self.steps[index];
        laid.heights = Heights::new(row_px(step));
        laid.heights.resize(laid.body.rows());
        let height = laid.header + laid.heights.total();
        self.tops.add(index, height - self.tops.get(index));
    }

    fn lay_out(&mut self, document: &LogDocument, index: usize) {
        let Some(step) = document.step(index) else { return };
        let laid = &mut self.steps[index];
        laid.body = Body::new(document, step, laid.fold).folded_as(&laid.body);
        laid.heights.resize(laid.body.rows());
        let height = laid.header + laid.heights.total();
        self.tops.add(index, height - self.tops.get(index));
    }
}

/// The height of a step's rows until they are measured.
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
