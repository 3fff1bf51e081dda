//! The agent that writes lines at a steady rate: this program once more, speaking ACP on its standard streams. Each
//! line carries its number and the moment at which it was written.

use std::{
    io::{BufRead as _, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What it says before it begins.
pub const READY: &str = "Ready to write.";
/// What it says when all was written.
pub const DONE: &str = "All lines were written.";
/// How often it writes.
const TICK: Duration = Duration::from_millis(10);
/// How long it keeps silent after the last line.
const LAST_LOOK: Duration = Duration::from_secs(3);
/// How often it looks whether it may begin.
const GLANCE: Duration = Duration::from_millis(20);

/// What to write; the prompt says it as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Lines a second.
    pub rate: usize,
    /// For so long.
    pub seconds: usize,
    /// Begins when this file is there.
    pub go: PathBuf,
}

impl Order {
    /// How many lines that makes.
    pub fn lines(&self) -> usize {
        self.rate * self.seconds
    }
}

/// Speaks ACP until its input ends.
pub fn write_lines() -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let message: Value = serde_json::from_str(&line?).unwrap_or_default();
        let id = &message["id"];
        let result = match message["method"].as_str() {
            Some("initialize") => json!({
                "protocolVersion": 1, "authMethods": [],
                "agentCapabilities": {"loadSession": false, "promptCapabilities": {}},
                "agentInfo": {"name": "writer", "title": "Writer", "version": "1"},
            }),
            Some("session/new") => json!({"sessionId": "writer"}),
            Some("session/prompt") => {
                let text = message["params"]["prompt"][0]["text"].as_str().unwrap_or_default();
                obey(&serde_json::from_str(text).context("the prompt is no order")?)?;
                json!({"stopReason": "end_turn"})
            }
            Some(_) | None => continue,
        };
        if !id.is_null() {
            send(&json!({"jsonrpc": "2.0", "id": id, "result": result}))?;
        }
    }
    Ok(())
}

fn obey(order: &Order) -> anyhow::Result<()> {
    say(READY)?;
    wait_for(&order.go);
    let terminal = json!([{"type": "terminal", "terminalId": "lines"}]);
    update(
        "tool_call",
        json!({
            "toolCallId": "lines", "title": "write lines", "kind": "execute", "status": "in_progress",
            "rawInput": {"command": "write lines"}, "content": terminal,
        }),
    )?;
    let began = Instant::now();
    let mut written = 0;
    while written < order.lines() {
        let due = (began.elapsed().as_secs_f64() * order.rate as f64) as usize;
        let due = due.min(order.lines());
        if due > written {
            let text: String = (written..due).map(line).collect();
            written = due;
            let delta = json!({"terminal_id": "lines", "data": text});
            update("tool_call_update", json!({"toolCallId": "lines", "_meta": {"terminal_output_delta": delta}}))?;
        }
        std::thread::sleep(TICK);
    }
    // The end of a command folds its lines away: the last ones are to be seen before.
    std::thread::sleep(LAST_LOOK);
    let exit = json!({"terminal_id": "lines", "exit_code": 0, "signal": null});
    update(
        "tool_call_update",
        json!({"toolCallId": "lines", "status": "completed", "_meta": {"terminal_exit": exit}}),
    )?;
    say(DONE)
}

/// `0000012 1763740000123.4 …`
fn line(number: usize) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let ms = now.as_secs_f64() * 1_000.0;
    format!("{number:07} {ms:.1} \u{1b}[32mcompiling\u{1b}[0m module {} of the orchard with care\n", number % 997)
}

fn wait_for(file: &Path) {
    while !file.exists() {
        std::thread::sleep(GLANCE);
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    update("agent_message_chunk", json!({"content": {"type": "text", "text": text}}))
}

fn update(kind: &str, mut update: Value) -> anyhow::Result<()> {
    update["sessionUpdate"] = kind.into();
    let params = json!({"sessionId": "writer", "update": update});
    send(&json!({"jsonrpc": "2.0", "method": "session/update", "params": params}))
}

fn send(message: &Value) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(format!("{message}\n").as_bytes())?;
    output.flush().context("the companion is gone")
}
