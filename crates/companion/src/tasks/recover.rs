//! The start after a stop, however that came about: the log tells the truth about every session.

use std::collections::HashMap;

use agent_tasks::{
    SessionId,
    event::{SessionShutdown, ShutdownType, SupervisionReport},
};

use super::{
    TaskError, Tasks,
    end::{INTERRUPTED, broken_off},
    scheduler::Place,
};
use crate::log::{Entry, LogError, Unfinished, WriteTx, read_tasks};

impl Tasks {
    /// Ends what was running, and queues again what was waiting.
    pub(super) async fn recover(&self) -> Result<(), TaskError> {
        let reports = self.end_what_is_left().await?;
        let waiting = self
            .log()
            .write(move |tx| {
                let mut waiting = Vec::new();
                for session in read_tasks::unfinished(tx.reading(), None)? {
                    if session.launched || session.stop_asked {
                        let report = reports.get(&session.session_id).cloned();
                        end(tx, session, report)?;
                    } else {
                        waiting.push(Place { task_id: session.task_id, session_id: session.session_id });
                    }
                }
                Ok::<_, LogError>(waiting)
            })
            .await?;
        let mut scheduler = self.scheduler();
        for place in waiting {
            scheduler.enqueue(place);
        }
        Ok(())
    }

    /// Ends the processes of sessions that a crash cut short; tells what became of them.
    async fn end_what_is_left(&self) -> Result<HashMap<SessionId, SupervisionReport>, TaskError> {
        let unfinished = self.log().read(|conn| read_tasks::unfinished(conn, None)).await?;
        let launched = unfinished.into_iter().filter(|session| session.launched);
        let dead: Vec<_> = launched.map(|session| session.session_id).collect();
        Ok(self.supervisor().sweep(&dead).await.into_iter().collect())
    }
}

fn end(tx: &mut WriteTx<'_>, session: Unfinished, report: Option<SupervisionReport>) -> Result<(), LogError> {
    let entries = if session.launched {
        let shutdown = SessionShutdown { report, ..SessionShutdown::default() };
        broken_off("interrupted", INTERRUPTED, shutdown, None)
    } else {
        vec![Entry::from(SessionShutdown { shutdown_type: ShutdownType::Routine, ..SessionShutdown::default() })]
    };
    tx.append(&session.task_id, &session.session_id, entries)?;
    Ok(())
}
