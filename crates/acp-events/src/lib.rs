//! From ACP to events: the one place that knows what an agent's messages mean, and in what the agents
//! differ. Pure: values in, events out; no clock, no process, no file. The companion translates what its agents say
//! with it, and `log-files` what a recorded conversation says, so that both show the same.

mod calls;
mod command;
mod content;
mod exit;
mod new_event;
mod notes;
mod output;
mod permission;
mod speech;
mod tool_call;
mod worktree;

#[cfg(test)]
mod shown;
#[cfg(test)]
mod transcripts;

use std::path::Path;

use agent_tasks::FromJson;
use agent_tasks::event::{AssistantPlan, AssistantUsage, EventBody, SessionTitleChanged, Unknown};
use serde_json::Value;

use self::{calls::Calls, notes::Notes, speech::Speech};
pub use self::{
    command::command_line,
    content::{change, spoken, spoken_picture},
    exit::code_in,
    new_event::NewEvent,
    notes::info,
    worktree::Worktree,
};

/// How much of a message is kept beside its event, in bytes.
const RAW_BYTES_MAX: usize = 64 * 1024;
/// How much of an update of an unknown kind is shown, in bytes.
const UNKNOWN_BYTES_MAX: usize = 16 * 1024;

/// Turns what one agent says in one session into events.
pub struct Translator {
    worktree: Worktree,
    speech: Speech,
    calls: Calls,
    notes: Notes,
    title: String,
    usage: Option<AssistantUsage>,
    is_stopping: bool,
}

impl Translator {
    /// For an agent that works in `worktree`.
    pub fn new(worktree: &Path) -> Self {
        Self {
            worktree: Worktree::new(worktree),
            speech: Speech::default(),
            calls: Calls::default(),
            notes: Notes::default(),
            title: String::new(),
            usage: None,
            is_stopping: false,
        }
    }

    /// What `update`, the heart of a `session/update`, says; `raw` is the whole message.
    pub fn update(&mut self, update: &Value, raw: &str) -> Vec<NewEvent> {
        let kind = update["sessionUpdate"].as_str().unwrap_or_default();
        match kind {
            "agent_message_chunk" | "agent_thought_chunk" => return self.chunk(kind, update, raw),
            // These come at any time and do not end a message.
            "usage_update" => return self.usage(update).into_iter().map(NewEvent::lasting).collect(),
            "session_info_update" => return self.session(update).into_iter().map(NewEvent::lasting).collect(),
            "available_commands_update" => return self.notes.commands(update),
            "current_mode_update" => return self.notes.mode(update),
            "config_option_update" => return self.notes.configuration(update),
            _ => {}
        }
        let mut events = self.speech.end();
        match kind {
            "tool_call" | "tool_call_update" => events.extend(self.tool_call(update, raw)),
            "plan" => events.push(with_raw(NewEvent::lasting(plan(update)), raw)),
            "notice" => events.extend(self.notes.notice(update)),
            _ => events.push(unknown(&format!("acp.{kind}"), update, raw)),
        }
        events
    }

    /// What the configuration told with the session is; later changes are told against it.
    pub fn configured(&mut self, session: &Value) {
        self.notes.configured(session);
    }

    /// The session is being stopped: what ends from here on was broken off.
    pub fn begin_stop(&mut self) {
        self.is_stopping = true;
    }

    /// The turn is over: whole messages, unfinished calls as cancelled, what the answer to the prompt
    /// says of the usage.
    pub fn end_turn(&mut self, answer: &Value) -> Vec<NewEvent> {
        let mut events = self.end();
        let tokens = |name: &str| answer["usage"][name].as_u64();
        if answer["usage"].is_object() {
            events.push(NewEvent::lasting(AssistantUsage {
                input_tokens: tokens("inputTokens"),
                output_tokens: tokens("outputTokens"),
                reasoning_tokens: tokens("thoughtTokens"),
                cache_read_tokens: tokens("cachedReadTokens"),
                ..self.usage.clone().unwrap_or_default()
            }));
        }
        events
    }

    /// Nothing more will come: whole messages, unfinished calls as cancelled.
    pub fn end(&mut self) -> Vec<NewEvent> {
        let mut events = self.speech.end();
        events.extend(self.calls.iter_mut().filter_map(|call| call.cancel(&self.worktree)));
        events
    }

    fn chunk(&mut self, kind: &str, update: &Value, raw: &str) -> Vec<NewEvent> {
        let voice = if kind == "agent_thought_chunk" { speech::Voice::Thought } else { speech::Voice::Message };
        match content::spoken(&update["content"]) {
            Some(text) => self.speech.say(voice, update["messageId"].as_str(), &text),
            None => vec![unknown(&format!("acp.{kind}"), update, raw)],
        }
    }

    fn tool_call(&mut self, update: &Value, raw: &str) -> Vec<NewEvent> {
        let Some(id) = update["toolCallId"].as_str() else { return vec![unknown("acp.tool_call", update, raw)] };
        let is_new = update["sessionUpdate"] == "tool_call";
        let Some(call) = self.calls.get(id, is_new) else { return vec![] };
        call.update(update, &self.worktree, raw, self.is_stopping)
    }

    fn usage(&mut self, update: &Value) -> Option<EventBody> {
        let usage = AssistantUsage {
            context_used: update["used"].as_u64(),
            context_size: update["size"].as_u64(),
            cost: update["cost"]["amount"].as_f64(),
            currency: update["cost"]["currency"].as_str().map(ToOwned::to_owned),
            ..AssistantUsage::default()
        };
        if self.usage.as_ref() == Some(&usage) {
            return None;
        }
        self.usage = Some(usage.clone());
        Some(usage.into())
    }

    /// A new title. What else a session says of itself (active, idle, waiting) its other messages say too.
    fn session(&mut self, update: &Value) -> Option<EventBody> {
        let title = update["title"].as_str().filter(|title| !title.is_empty() && *title != self.title)?;
        self.title = title.to_owned();
        Some(SessionTitleChanged { title: title.to_owned() }.into())
    }
}

fn plan(update: &Value) -> EventBody {
    match AssistantPlan::from_json(update) {
        Some(plan) => plan.into(),
        None => EventBody::Unknown(Unknown { r#type: "acp.plan".into(), data: update.clone() }),
    }
}

/// An update of a kind that we don't know, shown as it came.
fn unknown(name: &str, update: &Value, raw: &str) -> NewEvent {
    let length = raw.len();
    let data = if length <= UNKNOWN_BYTES_MAX {
        update.clone()
    } else {
        serde_json::json!({"omitted": format!("a message of {length} bytes")})
    };
    with_raw(NewEvent::lasting(EventBody::Unknown(Unknown { r#type: name.into(), data })), raw)
}

/// `event` with the message that made it.
fn with_raw(event: NewEvent, raw: &str) -> NewEvent {
    NewEvent { raw: Some(cut(raw, RAW_BYTES_MAX)), ..event }
}

/// The beginning of `text`, and how much is missing.
fn cut(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(bytes_max);
    format!("{}… ({} bytes more)", &text[..end], text.len() - end)
}
