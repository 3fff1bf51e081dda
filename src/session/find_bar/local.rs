//! Search in the page, slice by slice: what a person does meanwhile comes first.

use std::ops::Range;
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::asking::PAGE_HITS;
use super::found::{FoundHits, StepHits};
use super::search::LogSearch;

/// How long a slice may take, in milliseconds: half of a frame.
const SLICE_MS: f64 = 8.0;
/// How much is searched between two looks at the clock, in bytes of plain search.
const LOOK_BYTES: usize = 131_072;
/// How often what was found is told while the search goes on, in milliseconds.
const TELL_MS: f64 = 50.0;

/// How the search in the page is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Slicing {
    /// Whether a slice is to come.
    is_under_way: bool,
    /// Whether something was found that is not told yet.
    has_news: bool,
    /// When it was told last what was found, in milliseconds since the page began.
    told_at: f64,
}

impl LogSearch {
    /// Searches what is there and not searched yet; the rest of it after the page has been painted.
    pub(super) fn search_on(self) {
        let is_under_way = self.slicing.with_value(|slicing| slicing.is_under_way);
        if is_under_way || self.finder.with_value(Option::is_none) || self.slice() {
            return;
        }
        self.slicing.update_value(|slicing| slicing.is_under_way = true);
        let round = self.round.get_value();
        spawn_local(async move {
            loop {
                TimeoutFuture::new(0).await;
                // The page may be gone, or something else is searched for.
                if self.round.try_get_value() != Some(round) {
                    return;
                }
                if self.slice() {
                    break;
                }
            }
            self.slicing.update_value(|slicing| slicing.is_under_way = false);
        });
    }

    /// Searches for a few milliseconds; tells whether all is searched.
    fn slice(self) -> bool {
        let began_at = now_ms();
        let mut has_news = false;
        let progress = self.context.document.with_untracked(|document| {
            self.finder.try_update_value(|finder| {
                let finder = finder.as_mut()?;
                loop {
                    let progress = finder.advance(document, LOOK_BYTES);
                    has_news |= progress.has_news;
                    if progress.is_done || now_ms() - began_at >= SLICE_MS {
                        return Some(progress);
                    }
                }
            })
        });
        let Some(progress) = progress.flatten() else { return true };
        let (has_news, told_at) = self.slicing.with_value(|slicing| (slicing.has_news || has_news, slicing.told_at));
        let is_over = progress.is_done && !self.found.with_untracked(FoundHits::is_done);
        let is_told = is_over || (has_news && (progress.is_done || began_at - told_at >= TELL_MS));
        self.slicing.update_value(|slicing| {
            slicing.has_news = has_news && !is_told;
            slicing.told_at = if is_told { began_at } else { told_at };
        });
        if is_told {
            self.finder.with_value(|finder| {
                if let Some(finder) = finder {
                    self.found.update(|found| found.take_finder(finder, progress.is_done));
                }
            });
            self.pursue();
        }
        progress.is_done
    }

    /// Finds the hit of a rank, with those around it in its step.
    pub(super) fn find_out(self, rank: usize) {
        let wanted = self.found.with_untracked(|found| found.page_in_step(rank));
        let Some((StepHits { step, first: step_first, .. }, ranks)) = wanted else { return };
        let hits = self.context.document.with_untracked(|document| {
            let in_step = ranks.start - step_first..ranks.end - step_first;
            self.finder.with_value(|finder| finder.as_ref().map(|finder| finder.hits_in(document, step, in_step)))
        });
        // Where hits have gone since they were told, what there is now is told soon.
        let Some(hits) = hits.filter(|hits| rank < ranks.start + hits.len()) else { return };
        self.found.update(|found| found.take_run(ranks.start, hits, Vec::new()));
        // A few pages may be looked at on the way to a hit, each in a task of its own.
        let round = self.round.get_value();
        let pursue = move || {
            if self.round.try_get_value() == Some(round) {
                self.pursue();
            }
        };
        set_timeout(pursue, Duration::ZERO);
    }
}

impl FoundHits {
    /// The step of a rank, and the ranks that are found along with it: no more than a page, and all of that step.
    fn page_in_step(&self, rank: usize) -> Option<(StepHits, Range<usize>)> {
        let step = self.steps()[self.group_of(rank)?];
        let from = self.skip_to(rank);
        Some((step, from.max(step.first)..(from + PAGE_HITS).min(step.first + step.count)))
    }
}

/// Milliseconds since the page began.
pub(super) fn now_ms() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_found_by_pages_that_end_with_their_step() {
        let mut found = FoundHits::default();
        found.take_counts([(1, 350), (4, 30_000)].into_iter(), true);
        for (rank, first, ranks) in [
            (0, 0, Some(0..200)),
            (349, 0, Some(200..350)),
            (399, 350, Some(350..400)),
            (30_349, 350, Some(30_200..30_350)),
            (30_350, 0, None),
        ] {
            let page = found.page_in_step(rank);
            assert_eq!(page.map(|(step, ranks)| (step.first, ranks)), ranks.map(|ranks| (first, ranks)), "{rank}");
        }
    }
}
