//! What the tests share: files, opened, and what they say.

use std::path::PathBuf;

use agent_tasks::{Event, Timestamp};
use log_files::Importer;
use session_log::{Applied, LogDocument, StepKind};

/// A file of `tests/fixtures`.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// The recorded conversations of two real agents.
pub fn transcripts() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../acp-events/tests/fixtures/transcripts");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let all: Vec<_> = files
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    assert!(all.len() >= 14);
    all
}

/// Opens a file in chunks of these sizes, the last one again and again.
pub fn open_in(name: &str, bytes: &[u8], sizes: &[usize]) -> (Importer, Vec<Event>) {
    let mut importer = Importer::new(name, Timestamp::from_ms(1_000));
    let (mut events, mut rest, mut sizes) = (Vec::new(), bytes, sizes.iter());
    let mut size = bytes.len().max(1);
    while !rest.is_empty() {
        size = sizes.next().copied().unwrap_or(size).max(1);
        let (now, later) = rest.split_at(size.min(rest.len()));
        events.extend(importer.push(now));
        rest = later;
    }
    events.extend(importer.finish());
    (importer, events)
}

/// Opens a file at once.
pub fn open(name: &str, bytes: &[u8]) -> (Importer, Vec<Event>) {
    open_in(name, bytes, &[])
}

/// The document of events that a file told: they are numbered without gaps.
pub fn document(events: &[Event]) -> LogDocument {
    let mut document = LogDocument::default();
    for event in events {
        assert_eq!(document.apply(event), Applied::Taken, "{event:?}");
    }
    document
}

/// What a reader sees of each step, in short.
pub fn said(document: &LogDocument) -> Vec<String> {
    let steps = (0..document.steps()).map(|index| document.step(index).unwrap());
    steps
        .map(|step| {
            let text = document.first_line(&step.text, 60);
            match &step.kind {
                StepKind::Session(session) => {
                    let parts = [session.producer.clone(), session.model.clone()];
                    format!("Session {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
                }
                StepKind::Prompt => format!("Prompt {text}"),
                StepKind::Info(word) => format!("Info {word}"),
                StepKind::Reasoning => format!("Reasoning {text}"),
                StepKind::Message => format!("Message {text}"),
                StepKind::Tool(tool) => format!("Tool {} {:?}", tool.name, step.state),
                StepKind::Plan(plan) => format!("Plan {}", plan.entries.len()),
                StepKind::Permission(_) => format!("Permission {:?}", step.state),
                StepKind::Error(word) => format!("Error {word}"),
                StepKind::Stop(reason) => format!("Stop {reason}"),
                StepKind::Shutdown(_) => "Shutdown".to_owned(),
                StepKind::Unknown(word) => format!("Unknown {word}"),
            }
        })
        .collect()
}
