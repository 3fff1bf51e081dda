//! What every target checks: however the bytes come, the events and what is known of the file are the same, and a
//! document takes them all.

use agent_tasks::{Event, Timestamp};
use log_files::{Importer, Told};
use session_log::{Applied, LogDocument};

fn open(chunks: impl Iterator<Item = Vec<u8>>) -> (Vec<Event>, Told) {
    let mut importer = Importer::new("fuzz", Timestamp::default());
    let mut events: Vec<Event> = chunks.flat_map(|chunk| importer.push(&chunk)).collect();
    events.extend(importer.finish());
    (events, importer.told().clone())
}

/// Opens a file that begins with `head`, at once and in chunks of `size` bytes.
pub fn check(head: &str, size: u8, body: &[u8]) {
    let file = [head.as_bytes(), body].concat();
    let at_once = open(std::iter::once(file.clone()));
    let in_pieces = open(file.chunks(usize::from(size).max(1)).map(<[u8]>::to_vec));
    assert_eq!(at_once, in_pieces);
    let mut document = LogDocument::default();
    for event in &at_once.0 {
        assert_eq!(document.apply(event), Applied::Taken);
    }
}
