//! What kind of log a line comes from, by its shape.

use serde_json::Value;

/// A kind of log file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Events as this page's servers send them.
    Events,
    /// Copilot CLI's own events.
    Copilot,
    /// A session of Claude Code.
    Claude,
    /// A session of Codex.
    Codex,
    /// A recorded conversation in the Agent Client Protocol.
    Acp,
    /// Plain text.
    Text,
}

impl FileKind {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "Flightdeck log",
            Self::Copilot => "Copilot CLI session",
            Self::Claude => "Claude Code session",
            Self::Codex => "Codex session",
            Self::Acp => "Recorded ACP conversation",
            Self::Text => "Plain text",
        }
    }

    /// The kind that a line of JSON shows; `None` when many kinds could have it, or none.
    pub(crate) fn of(line: &Value) -> Option<Self> {
        let has = |name: &str| line.get(name).is_some();
        let word = line["type"].as_str().unwrap_or_default();
        if line["jsonrpc"].is_string() || line["msg"]["jsonrpc"].is_string() {
            return Some(Self::Acp);
        }
        if let Some(first) = line["events"].as_array().and_then(|events| events.first()) {
            return Self::of(first).filter(|kind| matches!(kind, Self::Events | Self::Copilot));
        }
        if is_event(line) {
            let is_own = has("seq") || has("session_id");
            return Some(if is_own { Self::Events } else { Self::Copilot });
        }
        if (line["payload"].is_object() && CODEX_LINES.contains(&word)) || is_early_codex(line, word) {
            return Some(Self::Codex);
        }
        let is_claude = match word {
            "user" | "assistant" => line["message"].is_object(),
            "system" => line["subtype"].is_string(),
            "summary" => has("leafUuid"),
            _ => has("sessionId") || (has("parentUuid") && has("uuid")) || (has("messageId") && has("snapshot")),
        };
        is_claude.then_some(Self::Claude)
    }
}

/// The types of Codex' lines.
const CODEX_LINES: [&str; 5] = ["session_meta", "response_item", "event_msg", "turn_context", "compacted"];

/// Whether a line has the envelope of an event.
fn is_event(line: &Value) -> bool {
    let has_text = |name: &str| line[name].is_string();
    let has_data = line.get("data").is_some_and(Value::is_object);
    has_text("type") && has_text("timestamp") && has_text("id") && has_data
}

/// Before the envelope, a file of Codex had a head and bare items.
fn is_early_codex(line: &Value, word: &str) -> bool {
    let has = |name: &str| line.get(name).is_some();
    let is_head = has("id") && has("timestamp") && has("instructions") && !has("type");
    is_head
        || line["record_type"].is_string()
        || (word == "message" && line["role"].is_string() && line["content"].is_array())
        || (matches!(word, "function_call" | "function_call_output") && has("call_id"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_kind_is_known_by_its_shape() {
        let event = json!({"id": "a", "timestamp": "t", "parentId": null, "type": "user.message", "data": {}});
        let mut own = event.clone();
        own["seq"] = json!(1);
        for (line, kind) in [
            (own.clone(), Some(FileKind::Events)),
            (json!({"events": [own], "total": 1}), Some(FileKind::Events)),
            (event, Some(FileKind::Copilot)),
            (json!({"type": "user", "message": {"role": "user", "content": "a"}, "uuid": "u"}), Some(FileKind::Claude)),
            (json!({"type": "summary", "summary": "s", "leafUuid": "u"}), Some(FileKind::Claude)),
            (json!({"type": "file-history-snapshot", "messageId": "m", "snapshot": {}}), Some(FileKind::Claude)),
            (json!({"type": "system", "subtype": "init", "session_id": "s"}), Some(FileKind::Claude)),
            (json!({"type": "permission-mode", "sessionId": "s"}), Some(FileKind::Claude)),
            (json!({"timestamp": "t", "type": "session_meta", "payload": {"id": "a"}}), Some(FileKind::Codex)),
            (json!({"id": "a", "timestamp": "t", "instructions": null}), Some(FileKind::Codex)),
            (json!({"type": "message", "role": "user", "content": []}), Some(FileKind::Codex)),
            (json!({"jsonrpc": "2.0", "id": 1, "result": {}}), Some(FileKind::Acp)),
            (
                json!({"ts": "t", "dir": "client->agent", "msg": {"jsonrpc": "2.0", "method": "initialize"}}),
                Some(FileKind::Acp),
            ),
            (json!({"level": "info", "message": "started"}), None),
            (json!({"events": []}), None),
            (json!([1]), None),
        ] {
            assert_eq!(FileKind::of(&line), kind, "{line}");
        }
    }
}
