//! Reading the outline of a log as it was written last.

use agent_tasks::{
    Nesting, OutlineMap, OutlineQuery, OutlineWindow, StepSummary, TaskId,
    outline::{OUTLINE_LIMIT, PlacedStep},
};
use rusqlite::{Connection, OptionalExtension};

use super::{LogError, read_events::last_seq, write_outline::OUTLINE_FOLD};

const HEAD: &str =
    "SELECT id, last_seq, steps, usage, intent FROM outlines WHERE task_id = ?1 AND fold = ?2 AND last_seq > 0";
const PLACE: &str = "SELECT place FROM outline_steps INDEXED BY outline_map WHERE outline_id = ?1 AND seq <= ?2
    ORDER BY seq DESC, place DESC LIMIT 1";
const STEPS: &str = "SELECT summary FROM outline_steps WHERE outline_id = ?1 AND place >= ?2 ORDER BY place LIMIT ?3";
const OPEN: &str = "SELECT place, summary FROM outline_steps INDEXED BY outline_open
    WHERE outline_id = ?1 AND is_open AND place NOT BETWEEN ?2 AND ?3 ORDER BY place";
const MAP: &str = "SELECT place, code, lines, parent FROM outline_steps INDEXED BY outline_map WHERE outline_id = ?1
    ORDER BY seq, place";

/// What is written of an outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The part that was asked for; `None` when nothing is written.
    pub window: Option<OutlineWindow>,
    /// The highest number of the log itself.
    pub log_last_seq: u64,
}

/// What is written; `None` when there is no such task.
pub fn window(conn: &Connection, task_id: &TaskId, query: &OutlineQuery) -> Result<Option<Written>, LogError> {
    let Some(log_last_seq) = last_seq(conn, task_id)? else { return Ok(None) };
    let head = conn.prepare_cached(HEAD)?.query_row((task_id.as_str(), OUTLINE_FOLD), |row| {
        let window = OutlineWindow {
            last_seq: row.get::<_, i64>(1)?.cast_unsigned(),
            total: row.get(2)?,
            usage: row.get::<_, Option<String>>(3)?.and_then(|usage| serde_json::from_str(&usage).ok()),
            intent: row.get(4)?,
            ..OutlineWindow::default()
        };
        Ok((row.get::<_, i64>(0)?, window))
    });
    let Some((id, mut window)) = head.optional()? else { return Ok(Some(Written { window: None, log_last_seq })) };
    let place = match query.seq {
        None => None,
        Some(seq) => {
            let seq = i64::try_from(seq).unwrap_or(i64::MAX);
            conn.prepare_cached(PLACE)?.query_row((id, seq), |row| row.get(0)).optional()?
        }
    };
    let (first, count) = part(query, window.total, place);
    window.first = first;
    window.steps = steps(conn, id, first, count)?;
    if query.map == Some(true) {
        window.map = Some(map(conn, id)?);
        window.open = conn
            .prepare_cached(OPEN)?
            .query_map((id, first, i64::from(first) + i64::from(count) - 1), |row| {
                Ok((row.get(0)?, row.get::<_, String>(1)?))
            })?
            .map(|row| {
                let (step, summary) = row?;
                Ok(PlacedStep { step, summary: read_summary(&summary)? })
            })
            .collect::<Result<_, LogError>>()?;
        // The newest one is told too, open or not.
        let is_told = |step: u32| {
            (first..first.saturating_add(count)).contains(&step) || window.open.last().is_some_and(|it| it.step == step)
        };
        if let Some(step) = window.total.checked_sub(1).filter(|&newest| !is_told(newest)) {
            let newest = steps(conn, id, step, 1)?.into_iter().map(|summary| PlacedStep { step, summary });
            window.open.extend(newest);
        }
    }
    Ok(Some(Written { window: Some(window), log_last_seq }))
}

/// The event up to which an outline is written; 0 when none is.
pub fn written_up_to(conn: &Connection, task_id: &TaskId) -> Result<u64, LogError> {
    let seq: Option<i64> =
        conn.prepare_cached(HEAD)?.query_row((task_id.as_str(), OUTLINE_FOLD), |row| row.get(1)).optional()?;
    Ok(seq.unwrap_or_default().cast_unsigned())
}

/// The place of the first step that `query` asks for, and how many there may be. `place` is that of the step which the
/// query's `seq` means.
pub fn part(query: &OutlineQuery, total: u32, place: Option<u32>) -> (u32, u32) {
    let count = query.limit.unwrap_or(OUTLINE_LIMIT);
    let last = total.saturating_sub(count);
    let first = match (query.first, query.seq) {
        (Some(first), _) => first.min(total),
        (None, Some(_)) => place.unwrap_or(0).saturating_sub(count / 2).min(last),
        (None, None) => last,
    };
    (first, count)
}

fn steps(conn: &Connection, id: i64, first: u32, count: u32) -> Result<Vec<StepSummary>, LogError> {
    conn.prepare_cached(STEPS)?
        .query_map((id, first, count), |row| row.get::<_, String>(0))?
        .map(|summary| read_summary(&summary?))
        .collect()
}

fn map(conn: &Connection, id: i64) -> Result<OutlineMap, LogError> {
    let mut map = OutlineMap::default();
    let mut statement = conn.prepare_cached(MAP)?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        map.codes.push_str(row.get_ref(1)?.as_str().unwrap_or_default());
        map.lines.push(row.get(2)?);
        if let Some(parent) = row.get(3)? {
            map.nested.push(Nesting { step: row.get(0)?, parent });
        }
    }
    Ok(map)
}

fn read_summary(summary: &str) -> Result<StepSummary, LogError> {
    serde_json::from_str(summary).map_err(|error| LogError::Broken(error.to_string()))
}

#[cfg(test)]
mod tests;
