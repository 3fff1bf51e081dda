//! One tool call from its first word to its end.

use agent_tasks::FromJson;
use agent_tasks::event::{
    Location, ToolContent, ToolError, ToolExecutionComplete, ToolExecutionStart, ToolKind, ToolResult,
};
use serde_json::Value;

use super::{NewEvent, command, content, exit, output::Output, with_raw, worktree::Worktree};

/// How long an error message is, in characters.
const ERROR_CHARS_MAX: usize = 300;

/// A tool call as far as it is known.
pub struct ToolCall {
    /// What was told of it.
    start: ToolExecutionStart,
    output: Output,
    /// The newest content list; an update replaces it.
    content: Vec<Value>,
    exit_code: Option<i64>,
    signal: Option<String>,
    was_told: bool,
    has_ended: bool,
    is_stopping: bool,
}

impl ToolCall {
    /// The call that events name `id`.
    pub fn new(id: String) -> Self {
        Self {
            start: ToolExecutionStart { tool_call_id: id, ..ToolExecutionStart::default() },
            output: Output::default(),
            content: vec![],
            exit_code: None,
            signal: None,
            was_told: false,
            has_ended: false,
            is_stopping: false,
        }
    }

    /// Whether its end was told.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// What was told of its beginning.
    pub fn start(&self) -> &ToolExecutionStart {
        &self.start
    }

    /// The change it makes or wants to make.
    pub fn changes(&self, worktree: &Worktree) -> Vec<ToolContent> {
        let mut parts = content::parts(&self.content, worktree);
        parts.retain(|part| matches!(part, ToolContent::Diff { .. }));
        if parts.is_empty() {
            parts.extend(content::change(&self.start.arguments, worktree));
        }
        parts
    }

    /// More is known of it. `is_stopping`: the session is being stopped.
    pub fn update(&mut self, update: &Value, worktree: &Worktree, raw: &str, is_stopping: bool) -> Vec<NewEvent> {
        self.is_stopping = is_stopping;
        let mut events: Vec<_> =
            self.learn(update, worktree).map(|start| with_raw(NewEvent::lasting(start), raw)).into_iter().collect();
        if let Some(content) = update["content"].as_array() {
            self.content.clone_from(content);
        }
        for name in ["terminal_output_delta", "terminal_output"] {
            if let Some(text) = update["_meta"][name]["data"].as_str() {
                events.extend(self.output.append(&self.start.tool_call_id, text));
            }
        }
        let status = update["status"].as_str();
        if let Some(worked) = status.and_then(ended) {
            events.extend(self.end(worked, update, worktree, raw));
        } else if let Some(text) = self.content_text().filter(|_| update["content"].is_array() && !self.has_ended) {
            events.extend(self.output.set(&self.start.tool_call_id, &text));
        } else if self.has_ended && update["content"].is_array() {
            // An agent may show the change more widely once it is made.
            events.extend(self.end(true, update, worktree, raw));
        }
        events
    }

    /// Tells what it is when a permission request is the first word of it.
    pub fn introduce(&mut self, update: &Value, worktree: &Worktree) -> Option<NewEvent> {
        if self.content.is_empty() {
            self.content = update["content"].as_array().cloned().unwrap_or_default();
        }
        if self.was_told { self.learn_missing(update, worktree) } else { self.learn(update, worktree) }
            .map(NewEvent::lasting)
    }

    /// The session ended before it did.
    pub fn cancel(&mut self, worktree: &Worktree) -> Option<NewEvent> {
        if self.has_ended || !self.was_told {
            return None;
        }
        self.has_ended = true;
        Some(NewEvent::lasting(ToolExecutionComplete {
            tool_call_id: self.start.tool_call_id.clone(),
            success: false,
            result: self.result(None, worktree),
            error: Some(cancelled()),
        }))
    }

    /// Takes what `update` says of its beginning. Returns what is new in it.
    fn learn(&mut self, update: &Value, worktree: &Worktree) -> Option<ToolExecutionStart> {
        let known = self.start.clone();
        let start = &mut self.start;
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned);
        if let Some(kind) = ToolKind::from_json(&update["kind"]) {
            start.kind = Some(kind);
        }
        if let Some(name) = text(&update["name"]).or_else(|| text(&update["_meta"]["claudeCode"]["toolName"])) {
            start.tool_name = name;
        } else if let Some(title) = text(&update["title"]).filter(|title| !self.was_told && is_name(title)) {
            start.tool_name = title;
        }
        let input = &update["rawInput"];
        if !input.is_null() && *input != serde_json::json!({}) {
            start.arguments = content::bounded(input);
        }
        if let Some(title) = text(&update["title"]) {
            let is_command = start.kind == Some(ToolKind::Execute);
            start.title = Some(if is_command { title } else { worktree.relative_in(&title) });
        }
        if let Some(locations) = update["locations"].as_array().filter(|locations| !locations.is_empty()) {
            start.locations = locations.iter().filter_map(|location| place(location, worktree)).collect();
        }
        let found = command::command(start.kind, &start.arguments, start.title.as_deref(), &start.tool_name);
        start.command = found.or(start.command.take());
        let is_new = !std::mem::replace(&mut self.was_told, true);
        if is_new { Some(self.start.clone()) } else { difference(&known, &self.start) }
    }

    /// Takes only what was not known: a permission request words the title in its own way.
    fn learn_missing(&mut self, update: &Value, worktree: &Worktree) -> Option<ToolExecutionStart> {
        let mut update = update.clone();
        let start = &self.start;
        for (field, is_known) in [
            ("title", start.title.is_some()),
            ("kind", start.kind.is_some()),
            ("name", !start.tool_name.is_empty()),
            ("rawInput", !start.arguments.is_null()),
            ("locations", !start.locations.is_empty()),
        ] {
            if is_known {
                update[field] = Value::Null;
            }
        }
        self.learn(&update, worktree)
    }

    fn content_text(&self) -> Option<String> {
        let text = content::text(&self.content)?;
        let is_command = self.start.kind == Some(ToolKind::Execute);
        Some(if is_command { content::unfenced(&text).to_owned() } else { text })
    }

    fn end(&mut self, worked: bool, update: &Value, worktree: &Worktree, raw: &str) -> Vec<NewEvent> {
        let text = self.content_text().or_else(|| raw_output(update));
        if self.start.kind == Some(ToolKind::Execute) {
            self.exit_code = exit::code(update, text.as_deref()).or(self.exit_code);
            self.signal = exit::signal(update).or(self.signal.take());
        }
        let error = self.error(worked, update, text.as_deref());
        let (mut events, content) = self.output.finish(&self.start.tool_call_id, text);
        self.has_ended = true;
        events.push(with_raw(
            NewEvent::lasting(ToolExecutionComplete {
                tool_call_id: self.start.tool_call_id.clone(),
                success: error.is_none(),
                result: self.result(content, worktree),
                error,
            }),
            raw,
        ));
        events
    }

    fn result(&self, content: Option<String>, worktree: &Worktree) -> Option<ToolResult> {
        let mut contents = content::parts(&self.content, worktree);
        if self.start.kind == Some(ToolKind::Edit)
            && !contents.iter().any(|part| matches!(part, ToolContent::Diff { .. }))
        {
            contents.extend(content::change(&self.start.arguments, worktree));
        }
        if self.exit_code.is_some() || self.signal.is_some() {
            contents.push(ToolContent::Terminal { text: None, exit_code: self.exit_code, signal: self.signal.clone() });
        }
        if content.is_none() && contents.is_empty() {
            return None;
        }
        Some(ToolResult { content, detailed_content: None, contents })
    }

    /// What went wrong: the agent says so, or the exit code does.
    fn error(&self, worked: bool, update: &Value, text: Option<&str>) -> Option<ToolError> {
        if self.is_stopping && self.start.kind == Some(ToolKind::Execute) && self.exit_code.is_none() {
            // Some agents call a command that they broke off completed.
            return Some(cancelled());
        }
        let failed_code = self.exit_code.filter(|code| *code != 0);
        if worked && failed_code.is_none() && self.signal.is_none() {
            return None;
        }
        let said =
            || update["rawOutput"]["error"].as_str().or(text)?.lines().map(str::trim).find(|line| !line.is_empty());
        let message = match (failed_code, &self.signal) {
            (Some(code), _) => format!("exit code {code}"),
            (None, Some(signal)) => format!("ended by signal {signal}"),
            (None, None) => said().unwrap_or("the agent says that it failed").chars().take(ERROR_CHARS_MAX).collect(),
        };
        Some(ToolError { message, code: None })
    }
}

fn cancelled() -> ToolError {
    ToolError { message: "the session ended before this did".into(), code: Some("cancelled".into()) }
}

/// Whether a status is an end, and a good one.
fn ended(status: &str) -> Option<bool> {
    match status {
        "completed" => Some(true),
        "failed" | "cancelled" | "canceled" => Some(false),
        _ => None,
    }
}

/// Some agents begin with the tool's name as title and find a better title later.
fn is_name(title: &str) -> bool {
    title.chars().all(|char| char.is_ascii_alphanumeric() || char == '_' || char == '-')
}

fn place(location: &Value, worktree: &Worktree) -> Option<Location> {
    let path = worktree.relative(location["path"].as_str()?);
    // Where a command runs is no file it is about.
    (path != ".").then(|| Location { path, line: location["line"].as_u64() })
}

/// The output of agents that send no content.
fn raw_output(update: &Value) -> Option<String> {
    let output = &update["rawOutput"];
    let fields = ["output", "formatted_output", "aggregated_output", "content", "error"];
    let text = output.as_str().or_else(|| fields.iter().find_map(|field| output[*field].as_str()))?;
    Some(text.to_owned())
}

/// What `new` says beyond `known`; absent fields keep what was known.
fn difference(known: &ToolExecutionStart, new: &ToolExecutionStart) -> Option<ToolExecutionStart> {
    if known == new {
        return None;
    }
    let changed = |is_changed: bool| is_changed.then_some(());
    Some(ToolExecutionStart {
        tool_call_id: new.tool_call_id.clone(),
        tool_name: changed(known.tool_name != new.tool_name).map(|()| new.tool_name.clone()).unwrap_or_default(),
        arguments: changed(known.arguments != new.arguments).map(|()| new.arguments.clone()).unwrap_or_default(),
        parent_tool_call_id: None,
        kind: new.kind.filter(|_| known.kind != new.kind),
        title: new.title.clone().filter(|_| known.title != new.title),
        command: new.command.clone().filter(|_| known.command != new.command),
        locations: changed(known.locations != new.locations).map(|()| new.locations.clone()).unwrap_or_default(),
    })
}
