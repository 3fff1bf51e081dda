//! Appending events: numbering them, folding them into the session's row.

use agent_tasks::{Event, EventBody, Progress, SessionId, TaskId, Timestamp};
use rusqlite::OptionalExtension;

use super::{LogError, WriteTx, sum::EventRow};

/// An event that has no number yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What happened.
    pub body: EventBody,
    /// Whether a later event says the same whole.
    pub ephemeral: bool,
    /// The message as the agent sent it.
    pub raw: Option<String>,
}

impl<B: Into<EventBody>> From<B> for Entry {
    fn from(body: B) -> Self {
        Self { body: body.into(), ephemeral: false, raw: None }
    }
}

impl WriteTx<'_> {
    /// Appends `entries` to the log of `task_id` and gives the task's highest number.
    pub fn append(
        &mut self,
        task_id: &TaskId,
        session_id: &SessionId,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<u64, LogError> {
        let before = self.progress(session_id)?;
        let mut progress = before.clone();
        let mut seq = self.last_seq(task_id)?;
        let mut title = None;
        for entry in entries {
            seq += 1;
            let event = self.numbered(task_id, session_id, seq, entry);
            progress.apply(&event);
            if let EventBody::SessionTitleChanged(changed) = &event.body {
                title = Some(changed.title.clone());
            }
            self.insert_event(task_id, &event)?;
        }
        self.conn.prepare_cached("UPDATE tasks SET last_seq = ?2, updated_at = ?3 WHERE id = ?1")?.execute((
            task_id.as_str(),
            seq.cast_signed(),
            self.now.as_ms(),
        ))?;
        if progress != before {
            self.write_progress(session_id, &progress)?;
        }
        if let Some(title) = &title {
            self.conn
                .prepare_cached("UPDATE sessions SET name = ?2 WHERE id = ?1")?
                .execute((session_id.as_str(), title))?;
        }
        if progress != before || title.is_some() {
            self.choose_shown_session(task_id)?;
            self.touch(task_id)?;
        }
        self.touched.events.insert(task_id.clone(), seq);
        self.folded.insert(session_id.clone());
        if progress.state.is_active() {
            self.memory.progress.insert(session_id.clone(), progress);
        } else {
            self.memory.progress.remove(session_id);
        }
        Ok(seq)
    }

    /// Where the session stands, by its events so far.
    pub fn progress(&mut self, session_id: &SessionId) -> Result<Progress, LogError> {
        if let Some(known) = self.memory.progress.get(session_id) {
            return Ok(known.clone());
        }
        let mut progress = Progress::default();
        // Deltas and partial results are most of a log; the fold asks only whether there was a thought.
        let mut events = self.conn.prepare_cached(
            "SELECT e.seq, e.timestamp, e.type, e.data FROM events e JOIN sessions s ON s.id = e.session_id
             WHERE e.task_id = s.task_id AND s.id = ?1
               AND e.type NOT IN ('assistant.message_delta', 'tool.execution_partial_result') ORDER BY e.seq",
        )?;
        let mut rows = events.query([session_id.as_str()])?;
        while let Some(row) = rows.next()? {
            let type_name: String = row.get(2)?;
            let event = Event {
                seq: row.get::<_, i64>(0)?.cast_unsigned(),
                session_id: session_id.clone(),
                id: String::new(),
                timestamp: Timestamp::from_ms(row.get(1)?),
                parent_id: None,
                agent_id: None,
                ephemeral: false,
                body: EventBody::from_parts(&type_name, super::read_events::parse(&row.get::<_, String>(3)?)),
                raw: None,
            };
            progress.apply(&event);
        }
        Ok(progress)
    }

    fn last_seq(&self, task_id: &TaskId) -> Result<u64, LogError> {
        let seq: Option<i64> = self
            .conn
            .prepare_cached("SELECT last_seq FROM tasks WHERE id = ?1")?
            .query_row([task_id.as_str()], |row| row.get(0))
            .optional()?;
        seq.map(i64::cast_unsigned).ok_or_else(|| LogError::Broken(format!("there is no task {task_id}")))
    }

    fn numbered(&self, task_id: &TaskId, session_id: &SessionId, seq: u64, entry: Entry) -> Event {
        Event {
            seq,
            session_id: session_id.clone(),
            id: super::read_events::event_id(task_id, seq),
            timestamp: self.now,
            parent_id: None,
            agent_id: None,
            ephemeral: entry.ephemeral,
            body: entry.body,
            raw: entry.raw,
        }
    }

    fn insert_event(&self, task_id: &TaskId, event: &Event) -> Result<(), LogError> {
        // Compact JSON: windows and streams hand it on as it is.
        let data = event.body.data_json().map_err(|error| LogError::Broken(error.to_string()))?;
        let row = EventRow {
            task_id,
            seq: event.seq,
            session_id: &event.session_id,
            timestamp: event.timestamp,
            type_name: event.body.type_name(),
            data: &data,
            ephemeral: event.ephemeral,
        };
        let sum = row.sum();
        self.conn
            .prepare_cached(
                "INSERT INTO events (task_id, seq, session_id, timestamp, type, data, ephemeral, raw, sum)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute((
                task_id.as_str(),
                event.seq.cast_signed(),
                event.session_id.as_str(),
                event.timestamp.as_ms(),
                event.body.type_name(),
                data,
                event.ephemeral,
                &event.raw,
                sum,
            ))?;
        Ok(())
    }

    fn write_progress(&self, session_id: &SessionId, progress: &Progress) -> Result<(), LogError> {
        self.conn
            .prepare_cached(
                "UPDATE sessions SET state = ?2, started_at = ?3, stop_requested_at = ?4, completed_at = ?5, error = ?6,
                    activity = ?7, updated_at = ?8 WHERE id = ?1",
            )?
            .execute((
                session_id.as_str(),
                progress.state.as_str(),
                progress.started_at.map(Timestamp::as_ms),
                progress.stop_requested_at.map(Timestamp::as_ms),
                progress.completed_at.map(Timestamp::as_ms),
                &progress.error,
                &progress.activity,
                self.now.as_ms(),
            ))?;
        Ok(())
    }

    /// While a follow-up waits, the task shows the session that runs: that is the one to stop or to answer.
    pub(super) fn choose_shown_session(&self, task_id: &TaskId) -> Result<(), LogError> {
        self.conn
            .prepare_cached(
                "UPDATE tasks SET shown_session = coalesce(
                    (SELECT id FROM sessions WHERE task_id = ?1
                        AND state NOT IN ('completed', 'failed', 'timed_out', 'cancelled') ORDER BY number LIMIT 1),
                    (SELECT id FROM sessions WHERE task_id = ?1 ORDER BY number DESC LIMIT 1)) WHERE id = ?1",
            )?
            .execute([task_id.as_str()])?;
        Ok(())
    }
}
