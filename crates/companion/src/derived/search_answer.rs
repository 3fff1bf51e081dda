//! What a search has found, as it goes over the wire.

use std::time::{Duration, Instant};

use agent_tasks::{SearchHit, SearchPart, SearchWindow, StepHits};
use session_log::{Finder, Hit, HitPart, LogDocument};

use super::search_fold::HitRange;

/// The longest text before or after a hit, in characters.
const AROUND_CHARS_MAX: usize = 80;
/// The longest text of a hit, in characters.
const HIT_CHARS_MAX: usize = 200;
/// How long an answer may take to read what stands around its hits; the rest is told when it is asked for.
const EXCERPTS: Duration = Duration::from_millis(30);
/// So many hits are told however long it takes.
const HITS_MIN: usize = 20;

/// What `finder` has found so far, and the hits that `range` asks for: any of those that it has counted.
pub fn window(document: &LogDocument, finder: &Finder, is_done: bool, range: HitRange) -> SearchWindow {
    let counts = || finder.steps().map(|(step, count)| StepHits { step: short(step), count: short(count) }).collect();
    let until = Instant::now() + EXCERPTS;
    let hits = finder.hits_from(document, range.skip, range.limit).enumerate();
    let told = hits.take_while(|(number, _)| *number < HITS_MIN || Instant::now() < until);
    SearchWindow {
        last_seq: document.last_seq(),
        is_done,
        total: finder.total() as u64,
        is_cut: false,
        steps: (is_done || range.has_steps).then(counts),
        // One that was left out would shift the ranks of those after it.
        hits: told.map_while(|(_, hit)| search_hit(document, &hit)).collect(),
    }
}

fn search_hit(document: &LogDocument, hit: &Hit) -> Option<SearchHit> {
    let excerpt = hit.excerpt(document, AROUND_CHARS_MAX)?;
    let (part, row) = match hit.part {
        HitPart::Header => (SearchPart::Header, 0),
        HitPart::Above(row) => (SearchPart::Above, row),
        HitPart::Text(row) => (SearchPart::Text, row),
        HitPart::Below(row) => (SearchPart::Below, row),
    };
    Some(SearchHit {
        step: short(hit.step),
        seq: document.step(hit.step)?.seq,
        part,
        row,
        from: hit.from,
        to: hit.to,
        before: excerpt.before,
        hit: excerpt.hit.chars().take(HIT_CHARS_MAX).collect(),
        after: excerpt.after,
    })
}

fn short(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
