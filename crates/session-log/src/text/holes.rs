//! Texts that are not there, or only in parts: told by an outline, filled from events, released again.

use std::ops::Range;

use agent_tasks::outline::TextMark;
use memchr::memchr_iter;

use super::{HEAD_BYTES, Keep, Lines, Piece, Text};
use crate::terminal::Pen;

/// A text that grows from a mark on until it can take the place of what is not there.
#[derive(Debug, Clone)]
pub(crate) struct Filling {
    text: Text,
    /// The event that the mark is in, and the bytes of its part that stand before the mark.
    seq: u64,
    skip: usize,
    /// How often the end of the text to fill had been replaced.
    rewrites: u32,
}

impl Text {
    /// A text that is not there. Marks that make no sense are not used.
    pub(crate) fn told(keep: Keep, seq: u64, size: (u64, u32), marks: &[TextMark], title: Option<&str>) -> Self {
        let (len, lines) = (u32::try_from(size.0).unwrap_or(u32::MAX), size.1);
        let mut text = Self { len, lines, head: title.map(|title| title.as_bytes().into()), ..Self::new(keep) };
        if len == 0 {
            return text;
        }
        let is_good = marks.first().is_some_and(|first| (first.at, first.line) == (0, 0))
            && marks.windows(2).all(|pair| pair[0].at < pair[1].at && pair[0].line < pair[1].line)
            && marks.last().is_some_and(|last| last.at < len && last.line < lines);
        let whole = [TextMark { seq, ..TextMark::default() }];
        let marks = if is_good && keep.splits() { marks } else { &whole };
        for (index, mark) in marks.iter().enumerate() {
            let next = marks.get(index + 1);
            text.pieces.push(Piece {
                at: mark.at,
                len: next.map_or(len, |next| next.at) - mark.at,
                first: mark.line,
                lines: next.map_or(lines, |next| next.line) - mark.line,
                pen: Pen::of_parameters(&mark.pen),
                seq: mark.seq,
                skip: mark.skip,
                used: 0,
                held: None,
            });
        }
        text
    }

    /// A text of which the lines are known.
    pub(crate) fn counted(keep: Keep, lines: u32) -> Self {
        Self { lines, ..Self::new(keep) }
    }

    /// How it is kept.
    pub(crate) fn keep(&self) -> Keep {
        self.keep
    }

    /// Whether the count of its lines is a guess.
    pub(crate) fn is_guess(&self) -> bool {
        self.is_guess
    }

    /// Notes that it came with the event `now`.
    pub(crate) fn note_use(&mut self, now: u64) {
        self.pieces.iter_mut().for_each(|piece| piece.used = now);
    }

    /// Drops all of it and where reading may begin, other than at its start, which is in the event `seq`.
    pub(crate) fn forget_marks(&mut self, seq: u64) {
        let rewrites = self.rewrites + 1;
        let (size, head) = ((u64::from(self.len), self.lines), self.head.take());
        *self = Self { rewrites, head, ..Self::told(self.keep, seq, size, &[], None) };
    }

    /// Whether nothing was put in its place since `filling` was begun.
    pub(crate) fn is_filled_by(&self, filling: &Filling) -> bool {
        self.rewrites == filling.rewrites
    }

    /// Where reading may begin, when there is more than one such place.
    pub(crate) fn marks(&self) -> Vec<TextMark> {
        if self.pieces.len() < 2 {
            return Vec::new();
        }
        let mark = |piece: &Piece| TextMark {
            seq: piece.seq,
            skip: piece.skip,
            line: piece.first,
            at: piece.at,
            pen: piece.pen.parameters(),
        };
        self.pieces.iter().map(mark).collect()
    }

    /// Whether all of it is there.
    pub(crate) fn is_whole(&self) -> bool {
        self.pieces.iter().all(|piece| piece.held.is_some())
    }

    /// The bytes that are there.
    pub(crate) fn held_bytes(&self) -> usize {
        self.pieces.iter().filter_map(|piece| piece.held.as_ref()).map(|held| held.bytes.len()).sum()
    }

    /// Whether nothing but its count is kept.
    pub(super) fn is_counted(&self) -> bool {
        matches!(self.keep, Keep::Count { .. })
    }

    /// The events that the first run of missing pieces around `lines` is in: from where, and up to which one; `None`
    /// as the end means up to the last one. Lines past the known ones are part of the last piece.
    pub(crate) fn missing(&self, lines: Range<usize>) -> Option<(u64, Option<u64>)> {
        let last = self.pieces.len().checked_sub(1)?;
        let at = |line: usize| self.pieces.partition_point(|piece| piece.first as usize <= line).saturating_sub(1);
        let (first, end) = (at(lines.start), at(lines.end.max(lines.start + 1) - 1));
        let missing = (first..=end).find(|&index| self.pieces[index].held.is_none())?;
        let until = (missing..=end).find(|&index| self.pieces[index].held.is_some()).unwrap_or(end + 1);
        let to = if until > last { None } else { Some(self.pieces[until].seq) };
        Some((self.pieces[missing].seq, to))
    }

    /// A text that grows from the first missing piece on that begins in the event `seq`.
    pub(crate) fn filling(&self, seq: u64) -> Option<Filling> {
        let piece = self.pieces.iter().find(|piece| piece.seq == seq && piece.held.is_none())?;
        let start = Piece { len: 0, lines: 0, held: Some(Lines::default()), ..piece.clone() };
        let text = Text {
            len: piece.at,
            lines: piece.first,
            pieces: vec![start],
            event: piece.seq,
            given: piece.skip,
            ..Text::new(self.keep)
        };
        Some(Filling { text, seq: piece.seq, skip: piece.skip as usize, rewrites: self.rewrites })
    }

    /// Takes what `filling` has, now that `now` is the newest event; all of it when it `is_end`. Tells whether it fits.
    pub(crate) fn take(&mut self, filling: &mut Filling, now: u64, is_end: bool) -> bool {
        let grown = &mut filling.text;
        grown.pieces.iter_mut().for_each(|piece| piece.used = now);
        let Some(first) = grown.pieces.first().map(|piece| piece.at) else { return false };
        let Ok(place) = self.pieces.binary_search_by_key(&first, |piece| piece.at) else { return false };
        if is_end {
            self.pieces.truncate(place);
            self.pieces.append(&mut grown.pieces);
            (self.len, self.lines) = (grown.len, grown.lines);
            (self.scanned, self.is_open, self.open) = (grown.scanned, grown.is_open, grown.open);
            (self.event, self.given) = (grown.event, grown.given);
            self.is_guess = false;
            return true;
        }
        let last = self.pieces.len() - 1;
        for (piece, index) in grown.pieces.iter_mut().zip(place..last) {
            let known = &mut self.pieces[index];
            let is_same = known.at == piece.at && known.len == piece.len && known.lines == piece.lines;
            if is_same && known.held.is_none() {
                (known.held, known.used) = (piece.held.clone(), now);
            } else if known.at != piece.at || (known.len <= piece.len && !is_same) {
                return false;
            }
        }
        true
    }

    /// When the bytes of each piece came that may be released, and how many there are: not those of the last one while
    /// it `grows`.
    pub(crate) fn releasable(&self, grows: bool) -> impl Iterator<Item = (u64, usize)> {
        let end = self.pieces.len().saturating_sub(usize::from(grows));
        self.pieces[..end].iter().filter_map(|piece| Some((piece.used, piece.held.as_ref()?.bytes.len())))
    }

    /// Drops the bytes of the pieces that came with the event `used` or before it, but not of the last one while it
    /// `grows`. Tells how many bytes that were.
    pub(crate) fn release(&mut self, used: u64, grows: bool) -> usize {
        if self.head.is_none() {
            self.head = Some(self.read(0, HEAD_BYTES).as_bytes().into());
        }
        let end = self.pieces.len().saturating_sub(usize::from(grows));
        let mut dropped = 0;
        for piece in self.pieces[..end].iter_mut().filter(|piece| piece.used <= used) {
            dropped += piece.held.take().map_or(0, |held| held.bytes.len());
        }
        if self.pieces.last().is_some_and(|piece| piece.held.is_none()) {
            self.is_open = false;
        }
        dropped
    }

    /// Grows where it is not there: its bytes are counted, its lines guessed.
    pub(super) fn grow_unseen(&mut self, more: &[u8]) {
        let Some(piece) = self.pieces.last_mut() else { return };
        let lines = memchr_iter(b'\n', more).count() as u32;
        piece.len += more.len() as u32;
        piece.lines += lines;
        self.len += more.len() as u32;
        self.lines += lines;
        self.given += more.len() as u32;
        self.is_guess = true;
    }

    pub(super) fn keep_head(&mut self, more: &[u8]) {
        if !matches!(self.keep, Keep::Count { has_head: true, .. }) {
            return;
        }
        let have = self.head.as_ref().map_or(0, |head| head.len());
        if have < HEAD_BYTES {
            let more = &more[..more.len().min(HEAD_BYTES - have)];
            self.head = Some([self.head.as_deref().unwrap_or_default(), more].concat().into());
        }
    }

    /// Keeps the line that may still grow, where the bytes are only counted.
    pub(super) fn drop_counted(&mut self) {
        if !self.is_counted() {
            return;
        }
        let Some((last, before)) = self.pieces.split_last_mut() else { return };
        if let Some(full) = before.last_mut() {
            full.held = None;
        }
        let (pen, lines) = (last.pen_at(last.lines - u32::from(self.is_open)), last.lines - u32::from(self.is_open));
        let Some(held) = &mut last.held else { return };
        let start = held.starts.last().copied().filter(|_| self.is_open).unwrap_or(last.len);
        held.drop_before(start, lines, pen);
    }
}

impl Filling {
    /// Takes more of the part that the event `seq` has in the text.
    pub fn append(&mut self, seq: u64, part: &str) {
        let skipped = if seq == self.seq { self.skip.min(part.len()) } else { 0 };
        self.skip -= skipped;
        self.text.append(seq, part.get(skipped..).unwrap_or_default());
    }

    /// Takes a text that the event `seq` puts in place of all before it.
    pub fn replace(&mut self, seq: u64, whole: &str) {
        if seq == self.seq {
            self.append(seq, whole);
        } else if self.text.pieces.first().is_some_and(|piece| piece.at == 0) {
            self.text.replace(seq, whole);
        }
    }

    /// Whether nothing stands before what comes next.
    pub fn is_at_start(&self) -> bool {
        self.text.is_empty()
    }
}
