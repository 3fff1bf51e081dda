//! Searches markdown: its parts are cut and read a few at a time.

use super::{Budget, Finder, HitPart};
use crate::Text;
use crate::markdown::{self, BlockSpan, settled_blocks};

/// How much of a text is cut into parts at a time, in bytes.
const WINDOW_BYTES: usize = 65_536;

impl Finder {
    /// Searches on in a markdown text; tells whether its end was reached.
    pub(super) fn search_prose(&mut self, text: &Text, index: usize, budget: &mut Budget) -> bool {
        let mut window = WINDOW_BYTES;
        loop {
            if budget.is_spent() {
                return false;
            }
            let place = &self.places[index].text;
            let (start, fence) = (place.at, place.fence.clone());
            if !text.is_whole() {
                return true;
            }
            let end = text.end_of_lines(start, window);
            let part = text.read(start, end);
            let blocks = markdown::blocks_after(&part, &fence);
            let is_end = end == text.len();
            let settled = settled_blocks(&part, &blocks, is_end);
            if settled == 0 && !is_end {
                window *= 2;
                continue;
            }
            let first = place.rows;
            let mut open_hits = 0;
            for (number, span) in blocks.iter().enumerate() {
                let is_open = number >= settled;
                if is_open && !is_end {
                    break;
                }
                if budget.is_spent() && !is_open {
                    self.settle(index, first + number as u32, start, span);
                    return false;
                }
                budget.spend(self.row_cost(span.to - span.from));
                let words = markdown::words(&markdown::parse(&part, span));
                for hit in self.query.find_in(&words) {
                    open_hits += u32::from(is_open);
                    self.hits.add(index, HitPart::Text(first + number as u32), hit);
                }
            }
            if let Some(span) = blocks.get(settled) {
                self.settle(index, first + settled as u32, start, span);
            }
            self.places[index].text.open_hits = open_hits;
            if is_end {
                return true;
            }
        }
    }

    /// Notes that the parts before `span` are searched for good.
    fn settle(&mut self, index: usize, rows: u32, start: usize, span: &BlockSpan) {
        let place = &mut self.places[index].text;
        (place.rows, place.at, place.fence) = (rows, start + span.from, span.fence.as_str().into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_part_whose_first_line_is_not_over_may_join_the_one_before() {
        for (text, settled) in [("- a\n\n1", 0), ("a\n\n1", 0), ("- a\n\n1\n", 1), ("a\n\nb\n\nc", 1), ("", 0)] {
            assert_eq!(settled_blocks(text, &markdown::blocks(text), true), settled, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn parts_that_are_settled_stay(
            text in "(a\n|- a\n|1\\. a\n|# a\n|```\n|  a\n|\n|\n\n){0,12}(|a|-|1|1\\.|``|  )",
            more in "(|-|\\.|`)( a|a|`|\n){0,6}",
        ) {
            let blocks = markdown::blocks(&text);
            let settled = settled_blocks(&text, &blocks, true);
            let whole = [text.as_str(), &more].concat();
            let all = markdown::blocks(&whole);
            prop_assert_eq!(&all[..settled], &blocks[..settled]);
            if let Some(next) = blocks.get(settled) {
                let rest = markdown::blocks_after(&whole[next.from..], &next.fence);
                let moved = |span: &BlockSpan| BlockSpan { from: span.from + next.from, to: span.to + next.from, ..span.clone() };
                prop_assert_eq!(&all[settled..], &rest.iter().map(moved).collect::<Vec<_>>()[..]);
            }
        }
    }
}
