//! Two cuts of one line laid over each other.

use std::ops::Range;

use super::{Piece, Shade};

/// `pieces`, cut again where `marks` begin and end; tells of each whether it is marked. `marks` are ranges of the
/// line's bytes, in order.
pub fn overlay<'a>(pieces: &[Piece<'a>], marks: &[Range<usize>]) -> Vec<(Shade, &'a str, bool)> {
    let mut cut = Vec::with_capacity(pieces.len() + 2 * marks.len());
    let (mut at, mut mark) = (0, 0);
    for piece in pieces {
        let mut rest = piece.text;
        while !rest.is_empty() {
            while marks.get(mark).is_some_and(|range| range.end <= at) {
                mark += 1;
            }
            let (is_marked, until) = match marks.get(mark) {
                Some(range) if range.start <= at => (true, range.end),
                Some(range) => (false, range.start),
                None => (false, usize::MAX),
            };
            let len = rest.floor_char_boundary((until - at).min(rest.len()));
            // A mark inside of a character begins or ends after it.
            let len = if len == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { len };
            let (now, later) = rest.split_at(len);
            cut.push((piece.shade, now, is_marked));
            (rest, at) = (later, at + len);
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cut_pieces() {
        let pieces = [Piece { shade: Shade::Keyword, text: "let" }, Piece { shade: Shade::Plain, text: " é=1" }];
        assert_eq!(
            overlay(&pieces, &[1..4, 6..7]),
            [
                (Shade::Keyword, "l", false),
                (Shade::Keyword, "et", true),
                (Shade::Plain, " ", true),
                (Shade::Plain, "é", false),
                (Shade::Plain, "=", true),
                (Shade::Plain, "1", false)
            ]
        );
        assert_eq!(overlay(&pieces, &[]).len(), 2);
    }
}
