//! Lines of which some are folded away: which of them has which row. Lines are counted whether they are shown or
//! not, so that what is found in them keeps its place.

/// Lines, some of them behind a fold.
#[derive(Debug, Clone, Default)]
pub(super) struct Folding {
    lines: u32,
    /// In the order of their first lines; each is apart from the others or inside of one.
    folds: Vec<LineFold>,
    /// What is shown: runs of lines, and rows that stand for lines.
    runs: Vec<Run>,
    rows: u32,
}

/// Lines that can be folded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineFold {
    /// The first one.
    pub from: u32,
    /// The one after the last.
    pub to: u32,
    /// Whether they are shown.
    pub is_open: bool,
    /// How many things are in it, where the line before it stays and tells so; else a row stands for the lines.
    pub entries: Option<u32>,
}

/// Rows that follow each other.
#[derive(Debug, Clone, Copy)]
struct Run {
    row: u32,
    line: u32,
    /// Whether it is one row that stands for the lines.
    is_gap: bool,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoldedRow {
    /// A line, and the fold that it is the head of.
    Line(u32, Option<LineFold>),
    /// A row for so many lines, from one on.
    Gap(u32, u32),
}

impl Folding {
    /// So many lines with these folds, which must be sorted.
    pub fn new(lines: usize, folds: Vec<LineFold>) -> Self {
        let mut folding = Self { lines: lines as u32, folds, ..Self::default() };
        folding.arrange();
        folding
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.lines as usize
    }

    /// How many rows they have.
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// What a row is.
    pub fn row(&self, row: usize) -> Option<FoldedRow> {
        let row = row as u32;
        if row >= self.rows {
            return None;
        }
        let run = self.runs[self.runs.partition_point(|run| run.row <= row).checked_sub(1)?];
        let line = run.line + row - run.row;
        if run.is_gap {
            let fold = self.folds.iter().find(|fold| fold.from == run.line && fold.entries.is_none())?;
            return Some(FoldedRow::Gap(line, fold.to - fold.from));
        }
        let index = self.folds.partition_point(|fold| fold.from <= line);
        let head = self.folds.get(index).filter(|fold| fold.from == line + 1 && fold.entries.is_some());
        Some(FoldedRow::Line(line, head.copied()))
    }

    /// The row of a line; `None` while it is folded away.
    pub fn row_of(&self, line: usize) -> Option<usize> {
        let line = line as u32;
        let index = self.runs.partition_point(|run| run.line <= line).checked_sub(1)?;
        let run = self.runs[index];
        let end = self.runs.get(index + 1).map_or(self.rows, |next| next.row);
        let row = run.row + line - run.line;
        (!run.is_gap && row < end && line < self.lines).then_some(row as usize)
    }

    /// Opens or closes the fold of a row; tells whether it has one.
    pub fn toggle(&mut self, row: usize) -> bool {
        let from = match self.row(row) {
            Some(FoldedRow::Gap(line, _)) => line,
            Some(FoldedRow::Line(_, Some(fold))) => fold.from,
            Some(FoldedRow::Line(_, None)) | None => return false,
        };
        let Some(fold) = self.folds.iter_mut().find(|fold| fold.from == from) else { return false };
        fold.is_open = !fold.is_open;
        self.arrange();
        true
    }

    /// Opens whatever a line is behind.
    pub fn reveal(&mut self, line: usize) {
        for fold in self.folds.iter_mut().filter(|fold| (fold.from..fold.to).contains(&(line as u32))) {
            fold.is_open = true;
        }
        self.arrange();
    }

    /// Opens everything.
    pub fn unfold(&mut self) {
        self.folds.iter_mut().for_each(|fold| fold.is_open = true);
        self.arrange();
    }

    /// Folds as another one is folded, where they have the same folds.
    pub fn take_over(&mut self, before: &Self) {
        for fold in &mut self.folds {
            if let Ok(at) = before.folds.binary_search_by_key(&fold.from, |fold| fold.from) {
                fold.is_open = before.folds[at].is_open;
            }
        }
        self.arrange();
    }

    fn arrange(&mut self) {
        self.runs.clear();
        let (mut row, mut line) = (0, 0);
        for fold in self.folds.iter().filter(|fold| !fold.is_open) {
            if fold.from < line {
                continue;
            }
            if fold.from > line {
                self.runs.push(Run { row, line, is_gap: false });
                row += fold.from - line;
            }
            if fold.entries.is_none() {
                self.runs.push(Run { row, line: fold.from, is_gap: true });
                row += 1;
            }
            line = fold.to;
        }
        if line < self.lines {
            self.runs.push(Run { row, line, is_gap: false });
            row += self.lines - line;
        }
        self.rows = row;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fold(from: u32, to: u32, is_open: bool, entries: Option<u32>) -> LineFold {
        LineFold { from, to, is_open, entries }
    }

    #[test]
    fn rows_and_lines_find_each_other() {
        let inner = fold(4, 6, false, Some(1));
        let mut folding = Folding::new(
            20,
            vec![fold(1, 3, false, None), inner, fold(8, 18, false, Some(3)), fold(9, 12, false, Some(2))],
        );
        assert_eq!((folding.rows(), folding.lines()), (7, 20));
        let rows: Vec<_> = (0..folding.rows()).map(|row| folding.row(row).unwrap()).collect();
        assert_eq!(
            rows,
            [
                FoldedRow::Line(0, None),
                FoldedRow::Gap(1, 2),
                FoldedRow::Line(3, Some(inner)),
                FoldedRow::Line(6, None),
                FoldedRow::Line(7, Some(fold(8, 18, false, Some(3)))),
                FoldedRow::Line(18, None),
                FoldedRow::Line(19, None),
            ]
        );
        assert_eq!(
            (folding.row_of(6), folding.row_of(10), folding.row_of(1), folding.row_of(20)),
            (Some(3), None, None, None)
        );
        folding.reveal(10);
        assert!(folding.row_of(10).is_some() && folding.row_of(1).is_none());
        let before = folding.clone();
        assert!(folding.toggle(1) && !folding.toggle(0));
        assert_eq!(folding.row_of(1), Some(1));
        folding.take_over(&before);
        assert_eq!(folding.row_of(1), None);
    }

    proptest! {
        #[test]
        fn every_shown_line_has_its_row(
            cuts in prop::collection::vec((0..30u32, 1..10u32, any::<bool>(), any::<bool>()), 0..6),
            toggled in prop::collection::vec(0..40usize, 0..6),
        ) {
            let mut folds = Vec::new();
            let mut at = 1;
            for (skip, len, is_open, has_entries) in cuts {
                let from = at + skip % 4;
                folds.push(fold(from, from + len, is_open, has_entries.then_some(1)));
                at = from + len + 1;
            }
            let mut folding = Folding::new(at as usize + 3, folds);
            for row in toggled {
                folding.toggle(row);
            }
            let mut last = None;
            for row in 0..folding.rows() {
                let line = match folding.row(row).unwrap() {
                    FoldedRow::Line(line, _) => {
                        prop_assert_eq!(folding.row_of(line as usize), Some(row));
                        line
                    }
                    FoldedRow::Gap(line, _) => {
                        prop_assert_eq!(folding.row_of(line as usize), None);
                        line
                    }
                };
                prop_assert!(last.is_none_or(|last| last < line));
                last = Some(line);
            }
            let shown = (0..folding.lines()).filter(|&line| folding.row_of(line).is_some()).count();
            let gaps = (0..folding.rows()).filter(|&row| matches!(folding.row(row), Some(FoldedRow::Gap(..)))).count();
            prop_assert_eq!(shown + gaps, folding.rows());
        }
    }
}
