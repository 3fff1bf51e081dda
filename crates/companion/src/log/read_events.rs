//! Reading the log of one task: windows of it, and what follows a cursor.

use agent_tasks::{Event, EventBody, EventWindow, SessionId, TaskId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::LogError;

/// Reading after a cursor stops at this many bytes of data, so that one answer stays small.
const FOLLOW_BYTES_MAX: usize = 1024 * 1024;

/// Which events of a task to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// Where.
    pub span: EventSpan,
    /// The most events.
    pub limit: u32,
    /// Only this session's.
    pub session_id: Option<SessionId>,
    /// Whether to read the raw messages.
    pub raw: bool,
}

/// A place in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSpan {
    /// The first events with a higher number.
    After(u64),
    /// The last events with a lower number.
    Before(u64),
    /// Half of them before this number, the rest from it on.
    Around(u64),
    /// All but the first so many.
    Skip(u64),
}

/// An event's identifier: unique, and known from its place.
pub fn event_id(task_id: &TaskId, seq: u64) -> String {
    format!("{task_id}:{seq}")
}

/// The data of an event. What is on disk was written as JSON; anything else is shown as text.
pub fn parse(data: &str) -> Value {
    serde_json::from_str(data).unwrap_or_else(|_| Value::String(data.to_owned()))
}

/// The events after `cursor`, at most `limit` and about a megabyte; `None` when there is no such task.
/// The second part is the log's highest number.
pub fn follow(
    conn: &Connection,
    task_id: &TaskId,
    cursor: u64,
    limit: u32,
) -> Result<Option<(Vec<Event>, u64)>, LogError> {
    let Some(last_seq) = last_seq(conn, task_id)? else { return Ok(None) };
    let mut statement = conn.prepare_cached(
        "SELECT seq, session_id, timestamp, type, data, ephemeral, NULL FROM events
         WHERE task_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let mut rows = statement.query(params![task_id.as_str(), cursor.cast_signed(), limit])?;
    let (mut events, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        bytes += row.get_ref(4)?.as_str().map_or(0, str::len);
        events.push(event(task_id, row)?);
        if bytes > FOLLOW_BYTES_MAX {
            break;
        }
    }
    Ok(Some((events, last_seq)))
}

/// A window of the log; `None` when there is no such task.
pub fn window(conn: &Connection, task_id: &TaskId, page: &EventPage) -> Result<Option<EventWindow>, LogError> {
    let Some(last_seq) = last_seq(conn, task_id)? else { return Ok(None) };
    let total = match &page.session_id {
        None => last_seq,
        Some(session_id) => conn
            .prepare_cached("SELECT count(*) FROM events WHERE task_id = ?1 AND session_id = ?2")?
            .query_row([task_id.as_str(), session_id.as_str()], |row| row.get::<_, i64>(0))?
            .cast_unsigned(),
    };
    let read = |condition: &str, bound: u64, order: &str, limit: u32| {
        select(conn, task_id, page, &format!("seq {condition} ?2 ORDER BY seq {order} LIMIT ?4"), bound, limit)
    };
    let events = match page.span {
        EventSpan::After(seq) => read(">", seq, "ASC", page.limit)?,
        EventSpan::Before(seq) => reversed(read("<", seq, "DESC", page.limit)?),
        EventSpan::Around(seq) => {
            let mut events = reversed(read("<", seq, "DESC", page.limit / 2)?);
            let rest = page.limit - u32::try_from(events.len()).unwrap_or(page.limit);
            events.extend(read(">=", seq, "ASC", rest)?);
            events
        }
        EventSpan::Skip(count) => {
            select(conn, task_id, page, "TRUE ORDER BY seq LIMIT ?4 OFFSET ?2", count, page.limit)?
        }
    };
    Ok(Some(EventWindow { events, first_seq: last_seq.min(1), last_seq, total }))
}

/// The newest event of `type_name` in a session whose data has `value` at the top-level `key`.
pub fn find(
    conn: &Connection,
    task_id: &TaskId,
    session_id: &SessionId,
    type_name: &str,
    (key, value): (&str, &str),
) -> Result<Option<EventBody>, LogError> {
    let data: Option<String> = conn
        .prepare_cached(
            "SELECT data FROM events WHERE task_id = ?1 AND session_id = ?2 AND type = ?3
               AND json_extract(data, '$.' || ?4) = ?5 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([task_id.as_str(), session_id.as_str(), type_name, key, value], |row| row.get(0))
        .optional()?;
    Ok(data.map(|data| EventBody::from_parts(type_name, parse(&data))))
}

fn last_seq(conn: &Connection, task_id: &TaskId) -> Result<Option<u64>, LogError> {
    let seq: Option<i64> = conn
        .prepare_cached("SELECT last_seq FROM tasks WHERE id = ?1")?
        .query_row([task_id.as_str()], |row| row.get(0))
        .optional()?;
    Ok(seq.map(i64::cast_unsigned))
}

fn select(
    conn: &Connection,
    task_id: &TaskId,
    page: &EventPage,
    rest: &str,
    bound: u64,
    limit: u32,
) -> Result<Vec<Event>, LogError> {
    let raw = if page.raw { "raw" } else { "NULL" };
    // Without a session the filter must not be there at all, or SQLite walks the log instead of the key.
    let session = if page.session_id.is_some() { "session_id = ?3" } else { "?3 IS NULL" };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT seq, session_id, timestamp, type, data, ephemeral, {raw} FROM events
         WHERE task_id = ?1 AND {session} AND {rest}"
    ))?;
    let session_id = page.session_id.as_ref().map(SessionId::as_str);
    // A number beyond SQLite's range is beyond every log.
    let bound = i64::try_from(bound).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![task_id.as_str(), bound, session_id, limit])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event(task_id, row)?);
    }
    Ok(events)
}

fn event(task_id: &TaskId, row: &Row<'_>) -> Result<Event, LogError> {
    let seq = row.get::<_, i64>(0)?.cast_unsigned();
    let type_name: String = row.get(3)?;
    let data: String = row.get(4)?;
    Ok(Event {
        seq,
        session_id: SessionId(row.get(1)?),
        id: event_id(task_id, seq),
        timestamp: Timestamp::from_ms(row.get(2)?),
        parent_id: (seq > 1).then(|| event_id(task_id, seq - 1)),
        agent_id: None,
        ephemeral: row.get(5)?,
        body: EventBody::from_parts(&type_name, parse(&data)),
        raw: row.get(6)?,
    })
}

fn reversed(mut events: Vec<Event>) -> Vec<Event> {
    events.reverse();
    events
}
