//! The one thread that writes: group commit, and answers only after it.

use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{
    LogError, WriteTx,
    watches::Watches,
    write_tx::{Memory, Touched},
};

/// The most jobs that one transaction takes.
const JOBS_MAX: usize = 256;
/// The most jobs that wait; more callers wait for a place.
const QUEUE_MAX: usize = 1_024;

/// Tells a job's caller how its transaction ended.
type Reply = Box<dyn FnOnce(Result<(), LogError>) + Send>;
/// Runs when there is a transaction; without one it only gives the reply.
type Job = Box<dyn FnOnce(Option<&mut WriteTx<'_>>) -> Reply + Send>;

/// The queue to the thread. The thread ends when the last clone is gone.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(conn: Connection, watches: Arc<Watches>) -> Result<Self, LogError> {
        let memory = Memory::load(&conn)?;
        let (jobs, queue) = mpsc::channel(QUEUE_MAX);
        std::thread::Builder::new()
            .name("log-writer".into())
            .spawn(move || write_all(conn, memory, queue, &watches))
            .map_err(|error| LogError::Broken(format!("its thread could not be started: {error}")))?;
        Ok(Self { jobs })
    }

    /// See [`super::Log::write`].
    pub async fn write<T, E>(&self, job: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LogError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            let done = tx.map(|tx| tx.attempt(job));
            Box::new(move |committed| {
                let result = match (committed, done) {
                    (Ok(()), Some(done)) => done,
                    (Ok(()), None) => Err(gone().into()),
                    (Err(error), _) => Err(error.into()),
                };
                // The caller may have gone away; what it asked for is done all the same.
                let _ = answer.send(result);
            })
        });
        self.jobs.send(job).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

fn gone() -> LogError {
    LogError::Broken("its writer has ended; restart Flightdeck".into())
}

fn write_all(mut conn: Connection, mut memory: Memory, mut queue: mpsc::Receiver<Job>, watches: &Watches) {
    while let Some(first) = queue.blocking_recv() {
        let mut replies = Vec::new();
        match write_group(&mut conn, &mut memory, first, &mut queue, &mut replies) {
            Ok(touched) => {
                for reply in replies {
                    reply(Ok(()));
                }
                watches.tell(&touched);
            }
            Err(error) => {
                tracing::error!(%error, "a transaction of the log failed");
                memory.forget_all();
                for reply in replies {
                    reply(Err(error.clone()));
                }
            }
        }
    }
}

fn write_group(
    conn: &mut Connection,
    memory: &mut Memory,
    first: Job,
    queue: &mut mpsc::Receiver<Job>,
    replies: &mut Vec<Reply>,
) -> Result<Touched, LogError> {
    let tx = match conn.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(tx) => tx,
        Err(error) => {
            replies.push(first(None));
            // Who waits by now would only wait as long again, one after the other.
            while let Ok(job) = queue.try_recv() {
                replies.push(job(None));
            }
            return Err(error.into());
        }
    };
    let mut touched = Touched::default();
    let mut next = Some(first);
    while let Some(job) = next {
        replies.push(job(Some(&mut WriteTx::new(&tx, memory, &mut touched))));
        // A full disk makes SQLite roll all back: what follows would be committed and told as failed.
        next = if replies.len() < JOBS_MAX && !tx.is_autocommit() { queue.try_recv().ok() } else { None };
    }
    tx.commit()?;
    Ok(touched)
}
