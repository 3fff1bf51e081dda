//! The rows of the list of hits: each step's title, then its hits. Pure.

use session_log::Hit;

use super::found::FoundHits;

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListRow {
    /// The title of a step.
    Step {
        /// The place of the step.
        step: usize,
        /// How many hits it has.
        count: usize,
    },
    /// A hit.
    Hit {
        /// Its rank, from 0.
        rank: usize,
        /// The hit, once it is known.
        hit: Option<Hit>,
    },
}

/// How many rows there are.
pub fn rows(found: &FoundHits) -> usize {
    found.total() + found.steps().len()
}

/// The row at a place.
pub fn row_at(found: &FoundHits, row: usize) -> Option<ListRow> {
    let steps = found.steps();
    // A step's title stands after the hits and the titles before it.
    let (mut from, mut to) = (0, steps.len());
    while from < to {
        let middle = (from + to) / 2;
        if steps[middle].first + middle <= row { from = middle + 1 } else { to = middle }
    }
    let group = from.checked_sub(1)?;
    let at = steps[group];
    match (row - at.first - group).checked_sub(1) {
        None => Some(ListRow::Step { step: at.step, count: at.count }),
        Some(nth) if nth < at.count => {
            let rank = at.first + nth;
            Some(ListRow::Hit { rank, hit: found.hit(rank) })
        }
        Some(_) => None,
    }
}

/// The row of a hit.
pub fn row_of_rank(found: &FoundHits, rank: usize) -> Option<usize> {
    Some(rank + found.group_of(rank)? + 1)
}

/// Where a key leads in a list whose last place is `last`, with so many places on the screen.
pub fn neighbour(key: &str, at: usize, last: usize, page: usize) -> Option<usize> {
    let to = match key {
        "ArrowDown" => at + 1,
        "ArrowUp" => at.saturating_sub(1),
        "PageDown" => at + page,
        "PageUp" => at.saturating_sub(page),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::super::found::tests::hit;
    use super::*;

    #[test]
    fn each_step_has_a_title_and_its_hits_below() {
        let mut found = FoundHits::default();
        found.take_counts([(2, 2), (7, 1)].into_iter(), true);
        found.take_run(0, vec![hit(2, 0), hit(2, 1)], Vec::new());
        let all: Vec<ListRow> = (0..6).map_while(|row| row_at(&found, row)).collect();
        assert_eq!(
            all,
            [
                ListRow::Step { step: 2, count: 2 },
                ListRow::Hit { rank: 0, hit: Some(hit(2, 0)) },
                ListRow::Hit { rank: 1, hit: Some(hit(2, 1)) },
                ListRow::Step { step: 7, count: 1 },
                ListRow::Hit { rank: 2, hit: None },
            ]
        );
        assert_eq!(all.len(), rows(&found));
        for (row, shown) in all.iter().enumerate() {
            if let ListRow::Hit { rank, .. } = shown {
                assert_eq!(row_of_rank(&found, *rank), Some(row));
            }
        }
        assert_eq!((row_at(&FoundHits::default(), 0), row_of_rank(&found, 3)), (None, None));
    }

    #[test]
    fn keys_lead_to_neighbours_and_to_the_ends() {
        for (key, to) in [("ArrowDown", 6), ("ArrowUp", 4), ("PageDown", 9), ("PageUp", 0), ("Home", 0), ("End", 9)] {
            assert_eq!(neighbour(key, 5, 9, 8), Some(to), "{key}");
        }
        assert_eq!((neighbour("x", 5, 9, 8), neighbour("ArrowDown", 9, 9, 8)), (None, Some(9)));
    }
}
