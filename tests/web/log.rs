//! Reading a log: what is in the page, what stays in place, addresses, selection.

use flightdeck::store::{LogSpot, LogTarget};
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::screen::{Screen, next_frame};
use crate::session::{running, step};

#[wasm_bindgen_test]
async fn a_step_has_an_address_that_is_followed_again_when_it_changes() {
    let (session, screen) = running();
    for index in 0..200 {
        session.say("user.message", json!({"content": format!("message {index}")}));
    }
    screen.until("the end", |screen| screen.text().contains("message 199")).await;
    let is_on_screen = |screen: &Screen<_>, seq: u64| {
        let top = screen.all(".log-view-scroll")[0].get_bounding_client_rect().top();
        let link = screen.all(&format!("a[href='#/tasks/t/steps/{seq}']"));
        link.first().is_some_and(|link| (0.0..500.0).contains(&(link.get_bounding_client_rect().top() - top)))
    };
    for seq in [20, 120, 40] {
        session.target.set(Some(LogTarget::Spot(LogSpot { seq, line: None })));
        screen.until("the step on screen", |screen| is_on_screen(screen, seq)).await;
    }
}

#[wasm_bindgen_test]
async fn only_rows_near_the_screen_are_in_the_page() {
    let (session, screen) = running();
    screen.until("the log", |screen| !screen.all(".log-view-scroll").is_empty()).await;
    let lines: String = (0..20_000).map(|line| format!("line {line}\n")).collect();
    session.say("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "yes"}));
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": lines}));
    screen.until("the step", |screen| screen.text().contains("20,000 lines")).await;
    step(&screen, "yes").click();
    screen.until("the first lines", |screen| screen.text().contains("line 3\n")).await;
    assert!(screen.all("*").len() < 600, "{} elements", screen.all("*").len());

    let scroll = screen.all(".log-view-scroll")[0].clone();
    scroll.set_scroll_top(200_000);
    screen.until("lines in the middle", |screen| screen.text().contains("line 10000\n")).await;
    let held = |screen: &Screen<_>| {
        let top = scroll.get_bounding_client_rect().top();
        let row = screen.all(".log-row").into_iter().find(|row| row.get_bounding_client_rect().top() >= top).unwrap();
        (row.inner_text(), (row.get_bounding_client_rect().top() - top).round())
    };
    next_frame().await;
    let before = held(&screen);
    for _ in 0..20 {
        session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": "more\n".repeat(50)}));
        session.say("user.message", json!({"content": "meanwhile"}));
        next_frame().await;
    }
    assert_eq!(held(&screen), before, "the reading position holds");

    screen.labelled::<HtmlElement>("Jump to latest").click();
    screen.until("the end", |screen| screen.text().contains("meanwhile")).await;
    session.say("user.message", json!({"content": "the newest"}));
    screen.until("the newest", |screen| screen.text().contains("the newest")).await;
    screen.until("no button", |screen| !screen.has_labelled("Jump to latest")).await;
}

#[wasm_bindgen_test]
async fn an_address_leads_to_a_line_and_a_line_gives_its_address() {
    let (session, screen) = running();
    screen.until("the log", |screen| !screen.all(".log-view-scroll").is_empty()).await;
    let lines: String = (1..=5_000).map(|line| format!("line {line}\n")).collect();
    session.say("user.message", json!({"content": "Count"}));
    session.say("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "yes"}));
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": lines}));
    session.target.set(Some(LogTarget::Spot(LogSpot { seq: 2, line: Some(2_500) })));
    let marked = |screen: &Screen<_>| screen.all("[data-marked]").first().map(HtmlElement::inner_text);
    screen.until("the line", |screen| marked(screen).as_deref() == Some("line 2500")).await;
    let top = screen.all(".log-view-scroll")[0].get_bounding_client_rect().top();
    let line = screen.all("[data-marked]")[0].get_bounding_client_rect().top() - top;
    assert!((0.0..500.0).contains(&line), "it is on the screen: {line}");
    assert!(screen.has_labelled("Jump to latest"), "the tail is let go");

    let other = screen.all(".log-row").into_iter().find(|row| row.inner_text() == "line 2503").unwrap();
    other.click();
    assert_eq!(session.spots.get_untracked(), [LogSpot { seq: 2, line: Some(2_503) }]);
    assert_eq!(marked(&screen).as_deref(), Some("line 2503"));
    // The mark goes along when the row leaves the page and comes back.
    let scroll = screen.all(".log-view-scroll")[0].clone();
    let place = scroll.scroll_top();
    scroll.set_scroll_top(0);
    screen.until("the first lines", |screen| screen.text().contains("line 3\n")).await;
    assert_eq!(marked(&screen), None);
    scroll.set_scroll_top(place);
    screen.until("the mark", |screen| marked(screen).as_deref() == Some("line 2503")).await;

    session.target.set(Some(LogTarget::Spot(LogSpot { seq: 2, line: Some(5_001) })));
    screen.until("what is wrong", |screen| screen.text().contains("names a line that this step does not have")).await;
    session.target.set(Some(LogTarget::Spot(LogSpot { seq: 900, line: None })));
    screen.until("what is wrong", |screen| screen.text().contains("does not have yet")).await;
}

#[wasm_bindgen_test]
async fn a_row_that_stays_is_not_touched() {
    let (session, screen) = running();
    screen.until("the log", |screen| !screen.all(".log-view-scroll").is_empty()).await;
    for index in 0..300 {
        session.say("user.message", json!({"content": format!("message {index}")}));
    }
    screen.until("the end", |screen| screen.text().contains("message 299")).await;
    let scroll = screen.all(".log-view-scroll")[0].clone();
    scroll.set_scroll_top(scroll.scroll_top() / 2);
    next_frame().await;
    next_frame().await;
    let before = screen.all(".log-row");
    for (index, row) in before.iter().enumerate() {
        row.set_attribute("data-test", &index.to_string()).unwrap();
    }
    for by in [200, -200] {
        scroll.set_scroll_top(scroll.scroll_top() + by);
        next_frame().await;
        next_frame().await;
    }
    // More rows may be around them by now, as their heights are known.
    assert!(before[5..15].iter().all(|row| row.is_connected()), "{}", screen.text());
}

#[wasm_bindgen_test]
async fn a_row_that_shows_another_line_keeps_nothing_of_its_own() {
    let (session, screen) = running();
    screen.until("the log", |screen| !screen.all(".log-view-scroll").is_empty()).await;
    let line = |line: usize| {
        if line.is_multiple_of(3) { format!("\u{1b}[32mline {line}\u{1b}[0m\n") } else { format!("line {line}\n") }
    };
    let lines: String = (0..20_000).map(line).collect();
    session.say("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "yes"}));
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": lines}));
    screen.until("the step", |screen| screen.text().contains("20,000 lines")).await;
    step(&screen, "yes").click();
    screen.until("the first lines", |screen| screen.text().contains("line 3\n")).await;
    let before = screen.all(".log-row");
    before[5].set_attribute("data-line", "6").unwrap();
    before[6].set_attribute("tabindex", "-1").unwrap();
    before[6].focus().unwrap();

    let scroll = screen.all(".log-view-scroll")[0].clone();
    for (place, shown) in [(200_000, "line 10000\n"), (100_000, "line 5000\n"), (100_200, "line 5020\n")] {
        scroll.set_scroll_top(place);
        screen.until("other lines", |screen| screen.text().contains(shown)).await;
        let rows = screen.all(".log-row");
        let number = |row: &HtmlElement| row.inner_text().strip_prefix("line ").unwrap().parse::<usize>().unwrap();
        let first = number(&rows[0]);
        for (at, row) in rows.iter().enumerate() {
            assert_eq!(number(row), first + at, "in order");
            assert_eq!(row.query_selector("span.ansi-fg-2").unwrap().is_some(), (first + at).is_multiple_of(3));
            assert_eq!(row.get_attribute_names().length(), 1, "a class and nothing else: {}", row.outer_html());
        }
    }
    assert!(before[..5].iter().any(|row| row.is_connected()), "rows are used again");
    assert!(!before[5].is_connected() && !before[6].is_connected(), "but not those that somebody has marked");
    let focused = document().active_element().unwrap();
    assert_eq!(focused, *scroll, "the focus stays in the log");
}

#[wasm_bindgen_test]
async fn what_came_since_is_counted_beside_the_way_there() {
    let (session, screen) = running();
    screen.until("the log", |screen| !screen.all(".log-view-scroll").is_empty()).await;
    for index in 0..100 {
        session.say("user.message", json!({"content": format!("message {index}")}));
    }
    screen.until("the end", |screen| screen.text().contains("message 99")).await;
    assert!(!screen.has_labelled("Jump to latest"));
    let scroll = screen.all(".log-view-scroll")[0].clone();
    scroll.set_scroll_top(0);
    screen.until("the button", |screen| screen.has_labelled("Jump to latest")).await;
    assert!(!screen.text().contains("new line"));
    for _ in 0..10 {
        session.say("user.message", json!({"content": "meanwhile"}));
    }
    screen.until("the count", |screen| screen.text().contains("20 new lines")).await;
    scroll.set_scroll_top(1_000_000);
    screen.until("no button", |screen| !screen.has_labelled("Jump to latest")).await;
    session.say("user.message", json!({"content": "the newest"}));
    screen.until("the newest", |screen| screen.text().contains("the newest")).await;
    assert!(!screen.has_labelled("Jump to latest"), "it is followed again");
}

#[wasm_bindgen_test]
async fn a_selection_outlives_its_rows_and_is_copied_whole() {
    let (session, screen) = running();
    screen.until("the log", |screen| !screen.all(".log-view-scroll").is_empty()).await;
    let lines: String = (0..6_000).map(|line| format!("line {line}\n")).collect();
    session.say("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "yes"}));
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": lines}));
    screen.until("the step", |screen| screen.text().contains("6,000 lines")).await;
    step(&screen, "yes").click();
    screen.until("the first lines", |screen| screen.text().contains("line 3\n")).await;
    let scroll = screen.all(".log-view-scroll")[0].clone();
    let text_of = |screen: &Screen<_>, text: &str| {
        let row = screen.all(".log-row-text").into_iter().find(|row| row.inner_text() == text);
        row.unwrap_or_else(|| panic!("no row says {text}")).first_child().unwrap()
    };
    let selection = window().get_selection().unwrap().unwrap();
    let from = text_of(&screen, "line 5");
    selection.set_base_and_extent(&from, 2, &text_of(&screen, "line 8"), 4).unwrap();
    next_frame().await;
    next_frame().await;

    scroll.set_scroll_top(20 * 5_000);
    screen.until("lines further on", |screen| screen.text().contains("line 5005\n")).await;
    assert!(from.is_connected(), "the row in which the selection begins stays");
    // As Shift and a click do.
    selection.extend_with_offset(&text_of(&screen, "line 5005"), 6).unwrap();
    next_frame().await;
    next_frame().await;
    session.say("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": "more\n".repeat(100)}));
    scroll.set_scroll_top(20 * 2_000);
    screen.until("the middle", |screen| screen.text().contains("line 2003\n")).await;

    let copied = copy(&scroll);
    let expected: String = (5..=5_005).map(|line| format!("line {line}\n")).collect();
    assert_eq!(copied, expected["li".len()..expected.len() - "005\n".len()]);
    assert!(screen.all("*").len() < 600, "{} elements", screen.all("*").len());

    // All of it, with the key.
    let options = web_sys::KeyboardEventInit::new();
    options.set_key("a");
    options.set_ctrl_key(true);
    options.set_bubbles(true);
    options.set_cancelable(true);
    let key = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options).unwrap();
    assert!(!scroll.dispatch_event(&key).unwrap(), "the browser's own selects the page");
    next_frame().await;
    next_frame().await;
    let all = copy(&scroll);
    assert!(all.contains("yes\nline 0\nline 1\n") && all.ends_with("more"), "{} …", &all[..40]);
    // The session's line and the step's come before the output.
    assert_eq!(all.lines().count(), 2 + 6_000 + 100);
    selection.remove_all_ranges().unwrap();
    next_frame().await;
}

#[wasm_bindgen_test]
async fn rows_that_are_selected_in_part_keep_their_lines_apart() {
    let (session, screen) = running();
    let text = "One.\n\n- first\n- second\n\n| a | b |\n| - | - |\n| c | `d` e |\n\nThe end.";
    session.say("assistant.message", json!({"messageId": "m", "content": text}));
    session.say(
        "tool.execution_start",
        json!({"toolCallId": "t", "kind": "execute", "command": "make", "title": "Build it"}),
    );
    session.say(
        "tool.execution_complete",
        json!({"toolCallId": "t", "success": false, "result": {"content": "", "exitCode": 2}}),
    );
    screen.until("the step", |screen| screen.text().contains("make")).await;
    let node = |selector: &str, text: &str| {
        let found = screen.all(selector).into_iter().find(|it| it.text_content().as_deref() == Some(text));
        let mut node: web_sys::Node = found.unwrap_or_else(|| panic!("no {selector} says {text}")).into();
        while node.node_type() != web_sys::Node::TEXT_NODE {
            let children = (0..node.child_nodes().length()).filter_map(|index| node.child_nodes().item(index));
            let mut with_words = children.filter(|it| {
                it.node_type() != web_sys::Node::COMMENT_NODE && it.text_content().is_some_and(|it| !it.is_empty())
            });
            node = with_words.next().unwrap();
        }
        node
    };
    let selection = window().get_selection().unwrap().unwrap();
    for ((from, start), (to, end), expected) in [
        (
            (node(".prose li", "first"), 1),
            (node(".step-header-word", "Run"), 2),
            "irst\nsecond\n\na\nb\nc\nd e\n\nThe end.\nRu",
        ),
        ((node(".prose td", "c"), 0), (node(".step-header-word", "Run"), 3), "c\td e\n\nThe end.\nRun"),
        ((node(".prose p", "The end."), 4), (node(".step-header-command .visible-text", "make"), 2), "end.\nRun ma"),
    ] {
        selection.set_base_and_extent(&from, start, &to, end).unwrap();
        next_frame().await;
        next_frame().await;
        assert_eq!(copy(&screen.all(".log-view-scroll")[0]), expected);
    }
    selection.remove_all_ranges().unwrap();
    next_frame().await;
}

/// What the log puts on the clipboard.
fn copy(log: &HtmlElement) -> String {
    let options = web_sys::ClipboardEventInit::new();
    let data = web_sys::DataTransfer::new().unwrap();
    options.set_clipboard_data(Some(&data));
    options.set_bubbles(true);
    options.set_cancelable(true);
    let event = web_sys::ClipboardEvent::new_with_event_init_dict("copy", &options).unwrap();
    log.dispatch_event(&event).unwrap();
    data.get_data("text/plain").unwrap()
}
