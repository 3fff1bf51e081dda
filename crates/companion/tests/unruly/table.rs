//! The table: each mode is played, measured and stopped.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use agent_tasks::{EventBody, State, Steer, Task, event::SupervisionReport};
use promises::{is_long, tell};

use crate::{
    ALONE,
    companion::{Companion, eventually},
    measure::{Measure, Measured},
    modes::{End, MODES, Mode},
    processes,
};

/// From the call to the answer and to the task's word "stopping".
const STOPPING_MAX: Duration = Duration::from_millis(200);
/// From the call to the last process's end.
const GONE_MAX: Duration = Duration::from_secs(5);
/// How soon another session answers meanwhile, at the 99th percentile.
const ANSWER_MAX: Duration = Duration::from_millis(500);
/// How much the companion's memory may grow, in bytes.
const GROWTH_MAX: u64 = 64 * 1024 * 1024;
/// A mode that took too long is played so often in all: the machine may have been busy with something else.
const PLAYS_MAX: usize = 3;
/// A mode plays so long before it is stopped.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_an_agent_does_nothing_is_left_and_nobody_else_is_held_up() {
    play_all(false, |mode| !mode.leaves_no_trace()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_holds_in_control_groups() {
    let folder = tempfile::tempdir().unwrap();
    let supervision = Companion::start(folder.path(), true).capabilities().await.supervision.unwrap();
    if supervision.layer == "cgroup" {
        play_all(true, |mode| is_long() || mode.is_about_processes()).await;
    } else {
        println!("not tried here: {}", supervision.description);
    }
}

async fn play_all(uses_cgroups: bool, is_meant: fn(&Mode) -> bool) {
    let _alone = ALONE.lock().await;
    let (mut faults, mut rows) = (Vec::new(), Vec::new());
    let only = std::env::var("UNRULY_ONLY").ok();
    let is_chosen = |mode: &Mode| only.as_deref().is_none_or(|only| mode.name.contains(only));
    for mode in MODES.iter().filter(|mode| is_meant(mode) && is_chosen(mode)) {
        let mut row = play_once(mode, uses_cgroups).await;
        for _ in 1..PLAYS_MAX {
            if row.faults().is_empty() && !row.delays().is_empty() {
                row = play_once(mode, uses_cgroups).await;
            }
        }
        let all = [row.faults(), row.delays()].concat();
        faults.extend(all.into_iter().map(|fault| format!("{}: {fault}", mode.name)));
        rows.push(row);
    }
    tell_all(&rows);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

async fn play_once(mode: &'static Mode, uses_cgroups: bool) -> Row {
    let row = play(mode, uses_cgroups).await;
    println!("{}", row.words());
    row
}

/// What came of a mode.
struct Row {
    mode: &'static Mode,
    layer: String,
    /// From the call to the answer, and to the task's word; `None` where it ended by itself.
    stopping: Option<Duration>,
    /// From the call to the last process's end.
    gone: Option<Duration>,
    left: usize,
    task: Task,
    report: Option<SupervisionReport>,
    measured: Measured,
}

async fn play(mode: &'static Mode, uses_cgroups: bool) -> Row {
    let folder = tempfile::tempdir().unwrap();
    let companion = Arc::new(Companion::start(folder.path(), uses_cgroups));
    let layer = companion.capabilities().await.supervision.unwrap().layer;
    let other = companion.task("steady", "the other session").await;
    companion.until_state(&other, &State::InProgress).await;
    let measure = Measure::begin(&companion, other.clone());
    let id = companion.task(mode.name, "misbehave").await;
    let session = companion.session(&id).await;
    let (stopping, gone) = match mode.end {
        End::Failed(_) => (None, None),
        End::ByStop | End::CrashesWhenStopped => {
            companion.until(&id, "begun", |task| task.started_at.is_some()).await;
            eventually("it runs", || !processes::marked(&session).is_empty()).await;
            tokio::time::sleep(if is_long() { LONG } else { SHORT }).await;
            let asked = Instant::now();
            assert_eq!(companion.steer(&id, &Steer::abort()).await, 202, "{}", mode.name);
            companion.until(&id, "stopping", |it| it.stop_requested_at.is_some() || it.state.is_finished()).await;
            let stopping = asked.elapsed();
            eventually("nothing is left", || processes::marked(&session).is_empty()).await;
            (Some(stopping), Some(asked.elapsed()))
        }
    };
    let task = companion.until(&id, "over", |task| task.state.is_finished()).await;
    let left = processes::marked(&session).len();
    let measured = measure.end().await;
    let report = companion.last_events(&id).await.into_iter().rev().find_map(|event| match event.body {
        EventBody::SessionShutdown(end) => end.report,
        _ => None,
    });
    Row { mode, layer, stopping, gone, left, task, report, measured }
}

impl Row {
    /// What is not as it has to be.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut see = |holds: bool, fault: String| faults.extend((!holds).then_some(fault));
        let error = self.task.error.as_ref().map(|error| error.message.clone()).unwrap_or_default();
        match self.mode.end {
            End::ByStop | End::CrashesWhenStopped => {
                see(self.task.state == State::Cancelled, format!("it is {} ({error})", self.task.state));
            }
            End::Failed(words) => {
                see(self.task.state == State::Failed, format!("it is {}", self.task.state));
                see(error.contains(words), format!("{words:?} is not in {error:?}"));
            }
        }
        let remaining = self.report.as_ref().map(|report| report.remaining);
        see(remaining == Some(0), format!("the report tells of {remaining:?} left"));
        see(self.left == 0, format!("{} processes are left", self.left));
        see(self.measured.growth <= GROWTH_MAX, format!("memory grew by {} bytes", self.measured.growth));
        let has_gone_on = self.measured.progress > 0 || self.measured.asked < 20;
        see(has_gone_on, "the other session made no progress".into());
        faults
    }

    /// What took too long: perhaps because the machine was busy with something else.
    fn delays(&self) -> Vec<String> {
        let mut delays = self.delays_of_stop();
        if self.measured.p99 > ANSWER_MAX {
            delays.push(format!("the other session answered in {:?}", self.measured.p99));
        }
        delays
    }

    fn delays_of_stop(&self) -> Vec<String> {
        let mut delays = Vec::new();
        let mut see = |holds: bool, delay: String| delays.extend((!holds).then_some(delay));
        see(self.gone.is_none_or(|gone| gone <= GONE_MAX), format!("gone after {:?}", self.gone));
        see(self.stopping.is_none_or(|time| time <= STOPPING_MAX), format!("stopping after {:?}", self.stopping));
        delays
    }

    fn words(&self) -> String {
        let ms = |time: Option<Duration>| time.map_or("-".into(), |time| time.as_millis().to_string());
        format!(
            "{:<10} {:<28} {:<9} stopping {:>4} ms, gone {:>5} ms, left {}, others p99 {:>3} ms of {:>4}, memory +{} MB",
            self.layer,
            self.mode.name,
            self.task.state.to_string(),
            ms(self.stopping),
            ms(self.gone),
            self.left,
            self.measured.p99.as_millis(),
            self.measured.asked,
            self.measured.growth / 1024 / 1024,
        )
    }
}

/// Tells what all modes together showed of the promises.
fn tell_all(rows: &[Row]) {
    let stops = || rows.iter().filter(|row| row.gone.is_some());
    let longest = |time: fn(&Row) -> Option<Duration>| stops().filter_map(time).max().unwrap_or_default().as_millis();
    let left: usize = rows.iter().map(|row| row.left).sum();
    let p99 = rows.iter().map(|row| row.measured.p99).max().unwrap_or_default();
    let growth = rows.iter().map(|row| row.measured.growth).max().unwrap_or_default();
    let layer = rows.first().map_or("", |row| row.layer.as_str());
    let is_gone = |row: &Row| row.left == 0 && row.delays_of_stop().is_empty();
    tell(
        "S11",
        stops().count() as u64,
        rows.iter().all(is_gone),
        &format!(
            "{layer}: {left} processes left, gone after {} ms at most, stopping after {} ms at most",
            longest(|row| row.gone),
            longest(|row| row.stopping),
        ),
    );
    tell(
        "S16",
        rows.len() as u64,
        growth <= GROWTH_MAX && p99 <= ANSWER_MAX,
        &format!(
            "{layer}: memory +{} MB at most, others answer in {} ms (p99) at most",
            growth / 1024 / 1024,
            p99.as_millis()
        ),
    );
}
