//! What of a step's rows is folded away: lines that did not change, entries of JSON. Parts of a step that are found
//! keep their places, folded or not.

use super::folding::{FoldedRow, Folding, LineFold};
use super::{Body, Section};
use crate::find::HitPart;

impl Body {
    /// The row that shows a part of a step; `None` while it is folded away.
    pub(crate) fn row_of(&self, part: HitPart) -> Option<usize> {
        let (index, line) = self.place(part)?;
        let (first, section) = &self.sections[index];
        let row = match section.folding() {
            Some(folding) => folding.row_of(line)?,
            None => line,
        };
        Some(*first as usize + row)
    }

    /// Opens what a part of a step is behind; tells whether it is there at all.
    pub(crate) fn reveal(&mut self, part: HitPart) -> bool {
        let Some((index, line)) = self.place(part) else { return false };
        let Some(folding) = self.sections[index].1.folding_mut() else { return false };
        folding.reveal(line);
        self.count();
        true
    }

    /// Opens or closes what a row stands for or heads; tells whether there is such a thing.
    pub(crate) fn toggle(&mut self, row: usize) -> bool {
        let index = self.sections.partition_point(|(first, _)| *first as usize <= row);
        let Some((first, section)) = index.checked_sub(1).and_then(|index| self.sections.get_mut(index)) else {
            return false;
        };
        let at = row - *first as usize;
        let is_toggled = section.folding_mut().is_some_and(|folding| folding.toggle(at));
        self.count();
        is_toggled
    }

    /// Whether what a row begins is shown.
    pub fn is_open(&self, row: usize) -> bool {
        let Some((Section::Json(_, folding) | Section::Diff(_, folding), at)) = self.find(row) else { return true };
        !matches!(folding.row(at), Some(FoldedRow::Gap(..) | FoldedRow::Line(_, Some(LineFold { is_open: false, .. }))))
    }

    /// The same rows, folded as they were `before`.
    pub(crate) fn folded_as(mut self, before: &Self) -> Self {
        let folded = before.sections.iter().filter_map(|(_, section)| section.folding());
        let own = self.sections.iter_mut().filter_map(|(_, section)| section.folding_mut());
        own.zip(folded).for_each(|(own, before)| own.take_over(before));
        self.count();
        self
    }

    /// The section of a part, and its line in it.
    fn place(&self, part: HitPart) -> Option<(usize, usize)> {
        let (from, to, mut at) = match part {
            HitPart::Text(at) => (self.text_at, self.below_at, (at as usize).checked_sub(self.text_from as usize)?),
            HitPart::Above(at) if self.is_whole => (0, self.text_at, at as usize),
            HitPart::Below(at) if self.is_whole => (self.below_at, self.rows, at as usize),
            HitPart::Header | HitPart::Above(_) | HitPart::Below(_) => return None,
        };
        for (index, (first, section)) in self.sections.iter().enumerate() {
            if !(from..to).contains(first) {
                continue;
            }
            let next = self.sections.get(index + 1).map_or(self.rows, |(next, _)| *next);
            let lines = section.folding().map_or((next - first) as usize, Folding::lines);
            if at < lines {
                return Some((index, at));
            }
            at -= lines;
        }
        None
    }

    /// Opens all folds.
    pub(super) fn unfold(&mut self) {
        for folding in self.sections.iter_mut().filter_map(|(_, section)| section.folding_mut()) {
            folding.unfold();
        }
        self.count();
    }

    /// Counts the rows anew after folds have changed.
    fn count(&mut self) {
        let (text_at, below_at) = (self.text_at, self.below_at);
        let mut row = 0;
        for index in 0..self.sections.len() {
            let before = self.sections[index].0;
            let next = self.sections.get(index + 1).map_or(self.rows, |(next, _)| *next);
            for (place, place_before) in [(&mut self.text_at, text_at), (&mut self.below_at, below_at)] {
                if place_before == before {
                    *place = row;
                }
            }
            let (first, section) = &mut self.sections[index];
            *first = row;
            row += section.folding().map_or(next - before, |folding| folding.rows() as u32);
        }
        for (place, place_before) in [(&mut self.text_at, text_at), (&mut self.below_at, below_at)] {
            if place_before >= self.rows {
                *place = row;
            }
        }
        self.rows = row;
    }
}

impl Section {
    pub(super) fn folding(&self) -> Option<&Folding> {
        let (Self::Json(_, folding) | Self::Diff(_, folding)) = self else { return None };
        Some(folding)
    }

    fn folding_mut(&mut self) -> Option<&mut Folding> {
        let (Self::Json(_, folding) | Self::Diff(_, folding)) = self else { return None };
        Some(folding)
    }
}
