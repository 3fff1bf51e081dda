//! Event streams: replay from a cursor, then live. The log is read again and again, the watch only says
//! when: no gap, no repeat, and a slow reader falls behind without harm to anyone.

use std::{convert::Infallible, fmt::Write, time::Duration};

use agent_tasks::paths::stream::{HEARTBEAT, HEARTBEAT_SECONDS, RESET};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde::Serialize;
use tokio::{sync::watch, time::Instant};

use super::{App, answer::Refusal, auth::Bearer};

/// How often a stream looks whether its token is still good.
const TOKEN_CHECK_INTERVAL: Duration = Duration::from_secs(HEARTBEAT_SECONDS);
/// The media type of a stream.
pub const MEDIA_TYPE: &str = "text/event-stream";
/// No log is so long.
const BEYOND_EVERY_LOG: u64 = i64::MAX.cast_unsigned();
/// How the cursor comes back after a cut.
const LAST_EVENT_ID: &str = "last-event-id";

/// Something that is read from a cursor on.
pub trait Feed: Send + Sync + 'static {
    /// The shortest time between two reads.
    const PAUSE: Duration;

    /// Says when there is something new: the newest cursor, once something came since this was made.
    fn news(&mut self) -> &mut watch::Receiver<u64>;

    /// What follows `cursor`.
    fn after(&self, cursor: u64) -> impl Future<Output = Result<Piece, Refusal>> + Send;
}

/// A piece of a stream, and the cursor after it.
#[derive(Debug, Clone)]
pub struct Piece {
    text: Bytes,
    /// Where to read on.
    pub cursor: u64,
    /// Whether there is more to read now.
    pub more: bool,
}

impl Piece {
    /// Tells the client to start from nothing: its cursor is not of this log.
    pub fn reset() -> Self {
        Self { text: format!("event: {RESET}\nid: 0\ndata: {{}}\n\n").into(), cursor: 0, more: true }
    }

    fn heartbeat(cursor: u64) -> Self {
        Self { text: format!("event: {HEARTBEAT}\ndata: {{}}\n\n").into(), cursor, more: false }
    }
}

/// A piece that is being made.
pub struct Frames {
    text: String,
    /// The cursor after it.
    pub cursor: u64,
}

impl Frames {
    /// Nothing yet, after `cursor`.
    pub fn new(cursor: u64) -> Self {
        Self { text: String::new(), cursor }
    }

    /// Adds an event. JSON has no line break of its own, so no text can look like another event. `mark` tells the log
    /// from others, where the number alone would fit too.
    pub fn push(&mut self, name: &str, (id, mark): (u64, u64), value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(data) => {
                // Writing to a String does not fail.
                let _ = write!(self.text, "event: {name}\nid: {id}-{mark:x}\ndata: {data}\n\n");
            }
            Err(error) => tracing::error!(%error, id, "an event of a stream is not JSON"),
        }
        self.cursor = id;
    }

    /// The piece, and whether there is `more` to read.
    pub fn done(self, more: bool) -> Piece {
        Piece { text: self.text.into(), cursor: self.cursor, more }
    }
}

/// Whether the client asks for a stream.
pub fn is_wanted(headers: &HeaderMap) -> bool {
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepts
        .flat_map(|value| value.split(','))
        .any(|part| part.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(MEDIA_TYPE))
}

/// Where a client left off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The number of the event that it has seen last; 0 at the start.
    pub number: u64,
    /// What marked the log of that event.
    mark: Option<u64>,
}

impl Cursor {
    /// Where to read on in a log of this mark; beyond every log when the client comes from another one.
    pub fn in_log(self, mark: Option<u64>) -> u64 {
        match (self.mark, mark) {
            (Some(told), Some(mark)) if told != mark => BEYOND_EVERY_LOG,
            _ => self.number,
        }
    }
}

/// Where the client left off: `Last-Event-ID`, else `after`, else the start.
pub fn cursor(headers: &HeaderMap, after: Option<u64>) -> Result<Cursor, Refusal> {
    let Some(id) = headers.get(LAST_EVENT_ID) else {
        return Ok(Cursor { number: after.unwrap_or_default(), mark: None });
    };
    let cursor = id.to_str().ok().and_then(read_id);
    // Numbers beyond the database's range would wrap around.
    cursor
        .filter(|cursor| cursor.number <= BEYOND_EVERY_LOG)
        .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "Last-Event-ID must be the id of an event of this stream"))
}

fn read_id(id: &str) -> Option<Cursor> {
    match id.split_once('-') {
        None => Some(Cursor { number: id.parse().ok()?, mark: None }),
        Some((number, mark)) => {
            Some(Cursor { number: number.parse().ok()?, mark: Some(u64::from_str_radix(mark, 16).ok()?) })
        }
    }
}

struct Position<F> {
    app: App,
    feed: F,
    bearer: Bearer,
    /// When the token was good for sure.
    checked_at: Instant,
    cursor: u64,
    more: bool,
}

/// Streams `feed` from `cursor` on, until the client goes, its token is revoked or the server ends.
pub fn stream<F: Feed>(app: App, bearer: Bearer, mut feed: F, cursor: u64) -> Response {
    feed.news().mark_changed();
    let start = Position { app, feed, bearer, checked_at: Instant::now(), cursor, more: true };
    let pieces = stream::unfold(start, |mut position| async move {
        let piece = next(&mut position).await?;
        (position.cursor, position.more) = (piece.cursor, piece.more);
        Some((Ok::<_, Infallible>(piece.text), position))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

/// The next piece: what there is to read, or a heartbeat after a quiet time.
async fn next<F: Feed>(position: &mut Position<F>) -> Option<Piece> {
    let heartbeat_at = Instant::now() + Duration::from_secs(HEARTBEAT_SECONDS);
    let ending = position.app.ending.clone();
    if position.checked_at.elapsed() >= TOKEN_CHECK_INTERVAL {
        position.app.access.is_good(position.bearer.0).await.ok().filter(|is_good| *is_good)?;
        position.checked_at = Instant::now();
    }
    loop {
        if !position.more {
            tokio::select! {
                biased;
                () = ending.cancelled() => return None,
                () = tokio::time::sleep_until(heartbeat_at) => return Some(Piece::heartbeat(position.cursor)),
                changed = position.feed.news().changed() => changed.ok()?,
            }
            if !F::PAUSE.is_zero() {
                tokio::time::sleep(F::PAUSE).await;
            }
            if *position.feed.news().borrow() <= position.cursor {
                // An earlier read had it already.
                continue;
            }
        }
        if ending.is_cancelled() {
            return None;
        }
        // Seen before it is read: what comes in between shows as a change again.
        position.feed.news().mark_unchanged();
        // A log that cannot be read ends the stream; the client comes back with its cursor.
        let piece = position.feed.after(position.cursor).await.ok()?;
        if !piece.text.is_empty() {
            return Some(piece);
        }
        (position.cursor, position.more) = (piece.cursor, piece.more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_one_event() {
        let parts = [
            "\n",
            "\r",
            "\n\n",
            "data: ",
            "event: reset",
            "id: 9",
            ":",
            "\0",
            "\u{2028}",
            "\u{85}",
            "\"",
            "a",
            "ü",
            "\\n",
        ];
        let count = promises::cases(1_000, 100_000);
        let mut dice = promises::Dice::new(promises::seed());
        for _ in 0..count {
            let text: String = (0..dice.below(20)).map(|_| parts[dice.below(parts.len() as u64) as usize]).collect();
            let mut frames = Frames::new(0);
            frames.push("event", (7, 1), &text);
            let frame = frames.text;
            let lines: Vec<&str> = frame.split(['\n', '\r']).collect();
            assert_eq!(lines.len(), 5, "{text:?}");
            assert_eq!((lines[0], lines[1], &lines[3..]), ("event: event", "id: 7-1", &["", ""][..]), "{text:?}");
            let data = lines[2].strip_prefix("data: ").unwrap();
            assert_eq!(serde_json::from_str::<String>(data).unwrap(), text);
        }
        promises::tell("S20", count, true, "each text exactly one event, and the same text again");
    }

    #[test]
    fn an_id_of_another_log_is_beyond_this_one() {
        let cursor = |id: &str| {
            let headers = [(LAST_EVENT_ID.parse().unwrap(), id.parse().unwrap())].into_iter().collect();
            cursor(&headers, Some(3)).ok()
        };
        assert_eq!(cursor("7-1f").unwrap().in_log(Some(31)), 7);
        assert_eq!(cursor("7-1f").unwrap().in_log(Some(32)), BEYOND_EVERY_LOG);
        assert_eq!(cursor("7").unwrap().in_log(Some(32)), 7, "who names a number alone is believed");
        assert_eq!(cursor("7-1f").unwrap().in_log(None), 7, "there is no event 7 to compare with");
        for wrong in ["", "-", "7-", "-1", "7-x", "7-1-1", "18446744073709551615"] {
            assert_eq!(cursor(wrong), None, "{wrong}");
        }
    }
}
