//! Cuts a text into pieces and lines.

use memchr::{memchr, memrchr};

use super::piece::{Lines, Piece};
use super::{Held, PIECE_BYTES, Text};
use crate::terminal::{self, Pen};

/// The longest line that is not cut, in bytes.
const LINE_BYTES_MAX: u32 = 4_096;
/// The same for a line that is written over again and again, such as a progress bar.
const REWRITTEN_BYTES_MAX: u32 = 65_536;
/// How far past its limit a line is read to find a good place for the cut.
const SLACK_BYTES: u32 = 64;

impl Text {
    /// Forgets what stands from `to` on.
    pub(super) fn truncate(&mut self, to: u32) {
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
    pub(super) fn begin_piece_if_due(&mut self) {
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

    pub(super) fn cut_lines(&mut self) {
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
