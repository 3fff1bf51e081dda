//! What an agent sends, cut anyhow: the same lines as when it is split at its line ends, and none over the limit.
#![no_main]

#[path = "../../src/agents/lines.rs"]
#[allow(dead_code, reason = "the companion uses all of it")]
mod lines;

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use libfuzzer_sys::fuzz_target;
use lines::{LineError, Lines};
use tokio::io::{AsyncRead, ReadBuf};

/// Gives a few bytes at a time.
struct Pieces<'a> {
    rest: &'a [u8],
    size: usize,
}

impl AsyncRead for Pieces<'_> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let (piece, rest) = self.rest.split_at(self.size.min(self.rest.len()).min(into.remaining()));
        into.put_slice(piece);
        self.rest = rest;
        Poll::Ready(Ok(()))
    }
}

/// The lines, and whether one was too long.
fn read(bytes: &[u8], size: usize, cap: usize) -> (Vec<String>, bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let (mut lines, mut all) = (Lines::new(Pieces { rest: bytes, size }, cap), Vec::new());
        loop {
            match lines.next().await {
                Ok(Some(line)) => all.push(line),
                Ok(None) => return (all, false),
                Err(LineError::TooLong(_)) => return (all, true),
                Err(LineError::Broken(error)) => panic!("nothing breaks here: {error}"),
            }
        }
    })
}

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (size, cap, bytes) = (usize::from(input.0).max(1), usize::from(input.1).max(1), input.2);
    let mut expected: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    // What follows the last line end is a line only when there is something in it.
    if expected.last().is_some_and(|rest| rest.is_empty() || rest == b"\r") {
        expected.pop();
    }
    let within = expected.iter().take_while(|line| line.len() <= cap).count();
    let text = |line: &&[u8]| String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned();
    let (lines, is_too_long) = read(bytes, size, cap);
    assert_eq!(lines, expected[..within].iter().map(text).collect::<Vec<_>>());
    assert_eq!(is_too_long, within < expected.len());
});
