//! The cursor of a log, on pages that the tests write.

use serde_json::json;

use super::*;

fn row(id: &str, kind: &str, data: Value) -> Value {
    json!({"id": id, "timestamp": "2026-01-01T00:00:00Z", "parentId": null, "type": kind, "data": data})
}

fn message(id: &str, message_id: &str, content: &str) -> Value {
    row(id, "assistant.message", json!({"messageId": message_id, "content": content}))
}

fn prompt(id: &str) -> Value {
    row(id, "user.message", json!({"content": "Fix it"}))
}

fn marked(mut row: Value, mark: &str) -> Value {
    row[mark] = json!(true);
    row
}

/// Reads the rows in pages, as a client does, and gives back what is new.
fn read(cursor: &mut LogCursor, rows: &[Value], names: &[&str]) -> Vec<Event> {
    let names: Vec<SessionId> = names.iter().map(|name| SessionId((*name).to_owned())).collect();
    let mut events = Vec::new();
    let newest_full = cursor.full_pages;
    for page in cursor.pages() {
        let window: Vec<&Value> = rows.iter().skip(100 * (page as usize - 1)).take(100).collect();
        let answer = json!({"events": window, "total": rows.len()});
        if !cursor.take(page, &answer, &names, &mut events) && page > newest_full {
            break;
        }
    }
    events
}

fn ids(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.id.as_str()).collect()
}

#[test]
fn a_log_that_grows_is_given_out_once_and_numbered_without_gaps() {
    let rows: Vec<Value> = (0..350).map(|number| message(&format!("e{number}"), &format!("m{number}"), "x")).collect();
    let mut cursor = LogCursor::default();
    let mut seqs = Vec::new();
    for end in [0, 1, 1, 99, 100, 101, 200, 201, 350, 350] {
        seqs.extend(read(&mut cursor, &rows[..end], &[]).iter().map(|event| event.seq));
    }
    assert_eq!(seqs, (1..=350).collect::<Vec<u64>>());
    assert_eq!((cursor.event_count, cursor.full_pages), (350, 3), "full pages are not read again");
}

#[test]
fn what_comes_twice_or_was_dismissed_is_left_out() {
    let mut cursor = LogCursor::default();
    let rows = [prompt("a"), prompt("a"), marked(prompt("b"), "dismissed"), json!({"id": 7}), prompt("c")];
    assert_eq!(ids(&read(&mut cursor, &rows, &[])), ["a", "c"]);
}

#[test]
fn what_is_pending_waits_until_it_is_not() {
    let mut cursor = LogCursor::default();
    let mut rows: Vec<Value> = (0..150).map(|number| prompt(&number.to_string())).collect();
    rows[50] = marked(rows[50].take(), "pending");
    assert_eq!(read(&mut cursor, &rows, &[]).len(), 149);
    rows[50] = prompt("50");
    assert_eq!(ids(&read(&mut cursor, &rows, &[])), ["50"]);
}

#[test]
fn what_is_pending_holds_up_no_other_page() {
    let mut cursor = LogCursor::default();
    let mut rows: Vec<Value> = (0..350).map(|number| prompt(&number.to_string())).collect();
    rows[50] = marked(rows[50].take(), "pending");
    assert_eq!(read(&mut cursor, &rows, &[]).len(), 349);
    assert_eq!(cursor.pages().take(3).collect::<Vec<_>>(), [1, 4, 5], "the other full pages are not read again");
    rows[50] = prompt("50");
    assert_eq!(ids(&read(&mut cursor, &rows, &[])), ["50"]);
    assert_eq!(cursor.pages().next(), Some(4));
}

#[test]
fn pages_with_something_pending_take_turns() {
    let mut cursor = LogCursor::default();
    let rows: Vec<Value> = (0..800)
        .map(|number| prompt(&number.to_string()))
        .map(|row| if row["id"].as_str().unwrap().ends_with("50") { marked(row, "pending") } else { row })
        .collect();
    read(&mut cursor, &rows, &[]);
    assert_eq!(cursor.pages().take(7).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 9, 10]);
    read(&mut cursor, &rows, &[]);
    assert_eq!(cursor.pages().take(6).collect::<Vec<_>>(), [6, 7, 8, 1, 2, 9]);
    cursor.look_later(6);
    assert_eq!(cursor.pages().take(6).collect::<Vec<_>>(), [7, 8, 1, 2, 3, 9]);
    cursor.has_more = true;
    assert_eq!(cursor.pages().next(), Some(9), "first what is new");
}

#[test]
fn versions_are_remembered_of_pages_that_are_looked_at_again() {
    let mut cursor = LogCursor { full_pages: 2, pending_pages: vec![1], ..LogCursor::default() };
    for page in [1, 2, 3] {
        cursor.keep_etag(page, Some(format!("v{page}")));
    }
    assert_eq!((cursor.etag(1), cursor.etag(2), cursor.etag(3)), (Some("v1"), None, Some("v3")));
    cursor.full_pages = 3;
    cursor.keep_etag(4, Some("v4".into()));
    cursor.keep_etag(1, None);
    assert_eq!((cursor.etag(1), cursor.etag(3), cursor.etag(4)), (None, None, Some("v4")));
}

#[test]
fn a_message_comes_again_when_it_has_grown() {
    let mut cursor = LogCursor::default();
    let mut check = |rows: &[Value], expected: &[&str]| {
        let events = read(&mut cursor, rows, &[]);
        let contents = events.iter().map(|event| match &event.body {
            EventBody::AssistantMessage(message) => message.content.as_str(),
            body => panic!("{body:?}"),
        });
        assert_eq!(contents.collect::<Vec<_>>(), expected);
    };
    let first = message("1", "m", "Look");
    let second = message("2", "m", "Looking at it");
    check(std::slice::from_ref(&first), &["Look"]);
    check(&[first.clone(), second.clone()], &["Looking at it"]);
    // An old state of it, and the same again.
    check(&[first, second, message("3", "m", "Look")], &[]);
    // The same event, grown in its place.
    check(&[message("1", "m", "Looking at it. Done.")], &["Looking at it. Done."]);
}

#[test]
fn every_event_has_its_session() {
    let start = |id: &str, session: &str| row(id, "session.start", json!({"sessionId": session}));
    let rows = [
        row("1", "session.requested", json!({})),
        start("2", "sdk-1"),
        prompt("3"),
        row("4", "session.shutdown", json!({"shutdownType": "routine"})),
        row("5", "session.title_changed", json!({"title": "x"})),
        row("6", "session.requested", json!({})),
        start("7", "sdk-2"),
        prompt("8"),
        prompt("9"),
        start("10", "sdk-3"),
        prompt("11"),
        row("12", "session.shutdown", json!({})),
        prompt("13"),
    ];
    let check = |names: &[&str], expected: &[&str]| {
        let events = read(&mut LogCursor::default(), &rows, names);
        let mut sessions: Vec<&str> = events.iter().map(|event| event.session_id.as_str()).collect();
        assert_eq!(sessions.len(), rows.len());
        assert_eq!((sessions[0], sessions[4], sessions[5]), (expected[0], expected[0], expected[1]));
        sessions.dedup();
        assert_eq!(sessions, expected);
    };
    check(&["s1", "s2", "s3", "s4"], &["s1", "s2", "s3", "s4"]);
    check(&["s1", "s2"], &["s1", "s2", "sdk-3", "4"]);
    check(&[], &["1", "2", "sdk-3", "4"]);
}

#[test]
fn a_machine_that_comes_up_is_not_shown_and_unknown_types_are() {
    let rows = [
        row("1", "session.start", json!({"sessionId": "s"})),
        row("2", "system.message", json!({})),
        row("3", "hook.start", json!({})),
        row("4", "weather.report", json!({"rain": true})),
        row("5", "tool.execution_start", json!({"toolCallId": "t", "toolName": "run_setup"})),
        prompt("6"),
        row("7", "hook.start", json!({})),
    ];
    let events = read(&mut LogCursor::default(), &rows, &[]);
    assert_eq!(ids(&events), ["1", "4", "5", "6", "7"]);
    assert!(matches!(&events[1].body, EventBody::Unknown(unknown) if unknown.data["rain"] == true));
}

#[test]
fn a_refusal_shows_that_there_is_nothing_and_a_lost_answer_shows_nothing() {
    assert_eq!((is_given(Ok(true)), is_given(Ok(false))), (Ok(true), Ok(false)));
    let gone = || "Not Found.".to_owned();
    for refusal in [Failure::Forbidden(gone()), Failure::NotFound(gone()), Failure::Refused(gone())] {
        assert_eq!(is_given(Err(refusal)), Ok(false));
    }
    for failure in [Failure::Unauthorized, Failure::RateLimited(1), Failure::Server(502), Failure::Unreachable] {
        assert_eq!(is_given(Err(failure.clone())), Err(failure));
    }
}
