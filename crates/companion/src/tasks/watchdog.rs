//! The watchdog: compares what the log says of sessions with what really runs. Nothing should ever differ;
//! what does all the same is told as what it is, instead of being "running" for ever.

use std::{
    collections::HashSet,
    sync::{Arc, Weak},
    time::Duration,
};

use agent_tasks::{SessionId, event::SessionShutdown};

use super::{
    Inner, TaskError, Tasks,
    end::{INTERRUPTED, broken_off},
    scheduler::Place,
};
use crate::log::{LogError, Unfinished, read_tasks};

/// How often it looks.
pub const WATCH_EVERY: Duration = Duration::from_secs(5);

impl Tasks {
    /// Watches until the companion ends, with a look `every` so often.
    pub fn watch(&self, every: Duration) {
        let (inner, ending) = (Arc::downgrade(&self.0), self.0.ending.clone());
        tokio::spawn(async move {
            let mut suspects = HashSet::new();
            while ending.run_until_cancelled(tokio::time::sleep(every)).await.is_some() {
                let Some(tasks) = Weak::upgrade(&inner).map(|inner: Arc<Inner>| Self(inner)) else { return };
                match tasks.look(&suspects).await {
                    Ok(missing) => suspects = missing,
                    Err(error) => tracing::warn!(%error, "the watchdog could not look"),
                }
            }
        });
    }

    /// Deals with sessions that were missing before and still are; gives those that are missing for the first time.
    async fn look(&self, suspects: &HashSet<SessionId>) -> Result<HashSet<SessionId>, TaskError> {
        let unfinished = self.log().read(|conn| read_tasks::unfinished(conn, None)).await?;
        let missing: Vec<Unfinished> = {
            let scheduler = self.scheduler();
            unfinished.into_iter().filter(|session| !scheduler.knows(&session.session_id)).collect()
        };
        // A session is in the log a moment before it is in the queue, and its place is free a moment after its end.
        let (lost, new): (Vec<_>, Vec<_>) =
            missing.into_iter().partition(|session| suspects.contains(&session.session_id));
        for session in lost {
            tracing::error!(session = %session.session_id, launched = session.launched, "a session was lost");
            if session.launched || session.stop_asked {
                self.interrupt(session).await?;
            } else {
                let Unfinished { task_id, session_id, .. } = session;
                self.scheduler().enqueue(Place { task_id, session_id });
                self.start_next();
            }
        }
        Ok(new.into_iter().map(|session| session.session_id).collect())
    }

    async fn interrupt(&self, session: Unfinished) -> Result<(), TaskError> {
        let reports = self.supervisor().sweep(std::slice::from_ref(&session.session_id)).await;
        let report = reports.into_iter().find(|(id, _)| *id == session.session_id).map(|(_, report)| report);
        let shutdown = SessionShutdown { report, ..SessionShutdown::default() };
        self.log()
            .write(move |tx| {
                if tx.progress(&session.session_id)?.state.is_active() {
                    let entries = broken_off("interrupted", INTERRUPTED, shutdown, None);
                    tx.append(&session.task_id, &session.session_id, entries)?;
                }
                Ok::<_, LogError>(())
            })
            .await?;
        Ok(())
    }
}
