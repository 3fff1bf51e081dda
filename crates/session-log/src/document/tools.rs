//! Tool calls: from their start over their output to their end.

use agent_tasks::Event;
use agent_tasks::event::{
    ToolContent, ToolExecutionComplete, ToolExecutionPartialResult, ToolExecutionProgress, ToolExecutionStart,
    ToolKind, ToolResult,
};

use super::{Key, LogDocument, contents, json};
use crate::{Change, Picture, StepKind, StepState};

impl LogDocument {
    fn tool(&mut self, event: &Event, id: &str) -> u32 {
        let key = Key::Tool(event.session_id.clone(), id.to_owned());
        self.named_or_add(event, key, StepKind::Tool(Box::default()))
    }

    pub(super) fn start_tool(&mut self, event: &Event, call: &ToolExecutionStart) {
        let index = self.tool(event, &call.tool_call_id);
        let step = &mut self.steps[index as usize];
        let StepKind::Tool(tool) = &mut step.kind else { return };
        if !call.tool_name.is_empty() {
            tool.name.clone_from(&call.tool_name);
        }
        let argument = |name: &str| call.arguments.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        if let Some(kind) = call.kind.or_else(|| kind_of(&call.tool_name)) {
            tool.kind = kind;
        }
        replace(&mut tool.title, call.title.clone());
        let is_command = tool.kind == ToolKind::Execute;
        replace(&mut tool.command, call.command.clone().or_else(|| argument("command").filter(|_| is_command)));
        replace(&mut tool.parent_id, call.parent_tool_call_id.clone());
        if !call.locations.is_empty() {
            tool.locations.clone_from(&call.locations);
        }
        if !call.arguments.is_null() {
            let input = serde_json::to_string_pretty(&call.arguments).unwrap_or_default();
            tool.input.replace(&mut self.arena, &input);
        }
        step.version += 1;
        self.touch(index);
    }

    pub(super) fn grow_tool(&mut self, event: &Event, part: &ToolExecutionPartialResult) {
        let index = self.tool(event, &part.tool_call_id);
        let text = &mut self.steps[index as usize].text;
        if part.replace {
            text.replace(&mut self.arena, &part.partial_output);
        } else {
            text.append(&mut self.arena, &part.partial_output);
        }
        self.touch(index);
    }

    pub(super) fn note_progress(&mut self, event: &Event, progress: &ToolExecutionProgress) {
        let index = self.tool(event, &progress.tool_call_id);
        let step = &mut self.steps[index as usize];
        if let StepKind::Tool(tool) = &mut step.kind {
            tool.progress = Some(progress.progress_message.clone());
        }
        step.version += 1;
        self.touch(index);
    }

    pub(super) fn complete_tool(&mut self, event: &Event, done: &ToolExecutionComplete) {
        let index = self.tool(event, &done.tool_call_id);
        if let Some(result) = &done.result {
            self.take_result(index, result);
        }
        self.lay_out_json(index);
        let StepKind::Tool(tool) = &mut self.steps[index as usize].kind else { return };
        tool.progress = None;
        let is_cancelled = done.error.as_ref().is_some_and(|error| error.code.as_deref() == Some("cancelled"));
        if let Some(error) = &done.error {
            // The header tells the exit code.
            let exit = tool.exit_code.map(|code| ["exit code ", &code.to_string()].concat());
            tool.error = Some(error.message.clone()).filter(|said| !said.is_empty() && Some(said) != exit.as_ref());
        }
        let state = if is_cancelled {
            StepState::Cancelled
        } else if done.success && tool.exit_code.unwrap_or(0) == 0 {
            StepState::Succeeded
        } else {
            StepState::Failed
        };
        self.set_state(index, state, event);
    }

    /// What a tool gives as one line of JSON gets a line for each entry; a command's output stays as it is.
    fn lay_out_json(&mut self, index: u32) {
        let step = &mut self.steps[index as usize];
        let is_command = matches!(&step.kind, StepKind::Tool(tool) if tool.command.is_some());
        if !is_command
            && step.text.len() <= json::LAID_OUT_BYTES_MAX
            && let Some(whole) = json::laid_out(&step.text.all(&self.arena))
        {
            step.text.replace(&mut self.arena, &whole);
        }
    }

    fn take_result(&mut self, index: u32, result: &ToolResult) {
        let step = &mut self.steps[index as usize];
        let StepKind::Tool(tool) = &mut step.kind else { return };
        let mut changes = Vec::new();
        let mut pictures = Vec::new();
        let mut notes = Vec::new();
        let mut words = Vec::new();
        let mut terminal = None;
        for content in &result.contents {
            match content {
                ToolContent::Text { text } => words.push(text.as_str()),
                ToolContent::Terminal { text, exit_code, signal } => {
                    terminal = text.as_deref().or(terminal);
                    tool.exit_code = exit_code.or(tool.exit_code);
                    replace(&mut tool.signal, signal.clone());
                }
                ToolContent::Diff { path, old_text, new_text } => {
                    changes.push(Change::Texts { path: path.clone(), old: old_text.clone(), new: new_text.clone() });
                }
                ToolContent::Image { data, mime_type } => match Picture::new("", data) {
                    Ok(picture) => pictures.push(picture),
                    Err(reason) => notes.push([&contents::weighed("Picture", mime_type, data), ", ", reason].concat()),
                },
                ToolContent::ResourceLink { uri, name } => notes.push([name, " ", uri].concat().trim().to_owned()),
                ToolContent::Other(value) => notes.push(contents::told(value)),
            }
        }
        if let Some(detail) = result.detailed_content.as_deref() {
            if detail.contains("\n@@ -") && changes.is_empty() {
                changes.push(Change::Unified(detail.to_owned()));
            } else if result.content.is_none() && words.is_empty() && terminal.is_none() {
                words.push(detail);
            }
        }
        if !changes.is_empty() {
            (tool.changes, tool.counted) = (changes, Default::default());
        }
        if !pictures.is_empty() {
            tool.pictures = pictures;
        }
        if !notes.is_empty() {
            tool.notes = notes;
        }
        // Parts repeat the output where it was told in another way.
        match (&result.content, terminal) {
            (Some(whole), _) => step.text.replace(&mut self.arena, whole),
            (None, Some(whole)) => step.text.replace(&mut self.arena, whole),
            (None, None) if step.text.is_empty() => step.text.append(&mut self.arena, &words.join("\n")),
            (None, None) => {}
        }
    }
}

fn replace(known: &mut Option<String>, news: Option<String>) {
    if news.as_ref().is_some_and(|news| !news.is_empty()) {
        *known = news;
    }
}

/// The kind of a tool that is known by its name only, as GitHub's agent names its tools.
fn kind_of(name: &str) -> Option<ToolKind> {
    match name {
        "bash" | "powershell" => Some(ToolKind::Execute),
        "view" => Some(ToolKind::Read),
        "create" | "edit" | "insert" | "str_replace" | "str_replace_editor" | "apply_patch" => Some(ToolKind::Edit),
        "grep" | "rg" | "glob" => Some(ToolKind::Search),
        "web_fetch" | "web_search" => Some(ToolKind::Fetch),
        "think" => Some(ToolKind::Think),
        _ => None,
    }
}
