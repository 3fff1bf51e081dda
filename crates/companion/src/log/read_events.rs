//! Reading the events of one task to understand them; what is only handed on is read by `read_window`.

use agent_tasks::{
    Event, EventBody, SessionId, TaskId, Timestamp,
    query::{EVENTS_LIMIT_MAX, OF_EVENTS_MAX, WINDOW_BYTES_MAX},
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::{
    LogError,
    read_window::{TEXT_PARTS, names, word_of},
    sum::{DAMAGED, EventRow},
};

/// An event's identifier: unique, and known from its place.
pub fn event_id(task_id: &TaskId, seq: u64) -> String {
    format!("{task_id}:{seq}")
}

/// The data of an event. What is on disk was written as JSON; anything else is shown as text.
pub fn parse(data: &str) -> Value {
    serde_json::from_str(data).unwrap_or_else(|_| Value::String(data.to_owned()))
}

/// Some events that follow each other.
#[derive(Debug, Default)]
pub struct Slice {
    /// The events, ascending.
    pub events: Vec<Event>,
    /// The bytes of their data.
    pub bytes: usize,
    /// The log's highest number.
    pub last_seq: u64,
}

/// The events after `cursor`, at most `limit`, ending with the one that makes them longer than `bytes_max`; `None` when
/// there is no such task.
pub fn slice(
    conn: &Connection,
    task_id: &TaskId,
    cursor: u64,
    limit: u32,
    bytes_max: usize,
) -> Result<Option<Slice>, LogError> {
    let Some(last_seq) = last_seq(conn, task_id)? else { return Ok(None) };
    let mut slice = Slice { last_seq, ..Slice::default() };
    let mut statement = conn.prepare_cached(
        "SELECT seq, session_id, timestamp, type, data, ephemeral, sum FROM events
         WHERE task_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let mut rows = statement.query(params![task_id.as_str(), cursor.cast_signed(), limit])?;
    while let Some(row) = rows.next()? {
        slice.bytes += row.get_ref(4)?.as_str().map_or(0, str::len);
        slice.events.push(event(task_id, row)?);
        if slice.bytes > bytes_max {
            break;
        }
    }
    Ok(Some(slice))
}

/// Some events of a range.
#[derive(Debug, Default)]
pub struct Found {
    /// The events, ascending.
    pub events: Vec<Event>,
    /// The bytes of their data.
    pub bytes: usize,
    /// These are all of them up to this number.
    pub upto: u64,
}

/// Which events of a task are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The number of the first event.
    pub from: u64,
    /// The number of the last event.
    pub to: u64,
    /// Whether parts of texts are left out.
    pub facts: bool,
    /// The session and the identifier that they name; all of the range without one.
    pub of: Option<(SessionId, String)>,
}

/// The events that are wanted, at most as many as a window may have; at most [`OF_EVENTS_MAX`] are looked through.
pub fn wanted(conn: &Connection, task_id: &TaskId, wanted: &Wanted) -> Result<Found, LogError> {
    let facts = if wanted.facts { format!("type NOT IN ({TEXT_PARTS})") } else { "TRUE".into() };
    let of = match &wanted.of {
        Some(_) => ["session_id = ?4 AND ", &names("?5", "?6")].concat(),
        None => "?4 IS NULL AND ?5 IS NULL AND ?6 IS NULL".into(),
    };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT seq, session_id, timestamp, type, data, ephemeral, sum FROM events
         WHERE task_id = ?1 AND seq BETWEEN ?2 AND ?3 AND {facts} AND {of} ORDER BY seq LIMIT {EVENTS_LIMIT_MAX}"
    ))?;
    let end = wanted.to.min(wanted.from.saturating_add(OF_EVENTS_MAX - 1));
    let (session, name) = (wanted.of.as_ref().map(|of| of.0.as_str()), wanted.of.as_ref().map(|of| of.1.as_str()));
    let word = name.map(word_of);
    let bounds = (wanted.from.cast_signed(), end.cast_signed());
    let mut rows = statement.query(params![task_id.as_str(), bounds.0, bounds.1, session, word, name])?;
    let mut found = Found { upto: end, ..Found::default() };
    while let Some(row) = rows.next()? {
        found.bytes += row.get_ref(4)?.as_str().map_or(0, str::len);
        found.events.push(event(task_id, row)?);
        if found.bytes >= WINDOW_BYTES_MAX || found.events.len() >= EVENTS_LIMIT_MAX as usize {
            found.upto = found.events.last().map_or(end, |event| event.seq);
            break;
        }
    }
    Ok(found)
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

/// The highest number of a task's log; `None` when there is no such task.
pub fn last_seq(conn: &Connection, task_id: &TaskId) -> Result<Option<u64>, LogError> {
    let seq: Option<i64> = conn
        .prepare_cached("SELECT last_seq FROM tasks WHERE id = ?1")?
        .query_row([task_id.as_str()], |row| row.get(0))
        .optional()?;
    Ok(seq.map(i64::cast_unsigned))
}

fn event(task_id: &TaskId, row: &Row<'_>) -> Result<Event, LogError> {
    let seq = row.get::<_, i64>(0)?.cast_unsigned();
    let (session_id, timestamp) = (SessionId(row.get(1)?), Timestamp::from_ms(row.get(2)?));
    let (type_name, data): (String, String) = (row.get(3)?, row.get(4)?);
    let ephemeral = row.get(5)?;
    let written =
        EventRow { task_id, seq, session_id: &session_id, timestamp, type_name: &type_name, data: &data, ephemeral };
    let body = match written.damage(row.get(6)?) {
        None => EventBody::from_parts(&type_name, parse(&data)),
        Some(damage) => EventBody::from_parts(DAMAGED, parse(&damage)),
    };
    Ok(Event {
        seq,
        session_id,
        id: event_id(task_id, seq),
        timestamp,
        parent_id: (seq > 1).then(|| event_id(task_id, seq - 1)),
        agent_id: None,
        ephemeral,
        body,
        raw: None,
    })
}
