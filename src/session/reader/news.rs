//! What came since the tail was let go, counted in lines.

use session_log::{DocumentId, LogDocument};

/// Counts the lines that came since the tail was let go.
#[derive(Debug, Default)]
pub(super) struct News {
    /// The document that is counted, and its revision.
    document: Option<DocumentId>,
    revision: u64,
    /// Lines of each step.
    lines: Vec<u32>,
    /// How many there are.
    pub(super) count: usize,
}

impl News {
    /// Counts what came since it was asked last; tells whether that is of another document than before.
    pub(super) fn count(&mut self, document: &LogDocument) -> bool {
        let is_other = self.document.replace(document.id()).is_some_and(|before| before != document.id());
        if is_other {
            *self = Self { document: self.document, ..Self::default() };
        }
        if self.revision == document.revision() && self.lines.len() == document.steps() {
            return is_other;
        }
        let lines_of = |step: usize| document.step(step).map_or(0, |step| step.text.lines() as u32);
        let known = self.lines.len();
        if known > 0 {
            for step in document.changed_since(self.revision).filter(|&step| step < known) {
                let (before, now) = (self.lines[step], lines_of(step));
                self.count += now.saturating_sub(before) as usize;
                self.lines[step] = now;
            }
        }
        for step in known..document.steps() {
            // A step's own line counts as one.
            self.count += lines_of(step) as usize + 1;
            self.lines.push(lines_of(step));
        }
        if known == 0 {
            self.count = 0;
        }
        self.revision = document.revision();
        is_other
    }
}
