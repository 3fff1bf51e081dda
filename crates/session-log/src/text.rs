//! A text that grows, cut into lines. The cuts depend on the bytes alone, never on how they arrived.
//!
//! A *line* here is what one row shows: it ends at a line feed, or, where a line is too long for a row, at
//! a cut of our own. Cuts keep characters and escape sequences whole.

use std::borrow::Cow;

use memchr::{memchr, memrchr};

use crate::arena::{Arena, Piece};
use crate::terminal::{self, Pen};

/// The longest line that is not cut, in bytes.
const LINE_BYTES_MAX: u32 = 4_096;
/// The same for a line that is written over again and again, such as a progress bar.
const REWRITTEN_BYTES_MAX: u32 = 65_536;
/// How far past its limit a line is read to find a good place for the cut.
const SLACK_BYTES: u32 = 64;

/// A text in an arena.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Where its bytes are.
    pieces: Vec<Piece>,
    /// Its length in bytes.
    len: u32,
    /// Where each line starts.
    starts: Vec<u32>,
    /// Lines that do not start with a plain pen.
    pens: Vec<(u32, Pen)>,
    /// Up to where it has been cut.
    scanned: u32,
    /// Whether the last line may still grow.
    is_open: bool,
    /// What the last line holds, up to `scanned`.
    open: Held,
    /// How often its end was replaced.
    rewrites: u32,
}

/// What a line holds that needs care.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    /// An escape character.
    escape: bool,
    /// A carriage return.
    carriage: bool,
}

impl Held {
    fn add(&mut self, bytes: &[u8]) {
        self.escape |= memchr(0x1b, bytes).is_some();
        self.carriage |= memchr(b'\r', bytes).is_some();
    }
}

impl Text {
    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many lines it has.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The length in bytes of a line with its end.
    pub fn line_len(&self, line: usize) -> usize {
        let (from, to) = self.line_range(line);
        (to - from) as usize
    }

    /// How often its end was replaced.
    pub(crate) fn rewrites(&self) -> u32 {
        self.rewrites
    }

    pub(crate) fn append(&mut self, arena: &mut Arena, more: &str) {
        // Offsets have 32 bits: a single text of 4 GB ends there.
        let more = &more.as_bytes()[..more.len().min((u32::MAX - self.len) as usize)];
        arena.push(&mut self.pieces, self.len, more);
        self.len += more.len() as u32;
        self.cut_lines(arena);
    }

    /// Makes the text say `whole`, keeping what it has in common from the start.
    pub(crate) fn replace(&mut self, arena: &mut Arena, whole: &str) {
        let same = self.common_prefix(arena, whole.as_bytes());
        let same = (0..=same).rev().find(|&at| whole.is_char_boundary(at)).unwrap_or(0);
        self.truncate(arena, same as u32);
        self.append(arena, &whole[same..]);
    }

    pub(crate) fn read<'a>(&self, arena: &'a Arena, from: usize, to: usize) -> Cow<'a, str> {
        match arena.read(&self.pieces, from as u32, (to as u32).min(self.len)) {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    pub(crate) fn all<'a>(&self, arena: &'a Arena) -> Cow<'a, str> {
        self.read(arena, 0, self.len())
    }

    /// A line without its end, and the pen that it starts with.
    pub(crate) fn line<'a>(&self, arena: &'a Arena, line: usize) -> (Cow<'a, str>, Pen) {
        let (from, to) = self.line_range(line);
        let mut text = self.read(arena, from as usize, to as usize);
        let end = text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text)).map(str::len);
        if let Some(end) = end {
            match &mut text {
                Cow::Borrowed(text) => *text = &text[..end],
                Cow::Owned(text) => text.truncate(end),
            }
        }
        (text, self.pen_at(line as u32))
    }

    /// The raw bytes of the lines `first..end`, with their ends, and where each of them starts.
    pub(crate) fn raw_lines<'a>(&self, arena: &'a Arena, first: usize, end: usize) -> (Cow<'a, [u8]>, &[u32]) {
        let to = self.starts.get(end).copied().unwrap_or(self.len);
        (arena.read(&self.pieces, self.starts[first], to), &self.starts[first..end])
    }

    /// The line after those from `first` on that have `bytes` together; at least one is before it.
    pub(crate) fn lines_within(&self, first: usize, bytes: usize) -> usize {
        let limit = self.starts[first] as usize + bytes;
        self.starts.partition_point(|&start| start as usize <= limit).saturating_sub(1).max(first + 1)
    }

    /// Where the line ends that `bytes` after `from` are in: at a line feed or at the end of the text.
    pub(crate) fn end_of_lines(&self, arena: &Arena, from: usize, bytes: usize) -> usize {
        let mut line = self.starts.partition_point(|&start| start as usize <= from + bytes);
        while line < self.starts.len() && !self.has_feed(arena, line - 1) {
            line += 1;
        }
        self.starts.get(line).copied().unwrap_or(self.len) as usize
    }

    /// Whether a line ends at a line feed.
    pub(crate) fn has_feed(&self, arena: &Arena, line: usize) -> bool {
        let (from, to) = self.line_range(line);
        to > from && *arena.read(&self.pieces, to - 1, to) == *b"\n"
    }

    /// How many lines no more text changes, nor what is found in them: one that was cut needs the next one.
    pub(crate) fn settled_lines(&self, arena: &Arena) -> usize {
        let whole = self.lines() - usize::from(self.is_open);
        if self.is_open && whole > 0 && !self.has_feed(arena, whole - 1) { whole - 1 } else { whole }
    }

    fn line_range(&self, line: usize) -> (u32, u32) {
        (self.starts[line], self.starts.get(line + 1).copied().unwrap_or(self.len))
    }

    fn pen_at(&self, line: u32) -> Pen {
        match self.pens.binary_search_by_key(&line, |(line, _)| *line) {
            Ok(index) => self.pens[index].1,
            Err(0) => Pen::default(),
            Err(index) => self.pens[index - 1].1,
        }
    }

    fn common_prefix(&self, arena: &Arena, whole: &[u8]) -> usize {
        let end = self.len().min(whole.len());
        let mut at = 0;
        while at < end {
            let to = end.min(at + 65_536);
            let ours = arena.read(&self.pieces, at as u32, to as u32);
            if *ours != whole[at..to] {
                return at + ours.iter().zip(&whole[at..to]).take_while(|(a, b)| a == b).count();
            }
            at = to;
        }
        end
    }

    fn truncate(&mut self, arena: &mut Arena, to: u32) {
        if to == self.len {
            return;
        }
        self.rewrites += 1;
        arena.cut(&mut self.pieces, self.len, to);
        self.len = to;
        // A cut was decided by bytes after it: go back to a line that the removed bytes had no say in.
        while let Some(&start) = self.starts.last() {
            let is_certain = start == 0
                || start + REWRITTEN_BYTES_MAX + 2 * SLACK_BYTES <= to
                || (start < to && *arena.read(&self.pieces, start - 1, start) == *b"\n");
            if is_certain && start < to {
                break;
            }
            self.starts.pop();
        }
        let lines = self.starts.len() as u32;
        self.pens.retain(|(line, _)| *line < lines);
        self.scanned = self.starts.last().copied().unwrap_or(0);
        self.is_open = !self.starts.is_empty();
        self.open = Held::default();
        self.cut_lines(arena);
    }

    fn cut_lines(&mut self, arena: &Arena) {
        while self.scanned < self.len {
            if !self.is_open {
                self.starts.push(self.scanned);
                self.is_open = true;
                self.open = Held::default();
            }
            let start = self.starts[self.starts.len() - 1];
            let longest = if self.open.carriage { REWRITTEN_BYTES_MAX } else { LINE_BYTES_MAX };
            let upto = self.len.min((start + longest + SLACK_BYTES).max(self.scanned + 1));
            let fresh = arena.read(&self.pieces, self.scanned, upto);
            if let Some(at) = memchr(b'\n', &fresh) {
                self.open.add(&fresh[..at]);
                self.scanned += at as u32 + 1;
                self.end_line(arena, start, self.scanned, true);
                self.is_open = false;
                continue;
            }
            self.open.add(&fresh);
            self.scanned = upto;
            let longest = if self.open.carriage { REWRITTEN_BYTES_MAX } else { LINE_BYTES_MAX };
            if upto - start >= longest + SLACK_BYTES {
                let line = arena.read(&self.pieces, start, upto);
                let cut =
                    start + place_of_cut(&line, longest as usize, self.pen_at(self.starts.len() as u32 - 1)) as u32;
                self.end_line(arena, start, cut, false);
                self.starts.push(cut);
                self.open = Held::default();
                self.scanned = cut;
            }
        }
    }

    /// Notes the pen that the next line starts with.
    fn end_line(&mut self, arena: &Arena, start: u32, end: u32, at_line_feed: bool) {
        let line = self.starts.len() as u32 - 1;
        let before = self.pen_at(line);
        if !self.open.escape && before == Pen::default() {
            return;
        }
        let after = terminal::pen_after(&arena.read(&self.pieces, start, end), before);
        // A text sequence that is never closed must not swallow the lines after it.
        let after = if at_line_feed { after.on_new_line() } else { after };
        if after != before {
            self.pens.push((line + 1, after));
        }
    }
}

/// Where to cut a line that is too long: after its last return to the start, else at the first place past
/// the limit between characters and outside of an escape sequence.
fn place_of_cut(line: &[u8], longest: usize, pen: Pen) -> usize {
    if let Some(at) = memrchr(b'\r', &line[..longest]) {
        return at + 1;
    }
    let is_boundary = |at: usize| at < line.len() && (line[at] as i8) >= -0x40;
    if memchr(0x1b, line).is_none() && pen.is_between_sequences() {
        return (longest..line.len()).find(|&at| is_boundary(at)).unwrap_or(longest);
    }
    terminal::place_between_sequences(line, pen, longest)
        .or_else(|| (longest..line.len()).find(|&at| is_boundary(at)))
        .unwrap_or(longest)
}
