//! The list of tasks as a stream: each task as it is now, then each as it changes.

use std::time::Duration;

use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use tokio::sync::watch;

use super::{
    App,
    answer::Refusal,
    auth::Bearer,
    sse::{self, Feed, Frames, Piece},
    tasks::addressed,
};

/// The most tasks that a new stream begins with, and of one piece of it.
const TASKS_MAX: u32 = 1_000;

/// `GET /agents/stream`
pub async fn stream(
    State(app): State<App>,
    Extension(bearer): Extension<Bearer>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    // Numbers of the list are good for one companion alone: a new one tells the list anew, which costs little.
    let cursor = sse::cursor(&headers, None)?.in_log(Some(app.tasks.list_mark()));
    let news = app.tasks.watch_list();
    Ok(sse::stream(app.clone(), bearer, ListFeed { app, news }, cursor))
}

struct ListFeed {
    app: App,
    news: watch::Receiver<u64>,
}

impl Feed for ListFeed {
    /// Only what a task is in the end matters: several changes within a blink are one.
    const PAUSE: Duration = Duration::from_millis(100);

    fn news(&mut self) -> &mut watch::Receiver<u64> {
        &mut self.news
    }

    async fn after(&self, cursor: u64) -> Result<Piece, Refusal> {
        let (revision, tasks) = self.app.tasks.changed(cursor, TASKS_MAX).await?;
        if cursor > revision {
            return Ok(Piece::reset());
        }
        let mut frames = Frames::new(cursor);
        let mark = self.app.tasks.list_mark();
        for (task, revision) in tasks {
            frames.push(agent_tasks::paths::stream::TASK, (revision, mark), &addressed(&self.app, task));
        }
        if cursor == 0 {
            // What the start leaves out (the archive, very old tasks) is no change.
            frames.cursor = revision;
        }
        let more = frames.cursor < revision;
        Ok(frames.done(more))
    }
}
