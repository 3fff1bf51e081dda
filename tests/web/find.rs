//! Find in the log: typed, counted, marked, listed, gone to.

use flightdeck::store::Remote;
use leptos::prelude::*;
use serde_json::{Value, json};
use session_log::LogDocument;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::screen::{Screen, press, type_into};
use crate::session::{Session, running, say, show_session, step, task};

/// Opens the find bar and types into it.
pub async fn find<M: Mountable>(screen: &Screen<M>, text: &str) {
    screen.until("the page", |screen| !screen.all(".log-view-scroll").is_empty()).await;
    press("Ctrl+f");
    screen.until("the field", |screen| screen.has_labelled("Find in the log")).await;
    let is_focused = |_: &Screen<M>| {
        document()
            .active_element()
            .is_some_and(|it| it.get_attribute("aria-label").as_deref() == Some("Find in the log"))
    };
    screen.until("the focus in the field", is_focused).await;
    type_into(&screen.labelled::<HtmlElement>("Find in the log"), text);
}

/// The texts that the browser marks by this name.
pub fn marked(name: &str) -> Vec<String> {
    let read = format!(
        "JSON.stringify([...(CSS.highlights.get('{name}') ?? [])].map((mark) => {{
            const range = document.createRange();
            range.setStart(mark.startContainer, mark.startOffset);
            range.setEnd(mark.endContainer, mark.endOffset);
            return range.toString();
        }}))"
    );
    serde_json::from_str(&js_sys::eval(&read).unwrap().as_string().unwrap()).unwrap()
}

/// Opens the list of all hits, and lets it be as tall as ten of them.
pub async fn list_all<M: Mountable>(screen: &Screen<M>) -> HtmlElement {
    screen.labelled::<HtmlElement>("All hits").click();
    screen.until("the list", |screen| !screen.all("[role=option]").is_empty()).await;
    let list = screen.all("[role=listbox]")[0].clone();
    for (property, value) in [("height", "280px"), ("overflow", "auto"), ("line-height", "28px")] {
        list.style().set_property(property, value).unwrap();
    }
    list
}

/// What the bar says of the number of hits.
pub fn count<M: Mountable>(screen: &Screen<M>) -> String {
    screen.all(".find-bar-count").first().map(|count| count.inner_text()).unwrap_or_default()
}

/// What is said to people who do not see the page.
pub fn said<M: Mountable>(screen: &Screen<M>) -> String {
    screen.all(".log-panel > [role=status]").first().and_then(|it| it.text_content()).unwrap_or_default()
}

/// The kind of an event, and what it says.
type Told = (&'static str, Value);

fn run(session: Session, id: &str, command: &str, output: &str) {
    session.say("tool.execution_start", json!({"toolCallId": id, "kind": "execute", "command": command}));
    session.say("tool.execution_partial_result", json!({"toolCallId": id, "partialOutput": output}));
    session.say("tool.execution_complete", json!({"toolCallId": id, "success": true}));
}

#[wasm_bindgen_test]
async fn a_hit_in_a_collapsed_step_opens_it_and_is_marked() {
    let (session, screen) = running();
    let lines = |word: &str| (0..5_000).map(|line| format!("{word} {line}\n")).collect::<String>();
    run(session, "t", "make", &(lines("leaf") + "a Needle here\n" + &lines("more")));
    for index in 0..100 {
        session.say("user.message", json!({"content": format!("message {index}")}));
    }
    screen.until("the end", |screen| screen.text().contains("message 99")).await;
    find(&screen, "needle").await;
    screen.until("the hit", |screen| screen.text().contains("a Needle here")).await;
    screen.until("its mark", |_| marked("log-hit-present") == ["Needle"]).await;
    assert_eq!((count(&screen), marked("log-hit")), ("1 of 1".to_owned(), vec!["Needle".to_owned()]));
    assert!(screen.text().contains("Jump to latest"), "the tail is let go of");
    assert!(screen.text().contains("leaf 4999\n"), "with what stands around it");

    press("Escape");
    screen.until("no bar", |screen| !screen.has_labelled("Find in the log")).await;
    screen.until("no mark", |_| marked("log-hit").is_empty() && marked("log-hit-present").is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_hit_in_what_a_row_folds_away_opens_that_once() {
    let (session, screen) = running();
    session.say(
        "session.shutdown",
        json!({"shutdownType": "routine", "report": {"layer": "subreaper", "remaining": 0, "durationMs": 1200,
        "signals": [{"signal": "SIGTERM", "pid": 77, "command": "sleep 100"}]}}),
    );
    screen.until("the report", |screen| screen.text().contains("Nothing is left running")).await;
    find(&screen, "left running").await;
    screen.until("a hit that is seen", |_| marked("log-hit-present") == ["left running"]).await;
    assert!(screen.all("details[open]").is_empty(), "nothing is opened for it");
    type_into(&screen.labelled::<HtmlElement>("Find in the log"), "sleep 100");
    screen.until("its line", |screen| screen.text().contains("SIGTERM to 77 sleep 100")).await;
    screen.until("its mark", |_| marked("log-hit-present") == ["sleep 100"]).await;
    screen.all("summary")[0].click();
    session.say("user.message", json!({"content": "go on"}));
    screen.until("what comes next", |screen| screen.text().contains("go on")).await;
    assert!(screen.all("details[open]").is_empty(), "the reader has closed it");
}

#[wasm_bindgen_test]
async fn next_and_previous_go_round_and_say_where_one_is() {
    let (session, screen) = running();
    for index in 0..300 {
        let word = if index % 100 == 50 { "needle" } else { "hay" };
        session.say("user.message", json!({"content": format!("{word} {index}")}));
    }
    session.go_to(1);
    screen.until("the beginning", |screen| screen.text().contains("hay 0\n")).await;
    find(&screen, "needle").await;
    for (keys, number, row, over) in [
        ("", "1 of 3", "needle 50", ""),
        ("Enter", "2 of 3", "needle 150", ""),
        ("F3", "3 of 3", "needle 250", ""),
        ("Enter", "1 of 3", "needle 50", "from the beginning again"),
        ("Shift+Enter", "3 of 3", "needle 250", "from the end again"),
        ("Shift+F3", "2 of 3", "needle 150", ""),
        ("Ctrl+g", "3 of 3", "needle 250", ""),
    ] {
        if !keys.is_empty() {
            press(keys);
        }
        screen.until(number, |screen| count(screen) == number && screen.text().contains(row)).await;
        let said = said(&screen);
        assert!(said.starts_with(&format!("Hit {number}")) && said.contains(over), "{keys}: {said}");
        screen.until("the mark", |_| marked("log-hit-present") == ["needle"]).await;
    }

    // What is typed on stays at its hit, and what is not there is said.
    let field = screen.labelled::<HtmlElement>("Find in the log");
    type_into(&field, "needle 2");
    screen.until("the same place", |screen| count(screen) == "1 of 1" && screen.text().contains("needle 250")).await;
    type_into(&field, "needle 2x");
    screen.until("nothing", |screen| count(screen) == "Nothing found").await;
    assert_eq!(said(&screen).trim_end(), "Nothing found");
}

#[wasm_bindgen_test]
async fn what_comes_later_is_found_too() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "needle one"}));
    find(&screen, "needle").await;
    screen.until("one hit", |screen| count(screen) == "1 of 1").await;
    session.say("assistant.message_delta", json!({"messageId": "m", "deltaContent": "another nee"}));
    session.say("assistant.message_delta", json!({"messageId": "m", "deltaContent": "dle"}));
    screen.until("two hits", |screen| count(screen) == "1 of 2").await;
    screen.until("both marked", |_| marked("log-hit").len() == 2).await;
}

#[wasm_bindgen_test]
async fn case_words_and_expressions_are_chosen_and_kept() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "Needle needles (needle"}));
    find(&screen, "needle").await;
    for (keys, text, number) in [
        ("", "needle", "1 of 3"),
        ("Alt+KeyC", "needle", "1 of 2"),
        ("Alt+KeyW", "needle", "1 of 1"),
        ("Alt+KeyC", "needle", "2 of 2"),
        ("Alt+KeyR", "ne+dles?", "3 of 3"),
    ] {
        if !keys.is_empty() {
            press(keys);
        }
        type_into(&screen.labelled::<HtmlElement>("Find in the log"), text);
        screen.until(number, |screen| count(screen) == number).await;
    }
    let choices = session.choices.get_untracked();
    assert_eq!((choices.find_case, choices.find_word, choices.find_regex), (false, true, true));
    assert_eq!(screen.labelled::<HtmlElement>("Whole word").get_attribute("aria-pressed").unwrap(), "true");

    type_into(&screen.labelled::<HtmlElement>("Find in the log"), "(needle");
    screen.until("what is wrong", |screen| screen.text().contains("Correct the regular expression")).await;
    assert_eq!(screen.labelled::<HtmlElement>("Find in the log").get_attribute("aria-invalid").unwrap(), "true");
    assert_eq!((count(&screen).as_str(), marked("log-hit").len()), ("", 0));
    screen.labelled::<HtmlElement>("Regular expression").click();
    screen.until("plain text", |screen| count(screen) == "1 of 1").await;
    assert!(!screen.text().contains("Correct the"));
}

#[wasm_bindgen_test]
async fn all_hits_are_listed_by_step_and_lead_to_their_places() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "The needle of the prompt"}));
    let lines: String = (0..3_000).map(|line| format!("before {line} needle after\n")).collect();
    run(session, "t", "make hay", &lines);
    find(&screen, "needle").await;
    screen.until("the hits", |screen| count(screen) == "1 of 3,001").await;
    let list = list_all(&screen).await;
    screen.until("its titles", |_| list.inner_text().contains("Run: make hay")).await;
    assert!(list.inner_text().contains("Prompt: The needle of the prompt"));
    screen.until("only those near the screen", |screen| screen.all("[role=option]").len() < 40).await;

    list.focus().unwrap();
    press("End");
    screen.until("the last one", |_| list.inner_text().contains("before 2999 needle after")).await;
    press("ArrowUp");
    press("Enter");
    screen
        .until("its place", |screen| count(screen) == "3,000 of 3,001" && screen.text().contains("before 2998"))
        .await;
    screen.until("its mark", |_| marked("log-hit-present") == ["needle"]).await;
    let option = list.query_selector("[aria-selected=true]").unwrap().unwrap();
    assert_eq!(option.get_attribute("aria-posinset").unwrap(), "3000");
    assert_eq!(list.get_attribute("aria-activedescendant"), option.get_attribute("id"));
}

#[wasm_bindgen_test]
async fn any_of_very_many_hits_can_be_gone_to() {
    let (session, screen) = running();
    let lines: String = (0..11_000).map(|line| format!("needle {line} needle\n")).collect();
    run(session, "t", "make hay", &lines);
    find(&screen, "needle").await;
    screen.until("the hits", |screen| count(screen).ends_with(" of 22,000")).await;
    let list = list_all(&screen).await;
    list.focus().unwrap();
    press("End");
    screen.until("the last one", |_| list.inner_text().contains("needle 10999 needle")).await;
    press("Enter");
    screen.until("its place", |screen| count(screen) == "22,000 of 22,000" && screen.text().contains("10999")).await;
    screen.until("its mark", |_| marked("log-hit-present") == ["needle"]).await;
}

#[wasm_bindgen_test]
async fn a_log_that_is_begun_anew_is_searched_anew_in_the_page() {
    let (session, screen) = running();
    for index in 0..3 {
        session.say("user.message", json!({"content": format!("needle {index}")}));
    }
    find(&screen, "needle").await;
    screen.until("the hits", |screen| count(screen).ends_with(" of 3")).await;
    let mut other = LogDocument::default();
    say(&mut other, "user.message", json!({"content": "hay"}));
    session.document.set(other);
    screen.until("nothing", |screen| count(screen) == "Nothing found").await;
    session.say("user.message", json!({"content": "a needle"}));
    screen.until("what there is now", |screen| count(screen) == "1 hit").await;
}

#[wasm_bindgen_test]
async fn the_log_has_the_focus_where_the_row_that_had_it_is_gone() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "the needle"}));
    for index in 0..300 {
        session.say("user.message", json!({"content": format!("message {index}")}));
    }
    run(session, "t", "make hay", "hay\n");
    screen.until("the end", |screen| screen.text().contains("make hay")).await;
    step(&screen, "make hay").focus().unwrap();
    find(&screen, "needle").await;
    screen.until("the hit", |screen| count(screen) == "1 of 1" && !screen.text().contains("make hay")).await;
    press("Escape");
    let has_focus =
        |_: &Screen<_>| document().active_element().is_some_and(|it| it.matches(".log-view-scroll").unwrap());
    screen.until("the focus in the log", has_focus).await;
}

#[wasm_bindgen_test]
async fn words_of_every_kind_of_row_are_marked_where_they_stand() {
    let hidden = "x\u{202e}ä needle\u{200b}needle";
    let cases: [(&str, Vec<Told>, usize); 8] = [
        (
            "markdown",
            vec![(
                "user.message",
                json!({"content": "# A nee**dle**\n\n- [x] `needle` two\nneedle\n\n| needle | b |\n|---|---|\n| ä😀needle | [needle](https://needle.test) |\n\n```rs\nlet needle;\nneedle()\n```\n\n> needle"}),
            )],
            9,
        ),
        (
            "output",
            vec![
                (
                    "tool.execution_start",
                    json!({"toolCallId": "t", "kind": "execute", "command": "find needle", "title": "A needle"}),
                ),
                (
                    "tool.execution_partial_result",
                    json!({"toolCallId": "t", "partialOutput": "é nee\u{1b}[31mdle\u{1b}[0m\nneedle"}),
                ),
            ],
            4,
        ),
        (
            "change",
            vec![
                ("tool.execution_start", json!({"toolCallId": "t", "kind": "edit", "title": "Edit"})),
                (
                    "tool.execution_complete",
                    json!({"toolCallId": "t", "success": true, "result": {"contents": [
                        {"type": "diff", "path": "needle.rs", "oldText": "a\n", "newText": "- needle\n"}]}}),
                ),
            ],
            2,
        ),
        ("plan", vec![("session.plan_changed", json!({"entries": [{"content": "needle", "status": "pending"}]}))], 1),
        (
            "permission",
            vec![(
                "permission.requested",
                json!({"requestId": "p", "permissionRequest": {"kind": "shell", "title": "The needle", "command": hidden,
                    "locations": [{"path": "/needle"}]}, "options": []}),
            )],
            4,
        ),
        ("error", vec![("session.error", json!({"errorType": "agent", "message": "no needle"}))], 1),
        ("end", vec![("session.shutdown", json!({"shutdownType": "error", "errorReason": "needle"}))], 1),
        (
            "given",
            vec![("tool.execution_start", json!({"toolCallId": "t", "kind": "read", "arguments": {"q": "needle"}}))],
            1,
        ),
    ];
    for (what, told, hits) in cases {
        let (session, screen) = show_session(Remote::Ready(task("in_progress", "Fix the importer")));
        for (kind, payload) in told {
            session.say(kind, payload);
        }
        find(&screen, "needle").await;
        let number = format!("1 of {hits}");
        screen.until(&number, |screen| count(screen) == number).await;
        screen.until(what, |_| marked("log-hit").len() >= hits && marked("log-hit-present").len() == 1).await;
        assert!(marked("log-hit").iter().all(|mark| mark == "needle"), "{what}: {:?}", marked("log-hit"));
        assert!(screen.all("[data-present-hit]").is_empty(), "{what}");
    }
}
