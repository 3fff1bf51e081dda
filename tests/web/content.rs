//! What rows show: code in colours, changes with what changed in them, pictures, JSON that folds.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::screen::{Screen, next_frame};
use crate::session::{Session, running, step};

/// One pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

/// A tool call that ended well.
fn call(session: Session, start: Value, result: Value) {
    let with_id = |mut value: Value| {
        value["toolCallId"] = json!("t");
        value
    };
    session.say("tool.execution_start", with_id(start));
    session.say("tool.execution_complete", with_id(json!({"success": true, "result": result})));
}

fn texts(elements: Vec<HtmlElement>) -> Vec<String> {
    elements.iter().map(HtmlElement::inner_text).collect()
}

#[wasm_bindgen_test]
async fn code_in_a_message_has_colours_and_long_code_has_rows() {
    let (session, screen) = running();
    let code = "/* open\n".to_owned() + &"let a = \"b\"; // c\n".repeat(120) + "*/ let z = 1;\n";
    session.say("assistant.message", json!({"messageId": "m", "content": format!("```rust\n{code}```\n\n`x`")}));
    screen.until("the end of the code", |screen| screen.text().contains("let z = 1;")).await;
    let blocks = screen.all(".prose-code");
    assert!(blocks.iter().any(|block| block.has_attribute("data-continues")), "it is cut into rows");
    assert!(blocks.iter().all(|block| block.inner_text().lines().count() <= 52), "no row has all of it");
    assert!(texts(screen.all(".code-keyword")).contains(&"let".to_owned()));
    // The comment that began two rows before ends in this one.
    assert!(texts(screen.all(".code-comment")).iter().any(|text| text.ends_with("*/")));
}

#[wasm_bindgen_test]
async fn a_change_shows_what_changed_and_unfolds_what_did_not() {
    let (session, screen) = running();
    let old: String = (1..=40).map(|line| format!("line {line}\n")).collect();
    let new = old.replace("line 20\n", "line  twenty\n");
    call(
        session,
        json!({"kind": "edit", "title": "Edit"}),
        json!({"contents": [{"type": "diff", "path": "a.py", "oldText": old, "newText": new}]}),
    );
    screen.until("the change", |screen| screen.all(".change-unchanged").len() == 2).await;
    assert_eq!(texts(screen.all(".change-unchanged")), ["… 16 unchanged lines", "… 17 unchanged lines"]);
    assert_eq!(screen.all(".change-line").len(), 8);
    assert_eq!(texts(screen.all("[data-change=added] .change-mark")).concat().trim(), "twenty");
    assert!(texts(screen.all("[data-change=removed] .change-mark")).concat().ends_with("20"));
    screen.all(".change-unchanged")[0].click();
    screen.until("the lines", |screen| screen.all(".change-unchanged").len() == 1).await;
    assert!(screen.all(".change-line").len() > 20 && screen.text().contains("line 5"));
    let focused = leptos::prelude::document().active_element().and_then(|element| element.get_attribute("role"));
    assert_eq!(focused.as_deref(), Some("log"), "the focus stays in the log");
}

#[wasm_bindgen_test]
async fn pictures_are_shown_and_everything_else_is_told() {
    let (session, screen) = running();
    call(
        session,
        json!({"kind": "fetch", "title": "Screenshot"}),
        json!({"contents": [
            {"type": "image", "mimeType": "text/html", "data": PNG},
            {"type": "image", "mimeType": "image/png", "data": "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="},
            {"type": "resource_link", "uri": "https://example.com/a", "name": "The page"},
            {"type": "resource_link", "uri": "javascript:alert(1)", "name": "No page"},
        ]}),
    );
    screen.until("the step", |screen| screen.text().contains("Screenshot")).await;
    step(&screen, "Screenshot").click();
    screen.until("the picture", |screen| !screen.all(".picture img").is_empty()).await;
    let pictures = screen.all(".picture img");
    assert_eq!(pictures.len(), 1);
    let source = pictures[0].get_attribute("src").unwrap();
    assert!(source.starts_with("data:image/png;base64,"), "its bytes say what it is: {source}");
    assert_eq!(pictures[0].get_attribute("width").as_deref(), Some("1"), "its place is kept");
    assert!(pictures[0].get_attribute("alt").unwrap().contains("1 × 1"));
    assert!(screen.text().contains("Picture (image/png, 1 KB), of a kind that is not shown"), "{}", screen.text());
    let links = screen.all(".log-row-note a");
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].get_attribute("href").as_deref(), Some("https://example.com/a"));

    screen.all(".picture-open")[0].click();
    screen.until("the full picture", |screen| !screen.all("dialog[open]").is_empty()).await;
    screen.all(".picture-close")[0].click();
    screen.until("it to close", |screen| screen.all("dialog").is_empty()).await;

    session.say(
        "assistant.message",
        json!({"messageId": "m", "content": format!("Look:\n\n![](data:image/png;base64,{PNG})\n")}),
    );
    screen.until("the picture in the message", |screen| screen.all(".prose .picture img").len() == 1).await;
}

#[wasm_bindgen_test]
async fn json_folds_and_unfolds_by_its_lines() {
    let (session, screen) = running();
    let numbers: Vec<usize> = (100..140).collect();
    call(session, json!({"toolName": "query", "arguments": {"ids": numbers, "name": "x"}}), json!({"content": "done"}));
    screen.until("the step", |screen| screen.text().contains("query")).await;
    step(&screen, "query").click();
    screen.until("the fold", |screen| screen.text().contains("… 40 items ]")).await;
    assert!(!screen.text().contains("117"));
    let toggle = || {
        let toggles = screen.all(".json-row-toggle");
        toggles.into_iter().nth(1).unwrap()
    };
    assert_eq!(toggle().get_attribute("aria-expanded").as_deref(), Some("false"));
    toggle().focus().unwrap();
    toggle().click();
    screen.until("the numbers", |screen| screen.text().contains("117")).await;
    let is_open = |_: &Screen<_>| toggle().get_attribute("aria-expanded").as_deref() == Some("true");
    screen.until("that the line says so", is_open).await;
    next_frame().await;
    assert_eq!(
        leptos::prelude::document().active_element().map(|element| element.class_name()).as_deref(),
        Some("json-row-toggle"),
        "the focus stays where it was"
    );
    assert!(texts(screen.all(".code-name")).contains(&"\"ids\"".to_owned()));
    toggle().click();
    screen.until("it to fold", |screen| !screen.text().contains("117")).await;
}
