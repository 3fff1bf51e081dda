//! Bytes cut into lines, as they arrive.

use memchr::memchr;

/// The line that is not over.
#[derive(Debug, Default)]
pub struct Lines {
    open: Vec<u8>,
}

impl Lines {
    /// Takes more bytes and hands on every line that is over, without its end. A line of more than `bytes_max` is cut.
    pub fn push(&mut self, mut bytes: &[u8], bytes_max: usize, mut each: impl FnMut(&[u8])) {
        while !bytes.is_empty() {
            let room = bytes_max - self.open.len();
            let end = memchr(b'\n', &bytes[..bytes.len().min(room)]);
            let (line, rest) = bytes.split_at(end.unwrap_or(bytes.len().min(room)));
            if end.is_none() && self.open.len() + line.len() < bytes_max {
                self.open.extend_from_slice(line);
                return;
            }
            if self.open.is_empty() {
                each(without_return(line));
            } else {
                self.open.extend_from_slice(line);
                each(without_return(&self.open));
                self.open.clear();
            }
            bytes = if end.is_some() { &rest[1..] } else { rest };
        }
    }

    /// The line that never ended.
    pub fn finish(&mut self, each: impl FnOnce(&[u8])) {
        let open = std::mem::take(&mut self.open);
        if !open.is_empty() {
            each(without_return(&open));
        }
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// What bytes say; what is no UTF-8 is shown by replacement characters, and counted.
pub fn decode(bytes: &[u8], replaced: &mut u64) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            *replaced += 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(bytes: &[u8], chunk: usize, bytes_max: usize) -> Vec<String> {
        let (mut lines, mut all) = (Lines::default(), Vec::new());
        for chunk in bytes.chunks(chunk) {
            lines.push(chunk, bytes_max, |line| all.push(String::from_utf8_lossy(line).into_owned()));
        }
        lines.finish(|line| all.push(String::from_utf8_lossy(line).into_owned()));
        all
    }

    #[test]
    fn lines_are_the_same_however_the_bytes_come() {
        for chunk in 1..12 {
            assert_eq!(cut(b"a\r\n\nbcd\nlast", chunk, 100), ["a", "", "bcd", "last"]);
            assert_eq!(cut(b"abcdefgh\nij\n", chunk, 3), ["abc", "def", "gh", "ij"]);
        }
    }

    #[test]
    fn what_is_no_text_is_counted() {
        let mut replaced = 0;
        assert_eq!(decode(b"a\xffb\xe2\x82c", &mut replaced), "a\u{fffd}b\u{fffd}c");
        assert_eq!(replaced, 2);
    }
}
