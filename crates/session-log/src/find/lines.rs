//! Searches lines of output: most are seen to have no hit while they are still raw bytes.

use std::borrow::Cow;

use super::sieve::{Batch, next_joint, strip};
use super::{Budget, Finder, HitPart};
use crate::Text;
use crate::terminal::{self, Pen};

/// Lines that are looked at together, in bytes.
const BATCH_BYTES: usize = 65_536;
/// The same for a regular expression, which may take its time for each of them.
const EXPRESSION_BATCH_BYTES: usize = 8_192;

impl Finder {
    /// Searches on in lines; tells whether the end was reached.
    pub(super) fn search_lines(&mut self, text: &Text, index: usize, budget: &mut Budget) -> bool {
        let settled = text.settled_lines();
        let bytes = if self.query.options().is_regex { EXPRESSION_BATCH_BYTES } else { BATCH_BYTES };
        loop {
            let (first, spill) = (self.places[index].text.rows as usize, self.places[index].text.spill);
            if budget.is_spent() {
                return false;
            }
            if first >= settled {
                let before = self.hits.count_in(index);
                self.search_batch(text, index, (first, text.lines()), spill, budget);
                self.places[index].text.open_hits = (self.hits.count_in(index) - before) as u32;
                return true;
            }
            let end = text.lines_within(first, bytes).min(settled);
            let spill = self.search_batch(text, index, (first, end), spill, budget);
            let place = &mut self.places[index].text;
            (place.rows, place.spill) = (end as u32, spill);
        }
    }

    /// Searches the lines `first..end`, of which the first one's first `spill` bytes belong to a hit before it.
    /// Tells how many bytes of the line after them belong to a hit in them.
    fn search_batch(
        &mut self,
        text: &Text,
        index: usize,
        (first, end): (usize, usize),
        spill: usize,
        budget: &mut Budget,
    ) -> usize {
        if first >= end {
            return spill;
        }
        // What is not there is not found.
        let Some((bytes, starts)) = text.raw_lines(first, end) else { return 0 };
        let batch = Batch { bytes, starts };
        budget.spend(bytes.len());
        let is_cut = |line: usize| {
            let (from, to) = batch.line(line);
            to > from && bytes[to - 1] != b'\n' && first + line + 1 < text.lines()
        };
        let mut passed = vec![false; starts.len()];
        self.sieve.pass(&batch, &mut self.folded, &mut passed);
        let is_after_cut = first > 0 && !text.has_feed(first - 1);
        // The line that a hit before it reaches into, and how far.
        let mut over = (0, spill);
        for (line, passed) in passed.into_iter().enumerate() {
            // A hit can go over a cut of our own.
            let goes_on = is_cut(line);
            if !passed && !goes_on {
                continue;
            }
            let (from, to) = batch.line(line);
            let skip = if over.0 == line { over.1 } else { 0 };
            let is_part = goes_on || if line == 0 { is_after_cut } else { is_cut(line - 1) };
            budget.spend(self.row_cost(to - from) * if is_part { 2 } else { 1 });
            let past = if is_part {
                self.search_part(text, index, first + line, goes_on, skip)
            } else {
                self.search_line(&bytes[from..to], index, first + line);
                0
            };
            over = (line + 1, past);
        }
        if over.0 == starts.len() { over.1 } else { 0 }
    }

    /// Searches one whole line.
    fn search_line(&mut self, raw: &[u8], index: usize, row: usize) {
        let raw = raw.strip_suffix(b"\n").map_or(raw, |raw| raw.strip_suffix(b"\r").unwrap_or(raw));
        let raw = String::from_utf8_lossy(raw);
        let mut shown = String::new();
        let words = if next_joint(raw.as_bytes(), 0).is_none() {
            raw
        } else if strip(&raw, &mut shown) {
            Cow::Owned(shown)
        } else {
            Cow::Owned(words(&raw, Pen::default()))
        };
        self.query.find_in_line(&words, 0, &mut self.folded, |hit| {
            self.hits.add(index, HitPart::Text(row as u32), hit);
            true
        });
    }

    /// Searches a part of a line that was cut, from `skip` on, together with the edges of the parts next to it.
    /// Tells how far the last hit goes into the next part.
    fn search_part(&mut self, text: &Text, index: usize, row: usize, goes_on: bool, skip: usize) -> usize {
        let words_of = |row: usize| text.line(row).map_or(String::new(), |(line, pen)| words(&line, pen));
        let own = words_of(row);
        let reach = self.query.reach();
        let mut joined = String::new();
        if reach > 0 && row > 0 && !text.has_feed(row - 1) {
            joined.extend(words_of(row - 1).chars().next_back());
        }
        let from = joined.len();
        joined += &own;
        let end = joined.len();
        if reach > 0 && goes_on {
            let next = words_of(row + 1);
            let cut = (reach..next.len()).find(|&at| next.is_char_boundary(at)).unwrap_or(next.len());
            joined += &next[..cut];
        }
        let mut past = skip.saturating_sub(own.len());
        self.query.find_in_line(&joined, (from + skip).min(end), &mut self.folded, |hit| {
            if hit.start >= end {
                return false;
            }
            past = hit.end.saturating_sub(end);
            self.hits.add(index, HitPart::Text(row as u32), hit.start - from..hit.end - from);
            true
        });
        past
    }
}

/// What a line shows.
fn words(line: &str, pen: Pen) -> String {
    terminal::spans(line, pen).into_iter().map(|span| span.text).collect()
}
