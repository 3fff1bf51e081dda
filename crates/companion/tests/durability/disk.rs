//! A disk without room, and a database that somebody else keeps locked: who reads is served, who writes is told to come
//! back, and nothing that was acknowledged is lost.

use std::{
    io::Write,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use agent_tasks::{TaskId, paths};
use promises::{cases, is_long, tell};
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    program::Program,
    reader::{Told, read},
};

/// Longer than anything may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often something is looked at that changes by itself.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Works again in so long, once there is room.
const ROOM_MAX: Duration = Duration::from_secs(10);
/// And once the lock is gone.
const LOCK_MAX: Duration = Duration::from_secs(2);
/// The size of the disk that is filled.
const DISK: &str = "size=32m";

/// A companion with a task that talks, and what a reader of its log was told.
struct Scene {
    program: Program,
    task: TaskId,
    told: Told,
    _place: watch::Sender<Option<(String, String)>>,
}

impl Scene {
    async fn set(data: &Path, hold_seconds: u64) -> Self {
        let token = Program::new_token(data);
        let program = Program::start(data, &token, hold_seconds);
        let (status, _, task) = program.create("first", "rehearse: endless-talk").await.unwrap();
        assert_eq!(status, 201, "{task}");
        let task = TaskId(task["id"].as_str().unwrap().to_owned());
        let (place, seen_at) = watch::channel(Some((program.address.clone(), token)));
        let told = Told::default();
        read(task.clone(), seen_at, Arc::clone(&told));
        let scene = Self { program, task, told, _place: place };
        until("the agent talks", async || scene.told.lock().unwrap().len() > 10).await;
        scene
    }

    /// The status of a new start, and the whole answer.
    async fn start(&self, key: &str) -> (u16, Option<String>, Value) {
        self.program.create(key, "rehearse: quick").await.unwrap()
    }

    async fn see_reads(&mut self) {
        assert!(self.program.is_up());
        assert_eq!(self.program.get(paths::TASKS).await.0, 200);
        assert_eq!(self.program.get(&paths::events(&self.task)).await.0, 200);
    }

    async fn see_nothing_lost(&self) {
        let told = self.told.lock().unwrap().clone();
        let log = self.program.log(&self.task).await;
        assert_eq!(log[..told.len()], told[..]);
    }
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut scene = Scene::set(&data, PATIENCE.as_secs()).await;
    let other = rusqlite::Connection::open(data.join("flightdeck.sqlite")).unwrap();
    other.busy_timeout(PATIENCE).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let locked = Instant::now();
    let (status, wait, body) = scene.start("locked").await;
    assert_eq!((status, wait.as_deref()), (503, Some("5")), "{body}");
    assert!(body["message"].as_str().unwrap().contains("locked"), "{body}");
    scene.see_reads().await;
    let hold = Duration::from_secs(cases(6, 30));
    tokio::time::sleep(hold.saturating_sub(locked.elapsed())).await;
    scene.see_reads().await;
    let before = scene.told.lock().unwrap().len();
    other.execute_batch("COMMIT").unwrap();
    let free = Instant::now();
    until("a start", async || scene.start("locked").await.0 == 201).await;
    let works_after = free.elapsed();
    until("the agent goes on", async || scene.told.lock().unwrap().len() > before).await;
    let goes_on_after = free.elapsed();
    let (_, task) = scene.program.get(&paths::task(&scene.task)).await;
    assert_eq!(task["state"], "in_progress", "a lock ends no session");
    scene.see_nothing_lost().await;
    let slowest = works_after.max(goes_on_after);
    tell(
        "S5",
        1,
        slowest <= LOCK_MAX,
        &format!(
            "locked {} s: 503 with Retry-After, reads answered; starts again after {} ms, the agent after {} ms; 0 lost",
            hold.as_secs(),
            works_after.as_millis(),
            goes_on_after.as_millis()
        ),
    );
    assert!(is_long() || slowest <= PATIENCE);
}

/// Set where a disk of our own can be mounted that nobody else sees.
const OWN_MOUNTS: &str = "FLIGHTDECK_OWN_MOUNTS";

#[test]
fn a_full_disk_is_waited_for() {
    if std::env::var_os(OWN_MOUNTS).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(fill_a_disk());
    }
    let in_own = |program: &Path, args: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount"]).arg(program).args(args).env(OWN_MOUNTS, "1").status()
    };
    if !in_own(Path::new("true"), &[]).is_ok_and(|status| status.success()) {
        return tell("S4", 0, false, "no disk could be made to be filled here: no user namespaces");
    }
    let own = std::env::current_exe().unwrap();
    let told = in_own(&own, &["--exact", "disk::a_full_disk_is_waited_for", "--nocapture"]).unwrap();
    assert!(told.success(), "the same test, with mounts of its own");
}

async fn fill_a_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", DISK, "none"]).arg(folder.path()).status().unwrap();
    assert!(mounted.success(), "mounted in the namespace");
    let data = folder.path().join("data");
    let mut scene = Scene::set(&data, 2).await;
    let ballast = folder.path().join("ballast");
    let mut tries = 0;
    let mut answer = (0, None, Value::Null);
    // What the database has already is written again before it needs more.
    until("a start to be refused", async || {
        fill(&ballast);
        tries += 1;
        answer = scene.start(&format!("full-{tries}")).await;
        answer.0 != 201
    })
    .await;
    let (status, wait, body) = answer;
    assert_eq!((status, wait.as_deref()), (507, Some("5")), "{body}");
    assert!(body["message"].as_str().unwrap().contains("full"), "{body}");
    scene.see_reads().await;
    // The agent is held, then stopped: nothing is told of it any more.
    until("the agent to be stopped", async || {
        fill(&ballast);
        !talks(&data)
    })
    .await;
    scene.see_reads().await;
    std::fs::remove_file(&ballast).unwrap();
    let room = Instant::now();
    until("a start", async || scene.start("room").await.0 == 201).await;
    let works_after = room.elapsed();
    let mut task = Value::Null;
    until("the end of the session", async || {
        task = scene.program.get(&paths::task(&scene.task)).await.1;
        task["state"] == "failed"
    })
    .await;
    let told_after = room.elapsed();
    assert!(task["error"]["message"].as_str().unwrap().contains("could not be written"), "{task}");
    scene.see_nothing_lost().await;
    let slowest = works_after.max(told_after);
    tell(
        "S4",
        1,
        slowest <= ROOM_MAX,
        &format!(
            "full disk of 32 MB: 507 with a sentence, reads answered, agent held then stopped as storage_full; with room \
         again starts after {} ms, the end told after {} ms; 0 lost",
            works_after.as_millis(),
            told_after.as_millis()
        ),
    );
}

/// Writes until nothing fits any more.
fn fill(ballast: &Path) {
    let mut file = std::fs::File::options().create(true).append(true).open(ballast).unwrap();
    for size in [1 << 20, 4_096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// Whether an agent of the companion with this data folder lives.
fn talks(data: &Path) -> bool {
    let works_there = |cwd: &Path| cwd.starts_with(data.join("worktrees"));
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .into_iter()
        .any(|process| std::fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| works_there(&cwd)))
}
