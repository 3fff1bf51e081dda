//! Changes of files as numbered lines: from two texts, or from a diff that somebody else made.

mod unified;

pub use unified::parse_unified;

use imara_diff::{Algorithm, Diff, InternedInput};

/// Unchanged lines that are shown around a change.
const CONTEXT_LINES: u32 = 3;
/// The longest line that is shown in one row, in bytes.
const LINE_BYTES_MAX: usize = 4_096;

/// What a line of a diff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffKind {
    /// Where the lines after it stand: `@@ -1,4 +1,6 @@`.
    Hunk,
    /// In both texts.
    Context,
    /// In the new text only.
    Added,
    /// In the old text only.
    Removed,
}

/// One line of a diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What it is.
    pub kind: DiffKind,
    /// Its number in the old text, from 1.
    pub old_no: Option<u32>,
    /// Its number in the new text, from 1.
    pub new_no: Option<u32>,
    /// Its text without the line's end.
    pub text: String,
}

/// What changed in one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileDiff {
    /// The file.
    pub path: String,
    /// Whether there was no such file before.
    pub is_new: bool,
    /// Lines added.
    pub added: u32,
    /// Lines removed.
    pub removed: u32,
    /// The lines that changed, with some around them.
    pub lines: Vec<DiffLine>,
}

/// The lines added and removed between two texts.
pub fn count_changes(old: &str, new: &str) -> (u32, u32) {
    let diff = Diff::compute(Algorithm::Histogram, &InternedInput::new(old, new));
    (diff.count_additions(), diff.count_removals())
}

impl FileDiff {
    /// What changed from `old` to `new`.
    pub fn between(path: &str, old: Option<&str>, new: &str) -> Self {
        let input = InternedInput::new(old.unwrap_or_default(), new);
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_lines(&input);
        let mut file = Self { path: path.to_owned(), is_new: old.is_none(), ..Self::default() };
        let hunks: Vec<_> = diff.hunks().collect();
        let old_end = input.before.len() as u32;
        let text = |tokens: &[imara_diff::Token], at: u32| input.interner[tokens[at as usize]];
        // The next unchanged line that has not been shown, in both texts.
        let (mut old_at, mut new_at) = (0, 0);
        for (index, hunk) in hunks.iter().enumerate() {
            let gap = hunk.before.start - old_at;
            let shown_after_last = if index == 0 { 0 } else { CONTEXT_LINES };
            if gap > shown_after_last + CONTEXT_LINES {
                for _ in 0..shown_after_last {
                    file.push(DiffKind::Context, Some(old_at), Some(new_at), text(&input.before, old_at));
                    (old_at, new_at) = (old_at + 1, new_at + 1);
                }
                let skipped = hunk.before.start - CONTEXT_LINES - old_at;
                (old_at, new_at) = (old_at + skipped, new_at + skipped);
                file.push(DiffKind::Hunk, Some(old_at), Some(new_at), "");
            }
            while old_at < hunk.before.start {
                file.push(DiffKind::Context, Some(old_at), Some(new_at), text(&input.before, old_at));
                (old_at, new_at) = (old_at + 1, new_at + 1);
            }
            for at in hunk.before.clone() {
                file.push(DiffKind::Removed, Some(at), None, text(&input.before, at));
            }
            for at in hunk.after.clone() {
                file.push(DiffKind::Added, None, Some(at), text(&input.after, at));
            }
            (old_at, new_at) = (hunk.before.end, hunk.after.end);
        }
        if !hunks.is_empty() {
            for _ in 0..CONTEXT_LINES.min(old_end - old_at) {
                file.push(DiffKind::Context, Some(old_at), Some(new_at), text(&input.before, old_at));
                (old_at, new_at) = (old_at + 1, new_at + 1);
            }
        }
        file
    }

    /// Appends a line; numbers count from 0 here. A line that is too long for a row gets several.
    fn push(&mut self, kind: DiffKind, old_at: Option<u32>, new_at: Option<u32>, text: &str) {
        let (old_no, new_no) = (old_at.map(|at| at + 1), new_at.map(|at| at + 1));
        match kind {
            DiffKind::Added => self.added += 1,
            DiffKind::Removed => self.removed += 1,
            DiffKind::Context => {}
            DiffKind::Hunk => {
                let text = format!("@@ line {} @@", new_no.unwrap_or(1));
                self.lines.push(DiffLine { kind, old_no: None, new_no: None, text });
                return;
            }
        }
        let text = text.strip_suffix('\n').unwrap_or(text);
        let mut rest = text.strip_suffix('\r').unwrap_or(text);
        let mut numbers = (old_no, new_no);
        loop {
            let cut = (0..=rest.len().min(LINE_BYTES_MAX)).rev().find(|&at| rest.is_char_boundary(at)).unwrap_or(0);
            let (now, later) = rest.split_at(cut);
            self.lines.push(DiffLine { kind, old_no: numbers.0, new_no: numbers.1, text: now.to_owned() });
            if later.is_empty() {
                return;
            }
            (rest, numbers) = (later, (None, None));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(file: &FileDiff) -> Vec<String> {
        let number = |number: Option<u32>| number.map_or("-".to_owned(), |number| number.to_string());
        let line =
            |line: &DiffLine| format!("{:?} {} {} {}", line.kind, number(line.old_no), number(line.new_no), line.text);
        file.lines.iter().map(line).collect()
    }

    #[test]
    fn numbers_follow_both_sides() {
        let file = FileDiff::between("a.rs", Some("one\ntwo\nthree\n"), "one\n2\nthree\nfour\n");
        assert_eq!((file.added, file.removed, file.is_new), (2, 1, false));
        assert_eq!(
            flat(&file),
            ["Context 1 1 one", "Removed 2 - two", "Added - 2 2", "Context 3 3 three", "Added - 4 four"]
        );
    }

    #[test]
    fn far_changes_are_apart() {
        let old: String = (1..=40).map(|line| format!("{line}\n")).collect();
        let new = old.replace("\n10\n", "\nten\n").replace("\n30\n", "\nthirty\n");
        let file = FileDiff::between("n", Some(&old), &new);
        let lines = flat(&file);
        assert_eq!(lines.len(), 18);
        assert_eq!((lines[0].as_str(), lines[1].as_str()), ("Hunk - - @@ line 7 @@", "Context 7 7 7"));
        assert_eq!(lines[9], "Hunk - - @@ line 27 @@");
        assert_eq!(lines[17], "Context 33 33 33");
    }

    #[test]
    fn a_new_file_is_all_added_and_long_lines_are_cut() {
        let file = FileDiff::between("n", None, &"ä".repeat(5_000));
        assert_eq!((file.added, file.lines.len(), file.is_new), (1, 3, true));
        assert_eq!(file.lines.iter().map(|line| line.text.chars().count()).sum::<usize>(), 5_000);
        assert!(FileDiff::between("n", Some("same\n"), "same\n").lines.is_empty());
    }
}
