//! Sub-agents: steps that stand under another step's line.

use super::Layout;
use crate::{LogDocument, Step, StepState};

/// The deepest that steps are indented.
const DEPTH_MAX: usize = 8;

/// What stands under a sub-agent's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nested {
    /// How many steps, those of its own sub-agents too.
    pub steps: usize,
    /// The one that began last.
    pub newest: usize,
}

impl Layout {
    /// What stands under a step's line; `None` where nothing does.
    pub fn nested(&self, step: usize) -> Option<Nested> {
        let (steps, newest) = self.steps.get(step)?.nested?;
        Some(Nested { steps: steps as usize, newest: newest as usize })
    }

    /// How many sub-agents a step is within.
    pub fn depth(&self, step: usize) -> usize {
        let parent_of = |&step: &usize| self.steps.get(step)?.parent.map(|parent| parent as usize);
        std::iter::successors(Some(step), parent_of).skip(1).take(DEPTH_MAX).count()
    }

    /// Takes in which step this one is part of: an earlier one, and always the same.
    pub(super) fn nest(&mut self, document: &LogDocument, step: &Step, index: usize) {
        if self.steps[index].parent.is_some() {
            return;
        }
        let Some(parent) = step.parent.filter(|&parent| (parent as usize) < index) else { return };
        self.steps[index].parent = Some(parent);
        let (under, last) = self.steps[index].nested.unwrap_or((0, index as u32));
        let mut around = Some(parent);
        while let Some(at) = around {
            let outer = &mut self.steps[at as usize];
            let is_first = outer.nested.is_none();
            let (steps, newest) = outer.nested.unwrap_or_default();
            outer.nested = Some((steps + 1 + under, newest.max(last)));
            around = outer.parent;
            // Its line is a sub-agent's from now on.
            if is_first {
                self.take_in(document, at as usize);
            }
        }
    }
}

impl Nested {
    /// Whether the step that began last goes on.
    pub fn is_at_work(self, document: &LogDocument) -> bool {
        let state = document.step(self.newest).map(|step| step.state);
        matches!(state, Some(StepState::Running | StepState::Waiting))
    }
}
