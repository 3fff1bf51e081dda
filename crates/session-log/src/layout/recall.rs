//! What the reader chose of single steps, kept while a log is begun anew: steps are known again by their addresses.

use std::collections::HashMap;

use super::Layout;
use super::step_layout::StepLayout;
use crate::{Fold, LogDocument, Step, StepKind};

/// What was chosen of steps that have not come again yet.
pub(super) type Choices = HashMap<Address, Choice>;

/// The event that began a step, and whether the step is the session that began with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address {
    seq: u64,
    is_session: bool,
}

/// What the reader chose of a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    fold: Option<Fold>,
    /// Of the first step of a group.
    is_run_open: Option<bool>,
}

impl Address {
    /// None yet of a step that is only counted.
    pub fn of(step: &Step) -> Option<Self> {
        let is_session = matches!(step.kind, StepKind::Session(_));
        step.is_told().then_some(Self { seq: step.seq, is_session })
    }

    /// The event that began the step.
    pub fn seq(self) -> u64 {
        self.seq
    }

    /// The place of the step, if it is told.
    pub fn find(self, document: &LogDocument) -> Option<usize> {
        let last = document.find_seq(self.seq)?;
        // A session's step stands before the one that began along with it.
        [Some(last), last.checked_sub(1)]
            .into_iter()
            .flatten()
            .find(|&index| document.step(index).and_then(Self::of) == Some(self))
    }
}

impl Layout {
    /// The address of a step, as far as it is known.
    pub fn address_of(&self, step: usize) -> Option<Address> {
        self.steps.get(step)?.address
    }

    /// What was chosen of all steps.
    pub(super) fn take_choices(&mut self) -> Choices {
        let mut choices = std::mem::take(&mut self.choices);
        let chosen = self.steps.iter().filter_map(|laid| {
            let fold = laid.is_chosen.then_some(laid.fold);
            let choice = Choice { fold, is_run_open: laid.is_run_open };
            Some((laid.address?, choice)).filter(|_| fold.is_some() || laid.is_run_open.is_some())
        });
        choices.extend(chosen);
        choices
    }

    /// Notes the address of a step, and chooses what was chosen of it before; tells how it is to be folded then.
    pub(super) fn recall(&mut self, step: &Step, index: usize) -> Option<Fold> {
        let laid: &mut StepLayout = &mut self.steps[index];
        laid.address = Address::of(step);
        if self.choices.is_empty() {
            return None;
        }
        let choice = self.choices.remove(&laid.address?)?;
        laid.is_run_open = choice.is_run_open.or(laid.is_run_open);
        laid.is_chosen |= choice.fold.is_some();
        choice.fold
    }
}
