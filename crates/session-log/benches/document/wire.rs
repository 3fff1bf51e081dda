//! The log that is measured.

use agent_tasks::Event;
use serde_json::json;

/// Lines in one event, as the companion merges them.
pub const LINES_PER_EVENT: usize = 200;
/// Lines that say [`RARE`].
pub const RARE_LINES: usize = 3;
/// Lines that say [`FREQUENT`], in a log that has as many.
pub const FREQUENT_LINES: usize = 10_000;
/// A word that few lines have.
pub const RARE: &str = "needle";
/// A word that many lines have.
pub const FREQUENT: &str = "warning";

/// The events of a session with one command that puts out `lines` lines, as they come over the wire.
pub fn wire(lines: usize) -> Vec<String> {
    let mut bodies = vec![
        ("session.start", json!({"sessionId": "a", "producer": "bench"})),
        ("tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "make"})),
    ];
    for first in (0..lines).step_by(LINES_PER_EVENT) {
        let count = LINES_PER_EVENT.min(lines - first);
        let output: String = (first..first + count).map(|line| text(line, lines)).collect();
        bodies.push(("tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": output})));
    }
    bodies.push(("tool.execution_complete", json!({"toolCallId": "t", "success": true})));
    let event = |(index, (kind, payload)): (usize, (&str, serde_json::Value))| {
        json!({
            "seq": index + 1, "session_id": "s", "id": index.to_string(), "timestamp": "2026-01-01T00:00:00Z",
            "parentId": null, "type": kind, "data": payload
        })
        .to_string()
    };
    bodies.into_iter().enumerate().map(event).collect()
}

/// The events of a session of `steps` steps with `lines` lines each: commands, and a message after every ten.
pub fn steps(steps: usize, lines: usize) -> Vec<Event> {
    let mut bodies = vec![("session.start", json!({"sessionId": "a", "producer": "bench"}))];
    for step in 0..steps {
        let id = step.to_string();
        let output: String = (0..lines).map(|line| text(step * lines + line, steps * lines)).collect();
        if step % 10 == 9 {
            bodies.push(("assistant.message", json!({"messageId": id, "content": output})));
            continue;
        }
        let command = format!("make part-{step}");
        bodies.push(("tool.execution_start", json!({"toolCallId": id, "kind": "execute", "command": command})));
        bodies.push(("tool.execution_partial_result", json!({"toolCallId": id, "partialOutput": output})));
        bodies.push(("tool.execution_complete", json!({"toolCallId": id, "success": true})));
    }
    let event = |(index, (kind, payload)): (usize, (&str, serde_json::Value))| {
        serde_json::from_value(json!({
            "seq": index + 1, "session_id": "s", "id": index.to_string(), "timestamp": "2026-01-01T00:00:00Z",
            "parentId": null, "type": kind, "data": payload
        }))
        .expect("written here")
    };
    bodies.into_iter().enumerate().map(event).collect()
}

/// A line of output, the words to be found spread over all of them.
fn text(line: usize, lines: usize) -> String {
    let word = if line % (lines / RARE_LINES) == lines / 7 {
        RARE
    } else if line.is_multiple_of((lines / FREQUENT_LINES).max(1)) {
        FREQUENT
    } else {
        "module"
    };
    format!("\u{1b}[32m[{line:>7}]\u{1b}[0m compiling {word} {} of the project\n", line % 997)
}
