//! What each event does to the document: which step it is of, which begin and end. What it says of the step itself is
//! in `parts`.

use agent_tasks::Event;
use agent_tasks::event::{AssistantUsage, EventBody, PermissionRequested, SessionShutdown, ToolExecutionComplete};
use agent_tasks::outline::TITLE_CHARS_MAX;

use super::{Key, LogDocument, first_line};
use crate::step::Facts;
use crate::{PermissionStep, PlanStep, SessionStep, Step, StepKind, StepState, Text};

/// How many steps are looked back through for the one that tokens were used for.
const USAGE_STEPS_MAX: usize = 32;

impl LogDocument {
    pub(super) fn fold(&mut self, event: &Event) {
        let session = self.enter_session(event);
        let key =
            |make: fn(agent_tasks::SessionId, String) -> Key, id: &str| make(event.session_id.clone(), id.to_owned());
        match &event.body {
            EventBody::SessionRequested(_) => {}
            EventBody::SessionStart(_) => {
                self.take(session, event);
                self.set_state(session, StepState::Succeeded, event);
            }
            EventBody::SessionInfo(info) => self.add_info(event, &info.info_type),
            EventBody::SessionError(error) => {
                self.add(event, StepKind::Error(error.error_type.clone()), StepState::Failed);
            }
            EventBody::SessionShutdown(end) => self.shut_down(event, end),
            EventBody::UserMessage(_) => {
                self.add(event, StepKind::Prompt, StepState::Succeeded);
            }
            EventBody::AssistantIntent(intent) => self.intent = Some(intent.intent.clone()),
            EventBody::AssistantReasoningDelta(delta) => {
                self.grow(event, key(Key::Reasoning, &delta.reasoning_id), StepKind::Reasoning);
            }
            EventBody::AssistantReasoning(whole) => {
                self.settle(event, key(Key::Reasoning, &whole.reasoning_id), StepKind::Reasoning, &whole.content);
            }
            EventBody::AssistantMessageDelta(delta) => {
                self.grow(event, key(Key::Message, &delta.message_id), StepKind::Message);
            }
            EventBody::AssistantMessage(whole) => {
                self.settle(event, key(Key::Message, &whole.message_id), StepKind::Message, &whole.content);
            }
            EventBody::AssistantPlan(_) => {
                let plan = PlanStep { entries: Vec::new(), is_newest: true, told: Default::default() };
                let index = self.add(event, StepKind::Plan(plan), StepState::Succeeded);
                if let Some(older) = self.named.insert(Key::Plan(event.session_id.clone()), index) {
                    self.outdate(older);
                }
            }
            EventBody::AssistantUsage(usage) => self.note_usage(event.seq, usage),
            EventBody::ToolExecutionStart(call) => {
                self.grow(event, key(Key::Tool, &call.tool_call_id), StepKind::Tool(Box::default()));
            }
            EventBody::ToolExecutionPartialResult(part) => {
                self.grow(event, key(Key::Tool, &part.tool_call_id), StepKind::Tool(Box::default()));
            }
            EventBody::ToolExecutionProgress(progress) => {
                self.grow(event, key(Key::Tool, &progress.tool_call_id), StepKind::Tool(Box::default()));
            }
            EventBody::ToolExecutionComplete(done) => {
                let key = key(Key::Tool, &done.tool_call_id);
                let index = self.grow(event, key, StepKind::Tool(Box::default()));
                self.set_state(index, self.outcome(index, done), event);
            }
            EventBody::PermissionRequested(asked) => self.request_permission(event, asked),
            EventBody::PermissionCompleted(answer) => {
                let Some(&index) = self.named.get(&key(Key::Permission, &answer.request_id)) else { return };
                let is_allowed = answer.result.kind.starts_with("approved");
                self.take(index, event);
                let state = if is_allowed { StepState::Succeeded } else { StepState::Cancelled };
                self.set_state(index, state, event);
            }
            EventBody::Abort(abort) => {
                self.add(event, StepKind::Stop(abort.reason.clone()), StepState::Succeeded);
            }
            EventBody::Unknown(unknown) => {
                self.add(event, StepKind::Unknown(unknown.r#type.clone()), StepState::Succeeded);
            }
            EventBody::SessionTitleChanged(_) | EventBody::AssistantTurnStart(_) | EventBody::AssistantTurnEnd(_) => {}
        }
    }

    /// The step that began the event's session; made with its first event.
    fn enter_session(&mut self, event: &Event) -> u32 {
        let key = Key::Session(event.session_id.clone());
        if self.session.as_ref() != Some(&event.session_id) {
            self.session = Some(event.session_id.clone());
        }
        if let Some(&index) = self.named.get(&key) {
            return index;
        }
        self.sessions += 1;
        let begun = SessionStep { number: self.sessions, ..SessionStep::default() };
        let index = self.add(event, StepKind::Session(begun), StepState::Waiting);
        self.named.insert(key, index);
        index
    }

    /// Begins a step with an event, which is taken in.
    fn add(&mut self, event: &Event, kind: StepKind, state: StepState) -> u32 {
        let index = self.steps.len() as u32;
        let session = self.session_place(&event.session_id);
        let text = Text::new(self.keep(&kind));
        let is_session = matches!(kind, StepKind::Session(_));
        self.steps.push(Step {
            seq: event.seq,
            last_seq: event.seq,
            id: None,
            agent_id: event.agent_id.as_deref().map(Into::into),
            parent: None,
            tokens: None,
            kind,
            state,
            started_at: event.timestamp,
            ended_at: None,
            text,
            version: 0,
            revision: 0,
            session,
            upto: 0,
            facts: Facts::Here,
            known_rows: None,
        });
        if !is_session {
            self.take(index, event);
        }
        self.set_state(index, state, event);
        index
    }

    /// The place of a session among those that steps name.
    pub(crate) fn session_place(&mut self, id: &agent_tasks::SessionId) -> u32 {
        // Nearly always the newest.
        let known = self.session_ids.iter().rposition(|known| known == id);
        let place = known.unwrap_or_else(|| {
            self.session_ids.push(id.clone());
            self.session_ids.len() - 1
        });
        place as u32
    }

    /// Takes what an event says of a step.
    fn take(&mut self, index: u32, event: &Event) {
        self.wait(index, event);
        let step = &mut self.steps[index as usize];
        step.last_seq = step.last_seq.max(event.seq);
        // An outline may have told it already.
        if event.seq > step.upto {
            step.take_facts(event);
            if let Some(part) = step.part(event) {
                step.text.take_part(event.seq, &part);
            }
        }
        if self.is_light {
            step.count_only();
        }
        self.find_parent(index, event);
        let step = &mut self.steps[index as usize];
        if !matches!(
            event.body,
            EventBody::ToolExecutionPartialResult(_)
                | EventBody::AssistantMessageDelta(_)
                | EventBody::AssistantReasoningDelta(_)
                | EventBody::SessionInfo(_)
        ) {
            step.version += 1;
        }
        self.touch(index);
    }

    /// Finds the sub-agent's step that a step is part of, once it is known which one.
    fn find_parent(&mut self, index: u32, event: &Event) {
        let step = &self.steps[index as usize];
        if step.parent.is_some() {
            return;
        }
        let told = match (&step.kind, &event.body) {
            (StepKind::Tool(tool), _) => tool.parent_id.as_deref(),
            (_, EventBody::AssistantMessage(whole)) => whole.parent_tool_call_id.as_deref(),
            _ => None,
        };
        let Some(id) = told.or(step.agent_id.as_deref()) else { return };
        let key = Key::Tool(event.session_id.clone(), id.to_owned());
        let parent = self.named.get(&key).copied().filter(|&parent| parent < index);
        self.steps[index as usize].parent = parent;
    }

    /// Takes an event into the step that `key` names; it begins one when there is none.
    fn grow(&mut self, event: &Event, key: Key, kind: StepKind) -> u32 {
        if let Some(&index) = self.named.get(&key) {
            self.take(index, event);
            return index;
        }
        let index = self.add(event, kind, StepState::Running);
        self.steps[index as usize].id = key.id().map(Into::into);
        self.named.insert(key, index);
        index
    }

    fn settle(&mut self, event: &Event, key: Key, kind: StepKind, whole: &str) {
        // Some servers announce tool calls in a message without words.
        if whole.is_empty() && !self.named.contains_key(&key) {
            return;
        }
        let index = self.grow(event, key, kind);
        self.set_state(index, StepState::Succeeded, event);
    }

    /// How a tool call ended.
    fn outcome(&self, index: u32, done: &ToolExecutionComplete) -> StepState {
        let StepKind::Tool(tool) = &self.steps[index as usize].kind else { return StepState::Succeeded };
        let is_cancelled = done.error.as_ref().is_some_and(|error| error.code.as_deref() == Some("cancelled"));
        if is_cancelled {
            StepState::Cancelled
        } else if done.success && tool.exit_code.unwrap_or(0) == 0 {
            StepState::Succeeded
        } else {
            StepState::Failed
        }
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
    fn add_info(&mut self, event: &Event, word: &str) {
        let newest = self.steps.len() as u32 - 1;
        let step = &self.steps[newest as usize];
        if !matches!(&step.kind, StepKind::Info(before) if before == word) {
            self.add(event, StepKind::Info(word.to_owned()), StepState::Succeeded);
            return;
        }
        self.take(newest, event);
        self.steps[newest as usize].ended_at = Some(event.timestamp);
    }

    fn request_permission(&mut self, event: &Event, asked: &PermissionRequested) {
        let key = Key::Permission(event.session_id.clone(), asked.request_id.clone());
        if self.named.contains_key(&key) {
            return;
        }
        let permission = PermissionStep { asked: PermissionRequested::default(), result: None, changes: Vec::new() };
        let index = self.add(event, StepKind::Permission(Box::new(permission)), StepState::Waiting);
        self.steps[index as usize].id = key.id().map(Into::into);
        self.named.insert(key, index);
    }

    /// Nothing of a session goes on after its end. Of another one, only the beginning can be waiting.
    fn shut_down(&mut self, event: &Event, end: &SessionShutdown) {
        let own = self.named.get(&Key::Session(event.session_id.clone())).copied();
        for index in std::mem::take(&mut self.unfinished) {
            let is_session = matches!(self.steps[index as usize].kind, StepKind::Session(_));
            if is_session && Some(index) != own {
                self.unfinished.insert(index);
            } else {
                self.set_state(index, StepState::Cancelled, event);
            }
        }
        let is_left = end.report.as_ref().is_some_and(|report| report.remaining > 0);
        let state = if is_left || end.error_reason.is_some() { StepState::Failed } else { StepState::Succeeded };
        let error_reason = end.error_reason.clone().filter(|reason| !self.has_told(reason));
        let shown = SessionShutdown { error_reason, ..SessionShutdown::default() };
        self.add(event, StepKind::Shutdown(Box::new(shown)), state);
    }

    /// Whether an error of the present session says the same in its first line.
    fn has_told(&self, reason: &str) -> bool {
        let reason = first_line(reason, TITLE_CHARS_MAX);
        let session = self.steps.iter().rev().take_while(|step| !matches!(step.kind, StepKind::Session(_)));
        let mut errors = session.filter(|step| matches!(step.kind, StepKind::Error(_)));
        errors.any(|step| self.first_line(&step.text, TITLE_CHARS_MAX) == reason)
    }

    /// Notes what was used: what is more than before was used for the newest step of the agent.
    fn note_usage(&mut self, seq: u64, usage: &AssistantUsage) {
        let before = self.usage.replace(usage.clone()).unwrap_or_default();
        let growth = |now: Option<u64>, before: Option<u64>| {
            let (now, before) = (now?, before.unwrap_or(0));
            // Another session counts anew.
            Some(if now < before { now } else { now - before })
        };
        let used = growth(usage.output_tokens, before.output_tokens)
            .or_else(|| growth(usage.context_used, before.context_used))
            .unwrap_or(0);
        if used == 0 {
            return;
        }
        let mut newest = self.steps.iter().enumerate().rev().take(USAGE_STEPS_MAX);
        let place = newest.find_map(|(index, step)| match &step.kind {
            StepKind::Reasoning | StepKind::Message | StepKind::Tool(_) => Some(Some(index)),
            StepKind::Session(_) | StepKind::Prompt | StepKind::Shutdown(_) => Some(None),
            StepKind::Info(_)
            | StepKind::Plan(_)
            | StepKind::Permission(_)
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => None,
        });
        let Some(Some(index)) = place else { return };
        let step = &mut self.steps[index];
        if seq <= step.upto {
            return;
        }
        if !step.is_told() {
            step.last_seq = seq;
        }
        step.tokens = Some(step.tokens.unwrap_or(0) + used);
        step.version += 1;
        self.touch(index as u32);
    }
}

impl Key {
    /// The identifier.
    fn id(&self) -> Option<&str> {
        match self {
            Self::Session(_) | Self::Plan(_) => None,
            Self::Reasoning(_, id) | Self::Message(_, id) | Self::Tool(_, id) | Self::Permission(_, id) => Some(id),
        }
    }
}
