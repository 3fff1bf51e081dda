//! From bytes to events: recognises the kind, then hands each line to whoever reads that kind.

use agent_tasks::{Event, Timestamp};
use memchr::memchr;
use serde_json::Value;

use crate::acp::AcpReader;
use crate::claude::ClaudeReader;
use crate::codex::CodexReader;
use crate::lines::{Lines, decode};
use crate::telling::Telling;
use crate::text::TextReader;
use crate::{FileKind, Told, events};

/// The longest line that is read as one, in bytes, as long as the longest that a companion takes. What is longer is
/// shown as it is, in parts of this size: to understand it would hold up whoever waits for it.
pub const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The longest line that may come before the kind is known and is no JSON, in bytes.
const TEXT_LINE_BYTES_MAX: usize = 64 * 1024;
/// So many lines are looked at before a file counts as plain text.
const LINES_LOOKED_AT: u32 = 32;
/// How many bytes the longest signature has.
const SIGNATURE_BYTES: usize = 6;
/// A file with more than one zero byte in so many bytes is no text.
const NO_TEXT_SHARE: usize = 100;
/// A file of which more than one byte in so many is no UTF-8 is no text.
const BROKEN_SHARE: usize = 4;
/// What some programs write before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing in it.
    Empty,
    /// It is compressed; carries the program's name.
    Compressed(&'static str),
    /// It is text of two bytes a character.
    Utf16,
    /// It is no text; carries what it is.
    NoText(&'static str),
}

impl Refusal {
    /// What to do, for people.
    pub fn sentence(self) -> String {
        match self {
            Self::Empty => "The file is empty. Choose another one.".to_owned(),
            Self::Compressed(program) => {
                ["The file is compressed (", program, "). Unpack it, then open what was in it."].concat()
            }
            Self::NoText(what) => {
                ["The file is ", what, ". Choose a text file or a session that an agent recorded."].concat()
            }
            Self::Utf16 => "The file is UTF-16 text. Save it as UTF-8, then open it again.".to_owned(),
        }
    }
}

/// Reads a log file.
#[derive(Debug)]
pub struct Importer {
    /// The file's name: what plain text is called by.
    name: String,
    telling: Telling,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// What kind it is is not known yet.
    Looking(Looking),
    Reading(Box<Reader>),
    Refused(Refusal),
}

/// What was read of a file of unknown kind.
#[derive(Debug, Default)]
struct Looking {
    held: Vec<u8>,
    /// Up to where the lines were looked at.
    at: usize,
    /// How much of the line after that is known to have no end.
    searched: usize,
    /// Lines of each kind, and of none.
    votes: Vec<(FileKind, u32)>,
    strange: u32,
}

/// Who reads the lines of a kind.
#[derive(Debug)]
enum Reader {
    Events(Lines),
    Claude(Lines, Box<ClaudeReader>),
    Codex(Lines, Box<CodexReader>),
    Acp(Lines, Box<AcpReader>),
    Text(TextReader),
}

impl Importer {
    /// For a file of this name; what tells no moment happened at `moment`, the file's last change for one.
    pub fn new(name: &str, moment: Timestamp) -> Self {
        Self { name: name.to_owned(), telling: Telling::new(moment), stage: Stage::Looking(Looking::default()) }
    }

    /// Takes the next bytes. Returns what they told.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.telling.told.bytes += bytes.len() as u64;
        match &mut self.stage {
            Stage::Looking(looking) => {
                looking.held.extend_from_slice(bytes);
                if let Some(refusal) = looking.refusal(SIGNATURE_BYTES) {
                    self.stage = Stage::Refused(refusal);
                } else if let Some(kind) = looking.look() {
                    self.begin_or_refuse(kind);
                }
            }
            Stage::Reading(reader) => reader.push(bytes, &mut self.telling),
            Stage::Refused(_) => {}
        }
        self.telling.take()
    }

    /// There are no more bytes. Returns what was not told yet.
    pub fn finish(&mut self) -> Vec<Event> {
        if let Stage::Looking(looking) = &mut self.stage {
            if let Some(refusal) = looking.refusal(1) {
                self.stage = Stage::Refused(refusal);
            } else {
                let kind = looking.look().unwrap_or_else(|| looking.last_word());
                self.begin_or_refuse(kind);
            }
        }
        if let Stage::Reading(reader) = &mut self.stage {
            reader.finish(&mut self.telling);
        }
        self.telling.take()
    }

    /// What is known of the file.
    pub fn told(&self) -> &Told {
        &self.telling.told
    }

    /// Why it cannot be read, if so.
    pub fn refusal(&self) -> Option<Refusal> {
        match &self.stage {
            Stage::Refused(refusal) => Some(*refusal),
            Stage::Looking(_) | Stage::Reading(_) => None,
        }
    }

    /// The kind is known; what would be shown as plain text must be text.
    fn begin_or_refuse(&mut self, kind: FileKind) {
        match &self.stage {
            Stage::Looking(looking) if kind == FileKind::Text && looking.is_no_text() => {
                self.stage = Stage::Refused(Refusal::NoText("no text"));
            }
            Stage::Looking(_) | Stage::Reading(_) | Stage::Refused(_) => self.begin(kind),
        }
    }

    /// The kind is known: reads what was held.
    fn begin(&mut self, kind: FileKind) {
        self.telling.told.kind = Some(kind);
        let mut reader = Reader::new(kind, &self.name, &mut self.telling);
        if let Stage::Looking(looking) = &self.stage {
            let held = looking.held.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&looking.held);
            reader.push(held, &mut self.telling);
        }
        self.stage = Stage::Reading(Box::new(reader));
    }
}

impl Looking {
    /// Why the file cannot be read, once it has so many bytes.
    fn refusal(&self, bytes_min: usize) -> Option<Refusal> {
        let signatures: [(&[u8], Refusal); 14] = [
            (b"\x1f\x8b", Refusal::Compressed("gzip")),
            (b"PK\x03\x04", Refusal::Compressed("zip")),
            (b"\x28\xb5\x2f\xfd", Refusal::Compressed("zstd")),
            (b"\xfd7zXZ\x00", Refusal::Compressed("xz")),
            (b"BZh", Refusal::Compressed("bzip2")),
            (b"\x89PNG", Refusal::NoText("a picture")),
            (b"\xff\xd8\xff", Refusal::NoText("a picture")),
            (b"GIF8", Refusal::NoText("a picture")),
            (b"%PDF-", Refusal::NoText("a PDF document")),
            (b"7z\xbc\xaf\x27\x1c", Refusal::Compressed("7z")),
            (b"Rar!\x1a\x07", Refusal::Compressed("rar")),
            (b"\x7fELF", Refusal::NoText("a program")),
            (b"\xff\xfe", Refusal::Utf16),
            (b"\xfe\xff", Refusal::Utf16),
        ];
        if self.held.is_empty() && bytes_min < SIGNATURE_BYTES {
            return Some(Refusal::Empty);
        }
        let is_enough = self.held.len() >= bytes_min;
        let signed = |(signature, _): &&(&[u8], Refusal)| is_enough && self.held.starts_with(signature);
        signatures.iter().find(signed).map(|(_, refusal)| *refusal)
    }

    /// Whether what was looked at is bytes rather than text. The sample must not depend on how the bytes came.
    fn is_no_text(&self) -> bool {
        let sample = &self.held[..self.held.len().min(self.at.max(TEXT_LINE_BYTES_MAX))];
        let sample = if self.at > 0 { &sample[..sample.len().min(self.at)] } else { sample };
        let zeros = sample.iter().filter(|byte| **byte == 0).count();
        let broken: usize = sample.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
        zeros * NO_TEXT_SHARE > sample.len() || broken * BROKEN_SHARE > sample.len()
    }

    /// Looks at the lines that are over; the kind when they are enough.
    fn look(&mut self) -> Option<FileKind> {
        loop {
            let rest = &self.held[self.at..];
            let end = memchr(b'\n', &rest[self.searched..]).map(|end| self.searched + end);
            self.searched = if end.is_some() { 0 } else { rest.len() };
            let line = &rest[..end.unwrap_or(rest.len())];
            let is_json = is_json(line);
            // How a line goes on must not decide otherwise than how it came.
            if line.len() > if is_json { LINE_BYTES_MAX } else { TEXT_LINE_BYTES_MAX } {
                return Some(FileKind::Text);
            }
            let length = end? + 1;
            let line = line.to_vec();
            self.at += length;
            if let Some(kind) = self.vote(&line) {
                return Some(kind);
            }
        }
    }

    /// A line more; the kind when the lines are enough.
    fn vote(&mut self, line: &[u8]) -> Option<FileKind> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        let kind = serde_json::from_slice::<Value>(line).ok().and_then(|line| FileKind::of(&line));
        let Some(kind) = kind else {
            self.strange += 1;
            return (self.strange >= LINES_LOOKED_AT).then_some(FileKind::Text);
        };
        let place = self.votes.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
            self.votes.push((kind, 0));
            self.votes.len() - 1
        });
        self.votes[place].1 += 1;
        (self.votes[place].1 > self.strange).then_some(kind)
    }

    /// The kind of a file that ends before it was clear.
    fn last_word(&mut self) -> FileKind {
        let last = self.held[self.at..].to_vec();
        self.at = self.held.len();
        if let Some(kind) = self.vote(&last) {
            return kind;
        }
        let most = self.votes.iter().max_by_key(|(_, votes)| *votes);
        most.filter(|(_, votes)| *votes >= self.strange).map_or(FileKind::Text, |(kind, _)| *kind)
    }
}

impl Reader {
    fn new(kind: FileKind, name: &str, telling: &mut Telling) -> Self {
        let lines = Lines::default();
        match kind {
            FileKind::Events | FileKind::Copilot => Self::Events(lines),
            FileKind::Claude => Self::Claude(lines, Box::default()),
            FileKind::Codex => Self::Codex(lines, Box::default()),
            FileKind::Acp => Self::Acp(lines, Box::default()),
            FileKind::Text => Self::Text(TextReader::new(name, telling)),
        }
    }

    fn push(&mut self, bytes: &[u8], telling: &mut Telling) {
        let max = LINE_BYTES_MAX;
        match self {
            Self::Events(lines) => lines.push(bytes, max, |line| with_json(line, telling, events::read)),
            Self::Claude(lines, claude) => {
                lines.push(bytes, max, |line| with_json(line, telling, |json, telling| claude.read(json, telling)));
            }
            Self::Codex(lines, codex) => {
                lines.push(bytes, max, |line| with_json(line, telling, |json, telling| codex.read(json, telling)));
            }
            Self::Acp(lines, acp) => {
                lines.push(bytes, max, |line| with_json(line, telling, |json, telling| acp.read(json, telling)));
            }
            Self::Text(text) => text.push(bytes, telling),
        }
    }

    fn finish(&mut self, telling: &mut Telling) {
        match self {
            Self::Events(lines) => lines.finish(|line| with_json(line, telling, events::read)),
            Self::Claude(lines, claude) => {
                lines.finish(|line| with_json(line, telling, |json, telling| claude.read(json, telling)));
                claude.finish(telling);
            }
            Self::Codex(lines, codex) => {
                lines.finish(|line| with_json(line, telling, |json, telling| codex.read(json, telling)));
                codex.finish(telling);
            }
            Self::Acp(lines, acp) => {
                lines.finish(|line| with_json(line, telling, |json, telling| acp.read(json, telling)));
                acp.finish(telling);
            }
            Self::Text(text) => text.finish(telling),
        }
    }
}

/// Hands a line on as JSON; what is none is shown as it is.
fn with_json(line: &[u8], telling: &mut Telling, read: impl FnOnce(Value, &mut Telling)) {
    telling.told.lines += 1;
    if line.iter().all(u8::is_ascii_whitespace) {
        return;
    }
    let text = decode(line, &mut telling.told.replaced);
    if line.len() >= LINE_BYTES_MAX {
        return telling.line_as_it_is(&text);
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(json) if json.is_object() => read(json, telling),
        Ok(_) | Err(_) => telling.line_as_it_is(&text),
    }
}

/// Whether a line begins like a JSON object.
fn is_json(line: &[u8]) -> bool {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    line.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}
