//! Lines of an agent's output: bounded, and never broken by bytes that are no UTF-8.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// How many bytes are asked for at once.
const READ_BYTES: usize = 64 * 1024;

/// Why there is no next line.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// A line is longer than the limit; carries the limit in bytes.
    #[error("a line of more than {0} bytes")]
    TooLong(usize),
    /// The pipe broke.
    #[error("reading failed: {0}")]
    Broken(#[from] io::Error),
}

/// Reads lines, each at most `cap` bytes long.
pub struct Lines<R> {
    input: R,
    /// What was read; up to `start` it is used up.
    buffer: Vec<u8>,
    start: usize,
    /// Up to here there is no line end.
    searched: usize,
    cap: usize,
    has_ended: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Lines of `input`.
    pub fn new(input: R, cap: usize) -> Self {
        Self { input, buffer: Vec::new(), start: 0, searched: 0, cap, has_ended: false }
    }

    /// The next line without its end; `None` at the end of the input. Nothing is lost when the future
    /// is dropped.
    pub async fn next(&mut self) -> Result<Option<String>, LineError> {
        loop {
            if let Some(line) = self.take_line()? {
                return Ok(Some(line));
            }
            if self.has_ended {
                return Ok(self.take_rest());
            }
            self.buffer.drain(..self.start);
            self.searched -= self.start;
            self.start = 0;
            self.buffer.reserve(READ_BYTES);
            let mut piece = (&mut self.input).take(READ_BYTES as u64);
            self.has_ended = piece.read_buf(&mut self.buffer).await? == 0;
        }
    }

    fn take_line(&mut self) -> Result<Option<String>, LineError> {
        let end = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n').map(|at| self.searched + at);
        let length = end.unwrap_or(self.buffer.len()) - self.start;
        if length > self.cap {
            return Err(LineError::TooLong(self.cap));
        }
        let Some(end) = end else {
            self.searched = self.buffer.len();
            return Ok(None);
        };
        let line = text(&self.buffer[self.start..end]);
        self.start = end + 1;
        self.searched = self.start;
        Ok(Some(line))
    }

    fn take_rest(&mut self) -> Option<String> {
        let rest = text(&self.buffer[self.start..]);
        self.buffer.clear();
        self.start = 0;
        self.searched = 0;
        (!rest.is_empty()).then_some(rest)
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn check(input: &[u8], cap: usize) -> Result<Vec<String>, LineError> {
        let mut lines = Lines::new(input, cap);
        let mut all = Vec::new();
        while let Some(line) = lines.next().await? {
            all.push(line);
        }
        Ok(all)
    }

    #[tokio::test]
    async fn lines_come_whole_whatever_bytes_they_hold() {
        assert_eq!(check(b"a\r\n\nb\xff\xfe\nrest", 10).await.unwrap(), ["a", "", "b\u{fffd}\u{fffd}", "rest"]);
        assert_eq!(check(b"", 10).await.unwrap(), [""; 0]);
    }

    #[tokio::test]
    async fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
        assert_eq!(check(b"1234\n5678", 4).await.unwrap(), ["1234", "5678"]);
        assert!(matches!(check(b"1234\n56789", 4).await, Err(LineError::TooLong(4))));
        assert!(matches!(check(b"12345\n", 4).await, Err(LineError::TooLong(4))));
    }

    #[tokio::test]
    async fn an_endless_line_is_refused_before_it_fills_the_memory() {
        let mut lines = Lines::new(tokio::io::repeat(b'x'), 1024 * 1024);
        assert!(matches!(lines.next().await, Err(LineError::TooLong(_))));
        assert!(lines.buffer.len() <= 1024 * 1024 + 2 * READ_BYTES);
    }
}
