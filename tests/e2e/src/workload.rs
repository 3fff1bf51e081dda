//! Logs of any length, made by a seed and written into a companion's database as finished tasks, by the companion's
//! own log: what it serves is what an agent would have left there.

mod dice;
mod events;
mod lines;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use ::companion::log::{Entry, Log, NewSessionRow, NewTaskRow};
use agent_tasks::{SessionId, TaskId, paths};
use anyhow::Context as _;

pub use events::{LAST_WORDS, LONGEST_STEP, Landmark};
pub use lines::{FREQUENT, FREQUENT_EVERY, RARE, RARE_LINES, numbered};

use crate::{
    companion::{Companion, Setting},
    wait::{until, until_within},
};
use events::Events;

/// Events that one transaction takes.
const EVENTS_AT_ONCE: usize = 4_000;
/// How long a companion may take to outline the longest log, on a busy machine and without optimisation.
const OUTLINING: Duration = Duration::from_secs(120);
/// The status of what a companion does not know, or cannot do.
const NOT_FOUND: u16 = 404;

/// A log to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workload {
    /// Its lines.
    pub lines: usize,
    /// What else it is like.
    pub seed: u64,
}

/// A log that was made.
#[derive(Debug, Clone)]
pub struct WrittenLog {
    /// Its task.
    pub task_id: TaskId,
    /// Its lines.
    pub lines: usize,
    /// How many events it has.
    pub last_seq: u64,
    /// Every command of it.
    pub landmarks: Vec<Landmark>,
}

impl Workload {
    /// A log of so many lines.
    pub fn of(lines: usize) -> Self {
        Self { lines, seed: 1 }
    }

    /// The title of its task.
    pub fn title(self) -> String {
        format!("Work through {} lines", self.lines)
    }

    /// Writes it into the database at `path`, as a finished task of `local/orchard`.
    pub async fn write(self, path: &Path) -> anyhow::Result<WrittenLog> {
        let log = Log::open(path)?;
        let task_id = TaskId(format!("workload-{}-{}", self.lines, self.seed));
        let session_id = SessionId(format!("session-{}-{}", self.lines, self.seed));
        let (task, session) = self.rows(&task_id, &session_id);
        log.write(move |tx| {
            tx.insert_task(&task)?;
            tx.insert_session(&task.id, &session)
        })
        .await?;
        let mut events = Events::new(self.lines, self.seed);
        let (mut entries, mut last_seq): (Vec<Entry>, u64) = (Vec::new(), 0);
        loop {
            let step = events.step();
            let is_over = step.is_none();
            entries.extend(step.into_iter().flatten().map(Entry::from));
            if is_over || entries.len() >= EVENTS_AT_ONCE {
                let (batch, task_id, session_id) = (std::mem::take(&mut entries), task_id.clone(), session_id.clone());
                last_seq = log.write(move |tx| tx.append(&task_id, &session_id, batch)).await?;
            }
            if is_over {
                return Ok(WrittenLog { task_id, lines: self.lines, last_seq, landmarks: events.landmarks });
            }
        }
    }

    fn rows(self, task_id: &TaskId, session_id: &SessionId) -> (NewTaskRow, NewSessionRow) {
        let task = NewTaskRow {
            id: task_id.clone(),
            name: self.title(),
            owner: "local".into(),
            repo: "orchard".into(),
            repo_id: 1,
            agent_id: "rehearsal".into(),
            model: None,
            custom_agent: None,
            base_ref: "main".into(),
            head_ref: format!("workload/{}-{}", self.lines, self.seed),
        };
        let session = NewSessionRow { id: session_id.clone(), name: self.title(), prompt: self.title() };
        (task, session)
    }
}

/// A database with workloads, to be copied for each companion that shows them.
#[derive(Debug, Clone)]
pub struct Library {
    database: PathBuf,
    /// The logs in it.
    pub logs: Vec<WrittenLog>,
}

impl Library {
    /// Makes one at `database`, in place of what is there.
    pub async fn make(database: PathBuf, workloads: &[Workload]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(database.parent().context("a database is in a folder")?)?;
        for end in ["", "-wal", "-shm"] {
            if let Err(error) = std::fs::remove_file(beside(&database, end))
                && error.kind() != std::io::ErrorKind::NotFound
            {
                return Err(error).with_context(|| format!("{} cannot be made anew", database.display()));
            }
        }
        let mut logs = Vec::new();
        for workload in workloads {
            logs.push(workload.write(&database).await?);
        }
        // Whoever writes last puts everything into the one file when its thread ends.
        let journal = beside(&database, "-wal");
        until("the log's writer to end", async || Ok((!journal.exists()).then_some(()))).await?;
        Ok(Self { database, logs })
    }

    /// Has a companion make the outlines, as it does while an agent works; where it makes any.
    pub async fn outlined(self) -> anyhow::Result<Self> {
        let companion = Companion::start(Setting { library: Some(&self), ..Setting::default() }).await?;
        for log in &self.logs {
            until_within(OUTLINING, "the outline of a log", async || {
                let (status, outline) = companion.get_any(&paths::outline(&log.task_id)).await?;
                let is_made = outline["last_seq"].as_u64() == Some(log.last_seq);
                Ok((status == NOT_FOUND || is_made).then_some(()))
            })
            .await?;
        }
        companion.end_into(&self.database).await?;
        Ok(self)
    }

    /// The log of so many lines.
    pub fn log(&self, lines: usize) -> anyhow::Result<&WrittenLog> {
        self.logs.iter().find(|log| log.lines == lines).with_context(|| format!("there is no log of {lines} lines"))
    }

    /// Puts a copy into a companion's data folder.
    pub(crate) fn copy_into(&self, data: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(data)?;
        std::fs::copy(&self.database, data.join("flightdeck.sqlite"))?;
        Ok(())
    }
}

/// The file whose name has this ending more.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
