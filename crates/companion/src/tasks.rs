//! The domain: starting, steering and stopping tasks; the queue; a session from its prompt to its end.
//! Knows the log, git and agents; knows nothing of HTTP.

mod cap;
mod create;
mod end;
mod error;
mod forget;
mod gather;
mod keep;
mod names;
mod read;
mod recover;
mod runner;
mod scheduler;
mod session_run;
mod steer;
mod watchdog;
mod worktree;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use error::TaskError;
pub use names::BRANCH_PREFIX;
pub use read::EventsAfter;
pub use runner::{AcpRunner, Runner};
pub use watchdog::WATCH_EVERY;

use crate::{
    agents::{Catalogue, Supervisor},
    clock,
    config::Limits,
    derived::Derived,
    git::Repository,
    log::Log,
};
use scheduler::Scheduler;

/// How much longer than the agents' own grace a shutdown of the companion waits.
const SHUTDOWN_EXTRA: Duration = Duration::from_secs(6);

/// What the domain works with.
pub struct Setup {
    /// Where everything is kept.
    pub log: Log,
    /// The agents on offer.
    pub catalogue: Catalogue,
    /// The repositories that tasks may work in.
    pub repositories: Vec<Repository>,
    /// The limits.
    pub limits: Limits,
    /// Where worktrees are made.
    pub data_dir: PathBuf,
    /// What runs agents.
    pub runner: Arc<dyn Runner>,
}

/// All tasks. Cheap to clone.
#[derive(Clone)]
pub struct Tasks(Arc<Inner>);

struct Inner {
    setup: Setup,
    /// What readers ask of the logs.
    derived: Derived,
    /// When this companion began, in milliseconds since 1970.
    began: u64,
    /// Who runs, who waits. Held for moments only.
    scheduler: Mutex<Scheduler>,
    /// The sessions that run, to wait for at the end.
    running: TaskTracker,
    /// Set when the companion ends: nothing new starts.
    ending: CancellationToken,
}

impl Tasks {
    /// Takes up where the last companion left off: what ran then is failed, what waited is queued again.
    pub async fn start(setup: Setup) -> Result<Self, TaskError> {
        let tasks = Self(Arc::new(Inner {
            scheduler: Mutex::new(Scheduler::new(setup.limits.running)),
            began: clock::now().as_ms().cast_unsigned(),
            derived: Derived::new(&setup.log),
            setup,
            running: TaskTracker::new(),
            ending: CancellationToken::new(),
        }));
        tasks.recover().await?;
        tasks.start_next();
        Ok(tasks)
    }

    /// What tells this companion's list from that of an earlier one.
    pub fn list_mark(&self) -> u64 {
        self.0.began
    }

    /// The agents on offer.
    pub fn catalogue(&self) -> &Catalogue {
        &self.0.setup.catalogue
    }

    /// The limits in force.
    pub fn limits(&self) -> Limits {
        self.0.setup.limits
    }

    /// The repositories that tasks may work in.
    pub fn repositories(&self) -> &[Repository] {
        &self.0.setup.repositories
    }

    /// The repository `owner/repo`, if tasks may work in it.
    pub fn repository(&self, owner: &str, repo: &str) -> Option<&Repository> {
        self.repositories().iter().find(|known| known.owner == owner && known.name == repo)
    }

    /// What keeps hold of the agents' processes.
    pub fn supervisor(&self) -> Supervisor {
        self.0.setup.runner.supervisor()
    }

    /// Stops all sessions that run and waits for their end. Queued ones stay queued for the next start.
    pub async fn shut_down(&self) {
        self.0.ending.cancel();
        let runs = self.scheduler().all_running();
        for controls in runs {
            controls.stop().await;
        }
        self.0.running.close();
        let patience = Duration::from_secs(self.limits().stop_seconds) + SHUTDOWN_EXTRA;
        if tokio::time::timeout(patience, self.0.running.wait()).await.is_err() {
            tracing::error!("some sessions did not end in time; the next start marks them as interrupted");
        }
    }

    /// Starts queued sessions while there are free places.
    fn start_next(&self) {
        while !self.0.ending.is_cancelled() {
            let Some(started) = self.scheduler().next() else { return };
            let tasks = self.clone();
            self.0.running.spawn(async move {
                let place = started.place.clone();
                session_run::run_guarded(&tasks, started).await;
                tasks.scheduler().ended(&place.session_id);
                tasks.start_next();
            });
        }
    }

    fn scheduler(&self) -> MutexGuard<'_, Scheduler> {
        self.0.scheduler.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn derived(&self) -> &Derived {
        &self.0.derived
    }

    fn log(&self) -> &Log {
        &self.0.setup.log
    }
}
