//! The reader's place while a log is begun anew: kept until its step is there again.

use session_log::{Address, Anchor, Body, LogDocument, Row, RowPart, StepState};

use super::Reader;
use super::arrival::step_around;

/// A place of the log as it was before.
#[derive(Debug, Clone, Copy)]
pub(super) struct LostPlace {
    /// What its step is known again by.
    address: Address,
    part: RowPart,
    /// Pixels from the row's start.
    within: f64,
}

impl Reader {
    /// Another document is there: notes where the reader is in the one before. Whoever follows the tail goes on with it.
    pub(super) fn lose_place(&mut self) {
        let read = self.read.take();
        if self.is_following || self.lost.is_some() {
            return;
        }
        let anchor = read.or_else(|| self.layout.anchor(self.top));
        self.lost = anchor.and_then(|Anchor { row: Row { step, part }, within }| {
            Some(LostPlace { address: self.layout.address_of(step)?, part, within })
        });
    }

    /// Goes back to the place that was lost, or as near to it as the log has come: it may come again piece by piece.
    pub(super) fn find_place(&mut self, document: &LogDocument) {
        let Some(LostPlace { address, part, within }) = self.lost else { return };
        let known = address.find(document);
        let nearest = || match address.seq() > document.last_seq() {
            true => document.steps().checked_sub(1),
            false => step_around(document, address.seq()),
        };
        let Some((step, told)) = known.or_else(nearest).and_then(|step| Some((step, document.step(step)?))) else {
            return;
        };
        self.layout.build(document, step);
        let body = self.layout.body(step);
        let is_row_there = match part {
            RowPart::Header => true,
            RowPart::Body(row) => body.is_some_and(|body| row < body.rows()),
        };
        let is_over = match told.state {
            StepState::Running | StepState::Waiting => false,
            StepState::Succeeded | StepState::Failed | StepState::Cancelled => !body.is_some_and(Body::awaits_text),
        };
        if known.is_some() && (is_row_there || is_over) {
            self.lost = None;
        }
        self.is_bar_held = false;
        let header = Anchor { row: Row { step, part: RowPart::Header }, within: 0.0 };
        let there = Anchor { row: Row { step, part }, within };
        self.top = self.layout.offset(if known.is_some() && is_row_there { there } else { header });
    }
}
