//! Which removed line an added one stands in the place of.

use super::{DiffKind, FileDiff};

impl FileDiff {
    /// Pairs the lines of each change in their order, and shows a carriage return where it is what changed.
    pub(super) fn pair_lines(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let removed = self.run(at, DiffKind::Removed);
            let added = self.run(at + removed, DiffKind::Added);
            let run = at..at + removed + added;
            // A line that was cut for its length has rows without numbers; those have no counterpart.
            let is_cut = self.lines[run.clone()].iter().any(|line| line.old_no.is_none() && line.new_no.is_none());
            if !is_cut {
                for offset in 0..removed.min(added) {
                    let (old, new) = (at + offset, at + removed + offset);
                    self.lines[old].pair = Some(new as u32);
                    self.lines[new].pair = Some(old as u32);
                }
            }
            for index in run {
                self.hide_return(index);
            }
            if removed + added == 0 {
                self.hide_return(at);
                at += 1;
            }
            at += removed + added;
        }
    }

    fn run(&self, from: usize, kind: DiffKind) -> usize {
        self.lines[from..].iter().take_while(|line| line.kind == kind).count()
    }

    /// A line's end is not part of it, unless it is all that changed.
    fn hide_return(&mut self, index: usize) {
        let line = &self.lines[index];
        let Some(text) = line.text.strip_suffix('\r') else { return };
        if line.pair.is_none_or(|pair| self.lines[pair as usize].text != text) {
            let len = text.len();
            self.lines[index].text.truncate(len);
        }
    }
}
