//! Opening and closing single steps, groups, and steps with everything under them.

use super::step_layout::StepLayout;
use super::{Layout, Row, RowPart, StepClass};
use crate::find::HitPart;
use crate::{Fold, LogDocument};

impl Layout {
    /// How a step is folded. The line of a session or of a sub-agent is open when its steps are shown.
    pub fn fold(&self, step: usize) -> Fold {
        self.steps.get(step).map_or(Fold::Closed, |step| step.fold)
    }

    /// Opens or closes a step.
    pub fn set_fold(&mut self, document: &LogDocument, step: usize, fold: Fold) {
        self.choose_fold(document, step, fold);
        self.build(document, step);
        let is_container = self.holds_steps(step);
        self.hide(step..if is_container { self.steps.len() } else { step + 1 });
        self.build_near(document);
    }

    /// Opens or closes a step with everything under it.
    pub fn set_tree(&mut self, document: &LogDocument, step: usize, fold: Fold) {
        self.choose_fold(document, step, fold);
        for index in step + 1..self.steps.len() {
            if self.is_within(index, step) {
                self.choose_fold(document, index, fold);
                self.steps[index].is_run_open = Some(fold != Fold::Closed);
            }
        }
        self.hide_all();
        self.build_near(document);
    }

    /// Opens or closes the group that a step is in.
    pub fn set_group(&mut self, document: &LogDocument, step: usize, is_open: bool) {
        let Some(run) = self.steps.get(step).map(|laid| laid.run) else { return };
        self.steps[run as usize].is_run_open = Some(is_open);
        let end = self.steps[run as usize..].iter().take_while(|laid| laid.run == run).count();
        self.hide(run as usize..run as usize + end);
        self.build_near(document);
    }

    /// The row that shows a line of a step's text, from 0. The step is opened, and what the line is folded away in;
    /// nothing where no row shows it.
    pub fn row_of_line(&mut self, document: &LogDocument, step: usize, line: usize) -> Option<Row> {
        let told = document.step(step)?;
        if self.fold(step) != Fold::Open || self.body(step).is_none() {
            self.set_fold(document, step, Fold::Open);
        }
        let row_of = |laid: &StepLayout| laid.body()?.row_of_line(document, told, line);
        let laid = self.steps.get_mut(step)?;
        if row_of(laid).is_none() && laid.refold_rows(told, |body| body.reveal(HitPart::Text(line as u32))) {
            self.set_height(step);
        }
        Some(Row { step, part: RowPart::Body(row_of(&self.steps[step])?) })
    }

    /// Whether other steps stand under a step's line.
    pub fn holds_steps(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(|laid| laid.nested.is_some() || laid.class == StepClass::Session)
    }

    /// Whether a step is within another one: of a session, or of a sub-agent however deep.
    fn is_within(&self, index: usize, outer: usize) -> bool {
        if self.steps[index].session as usize == outer {
            return true;
        }
        let mut around = self.steps[index].parent;
        while let Some(at) = around {
            if at as usize == outer {
                return true;
            }
            around = self.steps[at as usize].parent;
        }
        false
    }

    fn choose_fold(&mut self, document: &LogDocument, index: usize, fold: Fold) {
        let Some(step) = document.step(index) else { return };
        let Some(laid) = self.steps.get_mut(index) else { return };
        laid.refold(step, fold);
        laid.is_chosen = true;
    }
}
