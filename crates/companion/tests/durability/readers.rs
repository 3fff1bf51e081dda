//! Many who read one log at once, and some who read slowly.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use agent_tasks::{Event, TaskId, paths};
use companion::ConnectionLimits;
use promises::{cases, tell};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Mutex,
};

use crate::program::Program;

/// From the commit to a reader.
const LATENCY_MAX: Duration = Duration::from_millis(250);
/// All are answered in so long.
const STORM_MAX: Duration = Duration::from_secs(5);
/// Memory of the companion over what it has without readers, in megabytes.
const MEMORY_MAX_MB: u64 = 256;
/// One in so many readers looks at the time; the others only take what comes.
const LOOKING: u64 = 20;

/// One reader's connection, as bare as it can be.
async fn connect(program: &Program, id: &TaskId) -> TcpStream {
    let host = program.address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let path = format!("{}{}", paths::COMPANION_BASE, paths::events(id));
    let token = program.token();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

/// Takes what comes until `end`; how late each event was, when this one looks.
async fn listen(
    mut stream: TcpStream,
    answered: Arc<AtomicUsize>,
    looks: bool,
    from_ms: i64,
    end: Instant,
) -> Vec<i64> {
    let (mut late, mut text, mut buffer) = (Vec::new(), Vec::new(), vec![0; 64 * 1024]);
    let mut is_new = true;
    loop {
        let read = tokio::time::timeout_at(end.into(), stream.read(&mut buffer)).await;
        let Ok(read) = read else { return late };
        let length = read.unwrap();
        assert!(length > 0, "a reader was let go");
        if std::mem::take(&mut is_new) {
            assert!(buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&buffer[..length]));
            answered.fetch_add(1, Ordering::Relaxed);
        }
        if !looks {
            continue;
        }
        let now = now_ms();
        text.extend_from_slice(&buffer[..length]);
        while let Some(line_end) = text.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = text.drain(..=line_end).collect();
            let event = line.strip_prefix(b"data: ").and_then(|data| serde_json::from_slice::<Event>(data).ok());
            late.extend(event.map(|event| event.timestamp.as_ms()).filter(|at| *at >= from_ms).map(|at| now - at));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_read_one_log() {
    let readers = cases(250, 1_000);
    let time = Duration::from_secs(cases(3, 20));
    ConnectionLimits::of_this_process();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = Program::new_token(&data);
    let program = Program::start(&data, &token, 60);
    let (status, _, task) = program.create("talk", "rehearse: chatter").await.unwrap();
    assert_eq!(status, 201, "{task}");
    let id = TaskId(task["id"].as_str().unwrap().to_owned());
    while program.log(&id).await.len() < 50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let idle = program.memory_mb();
    let answered = Arc::new(AtomicUsize::new(0));
    let storm = Instant::now();
    // The time of the storm itself is not that of the stream.
    let (from_ms, end) = (now_ms() + 2_000, storm + Duration::from_secs(2) + time);
    let listening = Mutex::new(tokio::task::JoinSet::new());
    for number in 0..readers {
        let stream = connect(&program, &id).await;
        listening.lock().await.spawn(listen(stream, answered.clone(), number % LOOKING == 0, from_ms, end));
    }
    while (answered.load(Ordering::Relaxed) as u64) < readers {
        assert!(storm.elapsed() < STORM_MAX * 6, "{answered:?} of {readers} were answered");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let answered_after = storm.elapsed();
    tokio::time::sleep_until((end - Duration::from_millis(500)).into()).await;
    let grown = program.memory_mb().saturating_sub(idle);
    let files = program.files();
    let called = Instant::now();
    assert_eq!(program.get(paths::TASKS).await.0, 200);
    let call = called.elapsed();
    let mut late: Vec<i64> = listening.into_inner().join_all().await.concat();
    late.sort_unstable();
    let rate = late.len() as u64 / readers.div_ceil(LOOKING) / time.as_secs();
    let p99 = late[late.len() * 99 / 100];
    let holds = answered_after <= STORM_MAX && grown <= MEMORY_MAX_MB && p99 <= LATENCY_MAX.as_millis() as i64;
    tell(
        "S18",
        readers,
        holds && readers >= 250,
        &format!(
            "{readers} readers of {rate} events/s: p99 {p99} ms, +{grown} MB, {files} files, all answered in {} ms, another call in {} ms",
            answered_after.as_millis(),
            call.as_millis()
        ),
    );
}
