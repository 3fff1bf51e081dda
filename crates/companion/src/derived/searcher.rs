//! Keeps one log in memory while somebody searches it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use agent_tasks::{SearchWindow, TaskId};
use session_log::Query;
use tokio::{
    sync::{
        Semaphore,
        mpsc::{self, error::TryRecvError},
        oneshot,
    },
    time::timeout,
};

use super::{
    search_fold::{HitRange, SearchFold},
    searches::{Searches, Weight},
};
use crate::log::{Log, LogError};

/// How long an answer looks before it tells what it has.
const ANSWER: Duration = Duration::from_millis(60);
/// How long a log stays in memory after the last question.
const IDLE: Duration = Duration::from_secs(120);

/// A question.
pub struct Ask {
    /// What is searched for; `None` only lets the log be read for the question that follows.
    pub query: Option<Query>,
    /// Which hits to tell.
    pub range: HitRange,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<SearchWindow, LogError>>,
}

/// The keeper of one log.
pub struct Searcher {
    log: Log,
    task_id: TaskId,
    asks: mpsc::UnboundedReceiver<Ask>,
    /// How many may work at once, of all searchers.
    places: Arc<Semaphore>,
    /// What this log weighs in memory.
    weight: Arc<Weight>,
    fold: Option<Box<SearchFold>>,
}

impl Searcher {
    /// Of the log of `task_id`.
    pub fn new(
        log: Log,
        task_id: TaskId,
        asks: mpsc::UnboundedReceiver<Ask>,
        places: Arc<Semaphore>,
        weight: Arc<Weight>,
    ) -> Self {
        Self { log, task_id, asks, places, weight, fold: None }
    }

    /// Works until nobody has asked for a while, or the room is needed.
    pub async fn run(mut self, searches: Searches) {
        loop {
            match self.asks.try_recv() {
                Ok(ask) => self.take(ask).await,
                Err(TryRecvError::Disconnected) => return,
                // The log is folded on while nobody asks.
                Err(TryRecvError::Empty) if self.fold.as_ref().is_some_and(|fold| !fold.is_whole()) => {
                    self.read_on().await;
                }
                Err(TryRecvError::Empty) => match timeout(IDLE, self.asks.recv()).await {
                    Ok(Some(ask)) => self.take(ask).await,
                    Ok(None) => return,
                    Err(_) => {
                        if searches.retire(&self.task_id, &self.weight, &self.asks) {
                            return;
                        }
                    }
                },
            }
            self.weight.bytes.store(self.fold.as_ref().map_or(0, |fold| fold.bytes()), Ordering::Relaxed);
            searches.make_room(&self.task_id);
        }
    }

    /// Answers the newest question; those before it are told what is known without looking.
    async fn take(&mut self, first: Ask) {
        let mut asks = vec![first];
        while let Ok(ask) = self.asks.try_recv() {
            asks.push(ask);
        }
        // Whoever typed on has gone away.
        asks.retain(|ask| !ask.reply.is_closed());
        let Some(newest) = asks.pop() else { return };
        for older in asks {
            let fold = self.fold.as_ref().zip(older.query.as_ref());
            let found = fold.map(|(fold, query)| fold.found(query, older.range)).unwrap_or_default();
            let _ = older.reply.send(Ok(found));
        }
        let Ask { query, range, reply } = newest;
        let Some(query) = query else {
            self.fold.get_or_insert_with(|| Box::new(SearchFold::new(self.task_id.clone()))).note_growth();
            let _ = reply.send(Ok(SearchWindow::default()));
            return;
        };
        let found = self.work(move |fold, conn| fold.find(conn, &query, range, Instant::now() + ANSWER)).await;
        let _ = reply.send(found);
    }

    /// Folds a piece. What cannot be read is not tried again and again: the next question begins anew.
    async fn read_on(&mut self) {
        if let Err(error) = self.work(SearchFold::read_on).await {
            tracing::warn!(task = %self.task_id, %error, "a log could not be folded to be searched");
            self.fold = None;
        }
    }

    /// Does `job` off the async threads. A job that fails leaves the fold as it is: the next one goes on.
    async fn work<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut SearchFold, &rusqlite::Connection) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| LogError::Broken("searching has ended; restart Flightdeck".into()))?;
        let fold = self.fold.take();
        let mut fold = fold.unwrap_or_else(|| Box::new(SearchFold::new(self.task_id.clone())));
        let read = self.log.read(move |conn| {
            let _place = place;
            let done = job(&mut fold, conn);
            Ok((fold, done))
        });
        let (fold, done) = read.await?;
        self.fold = Some(fold);
        done
    }
}

#[cfg(test)]
mod tests {
    use agent_tasks::{SessionId, event::UserMessage};
    use session_log::FindOptions;

    use super::*;
    use crate::log::{Entry, NewSessionRow, NewTaskRow};

    /// A log with so many prompts that say "needle".
    async fn log_with(folder: &std::path::Path, task_id: &TaskId, prompts: usize) -> Log {
        let log = Log::open(&folder.join("log.sqlite")).unwrap();
        let session = NewSessionRow { id: SessionId("s".into()), name: "s".into(), prompt: "p".into() };
        let task = NewTaskRow { id: task_id.clone(), ..NewTaskRow::sample() };
        let said = || Entry::from(UserMessage { content: "a needle".into(), source: None });
        let written: Result<u64, LogError> = log
            .write(move |tx| {
                tx.insert_task(&task)?;
                tx.insert_session(&task.id, &session)?;
                tx.append(&task.id, &session.id, (0..prompts).map(|_| said()))
            })
            .await;
        written.unwrap();
        log
    }

    fn ask(asks: &mpsc::UnboundedSender<Ask>, text: &str) -> oneshot::Receiver<Result<SearchWindow, LogError>> {
        let (reply, answer) = oneshot::channel();
        let query = Query::new(text, FindOptions::default()).ok();
        let _ = asks.send(Ask { query, range: HitRange { skip: 0, limit: 10, has_steps: true }, reply });
        answer
    }

    #[tokio::test]
    async fn a_log_is_read_before_anything_is_searched_for() {
        let folder = tempfile::tempdir().unwrap();
        let task_id = TaskId("t".into());
        let log = log_with(folder.path(), &task_id, 2_000).await;
        let (searches, places) = (Searches::new(log.clone()), Arc::new(Semaphore::new(1)));
        let (asks, questions) = mpsc::unbounded_channel();
        let weight = Arc::<Weight>::default();
        let searcher = Searcher::new(log, task_id, questions, places, Arc::clone(&weight));
        let running = tokio::spawn(searcher.run(searches));
        assert_eq!(ask(&asks, "").await.unwrap().unwrap(), SearchWindow::default(), "nothing is searched for");
        // Nobody asks, and it is read all the same.
        while weight.bytes.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        let first = ask(&asks, "needle").await.unwrap().unwrap();
        assert!(first.total > 0, "the first answer comes with the first hits");
        let mut found = first;
        while !found.is_done {
            found = ask(&asks, "needle").await.unwrap().unwrap();
        }
        assert_eq!(found.total, 2_000);
        drop(asks);
        running.await.unwrap();
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_read_is_left_alone_until_the_next_question() {
        let folder = tempfile::tempdir().unwrap();
        let task_id = TaskId("t".into());
        let log = log_with(folder.path(), &task_id, 7).await;
        let other = rusqlite::Connection::open(folder.path().join("log.sqlite")).unwrap();
        other.execute_batch("ALTER TABLE events RENAME TO hidden").unwrap();
        let searches = Searches::new(log.clone());
        let (asks, questions) = mpsc::unbounded_channel();
        let mut searcher = Searcher::new(log, task_id, questions, Arc::new(Semaphore::new(1)), Arc::default());
        let (reply, answer) = oneshot::channel();
        let range = HitRange { skip: 0, limit: 10, has_steps: true };
        searcher.take(Ask { query: None, range, reply }).await;
        assert!(answer.await.unwrap().is_ok());
        let is_read_on = |searcher: &Searcher| searcher.fold.as_ref().is_some_and(|fold| !fold.is_whole());
        assert!(is_read_on(&searcher));
        searcher.read_on().await;
        assert!(!is_read_on(&searcher), "it would be read again and again");

        let running = tokio::spawn(searcher.run(searches));
        assert!(ask(&asks, "needle").await.unwrap().is_err(), "whoever asks hears of it");
        other.execute_batch("ALTER TABLE hidden RENAME TO events").unwrap();
        let mut found = SearchWindow::default();
        while !found.is_done {
            found = ask(&asks, "needle").await.unwrap().unwrap();
        }
        assert_eq!(found.total, 7);
        drop(asks);
        running.await.unwrap();
    }

    #[tokio::test]
    async fn of_the_searches_that_wait_the_newest_is_done_and_the_others_are_told_what_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let task_id = TaskId("t".into());
        let log = log_with(folder.path(), &task_id, 7).await;
        let searches = Searches::new(log.clone());
        let (asks, questions) = mpsc::unbounded_channel();
        let searcher = Searcher::new(log, task_id, questions, Arc::new(Semaphore::new(1)), Arc::default());
        let answers = ["n", "ne", "nee"].map(|text| ask(&asks, text));
        drop(ask(&asks, "need"));
        let gone = ask(&asks, "needl");
        drop(gone);
        let newest = ask(&asks, "needle");
        let running = tokio::spawn(searcher.run(searches));
        for answer in answers {
            assert_eq!(answer.await.unwrap().unwrap(), SearchWindow::default(), "not looked for");
        }
        let mut found = newest.await.unwrap().unwrap();
        while !found.is_done {
            found = ask(&asks, "needle").await.unwrap().unwrap();
        }
        assert_eq!((found.total, found.hits.len()), (7, 7));
        // While another one is looked for, the older one is told what was found.
        let (older, newest) = (ask(&asks, "needle"), ask(&asks, "a"));
        let older = older.await.unwrap().unwrap();
        assert!(older.total == 7 && newest.await.unwrap().is_ok());
        drop(asks);
        running.await.unwrap();
    }
}
