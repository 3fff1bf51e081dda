//! Windows of the log, deltas, group commit.

use agent_tasks::{
    EventBody, EventWindow, State, TaskId,
    event::{ToolExecutionComplete, ToolExecutionPartialResult, ToolExecutionStart, UserMessage},
    paths,
};
use axum::{body::Body, http::header};
use companion::{agents::RunEnd, log::Entry};

use crate::harness::{Server, body};

/// A task whose log has `count` events.
async fn long_log(server: &Server, count: usize) -> TaskId {
    let id = server.start_task("Count").await;
    let run = server.next_run().await;
    run.begin().await;
    // Before them: asked for, the prompt, launched, started.
    for number in 0..count - 4 {
        run.tell(UserMessage { content: number.to_string(), source: None }).await;
    }
    server.until(&id, |_| true).await;
    let mut news = server.app.tasks.watch_task(&id);
    while server.log(&id).await.total < count as u64 {
        news.changed().await.unwrap();
    }
    std::mem::forget(run);
    id
}

#[tokio::test]
async fn any_window_of_a_log_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = long_log(&server, 50).await;
    let session = server.sessions(&id).await[0].id.clone();
    for (query, first, last) in [
        ("".to_owned(), 1, 50),
        ("limit=10".into(), 1, 10),
        ("after=10&limit=5".into(), 11, 15),
        ("after=48".into(), 49, 50),
        ("before=10&limit=4".into(), 6, 9),
        ("before=3".into(), 1, 2),
        ("after=3&before=9".into(), 4, 8),
        ("after=3&before=99&limit=2".into(), 4, 5),
        ("around=20&limit=10".into(), 15, 24),
        ("around=2&limit=10".into(), 1, 10),
        ("around=50&limit=10".into(), 45, 50),
        ("page=2&per_page=20".into(), 21, 40),
        (format!("session_id={session}&after=40"), 41, 50),
        (format!("session_id={session}&page=5&per_page=10"), 41, 50),
    ] {
        let window: EventWindow = server.get(&format!("{}?{query}", paths::events(&id))).await;
        let numbers: Vec<_> = window.events.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, (first..=last).collect::<Vec<u64>>(), "{query}");
        assert_eq!((window.first_seq, window.last_seq, window.total), (1, 50, 50), "{query}");
    }
    for query in [
        "after=50",
        "after=18446744073709551615",
        "after=7&before=8",
        "after=9&before=3",
        "before=1",
        "page=9",
        "session_id=other",
    ] {
        assert!(
            server.get::<EventWindow>(&format!("{}?{query}", paths::events(&id))).await.events.is_empty(),
            "{query}"
        );
    }
    for query in [
        "limit=0",
        "limit=1001",
        "after=-1",
        "after=x",
        "after=1&around=2",
        "after=1&before=9&around=2",
        "page=1&after=1",
        "page=0",
        "per_page=101",
    ] {
        let path = format!("/api{}?{query}", paths::events(&id));
        let response = server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 422, "{query}");
    }
    let path = format!("/api{}?per_page=20", paths::events(&id));
    let response = server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await;
    assert!(response.headers()[header::LINK].to_str().unwrap().contains("page=2>; rel=\"next\""));
    assert_eq!(serde_json::from_slice::<EventWindow>(&body(response).await).unwrap().events.len(), 20);
}

#[tokio::test]
async fn deltas_that_come_together_are_logged_together_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Talk").await;
    let run = server.next_run().await;
    run.begin().await;
    let text: Vec<String> = (0..2_000).map(|number| format!("{number} \u{1b}[31m\r\n\nid: 7\n\n")).collect();
    for piece in &text {
        run.say(piece).await;
    }
    run.end(RunEnd::TurnEnded("end_turn".into()));
    server.until_state(&id, State::Completed).await;
    let log = server.log(&id).await;
    let mut said = String::new();
    let mut deltas = 0;
    for event in &log.events {
        if let EventBody::AssistantMessageDelta(delta) = &event.body {
            said.push_str(&delta.delta_content);
            deltas += 1;
        }
    }
    assert_eq!(said, text.concat());
    assert!(deltas < 200, "{deltas} deltas were logged");
    let numbers: Vec<_> = log.events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=log.last_seq).collect::<Vec<_>>());
}

#[tokio::test]
async fn many_writers_share_transactions_and_a_failing_one_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Count").await;
    let session = server.sessions(&id).await[0].id.clone();
    let log = companion::log::Log::open(&folder.path().join("log.sqlite")).unwrap();
    let writes = (0..200).map(|number| {
        let (id, session) = (id.clone(), session.clone());
        log.write(move |tx| {
            let entry = Entry::from(UserMessage { content: number.to_string(), source: None });
            let seq = tx.append(&id, &session, [entry])?;
            if number % 10 == 0 { Err(companion::log::LogError::Busy) } else { Ok(seq) }
        })
    });
    let mut numbers: Vec<_> = futures_util::future::join_all(writes).await.into_iter().filter_map(Result::ok).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (3..=182).collect::<Vec<u64>>());
    assert_eq!(server.log(&id).await.last_seq, 182);
}

#[tokio::test]
async fn of_a_range_only_the_events_that_name_a_call_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Count").await;
    let run = server.next_run().await;
    run.begin().await;
    let start = |call: &str, parent: Option<&str>| ToolExecutionStart {
        tool_call_id: call.into(),
        parent_tool_call_id: parent.map(str::to_owned),
        ..ToolExecutionStart::default()
    };
    let odd = "c\"1 é";
    run.tell(start(odd, None)).await;
    for number in 0..40 {
        run.tell(start(&format!("other {number}"), Some(odd))).await;
        let partial_output = number.to_string();
        run.tell(ToolExecutionPartialResult { tool_call_id: odd.into(), partial_output, replace: false }).await;
    }
    let done = ToolExecutionComplete { tool_call_id: odd.into(), success: true, ..Default::default() };
    run.tell(done).await;
    server.until(&id, |_| true).await;
    let mut news = server.app.tasks.watch_task(&id);
    while server.log(&id).await.total < 4 + 82 {
        news.changed().await.unwrap();
    }
    let session = server.sessions(&id).await[0].id.clone();
    let of = paths::segment(odd);
    let read = async |query: &str| -> EventWindow {
        server.get(&format!("{}?session_id={session}&of={of}&{query}", paths::events(&id))).await
    };
    let last = server.log(&id).await.last_seq;
    let window = read(&format!("after=0&before={}", last + 1)).await;
    assert_eq!((window.events.len(), window.upto), (42, Some(last)));
    assert!(window.events.iter().all(|event| serde_json::to_string(event).unwrap().contains("\"toolCallId\":\"c")));
    let window = read(&format!("after=0&before={}&facts=true", last + 1)).await;
    assert_eq!((window.events.len(), window.upto), (2, Some(last)), "without the parts of the text");
    let window = read(&format!("after=0&before={}&limit=3", last + 1)).await;
    assert_eq!(window.upto, window.events.last().map(|event| event.seq), "read on from there");
    let path = format!("/api{}?of={of}&after=1", paths::events(&id));
    let response = server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 422, "a range is needed");
    std::mem::forget(run);
}
