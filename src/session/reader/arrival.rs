//! Going to a place of the log that an address or a memory names.

use session_log::{Anchor, Fold, LogDocument, Row, RowPart};

use super::Reader;
use crate::store::{LogSpot, LogTarget, ReadingPlace};

/// What became of going to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The reader is there.
    There(Row),
    /// The reader is at the header of the step: the log has the line, and no row shows it.
    Unshown(Row),
    /// It is not in the document yet.
    Awaited,
    /// The log has no such step or line.
    Nowhere,
}

impl Reader {
    /// Goes where the log is to be opened, and opens the step there.
    pub fn go_to(&mut self, document: &LogDocument, target: LogTarget) -> Arrival {
        if target.seq() > document.last_seq() {
            return Arrival::Awaited;
        }
        let step = document.find_seq(target.seq()).or_else(|| step_around(document, target.seq()));
        let Some((step, told)) = step.and_then(|step| Some((step, document.step(step)?))) else {
            return Arrival::Awaited;
        };
        self.layout.uncover(document, step);
        self.leave();
        let is_below_header = match target {
            LogTarget::Spot(_) | LogTarget::Start(_) => true,
            LogTarget::Place(place) => place.row.is_some(),
        };
        // Rows are worked out when they come near, or here.
        if is_below_header && (self.layout.fold(step) != Fold::Open || self.layout.body(step).is_none()) {
            self.layout.set_fold(document, step, Fold::Open);
        }
        self.set_following(false);
        self.let_bar_go();
        let header = Row { step, part: RowPart::Header };
        let body = self.layout.body(step);
        match target {
            LogTarget::Start(_) | LogTarget::Spot(LogSpot { line: None, .. }) => {
                self.top = self.layout.top(header);
                Arrival::There(header)
            }
            LogTarget::Spot(LogSpot { line: Some(line), .. }) => {
                let row = self.layout.row_of_line(document, step, (line as usize).saturating_sub(1));
                self.top = self.layout.top(header);
                let Some(row) = row else {
                    let is_awaited = self.layout.body(step).is_none_or(session_log::Body::awaits_text);
                    return match (line as usize > told.text.lines(), is_awaited) {
                        (true, _) => Arrival::Nowhere,
                        (false, true) => Arrival::Awaited,
                        (false, false) => Arrival::Unshown(header),
                    };
                };
                self.top = self.layout.top(row) - self.screen / 3.0;
                Arrival::There(row)
            }
            LogTarget::Place(ReadingPlace { row, within, .. }) => {
                let rows = body.map_or(0, session_log::Body::rows);
                let part = row.map_or(RowPart::Header, |row| RowPart::Body((row as usize).min(rows.max(1) - 1)));
                let row = if rows == 0 { header } else { Row { step, part } };
                self.top = self.layout.offset(Anchor { row, within: f64::from(within) });
                Arrival::There(row)
            }
        }
    }
}

/// The step that an event belongs after, as far as that is known: the step behind it must be told.
pub(super) fn step_around(document: &LogDocument, seq: u64) -> Option<usize> {
    let step = document.step_at_seq(seq)?;
    document.step(step + 1).is_none_or(session_log::Step::is_told).then_some(step)
}
