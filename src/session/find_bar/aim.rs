//! Which hit is gone to: from the place where one reads, or from the hit that is looked at. Pure.

use session_log::Hit;

use super::found::FoundHits;

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To what comes next.
    Next,
    /// To what came before.
    Previous,
}

/// Where a search is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// To the first hit in this step or after it, of those that are not before the reader.
    After(usize),
    /// To the last hit in this step or before it, of those that are before the reader.
    Before(usize),
    /// To the hit of this rank.
    Rank {
        /// The rank, from 0.
        rank: usize,
        /// Whether the way to it led over the log's end.
        is_wrapped: bool,
    },
}

/// What a goal comes to with what is found so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// This hit.
    Hit {
        /// Its rank, from 0.
        rank: usize,
        /// Whether the way to it led over the log's end.
        is_wrapped: bool,
    },
    /// A hit that is not known; carries its rank.
    Unknown(usize),
    /// It may still be found.
    NotYet,
    /// There is none.
    Nothing,
}

impl FoundHits {
    /// What a goal comes to. `is_before` tells of hits in the reader's step whether they are before the reader.
    pub fn aim(&self, goal: Goal, is_before: impl Fn(&Hit) -> bool) -> Aim {
        match goal {
            Goal::After(step) => match self.first_ahead(step, is_before) {
                Err(unknown) => Aim::Unknown(unknown),
                Ok(rank) if rank < self.total() => self.at(rank, false),
                Ok(_) if self.is_done() => self.at(0, true),
                Ok(_) => Aim::NotYet,
            },
            Goal::Before(step) => match self.first_ahead(step, is_before) {
                Err(unknown) => Aim::Unknown(unknown),
                Ok(rank) if rank > 0 => self.at(rank - 1, false),
                Ok(_) if self.is_done() => self.at(self.total().saturating_sub(1), true),
                Ok(_) => Aim::NotYet,
            },
            Goal::Rank { rank, is_wrapped } => self.at(rank, is_wrapped),
        }
    }

    /// The goal next to the hit that is looked at, over the end where it must be.
    pub fn beside(&self, way: Way) -> Option<Goal> {
        let rank = self.rank()?;
        let (to, is_wrapped) = match way {
            Way::Next if rank + 1 < self.total() => (rank + 1, false),
            // The end is not known yet.
            Way::Next if !self.is_done() => return Some(Goal::After(self.present()?.step + 1)),
            Way::Next => (0, true),
            Way::Previous if rank > 0 => (rank - 1, false),
            Way::Previous => (self.total() - 1, true),
        };
        Some(Goal::Rank { rank: to, is_wrapped })
    }

    /// The rank of the first hit in a step or after it that is not before the reader; or that of a hit that must be
    /// known to tell. Of a step with very many hits few are ever known: it is halved again and again.
    fn first_ahead(&self, step: usize, is_before: impl Fn(&Hit) -> bool) -> Result<usize, usize> {
        let (mut from, mut to) = (self.first_from(step), self.first_from(step + 1));
        if self.hit(from).is_some_and(|hit| !is_before(&hit)) {
            return Ok(from);
        }
        while from < to {
            let middle = from + (to - from) / 2;
            let hit = self.hit(middle).ok_or(middle)?;
            (from, to) = if is_before(&hit) { (middle + 1, to) } else { (from, middle) };
        }
        Ok(from)
    }

    fn at(&self, rank: usize, is_wrapped: bool) -> Aim {
        if rank >= self.total() {
            return if self.is_done() { Aim::Nothing } else { Aim::NotYet };
        }
        if self.hit(rank).is_some() { Aim::Hit { rank, is_wrapped } } else { Aim::Unknown(rank) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::found::tests::hit;
    use super::*;

    fn found(is_done: bool) -> FoundHits {
        let mut found = FoundHits::default();
        found.take_counts([(2, 3), (7, 2)].into_iter(), is_done);
        found.take_run(0, vec![hit(2, 0), hit(2, 1), hit(2, 2), hit(7, 0)], Vec::new());
        found
    }

    #[test]
    fn one_goes_on_from_where_one_reads() {
        let found = found(true);
        let above = |row: u32| move |it: &Hit| *it < hit(it.step, row);
        let at = |rank, is_wrapped| Aim::Hit { rank, is_wrapped };
        for (goal, row, aim) in [
            (Goal::After(0), 0, at(0, false)),
            (Goal::After(2), 2, at(2, false)),
            (Goal::After(2), 9, at(3, false)),
            (Goal::After(7), 1, Aim::Unknown(4)),
            (Goal::After(8), 0, at(0, true)),
            (Goal::Before(2), 2, at(1, false)),
            (Goal::Before(3), 0, at(2, false)),
            (Goal::Before(7), 0, at(2, false)),
            (Goal::Before(0), 0, Aim::Unknown(4)),
            (Goal::Rank { rank: 4, is_wrapped: false }, 0, Aim::Unknown(4)),
        ] {
            assert_eq!(found.aim(goal, above(row)), aim, "{goal:?} from row {row}");
        }
    }

    #[test]
    fn a_few_answers_lead_to_the_hit_beside_the_reader_in_a_step_of_very_many() {
        const HITS: usize = 1_000_000;
        const PAGE: usize = 200;
        for row in [0, 1, 199, 200, 654_321, HITS - 1] {
            let mut found = FoundHits::default();
            found.take_counts([(1, HITS)].into_iter(), true);
            let mut answers = 0;
            let rank = loop {
                match found.aim(Goal::After(1), |it| *it < hit(1, row as u32)) {
                    Aim::Unknown(rank) => {
                        answers += 1;
                        let first = rank - rank % PAGE;
                        let page = (first..first + PAGE).map(|row| hit(1, row as u32));
                        found.take_run(first, page.collect(), Vec::new());
                    }
                    Aim::Hit { rank, .. } => break rank,
                    other => panic!("{other:?}"),
                }
            };
            assert!(rank == row && answers <= 20, "{answers} answers led from row {row} to {rank}");
        }
    }

    #[test]
    fn the_end_is_gone_over_only_when_it_is_known() {
        let mut unfinished = found(false);
        unfinished.take_run(4, vec![hit(7, 1)], Vec::new());
        assert_eq!(unfinished.aim(Goal::After(8), |_| false), Aim::NotYet);
        unfinished.choose(4);
        assert_eq!(unfinished.beside(Way::Next), Some(Goal::After(8)));
        assert_eq!(unfinished.beside(Way::Previous), Some(Goal::Rank { rank: 3, is_wrapped: false }));

        let mut finished = found(true);
        finished.choose(0);
        assert_eq!(finished.beside(Way::Previous), Some(Goal::Rank { rank: 4, is_wrapped: true }));
        assert_eq!(FoundHits::default().beside(Way::Next), None);
    }

    #[test]
    fn nothing_is_said_when_all_is_searched() {
        let mut nothing = FoundHits::default();
        assert_eq!(nothing.aim(Goal::After(3), |_| false), Aim::NotYet);
        nothing.take_counts(std::iter::empty(), true);
        assert_eq!(nothing.aim(Goal::After(3), |_| false), Aim::Nothing);
        assert_eq!(nothing.aim(Goal::Before(3), |_| false), Aim::Nothing);
    }
}
