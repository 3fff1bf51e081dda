//! The session page of a task whose log is on its server's own pages.

use agent_tasks::{Task, Timestamp};
use flightdeck::store::{ConnectionId, Connections, LogPlace, Remote};
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::screen::Screen;
use crate::servers::add_github;
use crate::session::show_session;

fn task(html_url: &str, run_url: &str) -> Task {
    let moment = Timestamp::from_ms;
    serde_json::from_value(json!({
        "id": "t", "name": "Water the apples", "state": "completed", "created_at": moment(0), "html_url": html_url,
        "repository": {"id": 1_296_269},
        "artifacts": [{"provider": "github", "type": "pull", "data": {"id": 9, "number": 7, "state": "merged",
            "html_url": "https://github.com/octo/site/pull/7", "title": "Water them", "checks": "success"}}],
        "sessions": [
            {"id": "a", "state": "failed", "created_at": moment(0), "completed_at": moment(184_000), "prompt": "Water <b>them</b>",
             "usage": {"type": "ai_credits", "amount": 140_000_000.0}, "error": {"message": "No water"}},
            {"id": "b", "state": "completed", "created_at": moment(200_000), "completed_at": moment(260_000), "prompt": "Again",
             "model": "big", "head_ref": "agents/1", "base_ref": "main", "run_url": run_url,
             "usage": {"type": "ai_credits", "amount": 1_140_000_000.0}}
        ]
    }))
    .unwrap()
}

async fn show_facts(task: Task) -> Screen<impl Mountable> {
    let (session, screen) = show_session(Remote::Ready(task));
    let mut connections = Connections::default();
    add_github(&mut connections);
    session.connection.set(connections.get(ConnectionId(0)).cloned());
    session.log.set(LogPlace::Elsewhere);
    screen.until("the facts", |screen| !screen.all(".session-facts").is_empty()).await;
    screen
}

#[wasm_bindgen_test]
async fn all_that_is_known_is_shown_where_there_is_no_log() {
    let screen =
        show_facts(task("https://github.com/octo/site/tasks/t", "https://github.com/octo/site/actions/runs/5")).await;
    assert!(screen.all(".log-view").is_empty(), "no empty frame");
    let newest = screen.labelled::<HtmlElement>("Session 2 of 2").inner_text();
    for fact in ["Done", "Again", "big", "agents/1 → main", "1m 00s", "1.1 AI credits"] {
        assert!(newest.contains(fact), "{fact} in {newest}");
    }
    let oldest = screen.labelled::<HtmlElement>("Session 1 of 2").inner_text();
    for fact in ["Failed", "Water <b>them</b>", "No water", "3m 04s", "0.1 AI credits"] {
        assert!(oldest.contains(fact), "{fact} in {oldest}");
    }
    assert!(screen.text().contains("In all: 1.3 AI credits"), "summed before it is rounded: {}", screen.text());
    let headings: Vec<_> = screen.all("h2").iter().map(HtmlElement::inner_text).collect();
    assert!(headings[0].contains("Session 2 of 2"), "newest first: {headings:?}");
    for (label, address) in [
        ("Open the log on GitHub", "https://github.com/octo/site/tasks/t"),
        ("Open the run", "https://github.com/octo/site/actions/runs/5"),
        ("Pull request #7", "https://github.com/octo/site/pull/7"),
    ] {
        let link = screen.labelled::<HtmlElement>(label);
        assert_eq!(link.get_attribute("href").as_deref(), Some(address));
        assert_eq!(link.get_attribute("rel").as_deref(), Some("noopener noreferrer"));
    }
    let pull = screen.labelled::<HtmlElement>("Pull request").inner_text();
    assert!(pull.contains("Merged") && pull.contains("Checks passed") && pull.contains("Water them"), "{pull}");
}

#[wasm_bindgen_test]
async fn links_lead_to_the_servers_own_pages_only() {
    let screen = show_facts(task("https://github.com.evil.test/t", "javascript:alert(1)")).await;
    assert!(!screen.has_labelled("Open the log on GitHub"));
    assert!(!screen.has_labelled("Open the run"));
    assert!(screen.has_labelled("Pull request #7"));
}
