//! What reading a log of a million lines costs the server: windows of events, the outline, search; and what an outline
//! that is kept costs whoever writes. `cargo bench -p companion --bench reading`.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on should panic")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use agent_tasks::{
    EventWindow, OutlineQuery, SessionId, TaskId,
    event::{AssistantMessage, ToolExecutionComplete, ToolExecutionPartialResult, ToolExecutionStart, UserMessage},
    query::WINDOW_BYTES_MAX,
};
use companion::{
    derived::{Derived, HitRange},
    log::{
        Entry, EventPage, EventSpan, Log, LogError, NewSessionRow, NewTaskRow, read_events, read_outline, read_window,
    },
};
use session_log::{FindOptions, Query};

/// Steps of the log; with the lines of each, it has a million.
const STEPS: usize = 25_000;
/// Lines of a command's output.
const LINES: usize = 49;
/// Events of one transaction.
const BATCH: usize = 500;
/// Runs of each measurement of a window.
const RUNS: u64 = 41;
/// The most events of a window.
const EVENTS_MAX: u32 = 1_000;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(&folder.path().join("log.sqlite")).unwrap();
    let (alone, followed) = (new_task(&log, "alone").await, new_task(&log, "followed").await);
    let written = Instant::now();
    let last_seq = write(&log, &alone).await;
    row("write a million lines", written.elapsed());
    let derived = Derived::new(&log);
    let following = derived.outlines.follow(&followed);
    let written = Instant::now();
    write(&log, &followed).await;
    row("write a million lines while their outline is kept", written.elapsed());
    drop(following);
    windows(&log, &alone, last_seq).await;
    outlines(&log, &derived, &alone).await;
    for text in ["needle", "compiling", "module 7", "needles"] {
        search(&derived, &alone, text).await;
    }
}

async fn windows(log: &Log, task_id: &TaskId, last_seq: u64) {
    let (mut parsed, mut handed_on, mut bytes) = (Vec::new(), Vec::new(), 0);
    for run in 0..RUNS {
        let (id, after) = (task_id.clone(), last_seq / (RUNS + 1) * run);
        let (before, now, len) = log
            .read(move |conn| {
                let started = Instant::now();
                let slice = read_events::slice(conn, &id, after, EVENTS_MAX, WINDOW_BYTES_MAX)?.unwrap();
                let window = EventWindow { events: slice.events, first_seq: 1, last_seq, total: last_seq, upto: None };
                black_box(serde_json::to_string(&window).unwrap());
                let before = started.elapsed();
                let started = Instant::now();
                let span = EventSpan::After(after);
                let page = EventPage { span, limit: EVENTS_MAX, session_id: None, facts: false, of: None, raw: false };
                let window = read_window::window(conn, &id, &page)?;
                let text = serde_json::to_string(&window).unwrap();
                Ok((before, started.elapsed(), text.len()))
            })
            .await
            .unwrap();
        parsed.push(before);
        handed_on.push(now);
        bytes += len / RUNS as usize;
    }
    println!("a window has {} KB", bytes / 1_000);
    row("a window, parsed and written anew", median(parsed));
    row("a window, handed on", median(handed_on));
}

async fn outlines(log: &Log, derived: &Derived, task_id: &TaskId) {
    let query = OutlineQuery { map: Some(true), ..OutlineQuery::default() };
    let started = Instant::now();
    let window = derived.outlines.window(task_id, &query).await.unwrap().unwrap();
    row("the first outline of a log, with its map", started.elapsed());
    println!("{} steps, {} KB", window.total, serde_json::to_string(&window).unwrap().len() / 1_000);
    let started = Instant::now();
    derived.outlines.window(task_id, &query).await.unwrap();
    row("the same from memory", started.elapsed());
    let started = Instant::now();
    let id = task_id.clone();
    while log
        .read({
            let id = id.clone();
            move |conn| read_outline::written_up_to(conn, &id)
        })
        .await
        .unwrap()
        == 0
    {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    row("until it is on disk", started.elapsed());
    let fresh = Derived::new(log);
    let started = Instant::now();
    fresh.outlines.window(task_id, &query).await.unwrap();
    row("the same from disk", started.elapsed());
    let started = Instant::now();
    fresh.outlines.window(task_id, &OutlineQuery::default()).await.unwrap();
    row("a hundred steps from disk, without the map", started.elapsed());
}

async fn search(derived: &Derived, task_id: &TaskId, text: &str) {
    let started = Instant::now();
    let (mut first, mut longest, mut answers) = (None, Duration::ZERO, 0);
    loop {
        let asked = Instant::now();
        let query = Query::new(text, FindOptions::default()).ok();
        let range = HitRange { skip: 0, limit: 100, has_steps: true };
        let found = derived.searches.find(task_id, query, range).await.unwrap().unwrap();
        longest = longest.max(asked.elapsed());
        answers += 1;
        if found.total > 0 {
            first.get_or_insert(started.elapsed());
        }
        if found.is_done {
            row(&format!("find '{text}': the first hit"), first.unwrap_or_default());
            row(&format!("find '{text}': all {} hits, in {answers} answers", found.total), started.elapsed());
            row(&format!("find '{text}': the longest answer"), longest);
            return;
        }
    }
}

async fn new_task(log: &Log, id: &str) -> TaskId {
    let task = NewTaskRow {
        id: TaskId(id.into()),
        name: id.into(),
        owner: "local".into(),
        repo: "bench".into(),
        repo_id: 1,
        agent_id: "bench".into(),
        model: None,
        custom_agent: None,
        base_ref: "main".into(),
        head_ref: format!("agents/{id}"),
    };
    let session = NewSessionRow { id: session_of(&task.id), name: id.into(), prompt: "Build".into() };
    let task_id = task.id.clone();
    let made: Result<(), LogError> = log
        .write(move |tx| {
            tx.insert_task(&task)?;
            tx.insert_session(&task.id, &session)
        })
        .await;
    made.unwrap();
    task_id
}

fn session_of(task_id: &TaskId) -> SessionId {
    SessionId(format!("session-of-{task_id}"))
}

async fn write(log: &Log, task_id: &TaskId) -> u64 {
    let (mut batch, mut last_seq) = (Vec::new(), 0);
    for number in 0..STEPS {
        batch.extend(step(number));
        if batch.len() >= BATCH || number + 1 == STEPS {
            let (task_id, entries) = (task_id.clone(), std::mem::take(&mut batch));
            let written: Result<u64, LogError> =
                log.write(move |tx| tx.append(&task_id, &session_of(&task_id), entries)).await;
            last_seq = written.unwrap();
        }
    }
    last_seq
}

/// Each fifth step is a message or a prompt, the others are commands.
fn step(number: usize) -> Vec<Entry> {
    let id = format!("step-{number}");
    match number % 10 {
        0 => vec![UserMessage { content: format!("Do what comes next, number {number}"), source: None }.into()],
        5 => {
            let content = format!("Step {number} is done.\n\n- one thing\n- another thing\n");
            vec![AssistantMessage { message_id: id, content, ..AssistantMessage::default() }.into()]
        }
        _ => {
            let word = if number % (STEPS / 3) == 4_321 { "needle" } else { "module" };
            let line = |line| format!("\u{1b}[32m[{number:>6}:{line:>3}]\u{1b}[0m compiling {word} {line} of it\n");
            let start = ToolExecutionStart {
                tool_call_id: id.clone(),
                tool_name: "bash".into(),
                command: Some(format!("make target-{number}")),
                ..ToolExecutionStart::default()
            };
            let part = |lines: std::ops::Range<usize>| ToolExecutionPartialResult {
                tool_call_id: id.clone(),
                partial_output: lines.map(line).collect(),
                replace: false,
            };
            let done = ToolExecutionComplete { tool_call_id: id.clone(), success: true, ..Default::default() };
            vec![start.into(), part(0..LINES / 2).into(), part(LINES / 2..LINES).into(), done.into()]
        }
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn row(what: &str, time: Duration) {
    println!("{:>10.2} ms  {what}", time.as_secs_f64() * 1_000.0);
}
