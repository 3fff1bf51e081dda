//! Where rows are: positions of the document and what is there.

use super::{Anchor, Layout, PlacedRow, Row, RowPart};
use crate::{Fold, LogDocument};

impl Layout {
    /// The height of the document in pixels.
    pub fn height(&self) -> f64 {
        self.tops.total()
    }

    /// The rows that touch `top..bottom`, in order. Rows that came near for the first time are worked out, which may
    /// change the height of what is below `top`.
    pub fn window(&mut self, document: &LogDocument, top: f64, bottom: f64) -> Vec<PlacedRow> {
        let mut placed = Vec::new();
        let Some(first) = self.anchor(top).map(|anchor| anchor.row.step) else { return placed };
        self.build(document, first);
        let Some(anchor) = self.anchor(top) else { return placed };
        let mut row = anchor.row;
        let mut at = self.top(row);
        while at < bottom {
            let (laid, Some(step)) = (&self.steps[row.step], document.step(row.step)) else { break };
            let version = match (row.part, laid.body()) {
                (RowPart::Body(index), Some(body)) => body.version(step, index),
                (RowPart::Body(_), None) | (RowPart::Header, _) => 0,
            };
            placed.push(PlacedRow { row, version, top: at });
            at += self.row_height(row);
            let next = match row.part {
                RowPart::Header => 0,
                RowPart::Body(index) => index + 1,
            };
            if next < laid.rows() {
                row = Row { part: RowPart::Body(next), ..row };
                continue;
            }
            let Some(step) = (row.step + 1..self.steps.len()).find(|&step| !self.steps[step].is_hidden) else { break };
            self.build(document, step);
            row = Row { step, part: RowPart::Header };
        }
        self.near = anchor.row.step..placed.last().map_or(anchor.row.step, |last| last.row.step) + 1;
        placed
    }

    /// The row at `offset` pixels; the nearest one where there is none.
    pub fn anchor(&self, offset: f64) -> Option<Anchor> {
        let last = self.steps.len().checked_sub(1)?;
        let found = self.tops.find(offset.max(0.0)).min(last);
        let is_shown = |&step: &usize| !self.steps[step].is_hidden;
        let step = (0..=found).rev().find(is_shown).or_else(|| (found..=last).find(is_shown))?;
        let laid = &self.steps[step];
        let under = offset.max(0.0) - self.tops.sum(step);
        match laid.heights().filter(|_| under >= laid.header && laid.rows() > 0) {
            None => Some(Anchor { row: Row { step, part: RowPart::Header }, within: under }),
            Some(heights) => {
                let (index, within) = heights.find(under - laid.header);
                Some(Anchor { row: Row { step, part: RowPart::Body(index) }, within })
            }
        }
    }

    /// Where an anchor is now, in pixels. A row that is gone leaves its step's header, and a step that is not shown the
    /// line that it is folded away in, or else the step after it.
    pub fn offset(&self, anchor: Anchor) -> f64 {
        let Some(laid) = self.steps.get(anchor.row.step) else { return self.height() };
        if laid.is_hidden {
            return self.tops.sum(self.stand_in(anchor.row.step));
        }
        match anchor.row.part {
            RowPart::Body(index) if index >= laid.rows() => self.tops.sum(anchor.row.step),
            RowPart::Header | RowPart::Body(_) => self.top(anchor.row) + anchor.within,
        }
    }

    /// Where a row starts, in pixels.
    pub fn top(&self, row: Row) -> f64 {
        let Some(laid) = self.steps.get(row.step) else { return self.height() };
        let within = match (row.part, laid.heights()) {
            (RowPart::Body(index), Some(heights)) if !laid.is_hidden => laid.header + heights.sum(index),
            (RowPart::Header | RowPart::Body(_), _) => 0.0,
        };
        self.tops.sum(row.step) + within
    }

    /// Notes how tall a row is; tells whether that was news.
    pub fn measure(&mut self, row: Row, height: f64) -> bool {
        let Some(laid) = self.steps.get_mut(row.step).filter(|laid| !laid.is_hidden) else { return false };
        let rows = laid.rows();
        let before = match (row.part, laid.heights_mut()) {
            (RowPart::Header, _) => std::mem::replace(&mut laid.header, height),
            (RowPart::Body(index), Some(heights)) if index < rows => heights.set(index, height),
            (RowPart::Body(_), _) => return false,
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
            self.steps[index].forget_heights(step);
        }
        self.hide_all();
    }

    fn row_height(&self, row: Row) -> f64 {
        let laid = &self.steps[row.step];
        match (row.part, laid.heights()) {
            (RowPart::Body(index), Some(heights)) => heights.get(index),
            (RowPart::Header, _) | (RowPart::Body(_), None) => laid.header,
        }
    }

    /// The line that a step is folded away in; itself where there is none.
    fn stand_in(&self, step: usize) -> usize {
        let laid = &self.steps[step];
        let is_shown = |line: u32| !self.steps[line as usize].is_hidden;
        let holds = |line: u32| self.holds_steps(line as usize) && self.steps[line as usize].fold != Fold::Open;
        let run = Some(laid.run).filter(|&run| self.is_group(run) && !self.is_run_open(run));
        let lines = [run, laid.parent.filter(|&line| holds(line)), Some(laid.session).filter(|&line| holds(line))];
        lines.into_iter().flatten().find(|&line| is_shown(line)).map_or(step, |line| line as usize)
    }
}
