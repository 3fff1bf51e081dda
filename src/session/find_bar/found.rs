//! What a search has found so far: how many hits each step has, some of the hits themselves, and the one that is
//! looked at. Plain values, alike for a search in the page and for one by the server.

use std::ops::Range;

use session_log::{Excerpt, Finder, Hit};

/// The most runs of hits that are kept; the page of a server's answer is one.
const RUNS_MAX: usize = 64;

/// What was found so far.
#[derive(Debug, Clone, Default)]
pub struct FoundHits {
    /// Whether all of the log is searched.
    is_done: bool,
    /// Whether the end of the log is never searched.
    is_cut: bool,
    /// How many hits there are.
    total: usize,
    /// The steps with hits, in the log's order.
    steps: Vec<StepHits>,
    /// Hits that are known, the newest run last.
    runs: Vec<Run>,
    /// The hit that is looked at, and how many of its step stand before it.
    present: Option<(Hit, usize)>,
}

/// A step with hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepHits {
    /// The place of the step.
    pub step: usize,
    /// The rank of its first hit, from 0.
    pub first: usize,
    /// How many it has.
    pub count: usize,
}

/// Hits one after the other.
#[derive(Debug, Clone)]
struct Run {
    /// The rank of the first one.
    first: usize,
    hits: Vec<Hit>,
    /// What stands around each, where a server told it.
    excerpts: Vec<Excerpt>,
}

impl FoundHits {
    /// Whether all of the log is searched.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether the log is too long for its end to be searched.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Notes whether it is.
    pub fn note_cut(&mut self, is_cut: bool) {
        self.is_cut = is_cut;
    }

    /// How many hits there are so far.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The steps with hits, in the log's order.
    pub fn steps(&self) -> &[StepHits] {
        &self.steps
    }

    /// How many hits the steps from one to before another have.
    pub fn count_between(&self, from: usize, to: usize) -> usize {
        self.first_from(to) - self.first_from(from)
    }

    /// The rank of the first hit in a step or after it; the number of hits where there is none.
    pub fn first_from(&self, step: usize) -> usize {
        self.steps.get(self.steps.partition_point(|it| it.step < step)).map_or(self.total, |it| it.first)
    }

    /// The place in [`Self::steps`] of the step that a hit belongs to.
    pub fn group_of(&self, rank: usize) -> Option<usize> {
        if rank >= self.total {
            return None;
        }
        self.steps.partition_point(|it| it.first <= rank).checked_sub(1)
    }

    /// The hit of a rank, if it is known.
    pub fn hit(&self, rank: usize) -> Option<Hit> {
        self.runs.iter().rev().find_map(|run| run.hits.get(rank.checked_sub(run.first)?).copied())
    }

    /// The hits that are known of these ranks, in order.
    pub fn known(&self, ranks: Range<usize>) -> Vec<(usize, Hit)> {
        let hits = self.runs.iter().flat_map(|run| {
            let from = ranks.start.saturating_sub(run.first).min(run.hits.len());
            let to = ranks.end.saturating_sub(run.first).clamp(from, run.hits.len());
            run.hits[from..to].iter().enumerate().map(move |(nth, hit)| (run.first + from + nth, *hit))
        });
        let mut known: Vec<(usize, Hit)> = hits.collect();
        known.sort_unstable_by_key(|(rank, _)| *rank);
        known.dedup_by_key(|(rank, _)| *rank);
        known
    }

    /// What stands around a hit, if a server told it.
    pub fn excerpt(&self, rank: usize) -> Option<&Excerpt> {
        self.runs.iter().rev().find_map(|run| run.excerpts.get(rank.checked_sub(run.first)?))
    }

    /// The hit that is looked at.
    pub fn present(&self) -> Option<Hit> {
        self.present.map(|(hit, _)| hit)
    }

    /// The rank of the hit that is looked at.
    pub fn rank(&self) -> Option<usize> {
        let (hit, nth) = self.present?;
        let group = self.steps.get(self.steps.binary_search_by_key(&hit.step, |it| it.step).ok()?)?;
        Some(group.first + nth.min(group.count - 1))
    }

    /// Looks at a hit that is known.
    pub fn choose(&mut self, rank: usize) -> Option<Hit> {
        let hit = self.hit(rank)?;
        let group = self.steps.get(self.group_of(rank)?)?;
        self.present = Some((hit, rank - group.first));
        Some(hit)
    }

    /// Takes in how many hits each step has. What is known of those whose rank that may change is forgotten.
    pub fn take_counts(&mut self, counts: impl Iterator<Item = (usize, usize)>, is_done: bool) {
        let mut total = 0;
        let steps: Vec<StepHits> = counts
            .filter(|(_, count)| *count > 0)
            .map(|(step, count)| {
                let first = total;
                total += count;
                StepHits { step, first, count }
            })
            .collect();
        let same = self.steps.iter().zip(&steps).take_while(|(old, new)| old == new).count();
        // More hits of a step that still grows come after those that are known of it.
        let grows = self
            .steps
            .get(same)
            .zip(steps.get(same))
            .filter(|(old, new)| (old.step, old.first) == (new.step, new.first) && old.count < new.count);
        let kept = match grows {
            Some((old, _)) => old.first + old.count,
            None => steps.get(same).map_or(total, |it| it.first).min(self.first_of(same)),
        };
        for run in &mut self.runs {
            run.hits.truncate(kept.saturating_sub(run.first));
            run.excerpts.truncate(kept.saturating_sub(run.first));
        }
        self.runs.retain(|run| !run.hits.is_empty());
        (self.steps, self.total, self.is_done) = (steps, total, is_done);
        if self.rank().is_none() {
            self.present = None;
        }
    }

    /// Takes in hits that follow each other, and what stands around them where that is told.
    pub fn take_run(&mut self, first: usize, hits: Vec<Hit>, excerpts: Vec<Excerpt>) {
        let end = first + hits.len();
        self.runs.retain(|run| run.first < first || run.first + run.hits.len() > end);
        if self.runs.len() >= RUNS_MAX {
            self.runs.remove(0);
        }
        if !hits.is_empty() {
            self.runs.push(Run { first, hits, excerpts });
        }
    }

    /// Takes in what a search in the page has found.
    pub fn take_finder(&mut self, finder: &Finder, is_done: bool) {
        self.take_counts(finder.steps(), is_done);
        self.runs.clear();
        let mut rank = usize::MAX;
        // Where hits of a step are not kept, those after it do not follow the ones before it.
        for group in &self.steps {
            let kept = finder.first_in(group.step);
            match self.runs.last_mut() {
                Some(run) if rank == group.first => run.hits.extend_from_slice(kept),
                _ if kept.is_empty() => continue,
                _ => self.runs.push(Run { first: group.first, hits: kept.to_vec(), excerpts: Vec::new() }),
            }
            rank = group.first + kept.len();
        }
    }

    /// The rank that the step at this place of [`Self::steps`] starts at.
    fn first_of(&self, group: usize) -> usize {
        self.steps.get(group).map_or(self.total, |it| it.first)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use session_log::HitPart;

    pub fn hit(step: usize, row: u32) -> Hit {
        Hit { step, part: HitPart::Text(row), from: 0, to: 1 }
    }

    fn two_steps() -> FoundHits {
        let mut found = FoundHits::default();
        found.take_counts([(2, 3), (5, 0), (7, 2)].into_iter(), false);
        found.take_run(0, vec![hit(2, 0), hit(2, 1), hit(2, 2)], Vec::new());
        found.take_run(3, vec![hit(7, 0), hit(7, 1)], Vec::new());
        found
    }

    #[test]
    fn hits_are_counted_by_step_and_found_by_rank() {
        let found = two_steps();
        assert_eq!((found.total(), found.steps().len()), (5, 2));
        for (step, first) in [(0, 0), (2, 0), (3, 3), (7, 3), (8, 5)] {
            assert_eq!(found.first_from(step), first, "step {step}");
        }
        for (from, to, count) in [(0, 9, 5), (2, 3, 3), (3, 7, 0), (7, 8, 2)] {
            assert_eq!(found.count_between(from, to), count, "{from}..{to}");
        }
        assert_eq!((found.group_of(2), found.group_of(3), found.group_of(5)), (Some(0), Some(1), None));
        assert_eq!((found.hit(4), found.hit(5)), (Some(hit(7, 1)), None));
    }

    #[test]
    fn the_present_hit_keeps_its_place_while_others_come() {
        let mut found = two_steps();
        assert_eq!((found.choose(4), found.rank()), (Some(hit(7, 1)), Some(4)));
        found.take_counts([(1, 2), (2, 3), (7, 3)].into_iter(), true);
        assert_eq!((found.rank(), found.total(), found.is_done()), (Some(6), 8, true));
        assert_eq!(found.hit(0), None, "ranks have changed");
        found.take_counts([(1, 2)].into_iter(), true);
        assert_eq!((found.rank(), found.present()), (None, None));
    }

    #[test]
    fn what_comes_at_the_end_leaves_known_hits_known() {
        let mut found = two_steps();
        found.take_counts([(2, 3), (7, 4), (9, 1)].into_iter(), false);
        assert_eq!((found.hit(4), found.hit(5)), (Some(hit(7, 1)), None));
        found.take_run(5, vec![hit(7, 2), hit(7, 3), hit(9, 0)], Vec::new());
        assert_eq!(found.hit(7), Some(hit(9, 0)));
        found.take_counts([(2, 2), (7, 4)].into_iter(), true);
        assert_eq!((found.hit(0), found.total()), (None, 6), "a step has lost a hit");
    }

    #[test]
    fn only_so_many_runs_are_kept() {
        let mut found = FoundHits::default();
        found.take_counts([(0, 1_000)].into_iter(), true);
        for rank in 0..100 {
            found.take_run(rank, vec![hit(0, rank as u32)], Vec::new());
        }
        assert_eq!((found.hit(0), found.hit(99)), (None, Some(hit(0, 99))));
        found.take_run(90, (90..120).map(|row| hit(0, row)).collect(), Vec::new());
        assert_eq!(found.hit(119), Some(hit(0, 119)));
    }
}
