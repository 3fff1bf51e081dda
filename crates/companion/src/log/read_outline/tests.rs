//! Outlines as they are written and read, of logs of any length.

use agent_tasks::SessionId;
use rusqlite::StatementStatus;

use super::*;
use crate::log::{
    Log, NewSessionRow, NewTaskRow,
    write_outline::{OutlineNews, StepRow},
};

fn summary(place: u32) -> StepSummary {
    StepSummary {
        seq: u64::from(place) * 3 + 1,
        last_seq: u64::from(place) * 3 + 3,
        session_id: SessionId("s".into()),
        // The first one is a session, which later events may name.
        code: if place == 0 { "ss" } else { "Xs" }.into(),
        lines: 40,
        parent: (place % 10 == 9).then(|| place - 1),
        title: Some(format!("step {place}")),
        ..StepSummary::default()
    }
}

fn news(rows: std::ops::Range<u32>, steps: u32, last_seq: u64) -> OutlineNews {
    let rows = rows.map(|place| StepRow { place, summary: summary(place) }).collect();
    OutlineNews { last_seq, steps, usage: None, intent: Some("Builds".into()), rows }
}

async fn log_of(folder: &std::path::Path) -> (Log, TaskId) {
    let log = Log::open(&folder.join("log.sqlite")).unwrap();
    let id = TaskId("t".into());
    let task = NewTaskRow {
        id: id.clone(),
        name: "t".into(),
        owner: "local".into(),
        repo: "sample".into(),
        repo_id: 1,
        agent_id: "a".into(),
        model: None,
        custom_agent: None,
        base_ref: "main".into(),
        head_ref: "agents/a".into(),
    };
    let session = NewSessionRow { id: SessionId("s".into()), name: "s".into(), prompt: "p".into() };
    let made: Result<(), LogError> = log
        .write(move |tx| {
            tx.insert_task(&task)?;
            tx.insert_session(&task.id, &session)
        })
        .await;
    made.unwrap();
    (log, id)
}

async fn write(log: &Log, id: &TaskId, news: OutlineNews) {
    let id = id.clone();
    let written: Result<(), LogError> = log.write(move |tx| tx.write_outline(&id, &news)).await;
    written.unwrap();
}

async fn read(log: &Log, id: &TaskId, query: OutlineQuery) -> Option<OutlineWindow> {
    let id = id.clone();
    log.read(move |conn| window(conn, &id, &query)).await.unwrap().unwrap().window
}

fn places(window: &OutlineWindow) -> Vec<u64> {
    window.steps.iter().map(|step| (step.seq - 1) / 3).collect()
}

#[tokio::test]
async fn any_part_of_an_outline_is_read_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let (log, id) = log_of(folder.path()).await;
    assert_eq!(read(&log, &id, OutlineQuery::default()).await, None);
    write(&log, &id, news(0..30, 50, 0)).await;
    assert_eq!(read(&log, &id, OutlineQuery::default()).await, None, "while it is being written");
    write(&log, &id, news(20..50, 50, 150)).await;
    let limit = Some(10);
    for (query, first) in [
        (OutlineQuery { limit, ..Default::default() }, 40),
        (OutlineQuery { first: Some(7), limit, ..Default::default() }, 7),
        (OutlineQuery { seq: Some(61), limit, ..Default::default() }, 15),
        (OutlineQuery { seq: Some(63), limit, ..Default::default() }, 15),
        (OutlineQuery { seq: Some(0), limit, ..Default::default() }, 0),
        (OutlineQuery { seq: Some(u64::MAX), limit, ..Default::default() }, 40),
    ] {
        let window = read(&log, &id, query.clone()).await.unwrap();
        assert_eq!((window.total, window.last_seq, window.first), (50, 150, first), "{query:?}");
        assert_eq!(places(&window), (u64::from(first)..u64::from(first) + 10).collect::<Vec<_>>(), "{query:?}");
        assert_eq!(window.steps[0], summary(first));
        assert_eq!((window.map, window.intent.as_deref()), (None, Some("Builds")));
    }
    let beyond = read(&log, &id, OutlineQuery { first: Some(99), ..Default::default() }).await.unwrap();
    assert!(beyond.first == 50 && beyond.steps.is_empty());
    let query = OutlineQuery { first: Some(5), limit, map: Some(true), ..Default::default() };
    let window = read(&log, &id, query).await.unwrap();
    let map = window.map.unwrap();
    assert_eq!((map.codes.len(), map.lines.as_slice()), (100, &[40; 50][..]));
    assert_eq!(map.nested[1], Nesting { step: 19, parent: 18 });
    let placed = |step: u32| PlacedStep { step, summary: summary(step) };
    assert_eq!(window.open, [placed(0), placed(49)], "what is open, and the newest one");
}

#[tokio::test]
async fn what_another_fold_wrote_is_not_told_and_dropped_with_the_next_write() {
    let folder = tempfile::tempdir().unwrap();
    let (log, id) = log_of(folder.path()).await;
    write(&log, &id, news(0..30, 30, 90)).await;
    let conn = rusqlite::Connection::open(folder.path().join("log.sqlite")).unwrap();
    conn.execute("UPDATE outlines SET fold = fold + 1", []).unwrap();
    assert_eq!(read(&log, &id, OutlineQuery::default()).await, None);
    write(&log, &id, news(0..2, 2, 6)).await;
    assert_eq!(places(&read(&log, &id, OutlineQuery::default()).await.unwrap()), [0, 1]);
    let rows: i64 = conn.query_row("SELECT count(*) FROM outline_steps", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 2);
}

#[tokio::test]
async fn a_part_of_an_outline_costs_the_same_in_a_log_of_any_length() {
    let mut costs = Vec::new();
    // With forty lines each, the last one has a million lines.
    for steps in [250, 2_500, 25_000] {
        let folder = tempfile::tempdir().unwrap();
        let (log, id) = log_of(folder.path()).await;
        write(&log, &id, news(0..steps, steps, u64::from(steps) * 3)).await;
        let cost = log.read(move |conn| {
            let query = OutlineQuery { seq: Some(u64::from(steps) * 3 / 2), map: Some(true), ..Default::default() };
            let written = window(conn, &id, &query)?.and_then(|written| written.window);
            let bytes = serde_json::to_string(&written.map(|window| window.steps)).unwrap().len();
            let mut cost = |sql| Ok(conn.prepare_cached(sql)?.get_status(StatementStatus::VmStep));
            let steps: Vec<i32> =
                [HEAD, PLACE, STEPS, OPEN].into_iter().map(&mut cost).collect::<Result<_, LogError>>()?;
            let map = cost(MAP)?;
            Ok((steps, bytes, map))
        });
        costs.push(cost.await.unwrap());
    }
    let (steps, bytes, map) = &costs[0];
    for (other_steps, other_bytes, _) in &costs[1..] {
        assert_eq!(other_steps, steps, "operations of the database");
        // Numbers of more digits.
        assert!(*other_bytes < bytes * 12 / 10, "{other_bytes} bytes instead of {bytes}");
    }
    assert!(costs[2].2 > map * 50, "only the map grows with the log");
}

#[tokio::test]
async fn the_map_is_read_without_the_summaries() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _) = log_of(folder.path()).await;
    let plan = log.read(|conn| {
        let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {MAP}"))?;
        Ok(plan.query_row([1], |row| row.get::<_, String>(3))?)
    });
    assert_eq!(plan.await.unwrap(), "SEARCH outline_steps USING COVERING INDEX outline_map (outline_id=?)");
}
