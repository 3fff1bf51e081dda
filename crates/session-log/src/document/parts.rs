//! What an event says of one step: the part that it has in the step's text, and the facts beside it. Live events and
//! those that fill a step go through here.

use std::borrow::Cow;

use agent_tasks::Event;
use agent_tasks::event::{
    EventBody, PermissionRequested, ToolContent, ToolExecutionComplete, ToolExecutionStart, ToolKind, ToolResult,
};

use super::{contents, json};
use crate::text::Filling;
use crate::{Change, Picture, Step, StepKind, Text};

/// The part that an event has in a step's text.
#[derive(Debug)]
pub(crate) enum Part<'a> {
    /// More of it.
    More(Cow<'a, str>),
    /// More of it, on a line of its own.
    Line(&'a str),
    /// All of it.
    Whole(Cow<'a, str>),
    /// All of it, if there is nothing.
    IfNone(String),
}

impl Step {
    /// The part that an event of the step has in its text.
    pub(crate) fn part<'a>(&self, event: &'a Event) -> Option<Part<'a>> {
        let more = |text: &'a str| Some(Part::More(Cow::Borrowed(text)));
        match &event.body {
            EventBody::SessionInfo(info) if event.seq > self.seq => Some(Part::Line(&info.message)),
            EventBody::SessionInfo(info) => more(&info.message),
            EventBody::SessionError(error) => match &error.stack {
                Some(stack) => Some(Part::More([error.message.as_str(), stack].join("\n").into())),
                None => more(&error.message),
            },
            EventBody::UserMessage(message) => more(&message.content),
            EventBody::AssistantReasoningDelta(delta) => more(&delta.delta_content),
            EventBody::AssistantReasoning(whole) => Some(Part::Whole(Cow::Borrowed(&whole.content))),
            EventBody::AssistantMessageDelta(delta) => more(&delta.delta_content),
            EventBody::AssistantMessage(whole) => Some(Part::Whole(Cow::Borrowed(&whole.content))),
            EventBody::ToolExecutionPartialResult(part) if part.replace => {
                Some(Part::Whole(Cow::Borrowed(&part.partial_output)))
            }
            EventBody::ToolExecutionPartialResult(part) => more(&part.partial_output),
            EventBody::ToolExecutionComplete(done) => {
                let is_command = matches!(&self.kind, StepKind::Tool(tool) if tool.command.is_some());
                done.result.as_ref().and_then(|result| output(result, is_command))
            }
            EventBody::PermissionRequested(asked) => Some(Part::More(words(asked).into())),
            EventBody::Unknown(unknown) => {
                Some(Part::More(serde_json::to_string_pretty(&unknown.data).unwrap_or_default().into()))
            }
            EventBody::SessionRequested(_)
            | EventBody::SessionStart(_)
            | EventBody::SessionShutdown(_)
            | EventBody::SessionTitleChanged(_)
            | EventBody::AssistantTurnStart(_)
            | EventBody::AssistantTurnEnd(_)
            | EventBody::AssistantIntent(_)
            | EventBody::AssistantPlan(_)
            | EventBody::AssistantUsage(_)
            | EventBody::ToolExecutionStart(_)
            | EventBody::ToolExecutionProgress(_)
            | EventBody::PermissionCompleted(_)
            | EventBody::Abort(_) => None,
        }
    }

    /// Takes what an event of the step says beside its text.
    pub(crate) fn take_facts(&mut self, event: &Event) {
        match (&mut self.kind, &event.body) {
            (StepKind::Session(begun), EventBody::SessionStart(start)) => {
                begun.producer = Some(start.producer.clone()).filter(|producer| !producer.is_empty());
                begun.model = start.selected_model.clone();
                begun.is_resumed = start.resumed;
            }
            (StepKind::Plan(known), EventBody::AssistantPlan(plan)) => known.entries.clone_from(&plan.entries),
            (StepKind::Tool(tool), EventBody::ToolExecutionStart(call)) => tool.start(event.seq, call),
            (StepKind::Tool(tool), EventBody::ToolExecutionProgress(progress)) => {
                tool.progress = Some(progress.progress_message.clone());
            }
            (StepKind::Tool(tool), EventBody::ToolExecutionComplete(done)) => tool.complete(done),
            (StepKind::Permission(permission), EventBody::PermissionRequested(asked)) => {
                permission.asked = asked.clone();
                permission.changes = asked.permission_request.contents.iter().filter_map(change).collect();
            }
            (StepKind::Permission(permission), EventBody::PermissionCompleted(answer)) => {
                permission.result = Some(answer.result.clone());
            }
            (StepKind::Shutdown(known), EventBody::SessionShutdown(end)) => {
                let told = known.error_reason.take();
                *known = end.clone().into();
                known.error_reason = known.error_reason.take().filter(|_| told.is_some());
            }
            _ => {}
        }
    }

    /// Whether an event between its first and its last one is of the step, which is one of the event's session.
    pub(crate) fn has(&self, event: &Event, is_session: bool) -> bool {
        let is_named = |id: &str| is_session && self.id.as_deref() == Some(id);
        let is_first = event.seq == self.seq;
        match (&self.kind, &event.body) {
            (StepKind::Session(_), EventBody::SessionStart(_)) => is_session,
            (StepKind::Info(word), EventBody::SessionInfo(info)) => info.info_type == **word,
            (StepKind::Reasoning, EventBody::AssistantReasoningDelta(delta)) => is_named(&delta.reasoning_id),
            (StepKind::Reasoning, EventBody::AssistantReasoning(whole)) => is_named(&whole.reasoning_id),
            (StepKind::Message, EventBody::AssistantMessageDelta(delta)) => is_named(&delta.message_id),
            (StepKind::Message, EventBody::AssistantMessage(whole)) => is_named(&whole.message_id),
            (StepKind::Tool(_), EventBody::ToolExecutionStart(call)) => is_named(&call.tool_call_id),
            (StepKind::Tool(_), EventBody::ToolExecutionPartialResult(part)) => is_named(&part.tool_call_id),
            (StepKind::Tool(_), EventBody::ToolExecutionProgress(progress)) => is_named(&progress.tool_call_id),
            (StepKind::Tool(_), EventBody::ToolExecutionComplete(done)) => is_named(&done.tool_call_id),
            (StepKind::Permission(_), EventBody::PermissionRequested(asked)) => is_first && is_named(&asked.request_id),
            (StepKind::Permission(_), EventBody::PermissionCompleted(answer)) => is_named(&answer.request_id),
            (StepKind::Prompt, EventBody::UserMessage(_))
            | (StepKind::Plan(_), EventBody::AssistantPlan(_))
            | (StepKind::Error(_), EventBody::SessionError(_))
            | (StepKind::Stop(_), EventBody::Abort(_))
            | (StepKind::Shutdown(_), EventBody::SessionShutdown(_))
            | (StepKind::Unknown(_), EventBody::Unknown(_)) => is_first,
            _ => false,
        }
    }
}

impl Text {
    /// Takes the part that the event `seq` has in it.
    pub(crate) fn take_part(&mut self, seq: u64, part: &Part<'_>) {
        match part {
            Part::More(more) => self.append(seq, more),
            Part::Line(line) => {
                self.append(seq, "\n");
                self.append(seq, line);
            }
            Part::Whole(whole) => self.replace(seq, whole),
            Part::IfNone(words) if self.is_empty() => self.append(seq, words),
            Part::IfNone(_) => {}
        }
    }
}

impl Filling {
    /// Takes the part that the event `seq` has in the text.
    pub(crate) fn take_part(&mut self, seq: u64, part: &Part<'_>) {
        match part {
            Part::More(more) => self.append(seq, more),
            Part::Line(line) => {
                self.append(seq, "\n");
                self.append(seq, line);
            }
            Part::Whole(whole) => self.replace(seq, whole),
            Part::IfNone(words) if self.is_at_start() => self.append(seq, words),
            Part::IfNone(_) => {}
        }
    }
}

impl crate::ToolStep {
    fn start(&mut self, seq: u64, call: &ToolExecutionStart) {
        if !call.tool_name.is_empty() {
            self.name.clone_from(&call.tool_name);
        }
        let argument = |name: &str| call.arguments.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        if let Some(kind) = call.kind.or_else(|| kind_of(&call.tool_name)) {
            self.kind = kind;
        }
        replace(&mut self.title, call.title.clone());
        let is_command = self.kind == ToolKind::Execute;
        replace(&mut self.command, call.command.clone().or_else(|| argument("command").filter(|_| is_command)));
        replace(&mut self.parent_id, call.parent_tool_call_id.clone());
        if !call.locations.is_empty() {
            self.locations.clone_from(&call.locations);
        }
        if !call.arguments.is_null() {
            self.input.replace(seq, &serde_json::to_string_pretty(&call.arguments).unwrap_or_default());
        }
    }

    fn complete(&mut self, done: &ToolExecutionComplete) {
        if let Some(result) = &done.result {
            self.take_result(result);
        }
        self.progress = None;
        if let Some(error) = &done.error {
            // The header tells the exit code.
            let exit = self.exit_code.map(|code| ["exit code ", &code.to_string()].concat());
            self.error = Some(error.message.clone()).filter(|said| !said.is_empty() && Some(said) != exit.as_ref());
        }
    }

    fn take_result(&mut self, result: &ToolResult) {
        let mut changes: Vec<Change> = result.contents.iter().filter_map(change).collect();
        let (mut pictures, mut notes) = (Vec::new(), Vec::new());
        for content in &result.contents {
            match content {
                ToolContent::Terminal { exit_code, signal, .. } => {
                    self.exit_code = exit_code.or(self.exit_code);
                    replace(&mut self.signal, signal.clone());
                }
                ToolContent::Image { data, mime_type } => match Picture::new("", data) {
                    Ok(picture) => pictures.push(picture),
                    Err(reason) => notes.push([&contents::weighed("Picture", mime_type, data), ", ", reason].concat()),
                },
                ToolContent::ResourceLink { uri, name } => notes.push([name, " ", uri].concat().trim().to_owned()),
                ToolContent::Other(value) => notes.push(contents::told(value)),
                ToolContent::Text { .. } | ToolContent::Diff { .. } => {}
            }
        }
        if let Some(detail) = result.detailed_content.as_deref()
            && is_diff(detail)
            && changes.is_empty()
        {
            changes.push(Change::Unified(detail.to_owned()));
        }
        if !changes.is_empty() {
            (self.changes, self.counted, self.told.change_bytes) = (changes, Default::default(), None);
        }
        if !pictures.is_empty() || !notes.is_empty() {
            (self.pictures, self.notes, self.told.notes) = (pictures, notes, 0);
        }
    }
}

/// What a tool gives as one line of JSON gets a line for each entry; a command's output stays as it is.
fn laid_out(text: &str, is_command: bool) -> Cow<'_, str> {
    let json = if is_command { None } else { json::laid_out(text) };
    json.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The part of a tool's result in its output. Parts repeat the output where it was told in another way.
fn output(result: &ToolResult, is_command: bool) -> Option<Part<'_>> {
    let mut words = Vec::new();
    let mut terminal = None;
    let mut has_diff = false;
    for content in &result.contents {
        match content {
            ToolContent::Text { text } => words.push(text.as_str()),
            ToolContent::Terminal { text, .. } => terminal = text.as_deref().or(terminal),
            ToolContent::Diff { .. } => has_diff = true,
            ToolContent::Image { .. } | ToolContent::ResourceLink { .. } | ToolContent::Other(_) => {}
        }
    }
    if let Some(whole) = result.content.as_deref().or(terminal) {
        return Some(Part::Whole(laid_out(whole, is_command)));
    }
    if let Some(detail) = result.detailed_content.as_deref()
        && (has_diff || !is_diff(detail))
        && words.is_empty()
    {
        words.push(detail);
    }
    (!words.is_empty()).then(|| Part::IfNone(laid_out(&words.join("\n"), is_command).into_owned()))
}

fn is_diff(detail: &str) -> bool {
    detail.contains("\n@@ -")
}

fn change(content: &ToolContent) -> Option<Change> {
    match content {
        ToolContent::Diff { path, old_text, new_text } => {
            Some(Change::Texts { path: path.clone(), old: old_text.clone(), new: new_text.clone() })
        }
        ToolContent::Text { .. }
        | ToolContent::Terminal { .. }
        | ToolContent::Image { .. }
        | ToolContent::ResourceLink { .. }
        | ToolContent::Other(_) => None,
    }
}

/// What a request for permission says in words.
fn words(asked: &PermissionRequested) -> String {
    let text = |content: &ToolContent| match content {
        ToolContent::Text { text } => Some(text.clone()),
        ToolContent::Other(value) => serde_json::to_string_pretty(value).ok(),
        ToolContent::ResourceLink { uri, .. } => Some(uri.clone()),
        ToolContent::Terminal { .. } | ToolContent::Image { .. } | ToolContent::Diff { .. } => None,
    };
    asked.permission_request.contents.iter().filter_map(text).collect::<Vec<_>>().join("\n")
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
