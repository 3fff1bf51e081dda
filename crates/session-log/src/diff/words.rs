//! What changed inside of a line: its words against those of the line that it stands in the place of.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

use super::{DiffKind, DiffLine, FileDiff};

/// The longest line whose words are compared, in bytes.
const COMPARED_BYTES_MAX: usize = 1_024;
/// Of a line, at least one part in so many must be the same for the rest to be marked.
const SAME_PART: usize = 4;

impl FileDiff {
    /// The ranges of a line's text that are not in its counterpart; none where there is no counterpart, or little in
    /// common with it.
    pub fn marks(&self, line: &DiffLine) -> Vec<Range<usize>> {
        let other = line.pair.and_then(|pair| self.lines.get(pair as usize));
        let Some(other) = other.filter(|other| line.text.len().max(other.text.len()) <= COMPARED_BYTES_MAX) else {
            return Vec::new();
        };
        match line.kind {
            DiffKind::Added => marks(&other.text, &line.text, false),
            DiffKind::Removed => marks(&line.text, &other.text, true),
            DiffKind::Hunk | DiffKind::Context => Vec::new(),
        }
    }
}

/// What of `old`, or of `new`, is not in the other.
fn marks(old: &str, new: &str, of_old: bool) -> Vec<Range<usize>> {
    let mut input = InternedInput::default();
    input.update_before(Words(old));
    input.update_after(Words(new));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let text = if of_old { old } else { new };
    let mut ends = vec![0];
    ends.extend(Words(text).scan(0, |at, word| {
        *at += word.len();
        Some(*at)
    }));
    let mut marks: Vec<Range<usize>> = Vec::new();
    for hunk in diff.hunks() {
        let words = if of_old { hunk.before } else { hunk.after };
        let range = ends[words.start as usize]..ends[words.end as usize];
        match marks.last_mut() {
            _ if range.is_empty() => {}
            // White space between two marks is marked with them.
            Some(mark) if text[mark.end..range.start].trim().is_empty() => mark.end = range.end,
            Some(_) | None => marks.push(range),
        }
    }
    let solid = |text: &str| text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    let marked: usize = marks.iter().map(|mark| solid(&text[mark.clone()])).sum();
    let all = solid(text);
    if marked > 0 && (all - marked) * SAME_PART < all {
        marks.clear();
    }
    marks
}

/// Words, runs of white space, and single other characters.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.0.chars().next()?;
        let is_word = |char: char| char.is_alphanumeric() || char == '_';
        let end = if is_word(first) {
            self.0.find(|char: char| !is_word(char))
        } else if first.is_whitespace() {
            self.0.find(|char: char| !char.is_whitespace())
        } else {
            Some(first.len_utf8())
        };
        let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use crate::diff::{DiffKind, FileDiff};

    /// The changed lines with brackets around what is marked.
    fn marked(old: &str, new: &str) -> Vec<String> {
        let file = FileDiff::between("x", Some(old), new);
        let changed = file.lines.iter().filter(|line| matches!(line.kind, DiffKind::Added | DiffKind::Removed));
        changed
            .map(|line| {
                let mut text = line.text.clone();
                for mark in file.marks(line).iter().rev() {
                    text.insert(mark.end, ']');
                    text.insert(mark.start, '[');
                }
                text
            })
            .collect()
    }

    #[test]
    fn what_changed_inside_of_a_line_is_marked() {
        for (old, new, expected) in [
            ("let a = 1;\n", "let b = 1;\n", ["let [a] = 1;", "let [b] = 1;"]),
            ("f(a, b)\n", "f(a, c, b)\n", ["f(a, b)", "f(a, [c, ]b)"]),
            ("if x {\n", "    if x {\n", ["if x {", "[    ]if x {"]),
            ("a  b é\n", "a b é\n", ["a[  ]b é", "a[ ]b é"]),
            ("one two three\n", "four five six\n", ["one two three", "four five six"]),
            ("same\r\n", "same\n", ["same[\r]", "same"]),
        ] {
            assert_eq!(marked(old, new), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn lines_are_paired_in_order_and_their_ends_are_told() {
        assert_eq!(marked("a x\nb x\n", "a y\nb y\nc\n"), ["a [x]", "b [x]", "a [y]", "b [y]", "c"]);
        let file = FileDiff::between("x", Some("a\nb"), "a\nb\n");
        let last = file.lines.last().unwrap();
        assert_eq!((last.kind, last.text.as_str()), (DiffKind::Hunk, "no line feed at the end of the old text"));
    }
}
