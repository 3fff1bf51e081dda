//! Searches what a step says around its text: header, input, changes, plan, notes, errors. All of it is
//! searched again when any of it changes.

use super::{Budget, Finder, HitPart};
use crate::{Body, Step};

/// The rows around the text of one step.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    step: usize,
    version: u32,
    above: Body,
    below: Body,
    /// The next row: the header, those above, those below.
    at: usize,
}

impl Finder {
    /// Searches on around the text of a step; tells whether all of it is searched.
    pub(super) fn search_facts(&mut self, step: &Step, index: usize, budget: &mut Budget) -> bool {
        let mut facts = match self.facts.take() {
            Some(facts) if facts.step == index && facts.version == step.version => facts,
            Some(_) | None => {
                self.hits.clear_facts(index);
                let (above, below) = (Body::above(step), Body::below(step));
                Facts { step: index, version: step.version, above, below, at: 0 }
            }
        };
        while let Some((part, words)) = facts.row(step) {
            if budget.is_spent() {
                self.facts = Some(facts);
                return false;
            }
            budget.spend(self.row_cost(words.len()));
            for hit in self.query.find_in(&words) {
                self.hits.add(index, part, hit);
            }
            facts.at += 1;
        }
        self.places[index].facts = Some(step.version);
        true
    }
}

impl Facts {
    /// The next row and what it says.
    fn row(&self, step: &Step) -> Option<(HitPart, String)> {
        let Some(at) = self.at.checked_sub(1) else { return Some((HitPart::Header, step.headline())) };
        let (body, row, part): (_, _, fn(u32) -> HitPart) = match at.checked_sub(self.above.rows()) {
            None => (&self.above, at, HitPart::Above),
            Some(row) => (&self.below, row, HitPart::Below),
        };
        let words = body.content(step, row)?.words().into_owned();
        Some((part(row as u32), words))
    }
}
