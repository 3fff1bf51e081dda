//! Gives back the memory of what can be had again.

use std::ops::Range;

use crate::body::Body;
use crate::step::Facts;
use crate::{LogDocument, Step, StepKind, StepState};

/// Changes and inputs of at most so many bytes stay.
const FACTS_BYTES_MIN: usize = 4_096;

impl LogDocument {
    /// Drops texts that can be had again until at most `bytes_max` are held, those farthest from the steps `near` first,
    /// and those of near steps that came first. Heights stay as they are.
    pub fn release(&mut self, near: Range<usize>, bytes_max: usize) {
        self.release_but(near, 0..0, bytes_max);
    }

    /// The same, without those of the steps `held`.
    pub fn release_but(&mut self, near: Range<usize>, held_steps: Range<usize>, bytes_max: usize) {
        if self.gaps.is_none() {
            return;
        }
        let mut held = self.bytes();
        if held <= bytes_max {
            return;
        }
        let distance = |index: usize| near.start.saturating_sub(index).max((index + 1).saturating_sub(near.end));
        let mut places: Vec<usize> =
            (0..self.steps.len()).filter(|&index| self.steps[index].held_bytes() > 0).collect();
        places.sort_by_key(|&index| std::cmp::Reverse(distance(index)));
        for index in places {
            if held <= bytes_max {
                return;
            }
            if self.is_asked(index) || held_steps.contains(&index) {
                continue;
            }
            let newest = if near.contains(&index) { self.steps[index].use_to_drop(held - bytes_max) } else { u64::MAX };
            let dropped = self.steps[index].release(newest, !near.contains(&index));
            if dropped > 0 {
                held -= dropped;
                self.renew(index as u32);
            }
        }
    }
}

impl Step {
    /// The bytes that are held for it.
    pub(crate) fn held_bytes(&self) -> usize {
        self.text.held_bytes() + self.facts_bytes()
    }

    fn facts_bytes(&self) -> usize {
        match &self.kind {
            StepKind::Tool(tool) => {
                let pictures = tool.pictures.iter().map(crate::Picture::bytes).sum::<usize>();
                tool.changes.iter().map(crate::Change::bytes).sum::<usize>() + tool.input.held_bytes() + pictures
            }
            StepKind::Permission(permission) => permission.changes.iter().map(crate::Change::bytes).sum(),
            _ => 0,
        }
    }

    fn grows(&self) -> bool {
        match self.state {
            StepState::Running | StepState::Waiting => true,
            StepState::Succeeded | StepState::Failed | StepState::Cancelled => false,
        }
    }

    /// The newest use that has to go to drop so many bytes.
    fn use_to_drop(&self, bytes: usize) -> u64 {
        let mut pieces: Vec<(u64, usize)> = self.text.releasable(self.grows()).collect();
        pieces.sort_unstable();
        let mut dropped = 0;
        pieces
            .iter()
            .find(|(_, len)| {
                dropped += len;
                dropped >= bytes
            })
            .or(pieces.last())
            .map_or(0, |(used, _)| *used)
    }

    /// Drops its text as far as it was used until then, and its other parts if they may go. Tells how many bytes that
    /// were.
    fn release(&mut self, used: u64, with_facts: bool) -> usize {
        let has_facts = with_facts && !self.grows() && self.facts_bytes() > FACTS_BYTES_MIN;
        if !has_facts && self.text.held_bytes() == 0 {
            return 0;
        }
        self.known_rows = Some(Body::known_rows(self));
        let mut dropped = self.text.release(used, self.grows());
        if has_facts {
            dropped += self.facts_bytes();
            self.count_only();
            self.facts = Facts::Told;
        }
        dropped
    }
}
