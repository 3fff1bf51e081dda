//! Where all text of a document lives: a few big chunks of bytes that are only appended to.

use std::borrow::Cow;

/// The size of a chunk, in bytes. A longer text gets several.
const CHUNK_BYTES: usize = 1 << 20;

/// Bytes in chunks, so that growing never copies what is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arena {
    chunks: Vec<Vec<u8>>,
}

/// A run of a text's bytes in one chunk; it ends where the next piece of the text starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// Where it starts in its text.
    pub at: u32,
    /// Its chunk.
    chunk: u32,
    /// Where it starts in the chunk.
    start: u32,
}

impl Arena {
    /// Stores `bytes` as the end of a text that is `len` long so far.
    pub fn push(&mut self, pieces: &mut Vec<Piece>, mut len: u32, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK_BYTES) {
                self.chunks.push(Vec::new());
            }
            let index = self.chunks.len() - 1;
            let chunk = &mut self.chunks[index];
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK_BYTES - chunk.len()));
            let continues = pieces.last().is_some_and(|piece| {
                piece.chunk as usize == index && (piece.start + len - piece.at) as usize == chunk.len()
            });
            if !continues {
                pieces.push(Piece { at: len, chunk: index as u32, start: chunk.len() as u32 });
            }
            chunk.extend_from_slice(now);
            len += now.len() as u32;
            bytes = later;
        }
    }

    /// The bytes `from..to` of the text with these pieces; copied only where they span chunks.
    pub fn read(&self, pieces: &[Piece], from: u32, to: u32) -> Cow<'_, [u8]> {
        if from >= to {
            return Cow::Borrowed(&[]);
        }
        let mut index = pieces.partition_point(|piece| piece.at <= from) - 1;
        let first = self.run(pieces, index, from, to);
        if first.len() == (to - from) as usize {
            return Cow::Borrowed(first);
        }
        let mut whole = first.to_vec();
        while whole.len() < (to - from) as usize {
            index += 1;
            whole.extend_from_slice(self.run(pieces, index, pieces[index].at, to));
        }
        Cow::Owned(whole)
    }

    /// Forgets the end of a text that is `len` long from `to` on. The space is had back when the text was the last to grow.
    pub fn cut(&mut self, pieces: &mut Vec<Piece>, mut len: u32, to: u32) {
        while let Some(&piece) = pieces.last() {
            let keep = to.max(piece.at);
            if piece.chunk as usize + 1 == self.chunks.len() {
                let chunk = &mut self.chunks[piece.chunk as usize];
                if (piece.start + len - piece.at) as usize == chunk.len() {
                    chunk.truncate((piece.start + keep - piece.at) as usize);
                }
            }
            if piece.at < to {
                break;
            }
            pieces.pop();
            len = piece.at;
        }
    }

    /// The bytes held, for measurements.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    fn run(&self, pieces: &[Piece], index: usize, from: u32, to: u32) -> &[u8] {
        let piece = pieces[index];
        let to = pieces.get(index + 1).map_or(to, |next| next.at.min(to));
        let start = (piece.start + from - piece.at) as usize;
        &self.chunks[piece.chunk as usize][start..start + (to - from) as usize]
    }
}
