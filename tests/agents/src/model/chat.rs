//! OpenAI's chat completions, as an event stream.

use axum::{Json, http::header::CONTENT_TYPE, response::IntoResponse};
use serde_json::{Value, json};

use crate::scenario::{Answer, answer};

/// Answers one request of a turn.
pub async fn completions(Json(request): Json<Value>) -> impl IntoResponse {
    let messages = request["messages"].as_array().cloned().unwrap_or_default();
    let turn = messages.iter().rposition(|message| message["role"] == "user").unwrap_or(0);
    let prompt = messages.get(turn).map(|message| text_of(&message["content"])).unwrap_or_default();
    let results = messages.iter().skip(turn).filter(|message| message["role"] == "tool").count();
    // A request without tools asks for a title.
    let has_tools = request["tools"].as_array().is_some_and(|tools| !tools.is_empty());
    let answer = if has_tools { answer(&prompt, results) } else { Answer::Say("A title") };
    ([(CONTENT_TYPE, "text/event-stream")], stream(answer, results))
}

fn text_of(content: &Value) -> String {
    match content {
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

fn stream(answer: Answer, index: usize) -> String {
    let call = |name: &str, arguments: Value| {
        let function = json!({"name": name, "arguments": arguments.to_string()});
        json!({"tool_calls": [{"index": 0, "id": format!("call_{index}"), "type": "function", "function": function}]})
    };
    let (delta, finish) = match answer {
        Answer::Command(command) => {
            (call("bash", json!({"command": command, "description": "scripted command"})), "tool_calls")
        }
        Answer::Write { path, text } => (call("write", json!({"filePath": path, "content": text})), "tool_calls"),
        Answer::Say(text) => (json!({"content": text}), "stop"),
    };
    let thought = json!({"role": "assistant", "reasoning_content": "The script says what comes next."});
    let chunk = |delta: Value, finish: Value| {
        json!({
            "id": "scripted", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
        })
    };
    let chunks = [chunk(thought, Value::Null), chunk(delta, Value::Null), chunk(json!({}), finish.into())];
    let mut body: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    body.push_str("data: [DONE]\n\n");
    body
}
