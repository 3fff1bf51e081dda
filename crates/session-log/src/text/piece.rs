//! A part of a text that begins where reading may begin: at the start of a line. It knows how many bytes and lines it
//! has, also while they are not there.

use super::Pen;

/// A part of a text.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Where it starts in its text, in bytes.
    pub at: u32,
    /// Its length in bytes.
    pub len: u32,
    /// Its first line.
    pub first: u32,
    /// How many lines it has.
    pub lines: u32,
    /// The pen that its first line starts with.
    pub pen: Pen,
    /// The event whose part of the text it starts in.
    pub seq: u64,
    /// Bytes of that event's part that stand before it.
    pub skip: u32,
    /// The newest event when its bytes came: those that came first are released first.
    pub used: u64,
    /// Its bytes and lines; `None` while they are not there.
    pub held: Option<Lines>,
}

/// The bytes and lines of a piece. Offsets count from the piece's start.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// Bytes and lines that were dropped from the start: of a text that is only counted.
    pub dropped: u32,
    pub dropped_lines: u32,
    pub bytes: Vec<u8>,
    /// Where each line starts.
    pub starts: Vec<u32>,
    /// Lines that do not start with the pen of the line before.
    pub pens: Vec<(u32, Pen)>,
}

impl Lines {
    /// The bytes `from..to` of the piece.
    pub fn slice(&self, from: u32, to: u32) -> &[u8] {
        &self.bytes[(from - self.dropped) as usize..(to - self.dropped) as usize]
    }

    /// Room for a piece that will most likely be full.
    pub fn with_room(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// Forgets all before `start`, where a line starts with `pen`.
    pub fn drop_before(&mut self, start: u32, lines: u32, pen: Pen) {
        self.bytes.drain(..(start - self.dropped) as usize);
        if self.bytes.capacity() > 2 * self.bytes.len() + 1_024 {
            self.bytes.shrink_to_fit();
        }
        self.starts.retain(|&kept| kept >= start);
        self.starts.shrink_to_fit();
        self.pens = vec![(lines, pen)];
        (self.dropped, self.dropped_lines) = (start, lines);
    }
}

impl Piece {
    /// The range of a line, from the piece's start; `None` if it is not there.
    pub fn range(&self, line: u32) -> Option<(u32, u32)> {
        let held = self.held.as_ref()?;
        let at = (line - self.first).checked_sub(held.dropped_lines)? as usize;
        Some((*held.starts.get(at)?, held.starts.get(at + 1).copied().unwrap_or(self.len)))
    }

    /// The pen that a line starts with, which counts from the piece's first.
    pub fn pen_at(&self, line: u32) -> Pen {
        let Some(held) = &self.held else { return self.pen };
        match held.pens.binary_search_by_key(&line, |(line, _)| *line) {
            Ok(index) => held.pens[index].1,
            Err(0) => self.pen,
            Err(index) => held.pens[index - 1].1,
        }
    }

    /// The line after its last.
    pub fn end_line(&self) -> u32 {
        self.first + self.lines
    }

    /// Where it ends in its text.
    pub fn end(&self) -> u32 {
        self.at + self.len
    }
}
