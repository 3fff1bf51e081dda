//! Writing the outline of a log: the rows that changed, and up to which event all of it is told.

use agent_tasks::{StepSummary, TaskId, event::AssistantUsage, outline::StepCode};
use rusqlite::OptionalExtension;

use super::{LogError, WriteTx};

/// The version of the fold that makes outlines. It grows when the same events give another outline.
pub const OUTLINE_FOLD: i64 = 1;

/// A row of an outline.
#[derive(Debug, Clone, PartialEq)]
pub struct StepRow {
    /// The place of the step, from 0.
    pub place: u32,
    /// What is told of it.
    pub summary: StepSummary,
}

/// What became of an outline since it was written last.
#[derive(Debug, Clone, Default)]
pub struct OutlineNews {
    /// The number of the event up to which all of the outline is told with this; 0 when more is to follow.
    pub last_seq: u64,
    /// How many steps there are.
    pub steps: u32,
    /// What was used.
    pub usage: Option<AssistantUsage>,
    /// What the agent does now.
    pub intent: Option<String>,
    /// The rows that are new or changed.
    pub rows: Vec<StepRow>,
}

impl WriteTx<'_> {
    /// Writes what became of the outline of `task_id`. What another fold wrote before is dropped.
    pub fn write_outline(&mut self, task_id: &TaskId, news: &OutlineNews) -> Result<(), LogError> {
        let id = self.outline_id(task_id)?;
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO outline_steps (outline_id, place, seq, last_seq, code, is_open, lines, parent, summary)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (outline_id, place) DO UPDATE SET seq = excluded.seq, last_seq = excluded.last_seq,
                code = excluded.code, is_open = excluded.is_open, lines = excluded.lines, parent = excluded.parent,
                summary = excluded.summary",
        )?;
        for StepRow { place, summary } in &news.rows {
            insert.execute((
                id,
                place,
                summary.seq.cast_signed(),
                summary.last_seq.cast_signed(),
                &summary.code,
                StepCode::read(&summary.code).is_open(),
                summary.lines,
                summary.parent,
                json(summary)?,
            ))?;
        }
        let usage = news.usage.as_ref().map(json).transpose()?;
        self.conn
            .prepare_cached("UPDATE outlines SET last_seq = ?2, steps = ?3, usage = ?4, intent = ?5 WHERE id = ?1")?
            .execute((id, news.last_seq.cast_signed(), news.steps, usage, &news.intent))?;
        Ok(())
    }

    /// The outline's own number. A new one is made where there is none, or one of another fold.
    fn outline_id(&self, task_id: &TaskId) -> Result<i64, LogError> {
        let known: Option<(i64, i64)> = self
            .conn
            .prepare_cached("SELECT id, fold FROM outlines WHERE task_id = ?1")?
            .query_row([task_id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((id, fold)) = known {
            if fold == OUTLINE_FOLD {
                return Ok(id);
            }
            self.conn.execute("DELETE FROM outline_steps WHERE outline_id = ?1", [id])?;
            self.conn.execute("DELETE FROM outlines WHERE id = ?1", [id])?;
        }
        self.conn.execute(
            "INSERT INTO outlines (task_id, fold, last_seq, steps) VALUES (?1, ?2, 0, 0)",
            (task_id.as_str(), OUTLINE_FOLD),
        )?;
        Ok(self.conn.last_insert_rowid())
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, LogError> {
    serde_json::to_string(value).map_err(|error| LogError::Broken(error.to_string()))
}
