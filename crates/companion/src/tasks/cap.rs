//! Keeps the log of a session below its limit. Its first part is kept as it comes. After that the output that comes is
//! held, only the last part of it is kept, and a line says how much was left out. What happened is told in any case: calls
//! with their ends, permissions, errors.

use std::collections::{HashSet, VecDeque};

use agent_tasks::{EventBody, event::SessionInfo};
use serde_json::Value;

use crate::log::{
    Entry,
    merge::{delta_bytes, is_delta},
};

/// Of the limit, so many parts in ten are for what comes first.
const FIRST_TENTHS: u64 = 9;
/// The most bytes that wait in memory for the end, whatever the limit.
const LAST_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Texts within a fact that are longer are cut, once the first part is full.
const FACT_TEXT_BYTES_MAX: usize = 64 * 1024;
/// What an event costs beside its text.
const EVENT_BYTES: u64 = 200;

/// What may still go into the log of one session.
pub struct Cap {
    limit: u64,
    /// The bytes that went into the log.
    taken: u64,
    /// The output that came last, and its bytes.
    held: VecDeque<Entry>,
    held_bytes: u64,
    /// The bytes that were left out since it was told last.
    left_out: u64,
    /// The calls whose beginning is in the log, and whose end is not.
    open_calls: HashSet<String>,
    has_told: bool,
}

impl Cap {
    /// Nothing yet, of at most `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Self {
            limit,
            taken: 0,
            held: VecDeque::new(),
            held_bytes: 0,
            left_out: 0,
            open_calls: HashSet::new(),
            has_told: false,
        }
    }

    /// What of `batch` goes into the log now.
    pub fn pass(&mut self, batch: Vec<Entry>) -> Vec<Entry> {
        let mut passed = Vec::with_capacity(batch.len());
        for entry in batch {
            if self.taken <= self.limit / 10 * FIRST_TENTHS {
                self.take(entry, &mut passed);
                continue;
            }
            if !self.has_told {
                self.has_told = true;
                self.take(note(&self.beginning()), &mut passed);
            }
            if is_delta(&entry.body) {
                self.hold(entry);
            } else if self.taken <= self.limit {
                self.release(&mut passed);
                self.take(shortened(entry), &mut passed);
            } else if self.is_needed(&entry.body) {
                self.take(shortened(entry), &mut passed);
            } else {
                self.left_out += cost(&entry);
            }
        }
        passed
    }

    /// What was held, at the end of the session.
    pub fn rest(&mut self) -> Vec<Entry> {
        let mut passed = Vec::new();
        self.release(&mut passed);
        passed
    }

    fn take(&mut self, entry: Entry, passed: &mut Vec<Entry>) {
        match &entry.body {
            EventBody::ToolExecutionStart(start) => drop(self.open_calls.insert(start.tool_call_id.clone())),
            EventBody::ToolExecutionComplete(end) => drop(self.open_calls.remove(&end.tool_call_id)),
            _ => {}
        }
        self.taken += cost(&entry);
        passed.push(entry);
    }

    fn hold(&mut self, mut entry: Entry) {
        entry.raw = None;
        self.held_bytes += cost(&entry);
        self.held.push_back(entry);
        while self.held_bytes > (self.limit / 10).min(LAST_BYTES_MAX) {
            let Some(first) = self.held.pop_front() else { break };
            self.held_bytes -= cost(&first);
            self.left_out += cost(&first);
        }
    }

    fn release(&mut self, passed: &mut Vec<Entry>) {
        let left_out = std::mem::take(&mut self.left_out);
        if left_out > 0 {
            let line = format!("\n[… {left_out} bytes were left out here: the log is at its limit …]\n");
            let told = self.held.front().and_then(|entry| saying(&entry.body, &line));
            self.take(told.unwrap_or_else(|| note(line.trim())), passed);
        }
        self.held_bytes = 0;
        for entry in std::mem::take(&mut self.held) {
            self.take(entry, passed);
        }
    }

    /// Whether the log would be wrong without it.
    fn is_needed(&self, body: &EventBody) -> bool {
        match body {
            EventBody::ToolExecutionComplete(end) => self.open_calls.contains(&end.tool_call_id),
            EventBody::SessionError(_)
            | EventBody::PermissionRequested(_)
            | EventBody::PermissionCompleted(_)
            | EventBody::AssistantTurnEnd(_) => true,
            _ => false,
        }
    }

    fn beginning(&self) -> String {
        format!(
            "this session's log is close to its limit of {} MB (limits.log_bytes): from here on only the last part of \
             its output is kept, and told when the output ends",
            self.limit / 1_000_000
        )
    }
}

fn note(message: &str) -> Entry {
    Entry::from(SessionInfo { info_type: "log_limit".into(), message: message.into(), url: None })
}

fn cost(entry: &Entry) -> u64 {
    let raw = entry.raw.as_ref().map_or(0, String::len);
    let text = match delta_bytes(&entry.body) {
        0 => entry.body.data_json().map_or(0, |data| data.len()),
        bytes => bytes,
    };
    EVENT_BYTES + (raw + text) as u64
}

/// A part of the same text that says `line`.
fn saying(body: &EventBody, line: &str) -> Option<Entry> {
    let mut body = body.clone();
    match &mut body {
        EventBody::AssistantMessageDelta(delta) => line.clone_into(&mut delta.delta_content),
        EventBody::AssistantReasoningDelta(delta) => line.clone_into(&mut delta.delta_content),
        EventBody::ToolExecutionPartialResult(part) => {
            line.clone_into(&mut part.partial_output);
            part.replace = false;
        }
        _ => return None,
    }
    Some(Entry { body, ephemeral: true, raw: None })
}

/// The same with the middle of its long texts left out.
fn shortened(entry: Entry) -> Entry {
    let Ok(data) = entry.body.data_json() else { return entry };
    let raw = entry.raw.filter(|raw| raw.len() <= FACT_TEXT_BYTES_MAX);
    if data.len() <= FACT_TEXT_BYTES_MAX {
        return Entry { raw, ..Entry::from(entry.body) };
    }
    let Ok(mut data) = serde_json::from_str::<Value>(&data) else { return Entry::from(entry.body) };
    shorten(&mut data);
    Entry::from(EventBody::from_parts(entry.body.type_name(), data))
}

fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > FACT_TEXT_BYTES_MAX => {
            let first = text.floor_char_boundary(FACT_TEXT_BYTES_MAX / 2);
            let last = text.ceil_char_boundary(text.len() - FACT_TEXT_BYTES_MAX / 2);
            *text = format!("{}\n[… {} bytes were left out here …]\n{}", &text[..first], last - first, &text[last..]);
        }
        Value::Array(values) => values.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use agent_tasks::event::{AssistantMessage, ToolExecutionComplete, ToolExecutionPartialResult, ToolExecutionStart};
    use promises::tell;

    use super::*;

    const LIMIT: u64 = 1_000_000;

    fn output(number: usize) -> Entry {
        let partial_output = format!("line {number:09}\n").repeat(10);
        Entry::from(ToolExecutionPartialResult { tool_call_id: "t".into(), partial_output, replace: false })
    }

    fn size(entries: &[Entry]) -> u64 {
        entries.iter().map(cost).sum()
    }

    #[test]
    fn the_first_and_the_last_part_are_kept_with_a_line_between() {
        let mut cap = Cap::new(LIMIT);
        let start = ToolExecutionStart { tool_call_id: "t".into(), ..ToolExecutionStart::default() };
        let end = ToolExecutionComplete { tool_call_id: "t".into(), success: true, ..ToolExecutionComplete::default() };
        let mut log = cap.pass(vec![start.into()]);
        for number in 0..100_000 {
            log.extend(cap.pass(vec![output(number)]));
        }
        log.extend(cap.pass(vec![end.into()]));
        log.extend(cap.rest());
        let text: String = log
            .iter()
            .filter_map(|entry| match &entry.body {
                EventBody::ToolExecutionPartialResult(part) => Some(part.partial_output.as_str()),
                _ => None,
            })
            .collect();
        assert!(text.starts_with("line 000000000\n") && text.ends_with("line 000099999\n"));
        assert_eq!(text.matches("bytes were left out here").count(), 1);
        assert!(matches!(log.last().unwrap().body, EventBody::ToolExecutionComplete(_)), "its end is told as it was");
        let kept = size(&log);
        assert!(kept > LIMIT * 9 / 10 && kept < LIMIT * 11 / 10, "{kept}");
        tell(
            "S21",
            1,
            true,
            &format!(
                "{} kB of {} kB kept: the first part, a line, the last part, the end",
                kept / 1_000,
                size(&[output(1)]) / 10 * 1_000
            ),
        );
    }

    #[test]
    fn facts_without_end_have_an_end_too_and_no_call_stays_open() {
        let mut cap = Cap::new(LIMIT);
        let mut log = Vec::new();
        for number in 0..20_000 {
            let id = number.to_string();
            let start = ToolExecutionStart { tool_call_id: id.clone(), ..ToolExecutionStart::default() };
            let end = ToolExecutionComplete { tool_call_id: id, success: true, ..ToolExecutionComplete::default() };
            log.extend(cap.pass(vec![start.into()]));
            log.extend(cap.pass(vec![end.into()]));
        }
        log.extend(cap.rest());
        let count = |wanted: &str| log.iter().filter(|entry| entry.body.type_name() == wanted).count();
        assert_eq!(count("tool.execution_start"), count("tool.execution_complete"));
        assert!(size(&log) < LIMIT * 11 / 10);
    }

    #[test]
    fn a_long_text_of_a_fact_keeps_its_ends() {
        let content = format!("first{}last", "ü".repeat(FACT_TEXT_BYTES_MAX));
        let message = AssistantMessage { message_id: "m".into(), content, ..AssistantMessage::default() };
        let short = shortened(message.into());
        let EventBody::AssistantMessage(message) = short.body else { panic!("it is still a message") };
        assert!(message.content.starts_with("first") && message.content.ends_with("last"));
        assert!(message.content.len() < FACT_TEXT_BYTES_MAX + 100);
    }
}
