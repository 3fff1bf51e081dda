//! A text that grows, cut into lines. The cuts depend on the bytes alone, never on how they arrived.
//!
//! A *line* here is what one row shows: it ends at a line feed, or, where a line is too long for a row, at
//! a cut of our own. Cuts keep characters and escape sequences whole.
//!
//! A text is a row of pieces, each of which begins at the start of a line and can be there or not.

mod holes;
mod piece;

use std::borrow::Cow;

use memchr::{memchr, memrchr};

use crate::terminal::{self, Pen};
use piece::{Lines, Piece};

pub(crate) use holes::Filling;

/// The longest line that is not cut, in bytes.
const LINE_BYTES_MAX: u32 = 4_096;
/// The same for a line that is written over again and again, such as a progress bar.
const REWRITTEN_BYTES_MAX: u32 = 65_536;
/// How far past its limit a line is read to find a good place for the cut.
const SLACK_BYTES: u32 = 64;
/// A piece ends with the first line that makes it so long, in bytes. Tests have many pieces in little text.
const PIECE_BYTES: u32 = if cfg!(test) { 512 } else { 65_536 };
/// How much of its start a text that is only counted keeps, in bytes.
pub(crate) const HEAD_BYTES: usize = 1_056;

/// A text.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Its parts, one after the other.
    pieces: Vec<Piece>,
    /// Its length in bytes.
    len: u32,
    /// How many lines it has.
    lines: u32,
    /// Up to where the last piece has been cut, from that piece's start.
    scanned: u32,
    /// Whether the last line may still grow.
    is_open: bool,
    /// What the last line holds, up to `scanned`.
    open: Held,
    /// How often its end was replaced.
    rewrites: u32,
    /// The event whose part grows it now, and how much of that part it has.
    event: u64,
    given: u32,
    /// How it is kept.
    keep: Keep,
    /// Whether it has grown where it is not there, so that the count of its lines is a guess.
    is_guess: bool,
    /// Its start, where the bytes are not kept.
    head: Option<Box<[u8]>>,
}

/// How a text is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Keep {
    /// In one piece: it is there or it is not.
    #[default]
    Whole,
    /// In pieces.
    Pieces,
    /// It is counted, in pieces or in one.
    Count {
        /// Whether in pieces.
        splits: bool,
        /// Whether its start is kept for a title.
        has_head: bool,
    },
}

impl Keep {
    fn splits(self) -> bool {
        matches!(self, Self::Pieces | Self::Count { splits: true, .. })
    }
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
    pub(crate) fn new(keep: Keep) -> Self {
        Self { keep, ..Self::default() }
    }

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
        self.lines as usize
    }

    /// The length in bytes of a line with its end; 0 if it is not there.
    pub fn line_len(&self, line: usize) -> usize {
        self.line_range(line).map_or(0, |(from, to)| (to - from) as usize)
    }

    /// Whether a line is there.
    pub fn has_line(&self, line: usize) -> bool {
        self.line_range(line).is_some()
    }

    /// How often its end was replaced.
    pub(crate) fn rewrites(&self) -> u32 {
        self.rewrites
    }

    /// Appends more of the part that the event `seq` has in it.
    pub(crate) fn append(&mut self, seq: u64, more: &str) {
        // Offsets have 32 bits: a single text of 4 GB ends there.
        let mut rest = &more.as_bytes()[..more.len().min((u32::MAX - self.len) as usize)];
        if self.event != seq {
            (self.event, self.given) = (seq, 0);
        }
        self.keep_head(rest);
        if self.pieces.last().is_some_and(|piece| piece.held.is_none()) {
            self.grow_unseen(rest);
            return;
        }
        let splits = self.keep.splits();
        while !rest.is_empty() {
            self.begin_piece_if_due();
            let Some(piece) = self.pieces.last_mut() else { return };
            if piece.len == 0 {
                (piece.seq, piece.skip) = (self.event, self.given);
            }
            let held = piece.held.get_or_insert_default();
            let from = (PIECE_BYTES - 1).saturating_sub(piece.len) as usize;
            let now = match rest.get(from..).filter(|_| splits) {
                Some(rest) => memchr(b'\n', rest).map_or(from + rest.len(), |at| from + at + 1),
                None => rest.len(),
            };
            let (now, later) = rest.split_at(now);
            held.bytes.extend_from_slice(now);
            piece.len += now.len() as u32;
            self.len += now.len() as u32;
            self.given += now.len() as u32;
            self.cut_lines();
            self.drop_counted();
            rest = later;
        }
    }

    /// Makes the text say `whole`, as the event `seq` does, keeping what it has in common from the start.
    pub(crate) fn replace(&mut self, seq: u64, whole: &str) {
        let same = if self.is_counted() || !self.is_whole() { 0 } else { self.common_prefix(whole.as_bytes()) };
        let same = (0..=same).rev().find(|&at| whole.is_char_boundary(at)).unwrap_or(0);
        self.truncate(same as u32);
        (self.event, self.given) = (seq, same as u32);
        for piece in &mut self.pieces {
            (piece.seq, piece.skip) = (seq, piece.at);
        }
        self.append(seq, &whole[same..]);
    }

    /// The bytes `from..to`, as far as they are there.
    pub(crate) fn read(&self, from: usize, to: usize) -> Cow<'_, str> {
        let (from, to) = (from as u32, (to as u32).min(self.len));
        let mut runs = self.pieces.iter().filter_map(|piece| {
            let held = piece.held.as_ref()?;
            let (start, end) = (from.max(piece.at + held.dropped), to.min(piece.end()));
            (start < end).then(|| held.slice(start - piece.at, end - piece.at))
        });
        let Some(first) = runs.next() else { return Cow::Borrowed("") };
        let Some(second) = runs.next() else { return String::from_utf8_lossy(first) };
        let mut whole = [first, second].concat();
        runs.for_each(|run| whole.extend_from_slice(run));
        Cow::Owned(String::from_utf8_lossy(&whole).into_owned())
    }

    pub(crate) fn all(&self) -> Cow<'_, str> {
        self.read(0, self.len())
    }

    /// Its start, as long as a title needs it.
    pub(crate) fn head(&self) -> Cow<'_, str> {
        match &self.head {
            Some(head) if self.is_counted() || !self.is_whole() => String::from_utf8_lossy(head),
            Some(_) | None => self.read(0, HEAD_BYTES),
        }
    }

    /// A line without its end, and the pen that it starts with; `None` if it is not there.
    pub(crate) fn line(&self, line: usize) -> Option<(Cow<'_, str>, Pen)> {
        let piece = self.piece_of(line)?;
        let (from, to) = piece.range(line as u32)?;
        let raw = piece.held.as_ref()?.slice(from, to);
        let raw = raw.strip_suffix(b"\n").map_or(raw, |raw| raw.strip_suffix(b"\r").unwrap_or(raw));
        Some((String::from_utf8_lossy(raw), piece.pen_at(line as u32 - piece.first)))
    }

    /// The raw bytes of the lines `first..end`, with their ends, and where each of them starts. They are of one piece;
    /// `None` if it is not there.
    pub(crate) fn raw_lines(&self, first: usize, end: usize) -> Option<(&[u8], &[u32])> {
        let piece = self.piece_of(first)?;
        let held = piece.held.as_ref()?;
        let (first, end) = (first - piece.first as usize, end - piece.first as usize);
        let starts = held.starts.get(first..end)?;
        let to = held.starts.get(end).copied().unwrap_or(piece.len);
        Some((held.slice(*starts.first()?, to), starts))
    }

    /// The line after those from `first` on that have `bytes` together and are of one piece; at least one is before it.
    pub(crate) fn lines_within(&self, first: usize, bytes: usize) -> usize {
        let Some(piece) = self.piece_of(first) else { return first + 1 };
        let end = piece.end_line() as usize;
        let (Some(held), Some((start, _))) = (&piece.held, piece.range(first as u32)) else { return end };
        let limit = start as usize + bytes;
        // No batch for the few lines that are left.
        if piece.len as usize <= limit + bytes / 4 {
            return end;
        }
        let within = held.starts.partition_point(|&start| start as usize <= limit).saturating_sub(1);
        (piece.first as usize + within).max(first + 1)
    }

    /// Where the line ends that `bytes` after `from` are in: at a line feed or at the end of the text.
    pub(crate) fn end_of_lines(&self, from: usize, bytes: usize) -> usize {
        let at = from + bytes;
        let Some(piece) = self.pieces.iter().find(|piece| at < piece.end() as usize) else { return self.len() };
        let Some(held) = &piece.held else { return piece.end() as usize };
        let bytes = held.slice((at as u32).max(piece.at + held.dropped) - piece.at, piece.len);
        memchr(b'\n', bytes).map_or(piece.end() as usize, |feed| piece.end() as usize - bytes.len() + feed + 1)
    }

    /// Whether a line ends at a line feed.
    pub(crate) fn has_feed(&self, line: usize) -> bool {
        let raw = |piece: &Piece| Some(piece.range(line as u32)?.1);
        let Some(piece) = self.piece_of(line) else { return false };
        match (raw(piece), &piece.held) {
            (Some(to), Some(held)) => to > held.dropped && held.slice(to - 1, to) == b"\n",
            // Pieces end at line feeds.
            _ => true,
        }
    }

    /// How many lines no more text changes, nor what is found in them: one that was cut needs the next one.
    pub(crate) fn settled_lines(&self) -> usize {
        let whole = self.lines() - usize::from(self.is_open);
        if self.is_open && whole > 0 && !self.has_feed(whole - 1) { whole - 1 } else { whole }
    }

    fn piece_of(&self, line: usize) -> Option<&Piece> {
        self.pieces.get(self.piece_index(line)?)
    }

    /// The place of the piece that a line is in.
    fn piece_index(&self, line: usize) -> Option<usize> {
        let index = self.pieces.partition_point(|piece| piece.first as usize <= line).checked_sub(1)?;
        (line < self.lines()).then_some(index)
    }

    /// Where a line starts and ends, from its piece's start.
    fn line_range(&self, line: usize) -> Option<(u32, u32)> {
        self.piece_of(line)?.range(line as u32)
    }

    fn common_prefix(&self, whole: &[u8]) -> usize {
        let mut at = 0;
        for held in self.pieces.iter().filter_map(|piece| piece.held.as_ref()) {
            let ours = &held.bytes[..held.bytes.len().min(whole.len() - at)];
            if *ours != whole[at..at + ours.len()] {
                return at + ours.iter().zip(&whole[at..]).take_while(|(a, b)| a == b).count();
            }
            at += ours.len();
        }
        at
    }

    fn truncate(&mut self, to: u32) {
        if to == self.len && !self.is_guess {
            return;
        }
        self.rewrites += 1;
        self.len = to;
        self.is_guess = false;
        self.head = None;
        self.pieces.retain(|piece| piece.at < to);
        self.open = Held::default();
        let Some(piece) = self.pieces.last_mut() else {
            (self.lines, self.scanned, self.is_open) = (0, 0, false);
            return;
        };
        piece.len = to - piece.at;
        let Some(held) = &mut piece.held else { return };
        held.bytes.truncate(piece.len as usize);
        // A cut was decided by bytes after it: go back to a line that the removed bytes had no say in.
        while let Some(&start) = held.starts.last() {
            let is_certain = start == 0
                || start + REWRITTEN_BYTES_MAX + 2 * SLACK_BYTES <= piece.len
                || (start < piece.len && held.bytes[start as usize - 1] == b'\n');
            if is_certain && start < piece.len {
                break;
            }
            held.starts.pop();
        }
        piece.lines = held.starts.len() as u32;
        let lines = piece.lines;
        held.pens.retain(|(line, _)| *line < lines);
        self.scanned = held.starts.last().copied().unwrap_or(0);
        self.is_open = !held.starts.is_empty();
        self.lines = piece.end_line();
        self.cut_lines();
    }

    /// Begins a piece when the last one is full.
    fn begin_piece_if_due(&mut self) {
        let last = self.pieces.last();
        if last.is_some_and(|piece| self.is_open || piece.len < PIECE_BYTES || !self.keep.splits()) {
            return;
        }
        // The first of many pieces is one that is small at first.
        let room = if last.is_some() && !self.is_counted() { (PIECE_BYTES + LINE_BYTES_MAX) as usize } else { 0 };
        self.pieces.push(Piece {
            at: self.len,
            len: 0,
            first: self.lines,
            lines: 0,
            pen: last.map_or(Pen::default(), |piece| piece.pen_at(piece.lines)),
            seq: 0,
            skip: 0,
            used: self.event,
            held: Some(Lines::with_room(room)),
        });
        self.scanned = 0;
    }

    fn cut_lines(&mut self) {
        let Some(piece) = self.pieces.last_mut() else { return };
        let Some(held) = &mut piece.held else { return };
        while self.scanned < piece.len {
            if !self.is_open {
                held.starts.push(self.scanned);
                piece.lines += 1;
                self.lines += 1;
                self.is_open = true;
                self.open = Held::default();
            }
            let start = held.starts[held.starts.len() - 1];
            let longest = if self.open.carriage { REWRITTEN_BYTES_MAX } else { LINE_BYTES_MAX };
            let upto = piece.len.min((start + longest + SLACK_BYTES).max(self.scanned + 1));
            let fresh = held.slice(self.scanned, upto);
            if let Some(at) = memchr(b'\n', fresh) {
                self.open.add(&fresh[..at]);
                self.scanned += at as u32 + 1;
                note_pen(held, piece.lines, piece.pen, self.open, (start, self.scanned), true);
                self.is_open = false;
                continue;
            }
            self.open.add(fresh);
            self.scanned = upto;
            let longest = if self.open.carriage { REWRITTEN_BYTES_MAX } else { LINE_BYTES_MAX };
            if upto - start >= longest + SLACK_BYTES {
                let pen = pen_at(held, piece.lines - 1, piece.pen);
                let cut = start + place_of_cut(held.slice(start, upto), longest as usize, pen) as u32;
                note_pen(held, piece.lines, piece.pen, self.open, (start, cut), false);
                held.starts.push(cut);
                piece.lines += 1;
                self.lines += 1;
                self.open = Held::default();
                self.scanned = cut;
            }
        }
    }
}

fn pen_at(held: &Lines, line: u32, first: Pen) -> Pen {
    match held.pens.last() {
        // Nearly always the newest line.
        Some((newest, pen)) if *newest <= line => *pen,
        Some(_) => match held.pens.binary_search_by_key(&line, |(line, _)| *line) {
            Ok(index) => held.pens[index].1,
            Err(0) => first,
            Err(index) => held.pens[index - 1].1,
        },
        None => first,
    }
}

/// Notes the pen that the next line starts with, after the last one of `lines`.
fn note_pen(held: &mut Lines, lines: u32, first: Pen, open: Held, (start, end): (u32, u32), at_line_feed: bool) {
    let before = pen_at(held, lines - 1, first);
    if !open.escape && before == Pen::default() {
        return;
    }
    let after = terminal::pen_after(held.slice(start, end), before);
    // A text sequence that is never closed must not swallow the lines after it.
    let after = if at_line_feed { after.on_new_line() } else { after };
    if after != before {
        held.pens.push((lines, after));
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
