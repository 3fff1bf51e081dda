//! The outline beside the log.

use flightdeck::store::LogChoices;
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::find::find;
use crate::screen::{Screen, press};
use crate::session::{Session, running};

/// A session of 1,000 prompts, whose 500th is followed by an error.
async fn with_outline() -> (Session, Screen<impl Mountable>) {
    let (session, screen) = running();
    for index in 0..1_000 {
        session.say("user.message", json!({"content": format!("prompt {index:03}")}));
        if index == 500 {
            session.say("session.error", json!({"errorType": "agent", "message": "it broke"}));
        }
    }
    session.choices.set(LogChoices { has_outline: true, ..LogChoices::default() });
    screen.until("the outline", |screen| !screen.all("nav[aria-label=Outline]").is_empty()).await;
    // The page's style is not here: the list gets a height to scroll in.
    for (part, property, value) in [
        ("scroll", "height", "280px"),
        ("scroll", "overflow", "auto"),
        ("space", "position", "relative"),
        ("rows", "position", "absolute"),
        ("rows", "margin", "0"),
        ("rows", "line-height", "28px"),
    ] {
        screen.all(&format!(".outline-pane-{part}"))[0].style().set_property(property, value).unwrap();
    }
    (session, screen)
}

fn item<M: Mountable>(screen: &Screen<M>, part: &str) -> Option<HtmlElement> {
    screen.all(".outline-pane-item").into_iter().find(|item| item.text_content().unwrap().contains(part))
}

fn current<M: Mountable>(screen: &Screen<M>) -> String {
    screen.all(".outline-pane-item[aria-current]").first().map(|it| it.text_content().unwrap()).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_outline_shows_where_one_is_and_leads_elsewhere() {
    let (session, screen) = with_outline().await;
    screen.until("the end of the outline", |screen| item(screen, "prompt 999").is_some()).await;
    assert!(screen.all(".outline-pane-item").len() < 40, "only those near the screen");
    session.go_to(503);
    screen.until("the reader's place", |screen| current(screen).contains("prompt 50")).await;
    let error = item(&screen, "it broke").unwrap();
    assert_eq!(error.get_attribute("data-error").as_deref(), Some("true"));
    assert!(error.query_selector("[aria-label=failed]").unwrap().is_some());

    item(&screen, "prompt 505").unwrap().click();
    screen
        .until("the log there", |screen| {
            screen.all(".log-row").iter().any(|row| row.inner_text().contains("prompt 505"))
        })
        .await;
    assert!(screen.text().contains("Jump to latest"));

    session.choices.update(|choices| choices.has_outline = false);
    screen.until("no outline", |screen| screen.all("nav").is_empty()).await;
}

#[wasm_bindgen_test]
async fn the_outline_is_walked_by_keys_with_one_stop_for_tab() {
    let (_session, screen) = with_outline().await;
    let is_laid_out = |screen: &Screen<_>| screen.all(".outline-pane-item").len() < 40;
    screen.until("the end", |screen| is_laid_out(screen) && current(screen).contains("prompt 9")).await;
    let stops = |screen: &Screen<_>| screen.all(".outline-pane-item[tabindex='0']");
    assert_eq!(stops(&screen).len(), 1);
    stops(&screen)[0].focus().unwrap();
    let focused = || {
        // Not the list around it, which has the focus while its rows change.
        let item = document().active_element().filter(|it| it.matches(".outline-pane-item").unwrap());
        item.and_then(|it| it.text_content()).unwrap_or_default()
    };
    press("Home");
    screen.until("the first", |_| focused().contains("prompt 000")).await;
    press("ArrowDown");
    screen.until("the second", |_| focused().contains("prompt 001")).await;
    press("End");
    screen.until("the last", |_| focused().contains("prompt 999")).await;
    assert_eq!(stops(&screen).len(), 1);
    let place = document().active_element().unwrap().closest("li").unwrap().unwrap();
    assert_eq!(
        (place.get_attribute("aria-posinset").as_deref(), place.get_attribute("aria-setsize").as_deref()),
        (Some("1001"), Some("1001"))
    );
}

#[wasm_bindgen_test]
async fn hits_are_counted_by_step_and_marked_on_the_map() {
    let (_session, screen) = with_outline().await;
    find(&screen, "0").await;
    screen
        .until("hits of a step", |screen| {
            item(screen, "prompt 990").is_some_and(|item| item.text_content().unwrap().ends_with("1 hits"))
        })
        .await;
    screen
        .until("the map", |screen| {
            screen.all(".minimap-hits").first().is_some_and(|path| !path.get_attribute("d").unwrap().is_empty())
        })
        .await;
    let errors = screen.all(".minimap-errors")[0].get_attribute("d").unwrap();
    assert!(errors.starts_with("M0 20"), "half-way down a strip of 400: {errors}");
    assert_eq!(screen.all(".minimap")[0].get_attribute("aria-hidden").unwrap(), "true");
}
