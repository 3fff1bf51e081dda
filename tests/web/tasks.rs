//! The Agents page's parts.

use std::collections::HashMap;

use agent_tasks::{Task, TaskId, Timestamp};
use flightdeck::store::{Action, ConnectionId, Connections, Link, Remote, TaskBook, TaskKey};
use flightdeck::tasks::TaskList;
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlButtonElement, HtmlElement};

use crate::screen::{Screen, next_frame, show};
use crate::servers::{add_github, one_companion};

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

/// The only server of most tests.
const HERE: ConnectionId = ConnectionId(0);

fn key(connection: ConnectionId, id: &str) -> TaskKey {
    TaskKey { connection, id: TaskId(id.into()) }
}

/// The list's state, and what was asked of it.
#[derive(Clone, Copy)]
struct List {
    book: RwSignal<TaskBook>,
    connections: RwSignal<Connections>,
    stops: RwSignal<HashMap<TaskKey, Action>>,
    stopped: RwSignal<Vec<TaskKey>>,
    reloaded: RwSignal<Vec<ConnectionId>>,
}

fn show_list(tasks: impl IntoIterator<Item = Task>) -> (List, Screen<impl Mountable>) {
    show_lists(one_companion(), tasks.into_iter().map(|task| (HERE, task)))
}

fn show_lists(
    connections: Connections,
    tasks: impl IntoIterator<Item = (ConnectionId, Task)>,
) -> (List, Screen<impl Mountable>) {
    let connections = RwSignal::new(connections);
    show_asked(connections, connections, tasks)
}

/// The tasks that the servers `asked` told.
fn show_asked(
    connections: RwSignal<Connections>,
    asked: RwSignal<Connections>,
    tasks: impl IntoIterator<Item = (ConnectionId, Task)>,
) -> (List, Screen<impl Mountable>) {
    let mut book = TaskBook::default();
    tasks.into_iter().for_each(|(connection, task)| book.apply(connection, task));
    let list = List {
        book: RwSignal::new(book),
        connections,
        stops: RwSignal::default(),
        stopped: RwSignal::default(),
        reloaded: RwSignal::default(),
    };
    let screen = show(move || {
        view! {
            <TaskList
                book=list.book
                connections=list.connections
                asked
                now=RwSignal::new(Timestamp::from_ms(100_000))
                stops=list.stops
                started=RwSignal::new(None)
                on_stop=Callback::new(move |key| list.stopped.update(|stopped| stopped.push(key)))
                on_reload=Callback::new(move |id| list.reloaded.update(|reloaded| reloaded.push(id)))
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

    list.book.update(|book| {
        book.apply(HERE, Task { updated_at: Some(Timestamp::from_ms(9_000)), ..task(1, "hibernating") })
    });
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
    assert_eq!(list.stopped.get_untracked(), [key(HERE, "t1")]);
    let focused = document().active_element().map(|element| element.text_content().unwrap_or_default());
    assert_eq!(focused.as_deref(), Some("Task 1"), "the focus stays in the row");

    list.stops.set(HashMap::from([(key(HERE, "t1"), Action::Pending)]));
    screen.until("stopping", |_| stop.disabled() && stop.inner_text().contains("Stopping…")).await;
    list.stops.set(HashMap::from([(key(HERE, "t1"), Action::Failed("No luck. Try again.".into()))]));
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
    list.connections.update(|all| {
        all.get_mut(HERE).unwrap().reading = Remote::Failed("The server cannot be reached.".into());
    });
    screen.until("the reason", |screen| screen.text().contains("The server cannot be reached.")).await;
    assert!(!screen.text().contains("No tasks yet"), "nobody knows");
    screen.labelled::<HtmlButtonElement>("Try again").click();
    assert_eq!(list.reloaded.get_untracked(), [HERE]);
    list.connections.update(|all| all.get_mut(HERE).unwrap().reading = Remote::Loading);
    screen.until("bars", |screen| screen.text().contains("Loading tasks")).await;
}

#[wasm_bindgen_test]
async fn a_server_that_is_down_says_so_and_hides_nothing_of_the_others() {
    let mut connections = one_companion();
    let github = add_github(&mut connections);
    let (list, screen) = show_lists(connections, [(HERE, task(1, "in_progress")), (github, task(1, "in_progress"))]);
    screen.until("two rows", |screen| screen.all("li").len() == 2).await;
    let links: Vec<_> = screen.all(".task-row-title").iter().map(|link| link.get_attribute("href").unwrap()).collect();
    assert!(links.contains(&"#/tasks/t1?server=https://api.github.com".to_owned()), "{links:?}");
    let servers: Vec<_> = screen.all(".task-row-connection").iter().map(HtmlElement::inner_text).collect();
    assert!(servers.contains(&"Laptop".to_owned()) && servers.contains(&"GitHub.com".to_owned()), "{servers:?}");

    list.connections.update(|all| {
        let connection = all.get_mut(github).unwrap();
        connection.reading = Remote::Failed("It cannot be reached.".into());
        connection.link = Link::Reconnecting;
    });
    screen
        .until("its notice", |screen| screen.text().contains("The list of tasks of GitHub.com could not be read."))
        .await;
    assert_eq!(screen.all("li").len(), 2);
    assert_eq!(screen.all("[role=alert]").len(), 1, "one server, one notice");
    screen.labelled::<HtmlButtonElement>("Try again").click();
    assert_eq!(list.reloaded.get_untracked(), [github]);
}

#[wasm_bindgen_test]
async fn only_the_servers_that_were_asked_are_spoken_of() {
    let mut connections = one_companion();
    let github = add_github(&mut connections);
    let asked = connections.only(github);
    connections.get_mut(HERE).unwrap().reading = Remote::Failed("It cannot be reached.".into());
    let asked = RwSignal::new(asked);
    let (list, screen) = show_asked(RwSignal::new(connections), asked, []);
    let set_reading = |reading| asked.update(|asked| asked.get_mut(github).unwrap().reading = reading);
    set_reading(Remote::Loading);
    screen.until("bars", |screen| screen.text().contains("Loading tasks")).await;
    set_reading(Remote::Failed("Not found.".into()));
    screen.until("its reason", |screen| screen.text().contains("could not be read. Not found.")).await;
    assert!(!screen.text().contains("No tasks yet") && !screen.text().contains("It cannot be reached."));
    screen.labelled::<HtmlButtonElement>("Try again").click();
    assert_eq!(list.reloaded.get_untracked(), [github]);
    set_reading(Remote::Ready(()));
    screen.until("the hint", |screen| screen.text().contains("No tasks yet")).await;
}

#[wasm_bindgen_test]
async fn a_server_that_cannot_stop_offers_no_stop() {
    let mut connections = one_companion();
    if let Remote::Ready(known) = &mut connections.get_mut(HERE).unwrap().capabilities {
        known.calls.stop = false;
    }
    let (list, screen) = show_lists(connections, [(HERE, task(1, "in_progress"))]);
    screen.until("the row", |screen| screen.all("li").len() == 1).await;
    assert!(!screen.has_labelled("Stop session: Task 1"));
    list.connections.set(one_companion());
    screen.until("Stop", |screen| screen.has_labelled("Stop session: Task 1")).await;
}

#[wasm_bindgen_test]
async fn a_row_shows_its_pull_request_with_checks_and_links_only_to_one() {
    let pull = |index: usize, html_url: &str| -> Task {
        let mut task = task(index, "completed");
        task.artifacts = serde_json::from_value(json!([{"provider": "github", "type": "pull", "data": {
            "id": 9, "number": 7, "html_url": html_url, "title": "Water the apples", "state": "draft", "checks": "failure"
        }}]))
        .unwrap();
        task.repository = serde_json::from_value(json!({"id": 1_296_269})).unwrap();
        task
    };
    let (_, screen) = show_list([pull(1, "https://github.com/octo/site/pull/7")]);
    screen.until("the row", |screen| screen.all("li").len() == 1).await;
    let link = screen.labelled::<HtmlElement>("#7");
    assert_eq!(link.get_attribute("title").as_deref(), Some("Water the apples"));
    assert_eq!(link.get_attribute("rel").as_deref(), Some("noopener noreferrer"));
    let row = screen.all("li")[0].inner_text();
    for fact in ["Draft", "Checks failed", "Repository 1296269"] {
        assert!(row.contains(fact), "{fact} in {row}");
    }
    drop(screen);
    let (_, screen) = show_list([pull(1, "https://github.com.evil.test/octo/site/pull/7")]);
    screen.until("the number", |screen| screen.text().contains("#7")).await;
    assert!(!screen.has_labelled("#7"), "no link to elsewhere");
}
