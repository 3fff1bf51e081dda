//! Many sessions at once: none is held up, nothing piles up, and all of them end together.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use agent_tasks::{State, Steer};
use futures_util::future::join_all;
use promises::{is_long, tell};

use crate::{
    ALONE,
    companion::{Companion, eventually},
    measure::Measure,
    processes,
};

/// Memory that the companion may have in use, in bytes.
const MEMORY_MAX: u64 = 1 << 30;
/// How soon another session answers meanwhile, at the 99th percentile.
const ANSWER_MAX: Duration = Duration::from_millis(250);
/// From the stops to the last process's end.
const GONE_MAX: Duration = Duration::from_secs(5);
/// By so many open files two looks may differ.
const FILES_SLACK: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_sessions_run_side_by_side_and_end_together() {
    let (count, time) = if is_long() { (99, Duration::from_secs(60)) } else { (15, Duration::from_secs(4)) };
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let companion = Arc::new(Companion::start(folder.path(), false));
    let other = companion.task("steady", "the other session").await;
    let mut tasks = Vec::new();
    for _ in 0..count {
        let id = companion.task("steady", "talk").await;
        tasks.push((companion.session(&id).await, id));
    }
    for (_, id) in &tasks {
        companion.until_state(id, &State::InProgress).await;
    }
    let files = processes::open_files(companion.pid());
    let measure = Measure::begin(&companion, other);
    tokio::time::sleep(time).await;
    let memory = processes::memory(companion.pid());
    let more = processes::open_files(companion.pid()).abs_diff(files);
    let (measured, zombies) = (measure.end().await, processes::zombies(companion.pid()));
    for (_, id) in &tasks {
        let before = companion.log(id, 0).await.last_seq;
        while companion.log(id, 0).await.last_seq == before {}
    }
    let asked = Instant::now();
    let answers = join_all(tasks.iter().map(|(_, id)| async { companion.steer(id, &Steer::abort()).await })).await;
    assert!(answers.iter().all(|status| *status == 202), "{answers:?}");
    let answered = asked.elapsed();
    let sessions: Vec<&str> = tasks.iter().map(|(session, _)| session.as_str()).collect();
    eventually("nobody is left", || processes::any_marked(&sessions).is_empty()).await;
    let gone = asked.elapsed();
    tell(
        "S15",
        count + 1,
        memory <= MEMORY_MAX && measured.p99 <= ANSWER_MAX,
        &format!(
            "{} s: memory {} MB, open files {more} more, {zombies} zombies, answers p99 {} ms of {}; stops answered \
             after {} ms, all gone after {} ms",
            time.as_secs(),
            memory / 1024 / 1024,
            measured.p99.as_millis(),
            measured.asked,
            answered.as_millis(),
            gone.as_millis(),
        ),
    );
    assert!(memory <= MEMORY_MAX && more <= FILES_SLACK && zombies == 0);
    assert!(measured.p99 <= ANSWER_MAX, "{:?}", measured.p99);
    assert!(gone <= GONE_MAX, "{gone:?}");
    for (_, id) in &tasks {
        companion.until_state(id, &State::Cancelled).await;
    }
}
