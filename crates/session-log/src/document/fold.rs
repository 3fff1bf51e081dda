//! What each event does to the document.

use agent_tasks::Event;
use agent_tasks::event::{EventBody, PermissionRequested, SessionShutdown, ToolContent};

use super::{Key, LogDocument};
use crate::{Change, PermissionStep, PlanStep, SessionStep, Step, StepKind, StepState, Text};

impl LogDocument {
    pub(super) fn fold(&mut self, event: &Event) {
        let session = self.enter_session(event);
        let key =
            |make: fn(agent_tasks::SessionId, String) -> Key, id: &str| make(event.session_id.clone(), id.to_owned());
        match &event.body {
            EventBody::SessionRequested(_) => {}
            EventBody::SessionStart(start) => {
                let step = &mut self.steps[session as usize];
                if let StepKind::Session(begun) = &mut step.kind {
                    begun.producer = Some(start.producer.clone()).filter(|producer| !producer.is_empty());
                    begun.model = start.selected_model.clone();
                    begun.is_resumed = start.resumed;
                }
                self.set_state(session, StepState::Succeeded, event);
            }
            EventBody::SessionInfo(info) => self.add_info(event, &info.info_type, &info.message),
            EventBody::SessionError(error) => {
                let text = match &error.stack {
                    Some(stack) => [error.message.as_str(), stack].join("\n"),
                    None => error.message.clone(),
                };
                self.add(event, StepKind::Error(error.error_type.clone()), StepState::Failed, &text);
            }
            EventBody::SessionShutdown(end) => self.shut_down(event, end),
            EventBody::UserMessage(message) => {
                self.add(event, StepKind::Prompt, StepState::Succeeded, &message.content);
            }
            EventBody::AssistantIntent(intent) => self.intent = Some(intent.intent.clone()),
            EventBody::AssistantReasoningDelta(delta) => {
                let key = key(Key::Reasoning, &delta.reasoning_id);
                self.grow(event, key, StepKind::Reasoning, &delta.delta_content);
            }
            EventBody::AssistantReasoning(whole) => {
                let key = key(Key::Reasoning, &whole.reasoning_id);
                self.settle(event, key, StepKind::Reasoning, &whole.content);
            }
            EventBody::AssistantMessageDelta(delta) => {
                let key = key(Key::Message, &delta.message_id);
                self.grow(event, key, StepKind::Message, &delta.delta_content);
            }
            EventBody::AssistantMessage(whole) => {
                let key = key(Key::Message, &whole.message_id);
                self.settle(event, key, StepKind::Message, &whole.content);
            }
            EventBody::AssistantPlan(plan) => {
                let plan = PlanStep { entries: plan.entries.clone(), is_newest: true };
                let index = self.add(event, StepKind::Plan(plan), StepState::Succeeded, "");
                if let Some(older) = self.named.insert(Key::Plan(event.session_id.clone()), index) {
                    self.outdate(older);
                }
            }
            EventBody::AssistantUsage(usage) => self.usage = Some(usage.clone()),
            EventBody::ToolExecutionStart(call) => self.start_tool(event, call),
            EventBody::ToolExecutionPartialResult(part) => self.grow_tool(event, part),
            EventBody::ToolExecutionProgress(progress) => self.note_progress(event, progress),
            EventBody::ToolExecutionComplete(done) => self.complete_tool(event, done),
            EventBody::PermissionRequested(asked) => self.request_permission(event, asked),
            EventBody::PermissionCompleted(answer) => {
                let Some(&index) = self.named.get(&key(Key::Permission, &answer.request_id)) else { return };
                let is_allowed = answer.result.kind.starts_with("approved");
                if let StepKind::Permission(permission) = &mut self.steps[index as usize].kind {
                    permission.result = Some(answer.result.clone());
                }
                let state = if is_allowed { StepState::Succeeded } else { StepState::Cancelled };
                self.set_state(index, state, event);
            }
            EventBody::Abort(abort) => {
                self.add(event, StepKind::Stop(abort.reason.clone()), StepState::Succeeded, "");
            }
            EventBody::Unknown(unknown) => {
                let text = serde_json::to_string_pretty(&unknown.data).unwrap_or_default();
                self.add(event, StepKind::Unknown(unknown.r#type.clone()), StepState::Succeeded, &text);
            }
            EventBody::SessionTitleChanged(_) | EventBody::AssistantTurnStart(_) | EventBody::AssistantTurnEnd(_) => {}
        }
    }

    /// The step that began the event's session; made with its first event.
    fn enter_session(&mut self, event: &Event) -> u32 {
        let key = Key::Session(event.session_id.clone());
        if self.session.as_ref() == Some(&event.session_id) {
            return self.named[&key];
        }
        self.session = Some(event.session_id.clone());
        if let Some(&index) = self.named.get(&key) {
            return index;
        }
        self.sessions += 1;
        let begun = SessionStep { number: self.sessions, ..SessionStep::default() };
        let index = self.add(event, StepKind::Session(begun), StepState::Waiting, "");
        self.named.insert(key, index);
        index
    }

    pub(super) fn add(&mut self, event: &Event, kind: StepKind, state: StepState, text: &str) -> u32 {
        let index = self.steps.len() as u32;
        let mut body = Text::default();
        body.append(&mut self.arena, text);
        self.steps.push(Step {
            seq: event.seq,
            kind,
            state,
            started_at: event.timestamp,
            ended_at: None,
            text: body,
            parent: None,
            tokens: None,
            version: 0,
            revision: 0,
        });
        self.set_state(index, state, event);
        index
    }

    /// The step that `key` names; made when there is none.
    pub(super) fn named_or_add(&mut self, event: &Event, key: Key, kind: StepKind) -> u32 {
        if let Some(&index) = self.named.get(&key) {
            return index;
        }
        let index = self.add(event, kind, StepState::Running, "");
        self.named.insert(key, index);
        index
    }

    fn grow(&mut self, event: &Event, key: Key, kind: StepKind, more: &str) {
        let index = self.named_or_add(event, key, kind);
        self.steps[index as usize].text.append(&mut self.arena, more);
        self.touch(index);
    }

    fn settle(&mut self, event: &Event, key: Key, kind: StepKind, whole: &str) {
        // Some servers announce tool calls in a message without words.
        if whole.is_empty() && !self.named.contains_key(&key) {
            return;
        }
        let index = self.named_or_add(event, key, kind);
        self.steps[index as usize].text.replace(&mut self.arena, whole);
        self.set_state(index, StepState::Succeeded, event);
    }

    /// A newer plan of the session is there.
    fn outdate(&mut self, index: u32) {
        let step = &mut self.steps[index as usize];
        if let StepKind::Plan(plan) = &mut step.kind {
            plan.is_newest = false;
        }
        step.version += 1;
        self.touch(index);
    }

    /// Lines of one kind that follow each other are one step.
    fn add_info(&mut self, event: &Event, word: &str, message: &str) {
        let newest = self.steps.len() as u32 - 1;
        let step = &mut self.steps[newest as usize];
        if !matches!(&step.kind, StepKind::Info(before) if before == word) {
            self.add(event, StepKind::Info(word.to_owned()), StepState::Succeeded, message);
            return;
        }
        step.text.append(&mut self.arena, "\n");
        step.text.append(&mut self.arena, message);
        step.ended_at = Some(event.timestamp);
        self.touch(newest);
    }

    fn request_permission(&mut self, event: &Event, asked: &PermissionRequested) {
        let key = Key::Permission(event.session_id.clone(), asked.request_id.clone());
        if self.named.contains_key(&key) {
            return;
        }
        let change = |content: &ToolContent| match content {
            ToolContent::Diff { path, old_text, new_text } => {
                Some(Change::Texts { path: path.clone(), old: old_text.clone(), new: new_text.clone() })
            }
            ToolContent::Text { .. }
            | ToolContent::Terminal { .. }
            | ToolContent::Image { .. }
            | ToolContent::ResourceLink { .. }
            | ToolContent::Other(_) => None,
        };
        let text = |content: &ToolContent| match content {
            ToolContent::Text { text } => Some(text.clone()),
            ToolContent::Other(value) => serde_json::to_string_pretty(value).ok(),
            ToolContent::ResourceLink { uri, .. } => Some(uri.clone()),
            ToolContent::Terminal { .. } | ToolContent::Image { .. } | ToolContent::Diff { .. } => None,
        };
        let contents = &asked.permission_request.contents;
        let changes = contents.iter().filter_map(change).collect();
        let words: Vec<String> = contents.iter().filter_map(text).collect();
        let permission = PermissionStep { asked: asked.clone(), result: None, changes };
        let kind = StepKind::Permission(Box::new(permission));
        let index = self.add(event, kind, StepState::Waiting, &words.join("\n"));
        self.named.insert(key, index);
    }

    /// Nothing of a session goes on after its end. Of another one, only the beginning can be waiting.
    fn shut_down(&mut self, event: &Event, end: &SessionShutdown) {
        let own = self.named.get(&Key::Session(event.session_id.clone())).copied();
        for index in std::mem::take(&mut self.unfinished) {
            let is_session = matches!(self.steps[index as usize].kind, StepKind::Session(_));
            if is_session && Some(index) != own {
                self.unfinished.push(index);
            } else {
                self.set_state(index, StepState::Cancelled, event);
            }
        }
        let is_left = end.report.as_ref().is_some_and(|report| report.remaining > 0);
        let state = if is_left || end.error_reason.is_some() { StepState::Failed } else { StepState::Succeeded };
        let mut end = end.clone();
        end.error_reason = end.error_reason.filter(|reason| !self.has_told(reason));
        self.add(event, StepKind::Shutdown(Box::new(end)), state, "");
    }

    /// Whether an error of the present session says the same.
    fn has_told(&self, reason: &str) -> bool {
        let session = self.steps.iter().rev().take_while(|step| !matches!(step.kind, StepKind::Session(_)));
        let mut errors = session.filter(|step| matches!(step.kind, StepKind::Error(_)));
        errors.any(|step| self.text(&step.text).starts_with(reason))
    }
}
