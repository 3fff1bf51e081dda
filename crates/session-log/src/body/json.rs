//! JSON as lines that fold: what is inside of a long object or array is behind its first line.

use super::folding::LineFold;
use crate::Text;

/// An object or an array with more entries is folded until somebody opens it.
const OPEN_ENTRIES_MAX: u32 = 10;
/// The most lines in which folds are looked for.
const FOLDED_LINES_MAX: usize = 50_000;

/// The folds of a text that is JSON with a line for each entry; `None` when it is something else.
pub(super) fn folds(text: &Text) -> Option<Vec<LineFold>> {
    if text.lines() < 2 || text.lines() > FOLDED_LINES_MAX || !text.is_whole() {
        return None;
    }
    if !text.line(0)?.0.starts_with(['{', '[']) {
        return None;
    }
    let mut finder = Finder::default();
    let mut is_whole = true;
    for line in 0..text.lines() {
        // A line that was cut for its length has several rows; only the first one tells.
        let is_start = std::mem::replace(&mut is_whole, text.has_feed(line));
        if is_start {
            finder.take(line as u32, text.line(line)?.0.trim())?;
        }
    }
    finder.end()
}

/// Finds folds line by line.
#[derive(Default)]
struct Finder {
    /// What is open: its fold, by its place.
    open: Vec<usize>,
    folds: Vec<LineFold>,
}

impl Finder {
    fn take(&mut self, line: u32, text: &str) -> Option<()> {
        if text.is_empty() {
            return Some(());
        }
        if text.starts_with(['}', ']']) {
            let fold = &mut self.folds[self.open.pop()?];
            fold.to = line + 1;
            let entries = fold.entries.unwrap_or_default();
            fold.is_open = self.open.is_empty() || entries <= OPEN_ENTRIES_MAX;
        } else if let Some(&parent) = self.open.last() {
            let fold = &mut self.folds[parent];
            fold.entries = fold.entries.map(|entries| entries + 1);
        } else if line > 0 {
            // Something follows the value.
            return None;
        }
        if text.ends_with(['{', '[']) {
            self.open.push(self.folds.len());
            self.folds.push(LineFold { from: line + 1, to: line + 1, is_open: true, entries: Some(0) });
        }
        Some(())
    }

    fn end(self) -> Option<Vec<LineFold>> {
        (self.open.is_empty() && !self.folds.is_empty()).then_some(self.folds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<Vec<(u32, u32, bool, u32)>> {
        let mut finder = Finder::default();
        for (line, text) in text.lines().enumerate() {
            finder.take(line as u32, text.trim())?;
        }
        let fold = |fold: LineFold| (fold.from, fold.to, fold.is_open, fold.entries.unwrap_or_default());
        Some(finder.end()?.into_iter().map(fold).collect())
    }

    #[test]
    fn long_values_are_folded_with_their_counts() {
        let value = serde_json::json!({"a": {"b": 1, "c": []}, "d": (0..11).collect::<Vec<_>>(), "e": "[", "f": "{"});
        let text = serde_json::to_string_pretty(&value).unwrap();
        assert_eq!(found(&text), Some(vec![(1, 21, true, 4), (2, 5, true, 2), (6, 18, false, 11)]));
    }

    #[test]
    fn what_is_no_json_has_no_folds() {
        for text in ["{\n", "}\n", "[1,\n2]", "{\n}\nmore", "{\n}\n}", "{ }", "plain\ntext"] {
            assert_eq!(found(text), None, "{text:?}");
        }
    }
}
