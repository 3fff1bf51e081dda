//! Changes of files as numbered lines: from two texts, or from a diff that somebody else made.

mod pairs;
mod unified;
mod words;

use std::ops::Range;

pub use unified::parse_unified;

use imara_diff::{Algorithm, Diff, InternedInput};

/// Unchanged lines that are shown around a change.
const CONTEXT_LINES: u32 = 3;
/// Unchanged lines that are shown rather than folded away for being so few.
const GAP_LINES_MIN: u32 = 4;
/// The most unchanged lines that can be unfolded in one place.
const GAP_LINES_MAX: u32 = 5_000;
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
    /// The line of the diff that stands in its place on the other side.
    pub(crate) pair: Option<u32>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FileFate {
    /// It has other lines.
    #[default]
    Changed,
    /// There was none before.
    New,
    /// There is none any more.
    Deleted,
    /// It has another name; carries the one before.
    Renamed(String),
    /// It was made from another one; carries that one's name.
    Copied(String),
}

/// What changed in one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileDiff {
    /// The file.
    pub path: String,
    /// What became of it.
    pub fate: FileFate,
    /// Whether it is no text: there are no lines.
    pub is_binary: bool,
    /// Lines added.
    pub added: u32,
    /// Lines removed.
    pub removed: u32,
    /// The lines that changed, with those around them.
    pub lines: Vec<DiffLine>,
    /// Which of `lines` are far from any change.
    pub(crate) gaps: Vec<Range<u32>>,
    /// The numbers of the last lines of both texts, where those do not end.
    pub(crate) bare_ends: (Option<u32>, Option<u32>),
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
        let fate = if old.is_none() { FileFate::New } else { FileFate::Changed };
        let bare = |text: &str, lines: usize| (!text.is_empty() && !text.ends_with('\n')).then_some(lines as u32);
        let bare_ends = (bare(old.unwrap_or_default(), input.before.len()), bare(new, input.after.len()));
        let mut file = Self { path: path.to_owned(), fate, bare_ends, ..Self::default() };
        let text = |tokens: &[imara_diff::Token], at: u32| input.interner[tokens[at as usize]];
        let before = |at: u32| text(&input.before, at);
        // The next unchanged line that has not been shown, in both texts.
        let (mut old_at, mut new_at) = (0, 0);
        for hunk in diff.hunks() {
            let is_first = file.lines.is_empty();
            let tail = CONTEXT_LINES;
            file.push_unchanged(
                (old_at, new_at),
                hunk.before.start,
                if is_first { 0 } else { CONTEXT_LINES },
                tail,
                before,
            );
            let ends_bare = |line: Option<&str>| line.is_some_and(|line| !line.ends_with('\n'));
            let old_end = hunk.before.clone().next_back().map(before);
            let new_end = hunk.after.clone().next_back().map(|at| text(&input.after, at));
            for at in hunk.before.clone() {
                file.push(DiffKind::Removed, Some(at), None, before(at));
            }
            for at in hunk.after.clone() {
                file.push(DiffKind::Added, None, Some(at), text(&input.after, at));
            }
            if old_end.is_some() && new_end.is_some() && ends_bare(old_end) != ends_bare(new_end) {
                let side = if ends_bare(new_end) { "new" } else { "old" };
                file.push_note(["no line feed at the end of the ", side, " text"].concat());
            }
            (old_at, new_at) = (hunk.before.end, hunk.after.end);
        }
        if !file.lines.is_empty() {
            file.push_unchanged((old_at, new_at), input.before.len() as u32, CONTEXT_LINES, 0, before);
        }
        file.pair_lines();
        file
    }

    /// Whether a line is far from any change.
    pub(crate) fn is_far(&self, line: usize) -> bool {
        let line = line as u32;
        let after = self.gaps.partition_point(|gap| gap.start <= line);
        after.checked_sub(1).is_some_and(|gap| self.gaps[gap].contains(&line))
    }

    /// Appends the unchanged lines from `old_at` on to `end`; all but the first `head` and the last `tail` of them
    /// are folded away.
    fn push_unchanged<'a>(
        &mut self,
        (mut old_at, mut new_at): (u32, u32),
        end: u32,
        head: u32,
        tail: u32,
        line: impl Fn(u32) -> &'a str,
    ) {
        let count = end - old_at;
        let hidden = count.saturating_sub(head + tail);
        let (hidden_from, hidden_to) =
            if hidden < GAP_LINES_MIN { (end, end) } else { (old_at + head, old_at + head + hidden) };
        while old_at < end {
            if old_at == hidden_from && hidden > GAP_LINES_MAX {
                self.push_note([&hidden.to_string(), " unchanged lines"].concat());
                (old_at, new_at) = (old_at + hidden, new_at + hidden);
                continue;
            }
            let first = self.lines.len() as u32;
            self.push(DiffKind::Context, Some(old_at), Some(new_at), line(old_at));
            if (hidden_from..hidden_to).contains(&old_at) {
                let after = self.lines.len() as u32;
                match self.gaps.last_mut() {
                    Some(gap) if gap.end == first && old_at > hidden_from => gap.end = after,
                    Some(_) | None => self.gaps.push(first..after),
                }
            }
            (old_at, new_at) = (old_at + 1, new_at + 1);
        }
    }

    /// Appends a line that is in neither text.
    fn push_note(&mut self, text: String) {
        self.lines.push(DiffLine { kind: DiffKind::Hunk, old_no: None, new_no: None, text, pair: None });
    }

    /// Appends a line; numbers count from 0 here. A line that is too long for a row gets several.
    fn push(&mut self, kind: DiffKind, old_at: Option<u32>, new_at: Option<u32>, text: &str) {
        match kind {
            DiffKind::Added => self.added += 1,
            DiffKind::Removed => self.removed += 1,
            DiffKind::Context | DiffKind::Hunk => {}
        }
        let mut rest = text.strip_suffix('\n').unwrap_or(text);
        let mut numbers = (old_at.map(|at| at + 1), new_at.map(|at| at + 1));
        loop {
            let (now, later) = rest.split_at(rest.floor_char_boundary(LINE_BYTES_MAX));
            let (old_no, new_no) = numbers;
            self.lines.push(DiffLine { kind, old_no, new_no, text: now.to_owned(), pair: None });
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
        assert_eq!((file.added, file.removed, &file.fate), (2, 1, &FileFate::Changed));
        assert_eq!(
            flat(&file),
            ["Context 1 1 one", "Removed 2 - two", "Added - 2 2", "Context 3 3 three", "Added - 4 four"]
        );
    }

    #[test]
    fn what_is_far_from_changes_can_be_folded_away() {
        let old: String = (1..=40).map(|line| format!("{line}\n")).collect();
        let new = old.replace("\n10\n", "\nten\n").replace("\n30\n", "\nthirty\n");
        let file = FileDiff::between("n", Some(&old), &new);
        assert_eq!(file.lines.len(), 42, "all lines are there");
        let shown = |gap: &Range<u32>| {
            (file.lines[gap.start as usize].text.clone(), file.lines[gap.end as usize - 1].text.clone())
        };
        let gaps: Vec<_> = file.gaps.iter().map(shown).collect();
        assert_eq!(gaps, [("1", "6"), ("14", "26"), ("34", "40")].map(|(from, to)| (from.to_owned(), to.to_owned())));
        let near = FileDiff::between("n", Some("1\n2\n3\n4\n5\n6\nx\n"), "1\n2\n3\n4\n5\n6\ny\n");
        assert_eq!((near.gaps.len(), near.lines.len()), (0, 8), "three lines are not worth a fold");
        let long = "a\n".repeat(20_000);
        let file = FileDiff::between("n", Some(&format!("x\n{long}")), &format!("y\n{long}"));
        assert_eq!((file.lines.len(), file.lines[5].text.as_str()), (6, "19997 unchanged lines"));
    }

    #[test]
    fn a_new_file_is_all_added_and_long_lines_are_cut() {
        let file = FileDiff::between("n", None, &"ä".repeat(5_000));
        assert_eq!((file.added, file.lines.len(), &file.fate), (1, 3, &FileFate::New));
        assert_eq!(file.lines.iter().map(|line| line.text.chars().count()).sum::<usize>(), 5_000);
        assert!(FileDiff::between("n", Some("same\n"), "same\n").lines.is_empty());
    }
}
