//! How many events a second are committed at full durability, and how soon a companion with a long log answers.

use std::time::{Duration, Instant};

use agent_tasks::{SessionId, TaskId, event::UserMessage};
use companion::log::{Entry, Log, NewSessionRow, NewTaskRow};
use promises::{cases, is_long, tell};

use crate::program::Program;

/// Events a second.
const RATE_MIN: f64 = 5_000.0;
/// Ready in so long.
const READY_MAX: Duration = Duration::from_secs(2);
/// Sessions that write at once.
const WRITERS: usize = 100;
/// The text of an event of the long log, in bytes.
const LONG_TEXT: usize = 16 * 1024;

async fn task(log: &Log, name: &str) -> (TaskId, SessionId) {
    let task = NewTaskRow {
        id: TaskId(name.into()),
        name: name.into(),
        owner: "local".into(),
        repo: "sample".into(),
        repo_id: 1,
        agent_id: "rehearsal".into(),
        model: None,
        custom_agent: None,
        base_ref: "main".into(),
        head_ref: format!("agents/{name}"),
    };
    let session = NewSessionRow { id: SessionId(format!("{name}-1")), name: name.into(), prompt: name.into() };
    let ids = (task.id.clone(), session.id.clone());
    let written: Result<(), companion::log::LogError> = log
        .write(move |tx| {
            tx.insert_task(&task)?;
            tx.insert_session(&task.id, &session)
        })
        .await;
    written.unwrap();
    ids
}

fn said(text: &str) -> Entry {
    Entry::from(UserMessage { content: text.into(), source: None })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_is_acknowledged_on_its_own_and_all_are_many() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(&folder.path().join("log.sqlite")).unwrap();
    let time = Duration::from_secs(cases(1, 10));
    let began = Instant::now();
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        let (task_id, session_id) = task(&log, &format!("t{number}")).await;
        let log = log.clone();
        writers.push(tokio::spawn(async move {
            let mut count = 0;
            while began.elapsed() < time {
                let (task_id, session_id) = (task_id.clone(), session_id.clone());
                let entry = said("a line of output as agents write them, of some eighty bytes and not much more");
                log.write(move |tx| tx.append(&task_id, &session_id, [entry])).await.unwrap();
                count += 1;
            }
            count
        }));
    }
    let mut events = 0;
    for writer in writers {
        events += writer.await.unwrap();
    }
    let rate = events as f64 / began.elapsed().as_secs_f64();
    tell(
        "S2",
        events,
        rate >= RATE_MIN,
        &format!("{rate:.0} events/s, each acknowledged by itself, {WRITERS} writers"),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_does_not_keep_a_companion_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = Program::new_token(&data);
    let megabytes = cases(64, 1_024) as usize;
    let log = Log::open(&data.join("flightdeck.sqlite")).unwrap();
    let (task_id, session_id) = task(&log, "long").await;
    let text = "a line of output, again and again\n".repeat(LONG_TEXT / 34);
    for _ in 0..megabytes {
        let (task_id, session_id, text) = (task_id.clone(), session_id.clone(), text.clone());
        let batch: Vec<Entry> = (0..64).map(|_| said(&text)).collect();
        log.write(move |tx| tx.append(&task_id, &session_id, batch)).await.unwrap();
    }
    drop(log);
    let size = || std::fs::metadata(data.join("flightdeck.sqlite")).unwrap().len() >> 20;
    let mut slowest = Duration::ZERO;
    let starts = cases(2, 5);
    for _ in 0..starts {
        let mut program = Program::start(&data, &token, 60);
        slowest = slowest.max(program.ready_after);
        program.kill();
    }
    tell(
        "S1b",
        starts,
        slowest <= READY_MAX && (size() >= 1_000 || !is_long()),
        &format!("ready in {} ms at most with a log of {} MB", slowest.as_millis(), size()),
    );
}
