//! Plain text: one step, whose text is the file's.

use agent_tasks::event::{
    SessionStart, ToolExecutionComplete, ToolExecutionPartialResult, ToolExecutionStart, ToolKind,
};

use memchr::memchr_iter;

use crate::lines::decode;
use crate::telling::Telling;

/// The step's name.
const CALL: &str = "file";
/// One event carries so much text, in bytes.
const PIECE_BYTES: usize = 65_536;
/// The longest beginning of a character that is not whole, in bytes.
const UNFINISHED_BYTES_MAX: usize = 3;

/// Text that is being read.
#[derive(Debug, Default)]
pub struct TextReader {
    /// What was not told yet: less than a piece.
    open: Vec<u8>,
    /// Whether the last byte ended a line.
    is_at_line_start: bool,
}

impl TextReader {
    /// Begins the step.
    pub fn new(name: &str, telling: &mut Telling) -> Self {
        telling.tell(SessionStart::default());
        telling.tell(ToolExecutionStart {
            tool_call_id: CALL.into(),
            tool_name: "file".into(),
            kind: Some(ToolKind::Read),
            title: Some(name.to_owned()),
            ..ToolExecutionStart::default()
        });
        Self { open: Vec::new(), is_at_line_start: true }
    }

    /// Takes more bytes.
    pub fn push(&mut self, mut bytes: &[u8], telling: &mut Telling) {
        if let Some(&last) = bytes.last() {
            telling.told.lines += memchr_iter(b'\n', bytes).count() as u64;
            self.is_at_line_start = last == b'\n';
        }
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PIECE_BYTES - self.open.len()));
            self.open.extend_from_slice(now);
            bytes = later;
            if self.open.len() == PIECE_BYTES {
                let rest = self.open.split_off(whole_characters(&self.open));
                let piece = std::mem::replace(&mut self.open, rest);
                tell_piece(&piece, telling);
            }
        }
    }

    /// The file is over.
    pub fn finish(&mut self, telling: &mut Telling) {
        telling.told.lines += u64::from(!self.is_at_line_start);
        let open = std::mem::take(&mut self.open);
        if !open.is_empty() {
            tell_piece(&open, telling);
        }
        telling.tell(ToolExecutionComplete {
            tool_call_id: CALL.into(),
            success: true,
            ..ToolExecutionComplete::default()
        });
    }
}

fn tell_piece(bytes: &[u8], telling: &mut Telling) {
    let partial_output = decode(bytes, &mut telling.told.replaced);
    telling.tell(ToolExecutionPartialResult { tool_call_id: CALL.into(), partial_output, replace: false });
}

/// How many bytes there are without a character at the end that may go on.
fn whole_characters(bytes: &[u8]) -> usize {
    let last = (1..=UNFINISHED_BYTES_MAX.min(bytes.len())).find(|back| bytes[bytes.len() - back] >= 0xc0);
    last.filter(|&back| {
        let length = match bytes[bytes.len() - back] {
            0xf0.. => 4,
            0xe0.. => 3,
            _ => 2,
        };
        length > back
    })
    .map_or(bytes.len(), |back| bytes.len() - back)
}
