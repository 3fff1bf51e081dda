//! What the program showed: its copy of what was said, how commands ended, what was used.

use agent_tasks::event::{Abort, AssistantUsage, SessionError, SessionTitleChanged};
use serde_json::Value;

use super::{CodexReader, Log, Voice, calls::plan, parts_of};
use crate::telling::Telling;

impl CodexReader {
    /// Reads something that was shown.
    pub(super) fn shown(&mut self, shown: &Value, telling: &mut Telling) {
        let text = |name: &str| shown[name].as_str().unwrap_or_default();
        let mut say = |voice: Voice, name: &str, telling: &mut Telling| {
            self.say(Log::Screen, voice, shown[name].as_str().unwrap_or_default(), telling);
        };
        match text("type") {
            "user_message" => say(Voice::Person, "message", telling),
            "agent_message" => say(Voice::Agent, "message", telling),
            "agent_reasoning" | "agent_reasoning_raw_content" => say(Voice::Thought, "text", telling),
            "item_completed" => self.shown_item(&shown["item"], telling),
            "token_count" => use_tokens(&shown["info"], telling),
            "turn_aborted" => {
                let reason = if text("reason") == "interrupted" { "user_initiated" } else { text("reason") };
                telling.tell(Abort { reason: reason.to_owned() });
            }
            "error" => telling.tell(SessionError {
                error_type: "error".to_owned(),
                message: text("message").to_owned(),
                stack: None,
            }),
            "plan_update" => match plan(shown) {
                Some(plan) => telling.tell(plan),
                None => telling.note("plan_update", shown),
            },
            "thread_name_updated" => {
                telling.told.title = Some(text("thread_name").to_owned());
                telling.tell(SessionTitleChanged { title: text("thread_name").to_owned() });
            }
            // A turn's last message is told as a message.
            "task_started" | "turn_started" | "task_complete" | "turn_complete" | "agent_reasoning_section_break" => {}
            word if word.ends_with("_begin") => self.calls.shown_begin(shown, telling),
            word if word.ends_with("_end") => self.calls.shown_end(shown, word, telling),
            word if shown["message"].is_string() => telling.info(word, text("message")),
            word => telling.note(if word.is_empty() { "event" } else { word }, shown),
        }
    }

    /// Newer versions show whole items.
    fn shown_item(&mut self, item: &Value, telling: &mut Telling) {
        let said = |name: &str| match &item[name] {
            Value::Array(all) if all.iter().all(Value::is_string) => {
                all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n\n")
            }
            other => parts_of(other),
        };
        match item["type"].as_str().unwrap_or_default() {
            "UserMessage" => self.say(Log::Screen, Voice::Person, &said("content"), telling),
            "AgentMessage" => self.say(Log::Screen, Voice::Agent, &said("content"), telling),
            "Reasoning" => self.say(Log::Screen, Voice::Thought, &said("summary_text"), telling),
            word => telling.note(if word.is_empty() { "item" } else { word }, item),
        }
    }
}

fn use_tokens(info: &Value, telling: &mut Telling) {
    let total = &info["total_token_usage"];
    if total.is_object() {
        telling.tell(AssistantUsage {
            input_tokens: total["input_tokens"].as_u64(),
            output_tokens: total["output_tokens"].as_u64(),
            reasoning_tokens: total["reasoning_output_tokens"].as_u64(),
            cache_read_tokens: total["cached_input_tokens"].as_u64(),
            context_used: info["last_token_usage"]["total_tokens"].as_u64(),
            context_size: info["model_context_window"].as_u64(),
            ..AssistantUsage::default()
        });
    }
}
