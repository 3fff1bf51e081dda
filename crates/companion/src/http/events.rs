//! The log of one task, as a window or as a stream.

use std::time::Duration;

use agent_tasks::{
    ErrorCode, ErrorDetail, EventQuery, TaskId,
    query::{EVENTS_LIMIT, EVENTS_LIMIT_MAX, PER_PAGE_MAX},
};
use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};

use super::{
    App,
    answer::Refusal,
    auth::Bearer,
    extract::{ApiPath, ApiQuery, within},
    sse::{self, Feed, Frames, Piece},
    tasks::link,
};
use crate::log::{EventPage, EventSpan, RawEvent};

/// The most events of one piece of a stream.
const FOLLOW_EVENTS_MAX: u32 = 500;

/// `GET /agents/tasks/{task_id}/events`
pub async fn events(
    State(app): State<App>,
    Extension(bearer): Extension<Bearer>,
    ApiPath(task_id): ApiPath<TaskId>,
    uri: Uri,
    headers: HeaderMap,
    ApiQuery(query): ApiQuery<EventQuery>,
) -> Result<Response, Refusal> {
    if sse::is_wanted(&headers) {
        let cursor = sse::cursor(&headers, query.after)?;
        // Before the stream begins, so that an unknown task is a 404.
        let mut feed = TaskFeed::new(app.clone(), task_id.clone());
        let last_seen = app.tasks.events_after(&task_id, cursor.number.saturating_sub(1), 1).await?;
        let mark = last_seen.events.first().filter(|event| event.seq == cursor.number).map(RawEvent::mark);
        feed.known_seq = last_seen.last_seq;
        let cursor = cursor.in_log(mark);
        return Ok(sse::stream(app, bearer, feed, cursor));
    }
    let (page, number) = event_page(&query)?;
    let per_page = page.limit;
    let window = app.tasks.events(&task_id, page).await?;
    let Some(number) = number else { return Ok(Json(window).into_response()) };
    let pages = u32::try_from(window.total.div_ceil(u64::from(per_page))).unwrap_or(u32::MAX);
    Ok((link(&app, &uri, number, pages), Json(window)).into_response())
}

/// What to read, and the page's number when pages were asked for.
fn event_page(query: &EventQuery) -> Result<(EventPage, Option<u32>), Refusal> {
    let limit = within("limit", query.limit, 1..=EVENTS_LIMIT_MAX)?;
    let per_page = within("per_page", query.per_page, 1..=PER_PAGE_MAX)?;
    let page = within("page", query.page, 1..=u32::MAX)?;
    let number = page.or(per_page.map(|_| 1));
    let limit = if number.is_some() { per_page } else { limit }.unwrap_or(EVENTS_LIMIT);
    let ends = match (query.after, query.before) {
        (Some(after), Some(before)) => Some(EventSpan::Between(after, before)),
        (Some(after), None) => Some(EventSpan::After(after)),
        (None, Some(before)) => Some(EventSpan::Before(before)),
        (None, None) => None,
    };
    let spans = [
        ends,
        query.around.map(EventSpan::Around),
        number.map(|number| EventSpan::Skip(u64::from(number - 1) * u64::from(limit))),
    ];
    let mut asked = spans.into_iter().flatten();
    let span = asked.next().unwrap_or(EventSpan::After(0));
    if asked.next().is_some() {
        return Err(Refusal::invalid(ErrorDetail {
            code: ErrorCode::Invalid,
            field: None,
            message: Some(
                "after and before may name a range together; they, around and page exclude each other".into(),
            ),
        }));
    }
    if query.of.is_some() && ends.is_none_or(|ends| !matches!(ends, EventSpan::Between(..))) {
        return Err(Refusal::invalid(ErrorDetail {
            code: ErrorCode::Invalid,
            field: Some("of".into()),
            message: Some("of needs a range: name it by after and before".into()),
        }));
    }
    let (facts, raw) = (query.facts == Some(true), query.raw == Some(true));
    Ok((EventPage { span, limit, session_id: query.session_id.clone(), facts, of: query.of.clone(), raw }, number))
}

/// The events of one task, for a stream.
struct TaskFeed {
    app: App,
    task_id: TaskId,
    /// What came since this was made; watched before anything is read.
    news: tokio::sync::watch::Receiver<u64>,
    /// The highest number when this was made.
    known_seq: u64,
}

impl TaskFeed {
    fn new(app: App, task_id: TaskId) -> Self {
        let news = app.tasks.watch_task(&task_id);
        Self { app, task_id, news, known_seq: 0 }
    }
}

impl Feed for TaskFeed {
    const PAUSE: Duration = Duration::ZERO;

    fn news(&mut self) -> &mut tokio::sync::watch::Receiver<u64> {
        &mut self.news
    }

    async fn after(&self, cursor: u64) -> Result<Piece, Refusal> {
        let mut piece = self.app.tails.after(&self.task_id, cursor, || self.read(cursor)).await?;
        // What others were told a while ago may be followed by more.
        piece.more |= piece.cursor < self.known_seq.max(*self.news.borrow());
        Ok(piece)
    }
}

impl TaskFeed {
    async fn read(&self, cursor: u64) -> Result<Piece, Refusal> {
        let found = self.app.tasks.events_after(&self.task_id, cursor, FOLLOW_EVENTS_MAX).await?;
        if cursor > found.last_seq {
            return Ok(Piece::reset());
        }
        let mut frames = Frames::new(cursor);
        for event in &found.events {
            frames.push(agent_tasks::paths::stream::EVENT, (event.seq, event.mark()), event);
        }
        let more = frames.cursor < found.last_seq;
        Ok(frames.done(more))
    }
}
