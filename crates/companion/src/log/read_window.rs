//! Reading windows of a task's log, to be handed on.

use agent_tasks::{
    SessionId, TaskId,
    query::{OF_EVENTS_MAX, WINDOW_BYTES_MAX},
};
use rusqlite::{Connection, params};

use super::{
    LogError,
    raw_event::{RawEvent, RawWindow},
    read_events::last_seq,
};

/// Events that are parts of a text, as a list of SQL.
pub const TEXT_PARTS: &str = "'assistant.message_delta', 'assistant.reasoning_delta', 'tool.execution_partial_result'";

/// Whether an event names something, as SQL: `word` is what that is as JSON, `name` as it is. What does not contain the
/// word is not parsed.
pub fn names(word: &str, name: &str) -> String {
    let keys = ["toolCallId", "messageId", "reasoningId", "requestId"];
    let fields = keys.map(|key| format!("json_extract(data, '$.{key}')")).join(", ");
    format!("instr(data, {word}) > 0 AND CASE WHEN json_valid(data) THEN {name} IN ({fields}) END")
}

/// An identifier as it stands in the data of events.
pub fn word_of(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}

/// Which events of a task to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// Where.
    pub span: EventSpan,
    /// The most events.
    pub limit: u32,
    /// Only this session's.
    pub session_id: Option<SessionId>,
    /// Whether to leave out the parts of texts.
    pub facts: bool,
    /// Only those that name this; of a range.
    pub of: Option<String>,
    /// Whether to read the raw messages.
    pub raw: bool,
}

/// A place in a log. All but a page end with the event that makes them longer than [`WINDOW_BYTES_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSpan {
    /// The first events with a higher number.
    After(u64),
    /// The last events with a lower number.
    Before(u64),
    /// The first events between two numbers.
    Between(u64, u64),
    /// Half of them before this number, the rest from it on.
    Around(u64),
    /// All but the first so many.
    Skip(u64),
}

/// A window of the log; `None` when there is no such task.
pub fn window(conn: &Connection, task_id: &TaskId, page: &EventPage) -> Result<Option<RawWindow>, LogError> {
    let Some(last_seq) = last_seq(conn, task_id)? else { return Ok(None) };
    let total = match &page.session_id {
        Some(session_id) if page.of.is_none() => conn
            .prepare_cached("SELECT count(*) FROM events WHERE task_id = ?1 AND session_id = ?2")?
            .query_row([task_id.as_str(), session_id.as_str()], |row| row.get::<_, i64>(0))?
            .cast_unsigned(),
        Some(_) | None => last_seq,
    };
    let reader = Reader { conn, task_id, page };
    let (limit, bytes) = (page.limit, WINDOW_BYTES_MAX);
    let mut upto = None;
    let events = match page.span {
        EventSpan::After(seq) => {
            let events = reader.read("seq > ?2 ORDER BY seq", [seq, 0], limit, bytes)?;
            reader.see_ends(&events, (seq, last_seq), limit, bytes)?;
            events
        }
        EventSpan::Before(seq) => reversed(reader.read("seq < ?2 ORDER BY seq DESC", [seq, 0], limit, bytes)?),
        EventSpan::Between(after, before) if page.of.is_some() => {
            let end = before.min(after.saturating_add(OF_EVENTS_MAX + 1));
            let events = reader.read("seq > ?2 AND seq < ?3 ORDER BY seq", [after, end], limit, bytes)?;
            let is_cut = events.len() >= limit as usize || events.iter().map(RawEvent::bytes).sum::<usize>() >= bytes;
            let last = events.last().map(|event| event.seq).filter(|_| is_cut);
            upto = Some(last.unwrap_or(end.saturating_sub(1)));
            events
        }
        EventSpan::Between(after, before) => {
            let events = reader.read("seq > ?2 AND seq < ?3 ORDER BY seq", [after, before], limit, bytes)?;
            reader.see_ends(&events, (after, last_seq.min(before.saturating_sub(1))), limit, bytes)?;
            events
        }
        EventSpan::Around(seq) => {
            let mut events = reversed(reader.read("seq < ?2 ORDER BY seq DESC", [seq, 0], limit / 2, bytes / 2)?);
            let rest = limit - u32::try_from(events.len()).unwrap_or(limit);
            events.extend(reader.read("seq >= ?2 ORDER BY seq", [seq, 0], rest, bytes / 2)?);
            events
        }
        EventSpan::Skip(count) => reader.read("TRUE ORDER BY seq", [0, count], limit, usize::MAX)?,
    };
    Ok(Some(RawWindow { events, first_seq: last_seq.min(1), last_seq, total, upto }))
}

/// The events after `cursor`, at most `limit` and about [`WINDOW_BYTES_MAX`]; `None` when there is no such task. The second
/// part is the log's highest number.
pub fn follow(
    conn: &Connection,
    task_id: &TaskId,
    cursor: u64,
    limit: u32,
    raw: bool,
) -> Result<Option<(Vec<RawEvent>, u64)>, LogError> {
    let Some(last_seq) = last_seq(conn, task_id)? else { return Ok(None) };
    let page = EventPage { span: EventSpan::After(cursor), limit, session_id: None, facts: false, of: None, raw };
    let reader = Reader { conn, task_id, page: &page };
    let events = reader.read("seq > ?2 ORDER BY seq", [cursor, 0], limit, WINDOW_BYTES_MAX)?;
    reader.see_ends(&events, (cursor, last_seq), limit, WINDOW_BYTES_MAX)?;
    Ok(Some((events, last_seq)))
}

/// The events after `cursor` up to `last_seq`, a line of JSON each, about a megabyte of them; and the cursor after them.
pub fn json_lines(
    conn: &Connection,
    task_id: &TaskId,
    cursor: u64,
    last_seq: u64,
    limit: u32,
) -> Result<(String, u64), LogError> {
    let span = EventSpan::Between(cursor, last_seq.saturating_add(1));
    let page = EventPage { span, limit, session_id: None, facts: false, of: None, raw: false };
    let events = window(conn, task_id, &page)?.map(|window| window.events).unwrap_or_default();
    let mut lines = String::new();
    for event in &events {
        lines += &serde_json::to_string(event).map_err(|error| LogError::Broken(error.to_string()))?;
        lines.push('\n');
    }
    Ok((lines, events.last().map_or(last_seq, |event| event.seq)))
}

/// The raw messages after `cursor` up to `last_seq`, about a megabyte of them; and the cursor after them.
pub fn raw_lines(
    conn: &Connection,
    task_id: &TaskId,
    cursor: u64,
    last_seq: u64,
    limit: u32,
) -> Result<(String, u64), LogError> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, raw FROM events WHERE task_id = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4",
    )?;
    let mut rows = statement.query(params![task_id.as_str(), cursor.cast_signed(), last_seq.cast_signed(), limit])?;
    let (mut lines, mut at) = (String::new(), last_seq);
    while let Some(row) = rows.next()? {
        at = row.get::<_, i64>(0)?.cast_unsigned();
        if let Some(raw) = row.get::<_, Option<String>>(1)? {
            lines += &raw;
            lines.push('\n');
        }
        if lines.len() >= WINDOW_BYTES_MAX {
            break;
        }
    }
    Ok((lines, at))
}

/// Reads rows of one task as a page wants them.
struct Reader<'a> {
    conn: &'a Connection,
    task_id: &'a TaskId,
    page: &'a EventPage,
}

impl Reader<'_> {
    /// The events that `rest` names by the bounds `?2` and `?3`; without a second bound in it, that one is left out first.
    fn read(&self, rest: &str, bounds: [u64; 2], limit: u32, bytes_max: usize) -> Result<Vec<RawEvent>, LogError> {
        // A filter that is not wanted must not be there at all, or SQLite walks the log instead of the key.
        let session = if self.page.session_id.is_some() { "session_id = ?4" } else { "?4 IS NULL" };
        let facts = if self.page.facts { format!("type NOT IN ({TEXT_PARTS})") } else { "TRUE".into() };
        let of = if self.page.of.is_some() { names("?6", "?7") } else { "?6 IS NULL AND ?7 IS NULL".into() };
        let offset = if rest.contains("?3") { "" } else { "OFFSET ?3" };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {} FROM events WHERE task_id = ?1 AND {session} AND {facts} AND {of} AND {rest} LIMIT ?5 {offset}",
            RawEvent::columns(self.page.raw)
        ))?;
        let session_id = self.page.session_id.as_ref().map(SessionId::as_str);
        // A number beyond SQLite's range is beyond every log.
        let [first, second] = bounds.map(|bound| i64::try_from(bound).unwrap_or(i64::MAX));
        let name = self.page.of.as_deref();
        let word = name.map(word_of);
        let mut rows = statement.query(params![self.task_id.as_str(), first, second, session_id, limit, word, name])?;
        let (mut events, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let (event, more) = RawEvent::read(self.task_id, row)?;
            self.see_no_hole(events.last(), &event)?;
            events.push(event);
            bytes += more;
            if bytes >= bytes_max {
                break;
            }
        }
        Ok(events)
    }
}

impl Reader<'_> {
    fn is_filtered(&self) -> bool {
        self.page.session_id.is_some() || self.page.facts || self.page.of.is_some()
    }

    /// Where all events are read, they begin after the first number and go up to the second, or as far as there is room.
    fn see_ends(
        &self,
        events: &[RawEvent],
        (after, upto): (u64, u64),
        limit: u32,
        bytes_max: usize,
    ) -> Result<(), LogError> {
        if self.is_filtered() || after >= upto || limit == 0 {
            return Ok(());
        }
        let (first, last) = (events.first().map(|event| event.seq), events.last().map(|event| event.seq));
        let is_cut = events.len() >= limit as usize || events.iter().map(RawEvent::bytes).sum::<usize>() >= bytes_max;
        if first == Some(after + 1) && (is_cut || last == Some(upto)) {
            return Ok(());
        }
        Err(LogError::Damaged(format!("the log of {} has not all of {after} to {upto}", self.task_id)))
    }

    /// Where all events are read, each follows the one before.
    fn see_no_hole(&self, before: Option<&RawEvent>, event: &RawEvent) -> Result<(), LogError> {
        match before {
            Some(before) if !self.is_filtered() && before.seq.abs_diff(event.seq) != 1 => {
                Err(LogError::Damaged(format!("there is a hole in the log of {} at {}", self.task_id, before.seq)))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn reversed(mut events: Vec<RawEvent>) -> Vec<RawEvent> {
    events.reverse();
    events
}
