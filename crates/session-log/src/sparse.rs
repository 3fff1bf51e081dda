//! Documents that hold a part of their log: all steps are counted, some are told, few are whole. What is looked at
//! and not there is a [`Want`]; whoever has the server's answer fills it in.

use std::ops::Range;

use agent_tasks::{Event, OutlineMap, OutlineWindow, StepSummary};

use crate::LogDocument;

/// Something that is looked at and not in the document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Want {
    /// What the headers of these steps say: an outline of `count` steps from `first` on.
    Steps {
        /// The place of the first step.
        first: usize,
        /// How many.
        count: usize,
    },
    /// What a step says beside its text: the events `from..=to` that are no part of a text.
    Facts {
        /// The place of the step.
        step: usize,
        /// The `seq` of the first event.
        from: u64,
        /// The `seq` of the last event.
        to: u64,
    },
    /// Lines of a step's text: the events `from..=to`.
    Text {
        /// The place of the step.
        step: usize,
        /// The `seq` of the first event.
        from: u64,
        /// The `seq` of the last event.
        to: u64,
    },
}

impl LogDocument {
    /// A document of which only the outline is known. Events after the window's `last_seq` go on from there.
    pub fn of_outline(window: &OutlineWindow) -> Self {
        Self::starting_after(window.last_seq)
    }

    /// Whether all of the log is in it, so that nothing is wanted, and a [`crate::Finder`] finds everything.
    pub fn is_whole(&self) -> bool {
        true
    }

    /// Takes in what an outline tells of some steps.
    pub fn tell(&mut self, _window: &OutlineWindow) {}

    /// What is missing of a step to show these lines of its text; `None` when nothing is, or when it was asked for
    /// already. `is_open` tells whether more than its one line is shown.
    pub fn wants(&self, _step: usize, _is_open: bool, _lines: Range<usize>) -> Option<Want> {
        None
    }

    /// Notes that something was asked for. What arrives for the step meanwhile waits for [`Self::fill`].
    pub fn ask(&mut self, _want: &Want) {}

    /// Takes in the events that were asked for; `None` when they did not come, so that they are wanted again.
    pub fn fill(&mut self, _want: &Want, _events: Option<&[Event]>) {}

    /// Drops texts that can be had again until at most `bytes_max` are held, those farthest from the steps `near` first.
    pub fn release(&mut self, _near: Range<usize>, _bytes_max: usize) {}

    /// A document that keeps no texts: for servers, which tell outlines. It counts lines and bytes, and knows where
    /// reading may begin.
    pub fn without_texts() -> Self {
        Self::default()
    }

    /// What an outline tells of a step.
    pub fn summary(&self, _step: usize) -> Option<StepSummary> {
        None
    }

    /// All steps, in a few bytes each.
    pub fn map(&self) -> OutlineMap {
        OutlineMap::default()
    }
}
