//! What takes no room: steps of a closed group, of a folded sub-agent, of a closed session, and what is left out.

use std::ops::Range;

use super::Layout;
use super::class::StepClass;
use super::fenwick::Fenwick;
use super::showing::{Level, Showing};
use crate::{Fold, LogDocument};

impl Layout {
    /// How the log is shown.
    pub fn showing(&self) -> &Showing {
        &self.showing
    }

    /// Shows the log in another way. What the reader chose for single steps gives way to a new level, and to a new
    /// choice for the steps' sort.
    pub fn set_showing(&mut self, document: &LogDocument, showing: &Showing) {
        let before = std::mem::replace(&mut self.showing, showing.clone());
        self.hidden_bits = showing.hidden_bits();
        if before == *showing {
            return;
        }
        let is_new_level = before.level != showing.level;
        if is_new_level {
            self.choices.clear();
        }
        let filter = |it: &Showing| (it.hidden_bits(), it.is_errors_only);
        let is_new_filter = filter(&before) != filter(showing);
        let is_new = |class| {
            is_new_level
                || before.opened.contains(&class) != showing.opened.contains(&class)
                || before.closed.contains(&class) != showing.closed.contains(&class)
                || (before.hides_output != showing.hides_output && class.is_tool())
        };
        for index in 0..self.steps.len() {
            let Some(step) = document.step(index) else { break };
            let laid = &mut self.steps[index];
            laid.is_summoned &= !is_new_filter;
            if is_new(laid.class) {
                (laid.is_chosen, laid.is_run_open) = (false, None);
            }
            if !laid.is_chosen {
                let fold = showing.fold_of(step, laid.class);
                if fold != laid.fold {
                    laid.refold(step, fold);
                }
            }
            let is_filtered = self.filters(index);
            self.steps[index].is_filtered = is_filtered;
            self.steps[index].key = self.key_of(step, index);
        }
        self.group_all();
        self.hide_all();
        self.build_near(document);
    }

    /// The same as [`Self::set_showing`] for a reader who chooses what is chosen already: what was chosen for single
    /// steps gives way.
    pub fn show_again(&mut self, document: &LogDocument, showing: &Showing) {
        let other = if showing.level == Level::All { Level::Lines } else { Level::All };
        self.showing = Showing { level: other, ..self.showing.clone() };
        self.set_showing(document, showing);
    }

    /// How many steps are left out.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Whether a step is shown for a link or a hit only, and would be left out otherwise.
    pub fn is_summoned(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(|laid| laid.is_filtered && laid.is_summoned)
    }

    /// Whether a step takes no room.
    pub fn is_hidden(&self, step: usize) -> bool {
        self.steps.get(step).is_none_or(|laid| laid.is_hidden)
    }

    /// Makes sure that a step is on the page: what it is folded away in is opened, and it is shown even if it is left
    /// out. Tells whether that changed anything.
    pub fn uncover(&mut self, document: &LogDocument, step: usize) -> bool {
        let Some(laid) = self.steps.get(step) else { return false };
        if !laid.is_hidden && !laid.is_group_line {
            return false;
        }
        let (session, parent) = (laid.session, laid.parent);
        if laid.is_filtered && !laid.is_summoned {
            self.steps[step].is_summoned = true;
            self.left_out -= 1;
            self.rekey(document, step);
        }
        self.open_run(step);
        self.unfold(document, session as usize);
        let mut around = parent;
        while let Some(at) = around {
            self.open_run(at as usize);
            self.unfold(document, at as usize);
            around = self.steps[at as usize].parent;
        }
        self.hide_all();
        self.build(document, step);
        true
    }

    /// Whether a filter leaves a step out.
    pub(super) fn filters(&self, index: usize) -> bool {
        let laid = &self.steps[index];
        if laid.is_asking || laid.class == StepClass::Session {
            return false;
        }
        (self.showing.is_errors_only && !laid.is_error) || self.hidden_bits & laid.class.bit() != 0
    }

    /// Works out what of these steps takes no room. When one that others are in has changed, so do all after it.
    pub(super) fn hide(&mut self, range: Range<usize>) {
        let mut end = range.end.min(self.steps.len());
        let mut index = range.start;
        while index < end {
            let is_hidden = self.is_to_be_hidden(index);
            let is_group_line = self.is_group_line(index);
            let laid = &mut self.steps[index];
            laid.is_group_line = is_group_line;
            if laid.is_hidden != is_hidden {
                laid.is_hidden = is_hidden;
                if laid.nested.is_some() {
                    end = self.steps.len();
                }
            }
            self.set_height(index);
            index += 1;
        }
    }

    /// The same for all steps, in one go.
    pub(super) fn hide_all(&mut self) {
        let mut heights = Vec::with_capacity(self.steps.len());
        self.left_out = 0;
        for index in 0..self.steps.len() {
            let is_hidden = self.is_to_be_hidden(index);
            let is_group_line = self.is_group_line(index);
            let laid = &mut self.steps[index];
            (laid.is_hidden, laid.is_group_line) = (is_hidden, is_group_line);
            self.left_out += usize::from(laid.is_filtered && !laid.is_summoned);
            heights.push(if is_hidden { 0.0 } else { laid.height() });
        }
        self.tops = Fenwick::of(heights);
    }

    fn is_to_be_hidden(&self, index: usize) -> bool {
        let laid = &self.steps[index];
        if laid.is_asking || laid.class == StepClass::Session {
            return false;
        }
        if laid.is_filtered && !laid.is_summoned {
            return true;
        }
        // Errors are shown wherever they are.
        if self.showing.is_errors_only {
            return false;
        }
        let session = &self.steps[laid.session as usize];
        if session.class == StepClass::Session && session.fold == Fold::Closed {
            return true;
        }
        if let Some(parent) = laid.parent {
            let parent = &self.steps[parent as usize];
            if parent.fold != Fold::Open || parent.is_hidden {
                return true;
            }
        }
        laid.run as usize != index && self.is_group(laid.run) && !self.is_run_open(laid.run)
    }

    /// Whether a step begins a closed group.
    fn is_group_line(&self, index: usize) -> bool {
        let run = self.steps[index].run;
        run as usize == index && self.is_group(run) && !self.is_run_open(run)
    }

    /// Groups are made anew from the first step on.
    pub(super) fn group_all(&mut self) {
        for (index, laid) in self.steps.iter_mut().enumerate() {
            (laid.run, laid.run_steps, laid.is_counted) = (index as u32, 0, false);
        }
        let mut from = 0;
        while from < self.steps.len() {
            from = self.regroup(from).end.max(from + 1);
        }
    }

    /// A step is another one now for filters and groups; tells which steps may be shown or hidden by that.
    pub(super) fn rekey(&mut self, document: &LogDocument, index: usize) -> Range<usize> {
        let Some(step) = document.step(index) else { return index..index };
        let is_filtered = self.filters(index);
        let laid = &mut self.steps[index];
        if laid.is_filtered != is_filtered {
            laid.is_filtered = is_filtered;
            if !laid.is_summoned {
                self.left_out = if is_filtered { self.left_out + 1 } else { self.left_out - 1 };
            }
        }
        let key = self.key_of(step, index);
        self.steps[index].key = key;
        self.regroup(index)
    }

    fn open_run(&mut self, step: usize) {
        let run = self.steps[step].run;
        if self.is_group(run) {
            self.steps[run as usize].is_run_open = Some(true);
        }
    }

    fn unfold(&mut self, document: &LogDocument, index: usize) {
        let Some(step) = document.step(index) else { return };
        let laid = &mut self.steps[index];
        if laid.fold != Fold::Open && (laid.nested.is_some() || laid.class == StepClass::Session) {
            laid.refold(step, Fold::Open);
            laid.is_chosen = true;
        }
    }
}
