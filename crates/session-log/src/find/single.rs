//! What is asked about some hits or about one step, without a look at the others.

use std::ops::Range;

use super::{Budget, Finder, Hit, HitPart, Place};
use crate::{Layout, LogDocument, Row, RowPart};

/// How much is searched before it is asked whether the step is over, in bytes of plain search.
const SLICE_BYTES: usize = 65_536;

impl Finder {
    /// The hits from a rank on, at most so many, one after the other. A step whose hits are counted and not kept is
    /// searched anew when they are reached.
    pub fn hits_from(&self, document: &LogDocument, rank: usize, limit: usize) -> impl Iterator<Item = Hit> {
        let mut next = 0;
        let steps = self.steps().filter_map(move |(step, count)| {
            let first = next;
            next += count;
            (rank < next).then(|| (step, rank.saturating_sub(first)..count))
        });
        let hits = steps.flat_map(move |(step, ranks)| {
            let end = ranks.end.min(ranks.start + limit);
            self.hits_in(document, step, ranks.start..end)
        });
        hits.take(limit)
    }

    /// The hits of one step that have these ranks in it, searched anew where they are counted and not kept.
    pub fn hits_in(&self, document: &LogDocument, step: usize, ranks: Range<usize>) -> Vec<Hit> {
        if let Some(kept) = self.first_in(step).get(ranks.clone()) {
            return kept.to_vec();
        }
        let Some(told) = document.step(step) else { return Vec::new() };
        // It is searched as the only one of a log.
        let hits = self.hits.for_ranks(step, &ranks);
        let mut alone = Self { places: vec![Place::default()], hits, ..Self::new(self.query.clone()) };
        while alone.hits().len() < ranks.len() && !alone.search(told, 0, &mut Budget(SLICE_BYTES)) {}
        alone.hits().iter().map(|hit| Hit { step, ..*hit }).collect()
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
