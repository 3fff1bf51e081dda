//! Which lines of raw output can have a hit at all. It may let a line pass that has none, never the other
//! way round.
//!
//! A hit's bytes stand together in the raw line unless something that is not shown stands between them. So a
//! line passes if the needle is in it, or if it has a change of style with two bytes of the needle around
//! it, or if it has anything that moves or clears what is shown.

use super::query::{Needle, Query};

const ESCAPE: u8 = 0x1b;

/// Lets lines through.
#[derive(Debug, Clone)]
pub(super) enum Sieve {
    /// All of them.
    Open,
    /// Those with bytes outside of ASCII: the needle has such letters, whose two cases differ in bytes.
    Foreign,
    /// Those with a needle.
    Needle(Box<Needle>),
}

/// Lines of output.
pub(super) struct Batch<'a> {
    pub bytes: &'a [u8],
    /// Where each line starts, from a base that is the first one's.
    pub starts: &'a [u32],
}

impl Batch<'_> {
    /// The bytes of a line with its end.
    pub fn line(&self, line: usize) -> (usize, usize) {
        let base = self.starts[0];
        let end = self.starts.get(line + 1).map_or(self.bytes.len(), |&end| (end - base) as usize);
        ((self.starts[line] - base) as usize, end)
    }

    /// The line that a byte is in.
    fn line_at(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| (start - self.starts[0]) as usize <= at) - 1
    }
}

impl Sieve {
    pub fn new(query: &Query) -> Self {
        let Some(needle) = query.needle() else { return Self::Open };
        if needle.folds && !needle.bytes.is_ascii() {
            return Self::Foreign;
        }
        Self::Needle(Box::new(needle.clone()))
    }

    /// Marks the lines of `batch` that pass.
    pub fn pass(&self, batch: &Batch<'_>, folded: &mut Vec<u8>, passed: &mut [bool]) {
        match self {
            Self::Open => passed.fill(true),
            Self::Foreign => {
                if batch.bytes.is_ascii() {
                    return;
                }
                for (line, passed) in passed.iter_mut().enumerate() {
                    let (from, to) = batch.line(line);
                    *passed = !batch.bytes[from..to].is_ascii();
                }
            }
            Self::Needle(needle) => {
                let mut bytes = batch.bytes;
                if needle.folds {
                    folded.clear();
                    folded.extend_from_slice(bytes);
                    folded.make_ascii_lowercase();
                    bytes = folded;
                }
                let mut at = 0;
                while let Some(hit) = bytes.get(at..).and_then(|rest| needle.finder.find(rest)) {
                    let line = batch.line_at(at + hit);
                    passed[line] = true;
                    at = batch.line(line).1;
                }
                pass_joints(needle, batch, bytes, passed);
            }
        }
    }
}

/// Marks the lines where a hit can go over something that is not shown. `bytes` are those of the batch, folded.
fn pass_joints(needle: &Needle, batch: &Batch<'_>, bytes: &[u8], passed: &mut [bool]) {
    let mut at = 0;
    while let Some(joint) = next_joint(bytes, at) {
        at = match style_end(bytes, joint) {
            Some(end) => {
                let pair = [joint.checked_sub(1).and_then(|at| bytes.get(at)), bytes.get(end)];
                let is_inside = match pair {
                    [Some(&before), Some(&after)] => {
                        needle.bytes.windows(2).any(|pair| pair[0] == before && pair[1] == after)
                    }
                    _ => false,
                };
                if is_inside {
                    passed[batch.line_at(joint)] = true;
                }
                end
            }
            None => {
                let line = batch.line_at(joint);
                passed[line] = true;
                batch.line(line).1
            }
        };
    }
}

/// The first place from `at` on with a byte that is not shown as itself. Tabs and the ends of lines are.
pub(super) fn next_joint(bytes: &[u8], mut at: usize) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // The lowest mark of each of the two is exact; marks above it may not be, and are looked at again.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGHS;
    while let Some(eight) = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok()) {
        let word = u64::from_le_bytes(eight);
        let marks = below(word, 0x20) | below(word ^ (ONES * 0x7f), 1) | below(word ^ (ONES * 0xc2), 1);
        if marks == 0 {
            at += 8;
            continue;
        }
        at += marks.trailing_zeros() as usize / 8;
        if is_joint(bytes, at) {
            return Some(at);
        }
        at += 1;
    }
    (at..bytes.len()).find(|&at| is_joint(bytes, at))
}

fn is_joint(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at + 1);
    match bytes[at] {
        b'\t' | b'\n' => false,
        b'\r' => next != Some(&b'\n'),
        0..=0x1f | 0x7f => true,
        // Control characters of two bytes.
        0xc2 => next.is_some_and(|next| (0x80..=0x9f).contains(next)),
        _ => false,
    }
}

/// The end of the changes of style that start at `at`; `None` if there is something else.
fn style_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let numbers = bytes.get(at..)?.strip_prefix(&[ESCAPE, b'['])?;
        let count = numbers.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b';' | b':')).count();
        if !matches!(numbers.get(count), Some(b'm' | b'M')) {
            return None;
        }
        // A folded `M` is another sequence; it shows nothing either.
        at += count + 3;
        if bytes.get(at) != Some(&ESCAPE) {
            return Some(at);
        }
    }
}

/// Appends `line` without its changes of style; `false` if it has anything else that is not shown.
pub(super) fn strip(line: &str, shown: &mut String) -> bool {
    let (bytes, mut at) = (line.as_bytes(), 0);
    while let Some(joint) = next_joint(bytes, at) {
        let Some(end) = style_end(bytes, joint) else { return false };
        shown.push_str(&line[at..joint]);
        at = end;
    }
    shown.push_str(&line[at..]);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joints_are_what_is_not_shown() {
        for (text, expected) in [
            ("plain text\twith a tab\r\nand a line", vec![]),
            ("12345678\u{1b}", vec![8]),
            ("\u{1f}\n\r\t\u{7f}abcdefgh\u{9b}é«\0", vec![0, 2, 4, 13, 19]),
        ] {
            let bytes = text.as_bytes();
            let found: Vec<usize> = (0..bytes.len()).filter(|&at| next_joint(bytes, at) == Some(at)).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_is_stripped_of_styles_only() {
        let mut shown = String::new();
        assert!(strip("\u{1b}[1;31mred\u{1b}[0m\u{1b}[mplain", &mut shown));
        assert_eq!(shown, "redplain");
        for other in ["a\u{1b}[K", "a\rb", "a\u{8}", "\u{1b}]0;t\u{7}", "a\u{1b}[3"] {
            assert!(!strip(other, &mut String::new()), "{other:?}");
        }
    }
}
