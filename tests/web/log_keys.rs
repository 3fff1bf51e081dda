//! Keys of the log: they move the reader and the focus, and say where.

use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::find::{count, find, said};
use crate::screen::press;
use crate::session::running;

fn focused() -> String {
    let element = document().active_element();
    element
        .and_then(|it| it.closest(".log-view-rows > *").ok().flatten())
        .and_then(|it| it.text_content())
        .unwrap_or_default()
}

#[wasm_bindgen_test]
async fn keys_move_the_reader_and_the_focus_and_say_where() {
    let (session, screen) = running();
    for index in 0..50 {
        session.say("user.message", json!({"content": format!("prompt {index}")}));
        for step in 0..5 {
            let id = format!("{index}.{step}");
            session.say(
                "tool.execution_start",
                json!({"toolCallId": id, "kind": "execute", "command": format!("make {id}")}),
            );
            session.say("tool.execution_complete", json!({"toolCallId": id, "success": id != "20.3"}));
        }
    }
    screen.until("the end", |screen| screen.text().contains("make 49.4")).await;
    for (key, says, line) in [
        ("g", "Session", "Session 1"),
        ("p", "Prompt: prompt 0", "Prompt"),
        ("p", "Prompt: prompt 1", "Prompt"),
        ("j", "Run: make 1.0", "make 1.0"),
        ("j", "Run: make 1.1", "make 1.1"),
        ("k", "Run: make 1.0", "make 1.0"),
        ("e", "Run: make 20.3", "make 20.3"),
        ("P", "Prompt: prompt 20", "Prompt"),
        ("G", "Run: make 49.4", "make 49.4"),
        ("E", "Run: make 20.3", "make 20.3"),
    ] {
        press(key);
        screen.until(key, |screen| said(screen).trim_end() == says).await;
        screen.until("the focus", |_| focused().contains(line)).await;
    }
    press("E");
    screen.until("no error", |screen| said(screen) == "No error before this one").await;

    // Not while something is typed.
    let field = screen.all("textarea")[0].clone();
    field.focus().unwrap();
    press("g");
    press("m");
    assert_eq!(said(&screen), "No error before this one");
    assert!(!session.choices.get_untracked().has_outline);
    field.blur().unwrap();
    press("Ctrl+m");
    assert!(!session.choices.get_untracked().has_outline);
    press("m");
    assert!(session.choices.get_untracked().has_outline);
}

#[wasm_bindgen_test]
async fn a_step_is_opened_by_its_key_and_hits_take_the_focus() {
    let (session, screen) = running();
    session.say("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "make"}));
    let lines: String = (0..500).map(|line| format!("line {line}\n")).collect();
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": lines + "needle"}));
    session.say("tool.execution_complete", json!({"toolCallId": "t", "success": true}));
    screen.until("the step", |screen| screen.text().contains("501 lines")).await;
    press("g");
    press("j");
    screen.until("the step's focus", |_| focused().contains("make")).await;
    press("o");
    screen.until("its output", |screen| screen.text().contains("line 3\n")).await;
    screen.until("what was done", |screen| said(screen) == "Opened").await;
    press("o");
    screen.until("no output", |screen| !screen.text().contains("line 3\n")).await;

    find(&screen, "line 4").await;
    screen.until("the hits", |screen| count(screen) == "1 of 111").await;
    document().active_element().unwrap().dyn_ref::<HtmlElement>().unwrap().blur().unwrap();
    press("n");
    screen.until("the second hit", |_| focused().contains("line 40")).await;
    press("N");
    screen.until("the first hit", |screen| focused() == "line 4" && count(screen) == "1 of 111").await;
}

#[wasm_bindgen_test]
async fn a_log_that_has_left_the_page_hears_no_key() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "hello"}));
    screen.until("the step", |screen| screen.text().contains("hello")).await;
    press("m");
    assert!(session.choices.get_untracked().has_outline);
    drop(screen);
    press("m");
    assert!(session.choices.get_untracked().has_outline);
}

#[wasm_bindgen_test]
async fn find_is_opened_by_its_keys_and_gives_the_focus_back() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "hello"}));
    screen.until("the step", |screen| screen.text().contains("hello")).await;
    let stop = screen.labelled::<HtmlElement>("Stop session");
    stop.focus().unwrap();
    press("/");
    assert!(!screen.has_labelled("Find in the log"), "the focus is elsewhere");
    press("Ctrl+f");
    screen
        .until("the field", |_| {
            document()
                .active_element()
                .is_some_and(|it| it.get_attribute("aria-label").as_deref() == Some("Find in the log"))
        })
        .await;
    // The second time the browser's own find is let through.
    let init = web_sys::KeyboardEventInit::new();
    init.set_key("f");
    init.set_ctrl_key(true);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    assert!(document().active_element().unwrap().dispatch_event(&event).unwrap(), "nobody took it");
    press("Escape");
    screen
        .until("the focus back", |_| {
            document().active_element().is_some_and(|it| it.text_content().unwrap().contains("Stop"))
        })
        .await;
}

#[wasm_bindgen_test]
async fn the_keys_can_be_learned_and_letters_turned_off() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "hello"}));
    screen.until("the step", |screen| screen.text().contains("hello")).await;
    press("?");
    screen.until("the list", |screen| screen.all("dialog.key-list[open]").len() == 1).await;
    assert!(screen.text().contains("Next prompt") && screen.text().contains("Shift P"), "{}", screen.text());
    press("m");
    assert!(!session.choices.get_untracked().has_outline, "the list keeps the keys");
    screen.labelled::<HtmlElement>("Single letters act").click();
    screen.labelled::<HtmlElement>("Close").click();
    screen.until("no list", |screen| screen.all("dialog.key-list").is_empty()).await;
    assert!(session.choices.get_untracked().has_no_letter_keys);
    press("m");
    assert!(!session.choices.get_untracked().has_outline, "letters do nothing");
}

/// The name or the words of what has the focus.
fn focused_control() -> String {
    let element = document().active_element();
    let named = |it: web_sys::Element| it.get_attribute("aria-label").or_else(|| it.text_content());
    element.and_then(named).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_log_is_one_stop_and_arrows_walk_through_what_is_in_it() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "hello [there](https://example.com/)"}));
    session.say("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "make"}));
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": "done\n"}));
    session.say("tool.execution_complete", json!({"toolCallId": "t", "success": true}));
    screen.until("the steps", |screen| screen.text().contains("make")).await;
    let stops = "button:not([tabindex='-1']), a[href]:not([tabindex='-1']), summary:not([tabindex='-1'])";
    let in_rows = stops.split(", ").map(|it| format!(".log-view-rows {it}")).collect::<Vec<_>>().join(", ");
    assert_eq!(screen.all(&in_rows).len(), 0, "the rows are no stops of the Tab key");

    screen.all("[role=log]")[0].focus().unwrap();
    let mut walked = Vec::new();
    for _ in 0..12 {
        press("ArrowRight");
        walked.push(focused_control());
    }
    let has = |wanted: &str| walked.iter().any(|it| it.contains(wanted));
    assert!(has("Prompt") && has("there") && has("Copy this step") && has("Link to this step"), "{walked:?}");
    assert!(walked.iter().filter(|it| *it == "Copy this step").count() >= 2, "from step to step: {walked:?}");
    press("ArrowLeft");
    press("ArrowLeft");
    assert_ne!(focused_control(), walked[11]);
    let of_prompt = ".step-header[data-step=prompt] .step-menu-button";
    screen.all(of_prompt)[0].focus().unwrap();
    press("Alt+ArrowDown");
    screen.until("the next step", |_| focused().contains("make")).await;
    press("Alt+ArrowUp");
    screen.until("the step before", |_| !focused().contains("make")).await;
}

#[wasm_bindgen_test]
async fn an_answer_is_a_stop_of_its_own() {
    let (session, screen) = running();
    session.say(
        "permission.requested",
        json!({"requestId": "p", "permissionRequest": {"kind": "shell", "command": "make"},
        "options": [{"optionId": "y", "name": "Allow once", "kind": "allow_once"}]}),
    );
    screen.until("the question", |screen| screen.has_labelled("Allow once")).await;
    assert_eq!(screen.labelled::<HtmlElement>("Allow once").tab_index(), 0);
}
