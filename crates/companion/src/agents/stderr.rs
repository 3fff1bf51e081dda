//! What an agent says on its error output: always drained, the end of it kept.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{io::AsyncReadExt, process::ChildStderr, task::JoinHandle, time::timeout};

/// How much of the end is kept.
const KEPT_BYTES: usize = 64 * 1024;
/// How many of its last lines a failure tells.
const TOLD_LINES: usize = 5;
/// How much of each line a failure tells, in characters.
const TOLD_CHARS: usize = 300;

/// How long the rest of it is waited for when the agent has ended.
const REST_PATIENCE: Duration = Duration::from_millis(300);

/// The end of an agent's error output.
pub struct LastWords {
    kept: Kept,
    /// Ends with the output.
    drain: JoinHandle<()>,
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<VecDeque<u8>>>);

impl LastWords {
    /// Drains `stderr` in the background until it ends.
    pub fn of(mut stderr: ChildStderr) -> Self {
        let kept = Kept::default();
        let words = kept.clone();
        let drain = tokio::spawn(async move {
            let mut chunk = [0; 8192];
            while let Ok(length @ 1..) = stderr.read(&mut chunk).await {
                words.keep(&chunk[..length]);
            }
        });
        Self { kept, drain }
    }

    /// The last lines of an agent that has ended, without colours and control characters; empty when
    /// nothing was said.
    pub async fn lines(&mut self) -> Vec<String> {
        // Whoever still holds the pipe has nothing to say about the failure.
        let _ = timeout(REST_PATIENCE, &mut self.drain).await;
        self.kept.lines()
    }
}

impl Kept {
    fn lines(&self) -> Vec<String> {
        let bytes: Vec<u8> = self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<String> = text.lines().map(plain).filter(|line| !line.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(TOLD_LINES)..].to_vec()
    }

    fn keep(&self, chunk: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(chunk);
        let excess = kept.len().saturating_sub(KEPT_BYTES);
        kept.drain(..excess);
    }
}

/// The text of a line without escape sequences and control characters, cut.
pub fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        if char == '\u{1b}' {
            if chars.next_if_eq(&'[').is_some() {
                while chars.next().is_some_and(|char| !('@'..='~').contains(&char)) {}
            }
        } else if !char.is_control() {
            text.push(char);
        } else if char == '\t' {
            text.push(' ');
        }
    }
    text.chars().take(TOLD_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_told_plainly() {
        let words = Kept::default();
        words.keep(&vec![b'x'; 3 * KEPT_BYTES]);
        words.keep(b"\n1\n2\n3\n\n\x1b[31m4\x1b[0m\n\x005\t!\n6");
        assert_eq!(words.lines(), ["2", "3", "4", "5 !", "6"]);
        assert_eq!(words.0.lock().unwrap().len(), KEPT_BYTES);
        assert!(Kept::default().lines().is_empty());
    }
}
