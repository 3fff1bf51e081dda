//! What is asked about one hit or about one step, without a look at the others.

use super::{Finder, Hit, HitPart, Place};
use crate::{Layout, LogDocument, Row, RowPart};

/// How much is searched before it is asked whether the step is over, in bytes of plain search.
const SLICE_BYTES: usize = 65_536;

impl Finder {
    /// The hits of one step, searched anew: for hits that are counted and not kept.
    pub fn hits_in(&self, document: &LogDocument, step: usize) -> Vec<Hit> {
        let mut alone = Self::new(self.query.clone());
        alone.places.resize_with(step, Place::default);
        alone.next = step;
        alone.document = Some(document.id());
        alone.revision = document.revision();
        while alone.next == step && alone.current(document).is_some() {
            alone.advance(document, SLICE_BYTES);
        }
        alone.hits().iter().copied().filter(|hit| hit.step == step).collect()
    }
}

impl Layout {
    /// The row that shows a hit; `None` while it is folded away.
    pub fn row_showing(&self, hit: &Hit) -> Option<Row> {
        let part = match hit.part {
            HitPart::Header => RowPart::Header,
            HitPart::Above(_) | HitPart::Text(_) | HitPart::Below(_) => {
                RowPart::Body(self.body(hit.step)?.row_of(hit.part)?)
            }
        };
        Some(Row { step: hit.step, part })
    }
}
