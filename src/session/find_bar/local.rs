//! Search in the page, slice by slice: what a person does meanwhile comes first.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session_log::{Finder, HITS_KEPT_MAX};

use super::found::FoundHits;
use super::search::LogSearch;

/// How long a slice may take, in milliseconds: half of a frame.
const SLICE_MS: f64 = 8.0;
/// How much is searched between two looks at the clock, in bytes of plain search.
const LOOK_BYTES: usize = 131_072;
/// How often what was found is told while the search goes on, in milliseconds.
const TELL_MS: f64 = 50.0;
/// What is said where a step has more hits than are found again.
const TOO_MANY: &str = "Search for something rarer: this step has more hits than can be gone to";

impl LogSearch {
    /// Searches what is there and not searched yet; the rest of it after the page has been painted.
    pub(super) fn search_on(self) {
        let is_under_way = self.asking.with_value(|asking| asking.is_busy);
        if is_under_way || self.finder.with_value(Option::is_none) || self.slice() {
            return;
        }
        self.asking.update_value(|asking| asking.is_busy = true);
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
            self.asking.update_value(|asking| asking.is_busy = false);
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
        let (has_news, told_at) = self.asking.with_value(|asking| (asking.has_news || has_news, asking.told_at));
        let is_over = progress.is_done && !self.found.with_untracked(FoundHits::is_done);
        let is_told = is_over || (has_news && (progress.is_done || began_at - told_at >= TELL_MS));
        self.asking.update_value(|asking| {
            asking.has_news = has_news && !is_told;
            asking.told_at = if is_told { began_at } else { told_at };
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

    /// Finds the hits of a step of which only the number is known.
    pub(super) fn find_out(self, rank: usize) {
        let group = self.found.with_untracked(|found| Some(found.steps()[found.group_of(rank)?]));
        let Some(group) = group else { return };
        let hits = self.context.document.with_untracked(|document| {
            let hits_in = |finder: &Finder| finder.hits_in(document, group.step, 0..group.count.min(HITS_KEPT_MAX));
            self.finder.with_value(|finder| finder.as_ref().map(hits_in))
        });
        let Some(hits) = hits else { return };
        let is_known = rank < group.first + hits.len();
        self.found.update(|found| found.take_run(group.first, hits, Vec::new()));
        if is_known {
            self.pursue();
        } else {
            self.give_up(TOO_MANY);
        }
    }
}

/// Milliseconds since the page began.
pub(super) fn now_ms() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}
