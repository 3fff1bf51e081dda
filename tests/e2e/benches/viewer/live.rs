//! A log that grows while it is read.

use std::path::PathBuf;

use agent_tasks::{EventBody, State, TaskId};
use anyhow::Context as _;
use e2e::{Page, until_within};
use serde::Deserialize;

use crate::{
    agent::{DONE, Order, READY},
    stand::{LOADING, Stand},
    table::{Goal, Table, Unit, VIEWERS, Viewer},
};

/// Lines a second, with the goal for the delay of 99 of 100 lines, in milliseconds.
const RATES: [(usize, Goal); 3] = [(1_000, Goal::None), (10_000, Goal::AtMost(60.0)), (50_000, Goal::AtMost(100.0))];
const SECONDS: usize = 20;

/// What the page saw.
#[derive(Debug, Deserialize)]
struct Recorded {
    frames: f64,
    dropped: f64,
    long_tasks: Vec<f64>,
    /// After each frame: the moment, and the highest number on the screen.
    seen: Vec<(f64, i64)>,
}

/// A task whose agent writes lines, ready to begin.
pub struct Writing {
    /// The task.
    pub task: TaskId,
    order: Order,
    _folder: tempfile::TempDir,
}

impl Writing {
    /// Starts the task.
    pub async fn prepare(stand: &Stand, rate: usize, seconds: usize) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let go: PathBuf = folder.path().join("go");
        let order = Order { rate, seconds, go };
        let task = stand.companion.start_task_with("writer", "orchard", &serde_json::to_string(&order)?).await?;
        Ok(Self { task: task.id, order, _folder: folder })
    }

    /// Opens it in a viewer and waits until that follows.
    pub async fn open(&self, stand: &Stand, viewer: Viewer) -> anyhow::Result<Page> {
        let page = stand.open(viewer, &self.task, "").await?;
        page.see_that("the agent to be ready", &format!("probe.shows('{READY}')")).await?;
        Ok(page)
    }

    /// Lets the agent begin.
    pub fn go(&self) -> anyhow::Result<()> {
        std::fs::write(&self.order.go, "").context("the agent cannot be told to begin")
    }

    /// Waits until the page shows the end.
    pub async fn see_end(&self, page: &Page) -> anyhow::Result<()> {
        let shown = format!("probe.shows('{DONE}')");
        until_within(LOADING, "the last line", async || Ok(page.value::<bool>(&shown).await?.then_some(()))).await
    }
}

pub async fn measure(stand: &Stand, runs: usize, table: &mut Table) -> anyhow::Result<()> {
    for (rate, goal) in RATES {
        for _ in 0..runs {
            for viewer in VIEWERS {
                one(stand, viewer, rate, goal, table).await?;
            }
        }
    }
    Ok(())
}

async fn one(stand: &Stand, viewer: Viewer, rate: usize, goal: Goal, table: &mut Table) -> anyhow::Result<()> {
    let writing = Writing::prepare(stand, rate, SECONDS).await?;
    let page = writing.open(stand, viewer).await?;
    let look = "() => [probe.now(), probe.lastNumber()]";
    page.value::<bool>(&format!("Boolean(probe.recording = new probe.Recording({look}))")).await?;
    let before = page.worked().await?;
    writing.go()?;
    writing.see_end(&page).await?;
    let worked = page.worked().await? - before;
    let recorded: Recorded = page.value("probe.recording.stop()").await?;
    stand.companion.see_state(&writing.task, &State::Completed).await?;
    let lines = writing.order.lines();
    let shown: f64 = match viewer {
        Viewer::Baseline => page.value("viewer.lines").await?,
        Viewer::Flightdeck => page.value("probe.sight.lineCount()").await?,
    };
    page.close().await?;
    let delays = Delays::of(&stand.companion.events(&writing.task).await?, &recorded.seen);

    let what = |part: &str| format!("live, {rate} lines a second: {part}");
    let mut note = |part: &str, unit, goal, figure| table.note(&what(part), unit, goal, viewer, figure);
    note("lines lost", Unit::Count, Goal::AtMost(0.0), (lines as f64 - shown).max(0.0));
    note("lines that no frame showed", Unit::Count, Goal::AtMost(0.0), delays.unseen);
    note("server to paint, half of the lines", Unit::Ms, Goal::None, delays.of_server(0.5));
    note("server to paint, 99 of 100", Unit::Ms, goal, delays.of_server(0.99));
    note("agent to paint, 99 of 100", Unit::Ms, Goal::None, delays.of_agent(0.99));
    note("frames dropped", Unit::Percent, Goal::AtMost(1.0), recorded.dropped / recorded.frames * 100.0);
    note("longest task over 50 ms", Unit::Ms, Goal::AtMost(50.0), longest(&recorded.long_tasks));
    note("main thread", Unit::Ms, Goal::Times(1.0), worked.as_secs_f64() * 1_000.0);
    Ok(())
}

/// The longest of them; 0 when there is none.
pub fn longest(tasks: &[f64]) -> f64 {
    tasks.iter().copied().fold(0.0, f64::max)
}

/// How long lines took to the screen, in milliseconds, sorted.
#[derive(Debug, Default)]
struct Delays {
    server: Vec<f64>,
    agent: Vec<f64>,
    /// Lines that no frame came after.
    unseen: f64,
}

impl Delays {
    /// By the log's events and what each frame showed.
    fn of(events: &[agent_tasks::Event], seen: &[(f64, i64)]) -> Self {
        let mut delays = Self::default();
        let mut frames = seen.iter().copied().peekable();
        for event in events {
            let EventBody::ToolExecutionPartialResult(part) = &event.body else { continue };
            for line in part.partial_output.lines() {
                let mut words = line.split(' ');
                let number = words.next().and_then(|word| word.parse::<i64>().ok());
                let written = words.next().and_then(|word| word.parse::<f64>().ok());
                let (Some(number), Some(written)) = (number, written) else { continue };
                while frames.next_if(|(_, last)| *last < number).is_some() {}
                match frames.peek() {
                    Some((painted, _)) => {
                        delays.server.push(painted - event.timestamp.as_ms() as f64);
                        delays.agent.push(painted - written);
                    }
                    None => delays.unseen += 1.0,
                }
            }
        }
        delays.server.sort_by(f64::total_cmp);
        delays.agent.sort_by(f64::total_cmp);
        delays
    }

    fn of_server(&self, part: f64) -> f64 {
        at(&self.server, part)
    }

    fn of_agent(&self, part: f64) -> f64 {
        at(&self.agent, part)
    }
}

fn at(sorted: &[f64], part: f64) -> f64 {
    let place = (sorted.len() as f64 * part) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
