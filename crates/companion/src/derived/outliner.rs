//! Follows one log and keeps its outline: in memory for those who ask, on disk for the next time.

use std::time::Duration;

use agent_tasks::{OutlineQuery, OutlineWindow, TaskId};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep_until},
};

use super::{outline_fold::OutlineFold, outlines::Outlines};
use crate::log::{Log, LogError};

/// How long the events of a log at work gather before they are read.
const READ_PAUSE: Duration = Duration::from_secs(1);
/// How long an outline is behind on disk at most, of a log at work.
const WRITE_PAUSE: Duration = Duration::from_secs(10);
/// How many events it is behind at most.
const WRITE_EVENTS_MAX: u64 = 20_000;
/// How long an outline stays in memory when its task is not at work and nobody asks.
const IDLE: Duration = Duration::from_secs(60);

/// What is asked of an outliner.
pub enum Ask {
    /// A part of the outline, as of now.
    Window(OutlineQuery, oneshot::Sender<Result<OutlineWindow, LogError>>),
    /// Reads what is new, and writes it.
    Renew,
    /// What is written cannot be read: writes all of it anew.
    Rewrite,
    /// A session of the task begins: follow its log.
    Follow,
    /// It is over.
    Unfollow,
}

/// The keeper of one outline.
pub struct Outliner {
    log: Log,
    task_id: TaskId,
    asks: mpsc::UnboundedReceiver<Ask>,
    news: watch::Receiver<u64>,
    /// The log so far; `None` before it was read.
    fold: Option<Box<OutlineFold>>,
    /// How many sessions are to be followed.
    following: usize,
    /// Whether the outline is to be written now.
    is_due: bool,
    /// Whether nothing that is written counts.
    is_broken: bool,
    read_at: Instant,
    write_at: Instant,
    idle_at: Instant,
}

impl Outliner {
    /// Of the log of `task_id`.
    pub fn new(log: Log, task_id: TaskId, asks: mpsc::UnboundedReceiver<Ask>) -> Self {
        let (news, now) = (log.watch_task(&task_id), Instant::now());
        let idle_at = now + IDLE;
        Self {
            log,
            task_id,
            asks,
            news,
            fold: None,
            following: 0,
            is_due: false,
            is_broken: false,
            read_at: now,
            write_at: now,
            idle_at,
        }
    }

    /// Works until nobody needs it.
    pub async fn run(mut self, outlines: Outlines) {
        loop {
            if self.is_due {
                // Whoever asks comes first; the rest is written piece by piece.
                match self.asks.try_recv() {
                    Ok(ask) => self.take(ask).await,
                    Err(_) => self.write_on().await,
                }
                continue;
            }
            let may_write = self.fold.as_ref().is_some_and(|fold| fold.has_news());
            tokio::select! {
                biased;
                ask = self.asks.recv() => match ask {
                    Some(ask) => self.take(ask).await,
                    None => return,
                },
                () = has_gathered(&mut self.news, self.read_at), if self.following > 0 => self.follow().await,
                () = sleep_until(self.write_at), if may_write => self.is_due = true,
                () = sleep_until(self.idle_at), if self.following == 0 => {
                    if outlines.retire(&self.task_id, &self.asks) {
                        return;
                    }
                }
            }
        }
    }

    async fn take(&mut self, ask: Ask) {
        self.idle_at = Instant::now() + IDLE;
        match ask {
            Ask::Window(_, reply) if reply.is_closed() => {}
            Ask::Window(query, reply) => {
                let window = self.window(query).await;
                // Whoever asked may have gone away.
                let _ = reply.send(window);
            }
            Ask::Renew => self.finish().await,
            Ask::Rewrite => {
                self.is_broken = true;
                self.finish().await;
            }
            Ask::Follow => self.following += 1,
            Ask::Unfollow => {
                self.following = self.following.saturating_sub(1);
                self.finish().await;
            }
        }
    }

    async fn follow(&mut self) {
        self.read_at = Instant::now() + READ_PAUSE;
        if let Err(error) = self.catch_up().await {
            tracing::warn!(task = %self.task_id, %error, "the outline of a log at work is behind");
        }
        self.is_due |= self.fold.as_ref().is_some_and(|fold| fold.unwritten_events() >= WRITE_EVENTS_MAX);
    }

    /// Reads all there is, to be written at once.
    async fn finish(&mut self) {
        match self.catch_up().await {
            Ok(()) => self.is_due = true,
            Err(error) => tracing::warn!(task = %self.task_id, %error, "an outline was not renewed"),
        }
    }

    async fn window(&mut self, query: OutlineQuery) -> Result<OutlineWindow, LogError> {
        self.catch_up().await?;
        let Some(fold) = self.fold.take() else { return Err(lost(&"it was not read")) };
        let made = tokio::task::spawn_blocking(move || (fold.window(&query), fold)).await;
        let (window, fold) = made.map_err(|error| lost(&error))?;
        self.fold = Some(fold);
        Ok(window)
    }

    /// Reads up to the event that is the newest now.
    async fn catch_up(&mut self) -> Result<(), LogError> {
        // Seen before it is read: what comes in between shows as a change again.
        self.news.mark_unchanged();
        let mut goal = None;
        loop {
            let (fold, task_id) = (self.fold.take(), self.task_id.clone());
            let read = move |conn: &rusqlite::Connection| {
                let mut fold = match fold {
                    Some(fold) => fold,
                    None => Box::new(OutlineFold::new(conn, &task_id)?),
                };
                // What was read before is kept, whatever becomes of this.
                let has_more = fold.read_on(conn);
                Ok((fold, has_more))
            };
            let (mut fold, has_more) = self.log.read(read).await?;
            if std::mem::take(&mut self.is_broken) {
                fold.forget_written();
            }
            let has_more = match has_more {
                Ok(has_more) => has_more,
                Err(error) => {
                    self.fold = Some(fold);
                    return Err(error);
                }
            };
            let goal = *goal.get_or_insert(fold.log_last_seq());
            let is_there = !has_more || fold.last_seq() >= goal;
            self.fold = Some(fold);
            if is_there {
                return Ok(());
            }
        }
    }

    /// Writes a piece of what is not written yet.
    async fn write_on(&mut self) {
        let Some(news) = self.fold.as_mut().and_then(|fold| fold.news()) else {
            self.is_due = false;
            return;
        };
        self.write_at = Instant::now() + WRITE_PAUSE;
        let task_id = self.task_id.clone();
        let written: Result<(), LogError> = self.log.write(move |tx| tx.write_outline(&task_id, &news)).await;
        if let Err(error) = written {
            tracing::warn!(task = %self.task_id, %error, "an outline could not be written; trying again later");
            self.is_due = false;
            if let Some(fold) = &mut self.fold {
                fold.forget_written();
            }
        }
    }
}

/// Waits for news of the log, but not before `earliest`. May be dropped at any await: no news is lost.
async fn has_gathered(news: &mut watch::Receiver<u64>, earliest: Instant) {
    sleep_until(earliest).await;
    if news.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn lost(why: &dyn std::fmt::Display) -> LogError {
    LogError::Broken(format!("an outline could not be made: {why}"))
}
