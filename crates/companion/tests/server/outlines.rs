//! Outlines: while their logs are written, from memory and from disk.

use std::path::Path;

use agent_tasks::{Capabilities, EventWindow, OutlineQuery, OutlineWindow, State, TaskId, paths};
use axum::body::Body;
use companion::{
    agents::RunEnd,
    derived::Derived,
    log::{Log, read_outline},
};
use session_log::LogDocument;

use crate::{
    harness::{Server, body},
    ready_made::{ReadyMade, begin, steps},
    streams::listen,
};

/// All steps of a log, with the map.
async fn whole(server: &Server, id: &TaskId) -> OutlineWindow {
    let page = |first: usize| format!("{}?first={first}&limit=500&map=true", paths::outline(id));
    let mut window: OutlineWindow = server.get(&page(0)).await;
    while window.steps.len() < window.total as usize {
        let more: OutlineWindow = server.get(&page(window.steps.len())).await;
        assert_eq!(more.last_seq, window.last_seq);
        window.steps.extend(more.steps);
    }
    window
}

/// The outline of the whole log, folded from its first event; nothing of it was on disk.
async fn folded_anew(folder: &Path, id: &TaskId) -> OutlineWindow {
    sqlite(folder).execute_batch("DELETE FROM outline_steps; DELETE FROM outlines").unwrap();
    from_derived(&Derived::new(&open(folder)), id).await
}

async fn from_derived(derived: &Derived, id: &TaskId) -> OutlineWindow {
    let query = |first: usize| OutlineQuery { first: Some(first as u32), map: Some(true), limit: Some(500), seq: None };
    let mut window = derived.outlines.window(id, &query(0)).await.unwrap().unwrap();
    while window.steps.len() < window.total as usize {
        window.steps.extend(derived.outlines.window(id, &query(window.steps.len())).await.unwrap().unwrap().steps);
    }
    window
}

fn open(folder: &Path) -> Log {
    Log::open(&folder.join("log.sqlite")).unwrap()
}

fn sqlite(folder: &Path) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open(folder.join("log.sqlite")).unwrap();
    conn.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    conn
}

/// Waits until the outline is on disk up to an event.
async fn until_written(folder: &Path, id: &TaskId, last_seq: u64) {
    let conn = sqlite(folder);
    let wait = async {
        while read_outline::written_up_to(&conn, id).unwrap() < last_seq {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), wait).await.expect("the outline was not written");
}

#[tokio::test]
async fn the_outline_of_a_log_that_is_being_written_is_in_the_end_that_of_the_finished_log() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    log.write(vec![begin()]).await;
    for round in 0..8 {
        let last = log.write(steps(round * 90..round * 90 + 90, 30)).await;
        let window = whole(&server, &log.id).await;
        assert_eq!(window.last_seq, last);
        let map = window.map.unwrap();
        assert_eq!(map.codes, window.steps.iter().map(|step| step.code.as_str()).collect::<String>());
        assert_eq!(map.lines, window.steps.iter().map(|step| step.lines).collect::<Vec<_>>());
        assert!(window.steps.is_sorted_by_key(|step| step.seq));
        let command = window.steps.iter().rfind(|step| step.tool.is_some()).unwrap();
        assert_eq!(command.lines, 30);
    }
    let kept = whole(&server, &log.id).await;
    assert_eq!(kept.total, 1 + 1 + 720 + 1, "the session, what it says of its start, the steps, the first prompt");
    assert_eq!(kept, folded_anew(folder.path(), &log.id).await);
}

#[tokio::test]
async fn the_outline_of_a_session_is_on_disk_when_it_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Talk").await;
    let run = server.next_run().await;
    run.begin().await;
    for number in 0..700 {
        run.tell(agent_tasks::event::UserMessage { content: format!("Say {number}"), source: None }).await;
    }
    run.end(RunEnd::TurnEnded("end_turn".into()));
    server.until_state(&id, State::Completed).await;
    let last = server.log(&id).await.last_seq;
    until_written(folder.path(), &id, last).await;
    let from_memory = whole(&server, &id).await;
    let from_disk = from_derived(&Derived::new(&open(folder.path())), &id).await;
    assert_eq!(from_disk, from_memory);
    assert!(from_disk.total > 700 && from_disk.last_seq == last);
}

#[tokio::test]
async fn an_outline_goes_on_where_it_was_written_last() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let last = log.write([vec![begin()], steps(0..600, 10)].concat()).await;
    let first = Derived::new(&open(folder.path()));
    drop(first.outlines.follow(&log.id));
    until_written(folder.path(), &log.id, last).await;
    // A few events behind: what is on disk is told, and what is missing comes as events.
    let behind = log.write(steps(600..610, 10)).await;
    let told = from_derived(&Derived::new(&open(folder.path())), &log.id).await;
    assert_eq!(told.last_seq, last);
    until_written(folder.path(), &log.id, behind).await;
    // Many events behind: it is brought up to date first.
    let last = log.write(steps(700..1_300, 10)).await;
    let told = from_derived(&Derived::new(&open(folder.path())), &log.id).await;
    assert_eq!(told.last_seq, last);
    until_written(folder.path(), &log.id, last).await;
    let from_disk = from_derived(&Derived::new(&open(folder.path())), &log.id).await;
    assert_eq!(from_disk, told);
    assert_eq!(from_disk, folded_anew(folder.path(), &log.id).await);
}

#[tokio::test]
async fn an_outline_that_was_half_written_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let last = log.write([vec![begin()], steps(0..900, 10)].concat()).await;
    let right = folded_anew(folder.path(), &log.id).await;
    until_written(folder.path(), &log.id, last).await;
    // As a program leaves it that is killed between two transactions.
    sqlite(folder.path())
        .execute_batch(
            "UPDATE outlines SET last_seq = 0; DELETE FROM outline_steps WHERE place < 200;
            UPDATE outline_steps SET code = 'Xr', summary = '{}' WHERE place > 400",
        )
        .unwrap();
    let fresh = Derived::new(&open(folder.path()));
    assert_eq!(from_derived(&fresh, &log.id).await, right);
    drop(fresh.outlines.follow(&log.id));
    until_written(folder.path(), &log.id, last).await;
    assert_eq!(from_derived(&Derived::new(&open(folder.path())), &log.id).await, right, "on disk too");
}

#[tokio::test]
async fn an_outline_that_cannot_be_read_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let last = log.write([vec![begin()], steps(0..90, 10)].concat()).await;
    let right = folded_anew(folder.path(), &log.id).await;
    until_written(folder.path(), &log.id, last).await;
    sqlite(folder.path()).execute_batch("UPDATE outline_steps SET summary = '{' WHERE place > 10").unwrap();
    let derived = Derived::new(&open(folder.path()));
    assert_eq!(from_derived(&derived, &log.id).await, right);
    let conn = sqlite(folder.path());
    let broken = || conn.query_row("SELECT count(*) FROM outline_steps WHERE summary = '{'", [], |row| row.get(0));
    let wait = async {
        while broken() != Ok(0i64) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), wait).await.expect("it was not written anew");
    assert_eq!(from_derived(&Derived::new(&open(folder.path())), &log.id).await, right);
}

#[tokio::test]
async fn a_million_lines_are_told_in_few_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    // Each third step is a command.
    log.write([vec![begin()], steps(0..75, 40_000)].concat()).await;
    let path = format!("/api{}?map=true", paths::outline(&log.id));
    let response = server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await;
    let text = body(response).await;
    let window: OutlineWindow = serde_json::from_slice(&text).unwrap();
    assert!(window.map.unwrap().lines.iter().sum::<u32>() >= 1_000_000);
    assert!(text.len() < 100_000, "{} bytes", text.len());
}

#[tokio::test]
async fn an_outline_that_cannot_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let last = log.write(vec![begin()]).await;
    let window: OutlineWindow = server.get(&paths::outline(&log.id)).await;
    assert_eq!(window.last_seq, last);
    let own = paths::outline(&log.id);
    for (path, status) in [
        (paths::outline(&TaskId("0193".into())), 404),
        (format!("{own}?limit=0"), 422),
        (format!("{own}?limit=501"), 422),
        (format!("{own}?first=-1"), 422),
        (format!("{own}?first=1&seq=1"), 422),
        (format!("{own}?first=99999&map=true"), 200),
    ] {
        let response = server.send(server.request("GET", &format!("/api{path}")).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), status, "{path}");
    }
}

#[tokio::test]
async fn a_page_opens_a_long_log_by_its_end_on_a_real_port() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let socket = listen(&server).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let last = log.write([vec![begin()], steps(0..400, 300)].concat()).await;
    let ask = async |path: String| {
        let url = format!("{}/api{path}", socket.address);
        let answer = reqwest::Client::new().get(url).bearer_auth(&server.token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    };
    let capabilities: Capabilities = serde_json::from_str(&ask(paths::CAPABILITIES.into()).await).unwrap();
    assert!(capabilities.calls.outline && capabilities.calls.search);
    let window: OutlineWindow =
        serde_json::from_str(&ask(format!("{}?limit=5&map=true", paths::outline(&log.id))).await).unwrap();
    assert_eq!((window.last_seq, window.first + 5), (last, window.total));
    // The last command, whole, by the range that the outline tells, and by its facts alone.
    let command = window.steps.iter().rfind(|step| step.tool.is_some()).unwrap();
    let range = format!("{}?after={}&before={}", paths::events(&log.id), command.seq - 1, command.last_seq + 1);
    let events: EventWindow = serde_json::from_str(&ask(range.clone()).await).unwrap();
    let mut document = LogDocument::starting_after(command.seq - 1);
    for event in &events.events {
        document.apply(event);
    }
    assert!((0..document.steps()).any(|step| document.step(step).unwrap().text.lines() == command.lines as usize));
    let facts: EventWindow = serde_json::from_str(&ask(format!("{range}&facts=true")).await).unwrap();
    assert_eq!((events.events.len(), facts.events.len()), (4, 2));
    let file = ask(paths::log(&log.id)).await;
    assert_eq!(file.lines().count() as u64, last);
}
