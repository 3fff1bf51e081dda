//! Windows that are cut by their bytes, and windows of facts.

use agent_tasks::{EventWindow, event::UserMessage, paths, query::WINDOW_BYTES_MAX};
use axum::body::Body;
use companion::log::Entry;

use crate::{
    harness::{Server, body},
    ready_made::{ReadyMade, begin, steps},
};

async fn numbers(server: &Server, log: &ReadyMade, query: &str) -> Vec<u64> {
    let window: EventWindow = server.get(&format!("{}?{query}", paths::events(&log.id))).await;
    window.events.iter().map(|event| event.seq).collect()
}

#[tokio::test]
async fn a_window_ends_with_the_event_that_makes_it_a_megabyte() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let first = log.write(vec![begin()]).await + 1;
    let big = || Entry::from(UserMessage { content: "x".repeat(WINDOW_BYTES_MAX / 4), source: None });
    let last = log.write((0..12).map(|_| big()).collect()).await;
    assert_eq!(last - first, 11);
    let all = |from: u64, to: u64| (from..=to).collect::<Vec<_>>();
    assert_eq!(numbers(&server, &log, &format!("after={}", first - 1)).await, all(first, first + 3));
    assert_eq!(numbers(&server, &log, &format!("after={first}&before={last}")).await, all(first + 1, first + 4));
    assert_eq!(numbers(&server, &log, &format!("before={}", last + 1)).await, all(last - 3, last));
    assert_eq!(numbers(&server, &log, &format!("around={}", first + 6)).await, all(first + 4, first + 7));
    // A reader of pages would lose what a page leaves out.
    assert_eq!(numbers(&server, &log, "per_page=100").await.len() as u64, last);
    // Reading on after each window's last event gives all.
    let mut read = Vec::new();
    while read.last().is_none_or(|seq| *seq < last) {
        let after = read.last().copied().unwrap_or(0);
        read.extend(numbers(&server, &log, &format!("after={after}&before={}", last + 1)).await);
    }
    assert_eq!(read, all(1, last));
    let huge = UserMessage { content: "x".repeat(2 * WINDOW_BYTES_MAX), source: None };
    let last = log.write(vec![huge.into()]).await;
    assert_eq!(numbers(&server, &log, &format!("after={}", last - 1)).await, [last], "one event at least");
}

#[tokio::test]
async fn facts_are_all_events_but_the_parts_of_texts() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    log.write([vec![begin()], steps(0..9, 1_000)].concat()).await;
    let all: EventWindow = server.get(&format!("{}?limit=1000", paths::events(&log.id))).await;
    let is_part = |name: &str| name.ends_with("_delta") || name == "tool.execution_partial_result";
    let facts: Vec<u64> =
        all.events.iter().filter(|event| !is_part(event.body.type_name())).map(|event| event.seq).collect();
    assert!(facts.len() < all.events.len());
    assert_eq!(numbers(&server, &log, "facts=true&limit=1000").await, facts);
    let within: Vec<u64> = facts.iter().copied().filter(|seq| (6..20).contains(seq)).collect();
    assert_eq!(numbers(&server, &log, "facts=true&after=5&before=20").await, within);
    assert_eq!(numbers(&server, &log, "facts=false&after=5&before=9").await, [6, 7, 8]);
}

#[tokio::test]
async fn what_was_written_is_handed_on_to_the_letter() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let content = "\u{0}\u{1b}[31m \"\\ \r\n\u{2028}é𝄞\u{7f}";
    let seq = log.write(vec![begin(), UserMessage { content: content.into(), source: None }.into()]).await;
    let path = format!("/api{}?after={}", paths::events(&log.id), seq - 1);
    let response = server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await;
    let text = String::from_utf8(body(response).await).unwrap();
    let window: EventWindow = serde_json::from_str(&text).unwrap();
    let event = &window.events[0];
    assert!(text.contains(&serde_json::to_string(event).unwrap()), "{text}");
    assert!(matches!(&event.body, agent_tasks::EventBody::UserMessage(said) if said.content == content));
}
