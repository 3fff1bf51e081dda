//! The Agents page's parts.

use std::collections::HashMap;

use agent_tasks::{Capabilities, Repository, Task, TaskId, Timestamp};
use flightdeck::store::{Action, Draft, Link, Remote, TaskBook};
use flightdeck::tasks::{PromptForm, Start, TaskList};
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlButtonElement, HtmlElement, HtmlTextAreaElement};

use crate::screen::{Screen, next_frame, show, type_into};

fn task(index: usize, state: &str) -> Task {
    serde_json::from_value(json!({
        "id": format!("t{index}"), "name": format!("Task {index}"), "state": state,
        "created_at": Timestamp::from_ms(index as i64 * 1_000), "updated_at": Timestamp::from_ms(index as i64 * 1_000),
        "repository": {"id": 1, "full_name": "acme/importer"}, "activity": "cargo test",
        "artifacts": [
            {"provider": "git", "type": "branch",
             "data": {"head_ref": "agents/1", "base_ref": "main", "additions": 12, "deletions": 3}},
            {"provider": "github", "type": "pull", "data": {"id": 1, "html_url": "javascript:alert(1)"}}
        ]
    }))
    .unwrap()
}

/// The list's state, and what was asked of it.
#[derive(Clone, Copy)]
struct List {
    book: RwSignal<TaskBook>,
    reading: RwSignal<Remote<()>>,
    stops: RwSignal<HashMap<TaskId, Action>>,
    stopped: RwSignal<Vec<TaskId>>,
}

fn show_list(tasks: impl IntoIterator<Item = Task>) -> (List, Screen<impl Mountable>) {
    let mut book = TaskBook::default();
    tasks.into_iter().for_each(|task| book.apply(task));
    let list = List {
        book: RwSignal::new(book),
        reading: RwSignal::new(Remote::Ready(())),
        stops: RwSignal::default(),
        stopped: RwSignal::default(),
    };
    let screen = show(move || {
        view! {
                    <TaskList
            book=list.book
            reading=list.reading
            link=RwSignal::new(Link::Live)
            capabilities=RwSignal::new(Remote::<Capabilities>::Loading)
            now=RwSignal::new(Timestamp::from_ms(100_000))
            stops=list.stops
            started=RwSignal::new(None)
            on_stop=Callback::new(move |id| list.stopped.update(|stopped| stopped.push(id)))
            on_reload=Callback::new(move |()| list.reading.set(Remote::Loading))
        />
            }
    });
    (list, screen)
}

#[wasm_bindgen_test]
async fn tasks_are_listed_by_group_with_all_that_is_known() {
    let (list, screen) = show_list([task(1, "in_progress"), task(2, "waiting_for_user"), task(3, "completed")]);
    screen.until("three rows", |screen| screen.all("li").len() == 3).await;
    for group in ["Needs you", "Working", "Done"] {
        assert!(screen.has_labelled(group), "{group}");
    }
    let row = screen.labelled::<HtmlElement>("Working").inner_text();
    for fact in ["Running", "Task 1", "cargo test", "acme/importer", "agents/1", "+12", "−3", "1 min ago"] {
        assert!(row.contains(fact), "{fact} in {row}");
    }
    assert!(screen.all("a[href^=javascript]").is_empty(), "a bad pull request address is no link");

    list.book.update(|book| book.apply(Task { updated_at: Some(Timestamp::from_ms(9_000)), ..task(1, "hibernating") }));
    screen.until("the new state", |screen| screen.text().contains("hibernating")).await;
    assert!(screen.has_labelled("Stop session: Task 1"), "an unknown state can be stopped");
}

#[wasm_bindgen_test]
async fn stop_asks_once_and_tells_how_it_went() {
    let (list, screen) = show_list([task(1, "in_progress"), task(2, "completed")]);
    screen.until("rows", |screen| screen.all("li").len() == 2).await;
    assert!(!screen.has_labelled("Stop session: Task 2"));
    let stop: HtmlButtonElement = screen.labelled("Stop session: Task 1");
    stop.click();
    assert_eq!(list.stopped.get_untracked(), [TaskId("t1".into())]);

    list.stops.set(HashMap::from([(TaskId("t1".into()), Action::Pending)]));
    screen.until("stopping", |_| stop.disabled() && stop.inner_text().contains("Stopping…")).await;
    list.stops.set(HashMap::from([(TaskId("t1".into()), Action::Failed("No luck. Try again.".into()))]));
    screen.until("the reason", |screen| !stop.disabled() && screen.text().contains("No luck. Try again.")).await;
}

#[wasm_bindgen_test]
async fn ten_thousand_tasks_cost_a_screen_of_rows() {
    let (_, screen) = show_list((0..10_000).map(|index| task(index, "completed")));
    screen.until("rows", |screen| screen.all("li").len() > 1).await;
    next_frame().await;
    assert!(screen.all("li").len() <= 60, "{}", screen.all("li").len());
    assert!(screen.text().contains("Task 9999") && screen.text().contains("10000"));
    window().scroll_to_with_x_and_y(0.0, 1e9);
    screen.until("the last row", |screen| screen.text().contains("Task 0\n")).await;
    assert!(screen.all("li").len() <= 60 && !screen.text().contains("Task 9999"));
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

#[wasm_bindgen_test]
async fn empty_and_failed_lists_say_what_to_do() {
    let (list, screen) = show_list([]);
    screen.until("the hint", |screen| screen.text().contains("rehearsal")).await;
    list.reading.set(Remote::Failed("The server cannot be reached.".into()));
    screen.until("the reason", |screen| screen.text().contains("The server cannot be reached.")).await;
    screen.labelled::<HtmlButtonElement>("Try again").click();
    assert_eq!(list.reading.get_untracked(), Remote::Loading);
}

/// The form's state, and what was asked of it.
#[derive(Clone, Copy)]
struct Form {
    start: RwSignal<Action>,
    starts: RwSignal<Vec<Start>>,
}

fn show_form() -> (Form, Screen<impl Mountable>) {
    let form = Form { start: RwSignal::default(), starts: RwSignal::default() };
    let draft = RwSignal::new(Draft::default());
    let repository: Repository = serde_json::from_value(json!({
        "id": 1, "name": "importer", "full_name": "acme/importer", "default_branch": "main", "private": true,
        "owner": {"id": 1, "login": "acme", "type": "User"}
    }))
    .unwrap();
    let screen = show(move || {
        view! {
            <PromptForm
                draft
                is_connected=RwSignal::new(true)
                repositories=RwSignal::new(Remote::Ready(vec![repository]))
                branches=RwSignal::new(Remote::Loading)
                capabilities=RwSignal::new(Remote::<Capabilities>::Loading)
                start=form.start
                on_draft=Callback::new(move |typed| draft.set(typed))
                on_start=Callback::new(move |asked| {
                    form.start.set(Action::Pending);
                    form.starts.update(|starts| starts.push(asked));
                })
            />
        }
    });
    (form, screen)
}

#[wasm_bindgen_test]
async fn a_prompt_starts_one_task_and_stays_until_it_exists() {
    let (form, screen) = show_form();
    let prompt: HtmlTextAreaElement = screen.labelled("Prompt");
    type_into(&prompt, "Fix the importer");
    let button: HtmlButtonElement = screen.labelled("Start task");
    for _ in 0..5 {
        button.click();
    }
    assert_eq!(form.starts.with_untracked(Vec::len), 1, "five clicks start one task");
    let asked = form.starts.with_untracked(|starts| starts[0].clone());
    assert_eq!((asked.owner.as_str(), asked.task.base_ref.as_deref()), ("acme", Some("main")));
    screen.until("pending", |_| button.disabled()).await;

    form.start.set(Action::Failed("There is no agent “x”; choose another.".into()));
    screen.until("the reason", |screen| screen.text().contains("choose another") && !button.disabled()).await;
    assert_eq!(prompt.value(), "Fix the importer");
}

#[wasm_bindgen_test]
async fn an_empty_prompt_is_refused_before_anything_is_sent() {
    let (form, screen) = show_form();
    screen.labelled::<HtmlButtonElement>("Start task").click();
    screen.until("the reason", |screen| screen.text().contains("The prompt is empty")).await;
    type_into(&screen.labelled::<HtmlTextAreaElement>("Prompt"), "x");
    screen.until("no reason", |screen| !screen.text().contains("The prompt is empty")).await;
    assert!(form.starts.with_untracked(Vec::is_empty));
}
