//! Events as they go over the wire, with their data as it lies on disk: nothing of it is parsed on the way.

use agent_tasks::{SessionId, TaskId, Timestamp};
use rusqlite::Row;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::{
    LogError,
    read_events::event_id,
    sum::{DAMAGED, EventRow},
};

/// An event, in the wire form of [`agent_tasks::Event`].
#[derive(Debug, Clone, Serialize)]
pub struct RawEvent {
    /// The number in its task.
    pub seq: u64,
    session_id: SessionId,
    id: String,
    timestamp: Timestamp,
    #[serde(rename = "parentId")]
    parent_id: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    ephemeral: bool,
    r#type: String,
    data: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
}

/// A window of a log, in the wire form of [`agent_tasks::EventWindow`].
#[derive(Debug, Clone, Serialize)]
pub struct RawWindow {
    /// The events.
    pub events: Vec<RawEvent>,
    /// The lowest number of the log; 0 when it is empty.
    pub first_seq: u64,
    /// The highest number of the log.
    pub last_seq: u64,
    /// How many events the log has.
    pub total: u64,
    /// Where only some events were looked for: these are all of them up to this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upto: Option<u64>,
}

impl RawEvent {
    /// The columns that [`Self::read`] reads, with the raw message or without.
    pub fn columns(with_raw: bool) -> &'static str {
        if with_raw {
            "seq, session_id, timestamp, type, data, ephemeral, raw, sum"
        } else {
            "seq, session_id, timestamp, type, data, ephemeral, NULL, sum"
        }
    }

    /// What tells it from an event of the same number in another log: a copy that was put back, say.
    pub fn mark(&self) -> u64 {
        self.timestamp.as_ms().cast_unsigned()
    }

    /// The bytes of its data and its raw message.
    pub fn bytes(&self) -> usize {
        self.data.get().len() + self.raw.as_ref().map_or(0, String::len)
    }

    /// The event of a row, and the bytes of its data.
    pub fn read(task_id: &TaskId, row: &Row<'_>) -> Result<(Self, usize), LogError> {
        let seq = row.get::<_, i64>(0)?.cast_unsigned();
        let data = row.get_ref(4)?.as_str().map_err(|error| LogError::Damaged(error.to_string()))?;
        let raw: Option<String> = row.get(6)?;
        let bytes = data.len() + raw.as_ref().map_or(0, String::len);
        let (session_id, type_name) = (SessionId(row.get(1)?), row.get::<_, String>(3)?);
        let (timestamp, ephemeral) = (Timestamp::from_ms(row.get(2)?), row.get(5)?);
        let written =
            EventRow { task_id, seq, session_id: &session_id, timestamp, type_name: &type_name, data, ephemeral };
        let (r#type, data) = match written.damage(row.get(7)?) {
            None => (type_name, as_it_is(data)?),
            Some(damage) => (DAMAGED.to_owned(), as_it_is(&damage)?),
        };
        let event = Self {
            seq,
            session_id,
            id: event_id(task_id, seq),
            timestamp,
            parent_id: (seq > 1).then(|| event_id(task_id, seq - 1)),
            ephemeral,
            r#type,
            data,
            raw,
        };
        Ok((event, bytes))
    }
}

/// What is on disk was written as JSON in one line; anything else is shown as text.
fn as_it_is(data: &str) -> Result<Box<RawValue>, LogError> {
    match serde_json::from_str::<&RawValue>(data) {
        Ok(checked) if !data.contains('\n') => Ok(checked.to_owned()),
        Ok(_) | Err(_) => to_raw_value(data).map_err(|error| LogError::Broken(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_of_one_line_is_told_as_text() {
        for (data, told) in [
            (r#"{"b":1,"a":[1.50]}"#, r#"{"b":1,"a":[1.50]}"#),
            ("{\n}", r#""{\n}""#),
            (r#"{"a":"#, r#""{\"a\":""#),
            ("", r#""""#),
        ] {
            assert_eq!(as_it_is(data).unwrap().get(), told);
        }
    }
}
