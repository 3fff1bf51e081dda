//! Find in what is not loaded: the server is asked, and asked again.

use std::cell::Cell;

use agent_tasks::{SearchHit, SearchPart, SearchQuery, SearchWindow, StepHits};
use flightdeck::session::LogFind;
use flightdeck::store::Remote;
use leptos::prelude::*;
use serde_json::json;
use session_log::LogDocument;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::find::{count, find, list_all, marked, said};
use crate::screen::{next_frame, press, type_into};
use crate::session::{Session, show_session_with, task};

type Answer = Callback<Result<SearchWindow, String>>;

/// What the server was asked.
#[derive(Clone, Copy)]
struct Server(StoredValue<Vec<(SearchQuery, Answer)>>);

impl Server {
    fn asked(self) -> Vec<SearchQuery> {
        self.0.with_value(|asked| asked.iter().map(|(query, _)| query.clone()).collect())
    }

    fn answer(self, index: usize, window: SearchWindow) {
        self.0.with_value(|asked| asked[index].1).run(Ok(window));
    }
}

fn window(is_done: bool, last_seq: u64, count: u32, rows: std::ops::Range<u32>) -> SearchWindow {
    let hit = |row| SearchHit {
        step: 1,
        seq: 1,
        part: SearchPart::Text,
        row,
        from: 5,
        to: 11,
        hit: format!("needle {row}"),
        ..SearchHit::default()
    };
    SearchWindow {
        last_seq,
        is_done,
        total: count.into(),
        is_cut: false,
        steps: Some(vec![StepHits { step: 1, count }]),
        hits: rows.map(hit).collect(),
    }
}

fn showing() -> (Session, Server, crate::screen::Screen<impl Mountable>) {
    let server = Server(StoredValue::new(Vec::new()));
    let ask = Callback::new(move |(query, answer): (SearchQuery, Answer)| {
        // Without words the server is only told that it may read the log by now.
        if !query.q.is_empty() {
            server.0.update_value(|all| all.push((query, answer)));
        }
    });
    let task = Remote::Ready(task("in_progress", "Fix the importer"));
    let (session, screen) = show_session_with(task, LogFind::ByServer(ask));
    session.say("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "make"}));
    let lines: String = (0..2_000).map(|line| format!("{line:04} needle\n")).collect();
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": lines}));
    session.say("tool.execution_complete", json!({"toolCallId": "t", "success": true}));
    (session, server, screen)
}

#[wasm_bindgen_test]
async fn the_server_is_asked_until_all_is_searched_and_for_further_hits() {
    let (session, server, screen) = showing();
    find(&screen, "needle").await;
    screen.until("the question", |_| server.asked().len() == 1).await;
    let asked = &server.asked()[0];
    assert_eq!((asked.q.as_str(), asked.skip, asked.regex), ("needle", Some(0), false));
    server.answer(0, window(false, 3, 150, 0..150));
    screen.until("what there is", |screen| count(screen) == "1 of 150, still searching…").await;
    screen.until("its place", |screen| screen.text().contains("0000 needle")).await;
    screen.until("the marks", |_| marked("log-hit-present") == ["needle"] && marked("log-hit").len() > 3).await;

    screen.until("the next question", |_| server.asked().len() == 2).await;
    server.answer(1, window(true, 3, 2_000, 0..200));
    screen.until("all", |screen| count(screen) == "1 of 2,000").await;
    press("Shift+Enter");
    screen.until("the last hits", |_| server.asked().len() == 3).await;
    assert_eq!(server.asked()[2].skip, Some(1_800));
    server.answer(2, window(true, 3, 2_000, 1_800..2_000));
    screen
        .until("the last hit", |screen| count(screen) == "2,000 of 2,000" && screen.text().contains("1999 needle"))
        .await;

    // The log has grown.
    session.say("user.message", json!({"content": "more"}));
    screen.until("a new question", |_| server.asked().len() == 4).await;
    server.answer(3, window(true, 4, 2_001, 1_800..2_000));
    screen.until("one hit more", |screen| count(screen) == "2,000 of 2,001").await;
}

#[wasm_bindgen_test]
async fn an_answer_that_ends_before_the_hit_is_followed_by_one_that_begins_with_it() {
    let (_session, server, screen) = showing();
    find(&screen, "needle").await;
    screen.until("the question", |_| server.asked().len() == 1).await;
    server.answer(0, window(true, 3, 2_000, 0..200));
    screen.until("the hits", |screen| count(screen) == "1 of 2,000").await;
    press("Shift+Enter");
    screen.until("the page of the last hit", |_| server.asked().len() == 2).await;
    server.answer(1, window(true, 3, 2_000, 1_800..1_820));
    screen.until("the hit itself", |_| server.asked().len() == 3).await;
    assert_eq!((server.asked()[1].skip, server.asked()[2].skip), (Some(1_800), Some(1_999)));
    server.answer(2, window(true, 3, 2_000, 1_999..2_000));
    screen.until("the last hit", |screen| count(screen) == "2,000 of 2,000").await;
}

#[wasm_bindgen_test]
async fn hits_that_are_counted_and_never_told_are_not_asked_for_again_and_again() {
    let (session, server, screen) = showing();
    find(&screen, "needle").await;
    screen.until("the question", |_| server.asked().len() == 1).await;
    server.answer(0, window(true, 3, 2_000, 0..200));
    screen.until("the hits", |screen| count(screen) == "1 of 2,000").await;
    press("Shift+Enter");
    screen.until("the page of the last hit", |_| server.asked().len() == 2).await;
    server.answer(1, window(true, 3, 2_000, 0..0));
    screen.until("why nothing happens", |screen| said(screen).contains("does not tell where this hit is")).await;
    assert_eq!((server.asked().len(), count(&screen)), (2, "1 of 2,000".to_owned()));
    // What comes later is still found.
    session.say("user.message", json!({"content": "more"}));
    screen.until("a new question", |_| server.asked().len() == 3).await;
}

#[wasm_bindgen_test]
async fn every_row_of_the_list_is_asked_for_until_it_is_told() {
    let (_session, server, screen) = showing();
    find(&screen, "needle").await;
    screen.until("the question", |_| server.asked().len() == 1).await;
    server.answer(0, window(true, 3, 2_000, 0..200));
    screen.until("the hits", |screen| count(screen) == "1 of 2,000").await;
    let list = list_all(&screen).await;
    list.focus().unwrap();
    press("End");
    let answered = Cell::new(1);
    screen
        .until("the words of the last rows", |_| {
            // Each answer ends long before its page.
            if let Some(asked) = server.asked().get(answered.get()) {
                let skip = asked.skip.unwrap() as u32;
                server.answer(answered.get(), window(true, 3, 2_000, skip..(skip + 3).min(2_000)));
                answered.set(answered.get() + 1);
            }
            (1_991..2_000).all(|row| list.inner_text().contains(&format!("needle {row}")))
        })
        .await;
}

#[wasm_bindgen_test]
async fn rows_of_the_list_that_are_never_told_are_asked_for_once() {
    let (session, server, screen) = showing();
    find(&screen, "needle").await;
    screen.until("the question", |_| server.asked().len() == 1).await;
    server.answer(0, window(true, 3, 2_000, 0..200));
    screen.until("the hits", |screen| count(screen) == "1 of 2,000").await;
    let list = list_all(&screen).await;
    list.focus().unwrap();
    press("End");
    let answered = Cell::new(1);
    screen
        .until("the page of the last hit", |_| {
            if answered.get() < server.asked().len() {
                server.answer(answered.get(), window(true, 3, 2_000, 0..0));
                answered.set(answered.get() + 1);
            }
            server.asked()[..answered.get()].iter().any(|asked| asked.skip == Some(1_800))
        })
        .await;
    for _ in 0..3 {
        next_frame().await;
    }
    assert_eq!(server.asked().len(), answered.get());
    // What comes later is still found.
    session.say("user.message", json!({"content": "more"}));
    screen.until("a new question", |_| server.asked().len() > answered.get()).await;
}

#[wasm_bindgen_test]
async fn a_log_that_is_begun_anew_is_searched_anew() {
    let (session, server, screen) = showing();
    find(&screen, "needle").await;
    screen.until("the question", |_| server.asked().len() == 1).await;
    server.answer(0, window(true, 3, 2_000, 0..200));
    screen.until("the hits", |screen| count(screen) == "1 of 2,000").await;
    // An older one, with fewer events.
    session.document.set(LogDocument::default());
    session.say("user.message", json!({"content": "a needle"}));
    screen.until("a new question", |_| server.asked().len() == 2).await;
    server.answer(1, window(true, 1, 1, 0..1));
    screen.until("what there is now", |screen| count(screen) == "1 hit").await;
}

#[wasm_bindgen_test]
async fn the_newest_query_wins_and_a_failure_is_told() {
    let (_session, server, screen) = showing();
    find(&screen, "needle").await;
    screen.until("the question", |_| server.asked().len() == 1).await;
    type_into(&screen.labelled::<HtmlElement>("Find in the log"), "needles");
    screen.until("the second question", |_| server.asked().len() == 2).await;
    server.answer(1, window(true, 3, 0, 0..0));
    screen.until("its answer", |screen| count(screen) == "Nothing found").await;
    server.answer(0, window(true, 3, 2_000, 0..200));
    assert_eq!(count(&screen), "Nothing found");

    type_into(&screen.labelled::<HtmlElement>("Find in the log"), "nee");
    screen.until("the third question", |_| server.asked().len() == 3).await;
    server.0.with_value(|asked| asked[2].1).run(Err("The server did not answer.".to_owned()));
    screen.until("the sentence", |screen| screen.text().contains("The server did not answer.")).await;
    press("Enter");
    screen.until("another try", |_| server.asked().len() == 4).await;
    server.answer(3, window(true, 3, 2_000, 0..200));
    screen.until("the hits", |screen| count(screen) == "1 of 2,000").await;
    assert!(!screen.text().contains("did not answer"));
}
