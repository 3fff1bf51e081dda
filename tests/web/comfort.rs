//! Reading a log in comfort: groups, sub-agents, how much is open, what is left out, moments, the plan that stays.

use agent_tasks::Timestamp;
use flightdeck::store::Remote;
use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::screen::{Screen, press};
use crate::session::{Session, show_session, task};

fn running() -> (Session, Screen<impl Mountable>) {
    show_session(Remote::Ready(task("in_progress", "t")))
}

fn start(session: Session, id: &str, kind: &str, rest: Value) {
    let mut call = json!({"toolCallId": id, "toolName": kind, "kind": kind});
    call.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    session.say("tool.execution_start", call);
}

fn end(session: Session, id: &str, success: bool) {
    let done = json!({"toolCallId": id, "success": success, "result": {"content": format!("output of {id}")}});
    session.say("tool.execution_complete", done);
}

fn reads(session: Session, names: &[&str]) {
    for name in names {
        start(session, name, "read", json!({"locations": [{"path": format!("src/{name}.rs")}]}));
        end(session, name, true);
    }
}

fn with_text<M: Mountable>(screen: &Screen<M>, selector: &str, text: &str) -> Option<HtmlElement> {
    screen.all(selector).into_iter().find(|element| element.inner_text().contains(text))
}

/// Opens a menu of the toolbar and chooses in it.
async fn choose_in<M: Mountable>(screen: &Screen<M>, menu: &str, item: &str) {
    let button = with_text(screen, ".menu-button", menu).unwrap();
    if button.get_attribute("aria-expanded").as_deref() == Some("false") {
        button.click();
    }
    screen.until("the menu", |screen| with_text(screen, ".menu-item", item).is_some()).await;
    with_text(screen, ".menu-item", item).unwrap().click();
}

fn focused() -> String {
    document().active_element().and_then(|element| element.text_content()).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn neighbours_of_a_kind_are_one_line_that_opens_into_them() {
    let (session, screen) = running();
    reads(session, &["one", "two", "three"]);
    start(session, "four", "read", json!({"locations": [{"path": "four.rs"}]}));
    end(session, "four", false);
    screen.until("the group", |screen| screen.all(".step-group-line").len() == 1).await;
    let group = || screen.all(".step-group-line")[0].clone();
    assert!(group().inner_text().contains("3 files") && group().inner_text().contains("one.rs, two.rs, three.rs"));
    assert_eq!(screen.all(".step-header[data-step=read] .step-header-line").len(), 1, "the failure stands alone");
    group().click();
    screen.until("the steps", |screen| screen.all(".step-header[data-step=read] .step-header-line").len() == 4).await;
    assert_eq!(group().get_attribute("aria-expanded").as_deref(), Some("true"));
    group().click();
    screen.until("one line", |screen| screen.all(".step-header[data-step=read] .step-header-line").len() == 1).await;
}

#[wasm_bindgen_test]
async fn a_sub_agent_is_one_line_that_says_what_it_does_now() {
    let (session, screen) = running();
    start(session, "agent", "other", json!({"title": "Find the cause"}));
    start(session, "a", "search", json!({"title": "Search for panics", "parentToolCallId": "agent"}));
    screen.until("what it does", |screen| screen.text().contains("Now: Search Search for panics")).await;
    assert!(screen.text().contains("1 step"));
    end(session, "a", true);
    start(session, "b", "execute", json!({"command": "make test", "parentToolCallId": "agent"}));
    screen.until("what it does then", |screen| screen.text().contains("Now: Run make test")).await;
    assert!(screen.all(".step-header[data-depth]").is_empty());
    with_text(&screen, ".step-header-line", "Find the cause").unwrap().click();
    screen.until("its steps", |screen| screen.all(".step-header[data-depth='1']").len() == 2).await;
    screen.until("no live line beside them", |screen| !screen.text().contains("Now: ")).await;
    with_text(&screen, ".step-header-line", "Find the cause").unwrap().click();
    screen.until("one line", |screen| screen.all(".step-header[data-depth]").is_empty()).await;
    screen.all(".step-header-all").last().unwrap().click();
    screen.until("everything of it", |screen| screen.text().contains("output of a")).await;
}

#[wasm_bindgen_test]
async fn the_detail_menu_opens_and_closes_all_there_is_and_all_that_comes() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "Do it"}));
    start(session, "a", "execute", json!({"command": "make"}));
    end(session, "a", true);
    session.say("assistant.message", json!({"messageId": "m", "content": "Done."}));
    screen.until("the message", |screen| screen.text().contains("Done.")).await;
    choose_in(&screen, "Detail", "Sessions only").await;
    screen.until("the session", |screen| screen.all(".step-header").len() == 1).await;
    choose_in(&screen, "Detail", "Open all").await;
    screen.until("the output", |screen| screen.text().contains("output of a")).await;
    start(session, "b", "execute", json!({"command": "make more"}));
    end(session, "b", true);
    screen.until("what came later", |screen| screen.text().contains("output of b")).await;
    choose_in(&screen, "Detail", "Close all").await;
    screen.until("no output", |screen| screen.all(".log-row").is_empty()).await;
    with_text(&screen, ".step-header-line", "make more").unwrap().click();
    screen.until("one output", |screen| screen.all(".log-row").len() == 1).await;
    choose_in(&screen, "Detail", "Close all").await;
    screen.until("no output again", |screen| screen.all(".log-row").is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_filter_says_what_it_leaves_out_and_never_leaves_out_a_question() {
    let (session, screen) = running();
    start(session, "a", "execute", json!({"command": "rm -rf build"}));
    session.say(
        "permission.requested",
        json!({"requestId": "p", "permissionRequest": {"kind": "shell", "command": "rm -rf build"},
            "options": [{"optionId": "y", "name": "Allow once", "kind": "allow_once"}]}),
    );
    screen.until("the wait", |screen| screen.text().contains("Waits for your answer")).await;
    assert!(with_text(&screen, "[data-step=run] .step-header-state", "Running").is_none());
    choose_in(&screen, "Filter", "Commands").await;
    screen.until("the count", |screen| screen.text().contains("1 step left out")).await;
    assert!(screen.all("[data-step=run]").is_empty());
    choose_in(&screen, "Filter", "Errors only").await;
    screen.until("the question", |screen| screen.has_labelled("Allow once")).await;
    screen.labelled::<HtmlElement>("Show all").click();
    screen.until("the command", |screen| screen.all("[data-step=run]").len() == 1).await;
    assert!(!screen.text().contains("left out"));
}

#[wasm_bindgen_test]
async fn moments_stand_beside_the_steps_with_their_zone() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "Do it"}));
    session.say("user.message", json!({"content": "And that"}));
    screen.until("the prompts", |screen| screen.text().contains("And that")).await;
    assert!(screen.all(".step-header-moment").is_empty());
    choose_in(&screen, "Times", "Since the step before").await;
    let moments = |screen: &Screen<_>| screen.all(".step-header-moment");
    screen.until("the moments", |screen| moments(screen).len() == 3).await;
    assert_eq!(moments(&screen)[2].inner_text(), "+1s");
    let exact = moments(&screen)[2].get_attribute("title").unwrap();
    assert!(exact.contains("1970") && exact.contains("GMT"), "{exact}");
    let began = moments(&screen)[2].get_attribute("datetime").unwrap();
    assert_eq!(Timestamp::parse(&began), Some(Timestamp::from_ms(2_000)));
    choose_in(&screen, "Times", "No times").await;
    screen.until("none", |screen| moments(screen).is_empty()).await;
}

#[wasm_bindgen_test]
async fn the_newest_plan_stays_in_view_and_folds_to_one_line() {
    let (session, screen) = running();
    let plan = |first: &str, second: &str| json!({"entries": [{"content": "Look around", "status": first}, {"content": "Mend it", "status": second}]});
    session.say("assistant.plan", plan("in_progress", "pending"));
    screen.until("the plan", |screen| screen.all(".plan-pin-fold").len() == 1).await;
    // In a low window it is folded until somebody opens it.
    if screen.all(".plan-pin-fold")[0].get_attribute("aria-expanded").as_deref() == Some("false") {
        screen.all(".plan-pin-fold")[0].click();
    }
    screen.until("its entries", |screen| screen.all(".plan-pin-entry").len() == 2).await;
    session.say("assistant.plan", plan("completed", "in_progress"));
    let done = |screen: &Screen<_>| screen.all(".plan-pin-entry[data-plan=done]").len();
    screen.until("that it goes on", |screen| done(screen) == 1).await;
    screen.all(".plan-pin-fold")[0].click();
    screen.until("one line", |screen| screen.all(".plan-pin-entry").is_empty()).await;
    let line = screen.all(".plan-pin-fold")[0].inner_text();
    assert!(line.contains("1 of 2 done") && line.contains("Mend it"), "{line}");
}

#[wasm_bindgen_test]
async fn the_toolbar_is_one_stop_and_its_menus_work_by_keys() {
    let (_, screen) = running();
    screen.until("the toolbar", |screen| !screen.all("[role=toolbar] [tabindex='0']").is_empty()).await;
    let stops = || screen.all("[role=toolbar] .toolbar-tool[tabindex='0']");
    assert_eq!(stops().len(), 1);
    stops()[0].focus().unwrap();
    press("ArrowRight");
    assert!(focused().starts_with("Detail"), "{}", focused());
    assert_eq!(stops().len(), 1);
    press("ArrowDown");
    screen.until("the level that is chosen", |_| focused() == "Steps, as they need it").await;
    press("ArrowDown");
    assert_eq!(focused(), "Open all");
    press("Escape");
    screen.until("no menu", |screen| screen.all("[role=menu]").is_empty()).await;
    assert!(focused().starts_with("Detail"), "the focus is back");
}
