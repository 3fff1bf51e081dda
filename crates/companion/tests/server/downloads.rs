//! Logs as files.

use agent_tasks::{
    Event, LogFormat,
    event::{AssistantMessageDelta, ToolExecutionPartialResult},
    paths,
};
use axum::{body::Body, http::header};
use companion::log::Entry;
use session_log::{LogDocument, PlainFormat, PlainWriter, Written};

use crate::{
    harness::{Server, body},
    ready_made::{ReadyMade, begin, steps},
};

async fn file(server: &Server, log: &ReadyMade, format: LogFormat) -> (String, String, String) {
    let path = format!("/api{}?format={}", paths::log(&log.id), format.as_str());
    let response = server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200, "{path}");
    let head = |name| response.headers()[name].to_str().unwrap().to_owned();
    let (kind, name) = (head(header::CONTENT_TYPE), head(header::CONTENT_DISPOSITION));
    (kind, name, String::from_utf8(body(response).await).unwrap())
}

#[tokio::test]
async fn events_are_lines_of_json_and_messages_are_as_they_were_sent() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    log.write([vec![begin()], steps(0..1_200, 20)].concat()).await;
    let said = AssistantMessageDelta { message_id: "m".into(), delta_content: "Hi".into() };
    let raw = |number: u32| Some(format!("{{\"jsonrpc\":\"2.0\",\"n\":{number}}}"));
    let sent = |number| Entry { body: said.clone().into(), ephemeral: true, raw: raw(number) };
    let last = log.write((0..1_500).map(sent).collect()).await;
    let (kind, name, text) = file(&server, &log, LogFormat::Jsonl).await;
    assert_eq!(kind, "application/x-ndjson");
    assert_eq!(name, format!("attachment; filename=\"local-sample-{}.jsonl\"", log.id));
    let events: Vec<Event> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
    assert_eq!(
        events[..500],
        server.get::<agent_tasks::EventWindow>(&format!("{}?limit=500", paths::events(&log.id))).await.events
    );
    let (_, name, text) = file(&server, &log, LogFormat::Raw).await;
    assert!(name.contains(".raw.jsonl"), "{name}");
    let expected: String = (0..1_500).map(|number| raw(number).unwrap() + "\n").collect();
    assert_eq!(text, expected);
}

#[tokio::test]
async fn a_file_of_no_task_or_in_no_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Work").await;
    for (path, status) in [
        (paths::log(&agent_tasks::TaskId("0193".into())), 404),
        (format!("{}?format=pdf", paths::log(&id)), 422),
        (format!("{}?format=jsonl", paths::log(&id)), 200),
    ] {
        let response = server.send(server.request("GET", &format!("/api{path}")).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), status, "{path}");
    }
}

#[tokio::test]
async fn a_text_file_says_what_a_reader_sees_with_colours_or_without() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let coloured = "\u{1b}[31mred\u{1b}[0m\u{1b}[2J\n".repeat(500);
    let part = ToolExecutionPartialResult { tool_call_id: "t".into(), partial_output: coloured, replace: false };
    // More than is held at a time, and a step of which only a part is.
    let parts = (0..100).map(|_| part.clone().into()).collect();
    log.write([vec![begin()], steps(0..60, 1_000), parts, steps(600..700, 10)].concat()).await;
    let (kind, name, plain) = file(&server, &log, LogFormat::Text).await;
    assert_eq!(kind, "text/plain; charset=utf-8");
    assert!(name.ends_with(".txt\""), "{name}");
    for number in 0..60 {
        let said = match number % 3 {
            0 => format!("Prompt {number}\n"),
            1 => format!("Message {number}\n\nwith two paragraphs\n"),
            _ => format!("{number}:998\n{number}:999\n"),
        };
        assert_eq!(plain.matches(&format!("\n{said}")).count(), 1, "{said}");
    }
    assert!(!plain.contains('\u{1b}') && plain.matches("red\n").count() == 50_000);
    let (_, name, coloured) = file(&server, &log, LogFormat::Ansi).await;
    assert!(name.ends_with(".ansi.txt\""), "{name}");
    assert!(coloured.contains("\u{1b}[31mred") && !coloured.contains("[2J"));
    let (_, _, events) = file(&server, &log, LogFormat::Jsonl).await;
    let mut document = LogDocument::default();
    for event in events.lines() {
        document.apply(&serde_json::from_str(event).unwrap());
    }
    for (format, text) in [(PlainFormat::Text, plain), (PlainFormat::Ansi, coloured)] {
        let mut whole = String::new();
        let mut writer = PlainWriter::new(format, 0..document.steps());
        assert_eq!(writer.write(&document, &mut whole, usize::MAX), Written::All);
        assert!(text == whole, "the file says what the whole document says");
    }
}
