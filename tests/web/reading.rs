//! What keeps a reader where they are: the focus, the place, the caret, what find opens and closes.

use agent_tasks::OutlineWindow;
use flightdeck::store::{LogSpot, LogTarget};
use leptos::prelude::*;
use serde_json::json;
use session_log::LogDocument;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::find::{count, find};
use crate::screen::{Screen, next_frame, press};
use crate::session::{Session, running, step};

/// A log of tool calls, of which every tenth fails.
async fn with_calls<M: Mountable>(session: Session, screen: &Screen<M>, calls: usize) {
    for index in 0..calls {
        session.say(
            "tool.execution_start",
            json!({"toolCallId": index.to_string(), "kind": "execute", "command": format!("make {index}.")}),
        );
        let output = format!("output of {index}\n").repeat(30);
        session.say("tool.execution_partial_result", json!({"toolCallId": index.to_string(), "partialOutput": output}));
        let exit = if index % 10 == 0 { 2 } else { 0 };
        let result = json!({"contents": [{"type": "terminal", "exitCode": exit}]});
        session.say(
            "tool.execution_complete",
            json!({"toolCallId": index.to_string(), "success": exit == 0, "result": result}),
        );
    }
    let last = format!("make {}.", calls - 1);
    screen.until("the end", |screen| screen.text().contains(&last)).await;
}

fn scroll_of<M: Mountable>(screen: &Screen<M>) -> HtmlElement {
    screen.all(".log-view-scroll")[0].clone()
}

fn has_focus(element: &HtmlElement) -> bool {
    document().active_element().is_some_and(|active| active == **element)
}

/// How far below the top of the log a step's line is.
fn height_of<M: Mountable>(screen: &Screen<M>, words: &str) -> Option<f64> {
    let line = screen.all(".step-header-line").into_iter().find(|line| line.inner_text().contains(words))?;
    Some(line.get_bounding_client_rect().top() - scroll_of(screen).get_bounding_client_rect().top())
}

/// The row at the top of the log's screen, and how far into it the screen begins.
fn row_at_top<M: Mountable>(screen: &Screen<M>) -> Option<(String, i64)> {
    let top = scroll_of(screen).get_bounding_client_rect().top();
    let rows = screen.all(".log-view-rows > *");
    let row = rows.into_iter().find(|row| row.get_bounding_client_rect().bottom() > top)?;
    Some((row.inner_text(), (row.get_bounding_client_rect().top() - top).round() as i64))
}

#[wasm_bindgen_test]
async fn the_focus_stays_in_the_log_when_its_row_goes() {
    let (session, screen) = running();
    with_calls(session, &screen, 200).await;
    press("g");
    screen.until("the first step", |screen| screen.text().contains("make 0.")).await;
    step(&screen, "make 3.").focus().unwrap();
    let scroll = scroll_of(&screen);
    scroll.set_scroll_top(4_000);
    screen.until("the log has the focus", |_| has_focus(&scroll)).await;
}

#[wasm_bindgen_test]
async fn end_follows_the_tail() {
    let (session, screen) = running();
    with_calls(session, &screen, 200).await;
    let scroll = scroll_of(&screen);
    for key in ["End", "G"] {
        press("g");
        screen.until("the first step", |screen| screen.text().contains("make 0.")).await;
        scroll.focus().unwrap();
        press(key);
        let next = format!("after {key}");
        session.say("user.message", json!({"content": next}));
        screen.until("what comes", |screen| screen.text().contains(&next)).await;
        assert!(!screen.has_labelled("Jump to latest"), "{key}");
    }
}

#[wasm_bindgen_test]
async fn a_filter_gives_the_reading_place_back() {
    let (session, screen) = running();
    with_calls(session, &screen, 200).await;
    scroll_of(&screen).set_scroll_top(3_000);
    screen.until("the middle", |screen| !screen.text().contains("make 0.")).await;
    next_frame().await;
    let read = |words: &str| screen.text().contains(words) && !words.ends_with("0.");
    let read = (0..200).map(|index| format!("make {index}.")).find(|words| read(words)).unwrap();
    let before = height_of(&screen, &read).unwrap();
    session.choices.update(|choices| choices.showing.is_errors_only = true);
    screen.until("errors", |screen| height_of(screen, &read).is_none()).await;
    session.choices.update(|choices| choices.showing.is_errors_only = false);
    screen.until("the place", |screen| height_of(screen, &read).is_some_and(|now| (now - before).abs() < 2.0)).await;
}

#[wasm_bindgen_test]
async fn a_leap_is_a_place_to_come_back_to() {
    let (session, screen) = running();
    with_calls(session, &screen, 200).await;
    press("g");
    screen.until("the first step", |screen| screen.text().contains("make 0.")).await;
    for _ in 0..3 {
        press("e");
    }
    let is_noted = || session.places.with_untracked(|places| places.last().copied().flatten().is_some());
    screen.until("a place", |_| is_noted()).await;
}

#[wasm_bindgen_test]
async fn the_row_of_the_caret_stays() {
    let (session, screen) = running();
    with_calls(session, &screen, 200).await;
    press("g");
    screen.until("the first step", |screen| screen.text().contains("make 1.")).await;
    let line = step(&screen, "make 1.");
    let text = line.query_selector(".step-header-command").unwrap().unwrap().first_child().unwrap();
    let selection = window().get_selection().unwrap().unwrap();
    selection.collapse_with_offset(Some(&text), 0).unwrap();
    next_frame().await;
    next_frame().await;
    scroll_of(&screen).set_scroll_top(4_000);
    screen.until("the middle", |screen| !screen.text().contains("make 0.")).await;
    assert!(text.is_connected(), "a selection can be led on from there");
    selection.remove_all_ranges().unwrap();
    next_frame().await;
}

#[wasm_bindgen_test]
async fn find_closes_again_what_it_opened() {
    let (session, screen) = running();
    with_calls(session, &screen, 30).await;
    find(&screen, "output of").await;
    screen.until("the hits", |screen| count(screen).contains(" of 900")).await;
    let opened = |screen: &Screen<_>| screen.all(".step-header-line[aria-expanded=true]").len();
    screen.until("the first hit's step", |screen| opened(screen) == 1).await;
    for _ in 0..31 {
        press("Enter");
        next_frame().await;
    }
    screen.until("the second step alone", |screen| opened(screen) == 1).await;
}

#[wasm_bindgen_test]
async fn how_a_step_went_is_found() {
    let (session, screen) = running();
    with_calls(session, &screen, 30).await;
    session.say("session.shutdown", json!({"shutdownType": "routine"}));
    find(&screen, "exit 2").await;
    screen.until("three failures", |screen| count(screen).ends_with(" of 3")).await;
    crate::screen::type_into(&screen.labelled::<HtmlElement>("Find in the log"), "The session is over");
    screen.until("the end", |screen| count(screen) == "1 of 1").await;
}

#[wasm_bindgen_test]
async fn a_menu_may_leave_the_page_while_it_is_open() {
    let (session, screen) = running();
    with_calls(session, &screen, 3).await;
    let menu = screen.all(".menu-button")[0].clone();
    menu.click();
    screen.until("the menu", |screen| !screen.all(".menu-item").is_empty()).await;
    screen.until("its focus", |_| document().active_element().is_some_and(|it| it.has_attribute("data-item"))).await;
    drop(screen);
    next_frame().await;
}

#[wasm_bindgen_test]
async fn a_log_that_is_begun_anew_is_read_on_where_one_was() {
    let (session, screen) = running();
    session.say("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "make"}));
    let lines: String = (1..=6_000).map(|line| format!("line {line}\n")).collect();
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": lines}));
    session.say("tool.execution_complete", json!({"toolCallId": "t", "success": true}));
    for index in 0..50 {
        session.say("user.message", json!({"content": format!("message {index}")}));
    }
    session.target.set(Some(LogTarget::Spot(LogSpot { seq: 1, line: Some(3_000) })));
    screen.until("the line", |screen| screen.text().contains("line 3000\n")).await;
    next_frame().await;
    let before = row_at_top(&screen);

    let known = session.document.get_untracked();
    let outline = OutlineWindow {
        last_seq: known.last_seq(),
        total: known.steps() as u32,
        steps: (0..known.steps()).map(|step| known.summary(step).unwrap()).collect(),
        map: Some(known.map()),
        ..OutlineWindow::default()
    };
    for again in [LogDocument::of_outline(&outline), known.clone()] {
        session.document.set(LogDocument::default());
        screen.until("nothing", |screen| screen.text().contains("Nothing has happened yet")).await;
        session.document.set(again);
        screen.until("the log", |screen| !screen.text().contains("Nothing has happened yet")).await;
        next_frame().await;
    }
    screen.until("the same row at the top", |screen| row_at_top(screen) == before).await;
}
