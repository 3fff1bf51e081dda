//! The start after a stop, however that came about: the log tells the truth about every session.

use agent_tasks::event::{SessionShutdown, ShutdownType};

use super::{
    TaskError, Tasks,
    end::{INTERRUPTED, broken_off},
    scheduler::Place,
};
use crate::log::{Entry, LogError, Unfinished, WriteTx, read_tasks};

impl Tasks {
    /// Ends what was running, and queues again what was waiting.
    pub(super) async fn recover(&self) -> Result<(), TaskError> {
        let waiting = self
            .log()
            .write(|tx| {
                let mut waiting = Vec::new();
                for session in read_tasks::unfinished(tx.reading(), None)? {
                    if session.launched || session.stop_asked {
                        end(tx, session)?;
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
}

fn end(tx: &mut WriteTx<'_>, session: Unfinished) -> Result<(), LogError> {
    let entries = if session.launched {
        broken_off("interrupted", INTERRUPTED, SessionShutdown::default(), None)
    } else {
        vec![Entry::from(SessionShutdown { shutdown_type: ShutdownType::Routine, ..SessionShutdown::default() })]
    };
    tx.append(&session.task_id, &session.session_id, entries)?;
    Ok(())
}
