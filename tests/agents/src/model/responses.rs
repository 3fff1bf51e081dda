//! OpenAI's responses, as an event stream.

use axum::{Json, http::header::CONTENT_TYPE, response::IntoResponse};
use serde_json::{Value, json};

use crate::scenario::{Answer, answer};

/// Answers one request of a turn.
pub async fn responses(Json(request): Json<Value>) -> impl IntoResponse {
    let input = request["input"].as_array().cloned().unwrap_or_default();
    let turn = input.iter().rposition(|item| text_of(item).contains("scenario: ")).unwrap_or(0);
    let prompt = input.get(turn).map(text_of).unwrap_or_default();
    let is_result = |item: &&Value| item["type"].as_str().is_some_and(|kind| kind.ends_with("call_output"));
    let results = input.iter().skip(turn).filter(is_result).count();
    ([(CONTENT_TYPE, "text/event-stream")], stream(answer(&prompt, results), results))
}

/// The text of a message of the user's; other items have none.
fn text_of(item: &Value) -> String {
    if item["role"] != "user" {
        return String::new();
    }
    item["content"].as_array().into_iter().flatten().filter_map(|part| part["text"].as_str()).collect()
}

fn stream(answer: Answer, index: usize) -> String {
    let command = |command: String| {
        let arguments = json!({"cmd": command, "yield_time_ms": 30_000}).to_string();
        let id = format!("call_{index}");
        json!({"type": "function_call", "id": format!("fc_{index}"), "call_id": id, "name": "exec_command", "arguments": arguments})
    };
    let item = match answer {
        Answer::Command(line) => command(line.to_owned()),
        Answer::Write { path, text } => {
            let lines: String = text.lines().map(|line| format!("+{line}\n")).collect();
            command(format!(
                "apply_patch <<'PATCH'\n*** Begin Patch\n*** Add File: {path}\n{lines}*** End Patch\nPATCH"
            ))
        }
        Answer::Say(text) => {
            let content = json!([{"type": "output_text", "text": text, "annotations": []}]);
            json!({"type": "message", "id": format!("msg_{index}"), "role": "assistant", "content": content})
        }
    };
    let usage = json!({
        "input_tokens": 100, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 10,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 110
    });
    let events = [
        json!({"type": "response.created", "response": {"id": "scripted"}}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": item}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": item}),
        json!({"type": "response.completed", "response": {"id": "scripted", "usage": usage}}),
    ];
    events
        .iter()
        .map(|event| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or_default()))
        .collect()
}
