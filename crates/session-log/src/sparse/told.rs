//! Makes steps of what an outline tells of them.

use agent_tasks::StepSummary;
use agent_tasks::event::{PermissionOption, PermissionRequest, PermissionRequested, PermissionResult, SessionShutdown};
use agent_tasks::outline::{PermissionSummary, StepCode, StepCodeKind, StepState, ToolSummary};

use crate::document::Key;
use crate::step::{Facts, ToolCounts};
use crate::{LogDocument, PermissionStep, PlanStep, SessionStep, StepKind, Text, ToolStep};

impl LogDocument {
    /// Takes in what an outline tells of a step, as of the event `upto`. What events told is not told again.
    pub(super) fn tell_step(&mut self, index: usize, summary: &StepSummary, upto: u64) {
        let Some(step) = self.steps.get(index) else { return };
        let is_newer = step.facts == Facts::Told
            && (summary.last_seq > step.last_seq || (step.text.is_guess() && summary.last_seq == step.last_seq));
        if !(step.facts == Facts::Counted || is_newer) || self.is_asked(index) {
            return;
        }
        let kind = told_kind(summary);
        let keep = self.keep(&kind);
        let session = self.session_place(&summary.session_id);
        if let Some(key) = key(summary, &kind) {
            self.named.insert(key, index as u32);
        }
        let code = StepCode::read(&summary.code);
        let step = &mut self.steps[index];
        // The end of its session may have come meanwhile.
        if !is_over(step.state) || is_over(code.state) {
            (step.state, step.ended_at) = (code.state, summary.ended_at);
        }
        let is_outdated = matches!(&step.kind, StepKind::Plan(plan) if !plan.is_newest);
        // So may the last word on what was used.
        step.tokens = match step.tokens.filter(|_| !step.is_told() && step.last_seq > upto) {
            Some(more) => Some(summary.tokens.unwrap_or(0) + more),
            None => summary.tokens,
        };
        step.facts = match kind {
            StepKind::Tool(_) | StepKind::Plan(_) | StepKind::Permission(_) | StepKind::Shutdown(_) => Facts::Told,
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => Facts::Here,
        };
        step.text =
            Text::told(keep, summary.seq, (summary.bytes, summary.lines), &summary.marks, summary.title.as_deref());
        step.kind = kind;
        if let StepKind::Plan(plan) = &mut step.kind {
            plan.is_newest &= !is_outdated;
        }
        (step.seq, step.last_seq, step.upto) = (summary.seq, summary.last_seq, upto);
        step.id = summary.id.as_deref().map(Into::into);
        step.agent_id = summary.agent_id.as_deref().map(Into::into);
        step.parent = summary.parent.filter(|&parent| (parent as usize) < index);
        step.started_at = summary.started_at;
        step.session = session;
        if is_over(step.state) {
            self.unfinished.remove(&(index as u32));
        }
        self.renew(index as u32);
    }
}

fn is_over(state: StepState) -> bool {
    match state {
        StepState::Running | StepState::Waiting => false,
        StepState::Succeeded | StepState::Failed | StepState::Cancelled => true,
    }
}

/// The name by which later events find the step.
fn key(summary: &StepSummary, kind: &StepKind) -> Option<Key> {
    let session = summary.session_id.clone();
    let id = || summary.id.clone();
    match kind {
        StepKind::Session(_) => Some(Key::Session(session)),
        StepKind::Reasoning => Some(Key::Reasoning(session, id()?)),
        StepKind::Message => Some(Key::Message(session, id()?)),
        StepKind::Tool(_) => Some(Key::Tool(session, id()?)),
        StepKind::Permission(_) => Some(Key::Permission(session, id()?)),
        StepKind::Plan(plan) => plan.is_newest.then_some(Key::Plan(session)),
        StepKind::Prompt
        | StepKind::Info(_)
        | StepKind::Error(_)
        | StepKind::Stop(_)
        | StepKind::Shutdown(_)
        | StepKind::Unknown(_) => None,
    }
}

/// What two letters say.
pub(super) fn counted_kind(code: StepCodeKind) -> StepKind {
    match code {
        StepCodeKind::Session => StepKind::Session(SessionStep::default()),
        StepCodeKind::Prompt => StepKind::Prompt,
        StepCodeKind::Info => StepKind::Info(String::new()),
        StepCodeKind::Reasoning => StepKind::Reasoning,
        StepCodeKind::Message => StepKind::Message,
        StepCodeKind::Tool(kind) => StepKind::Tool(Box::new(ToolStep { kind, ..ToolStep::default() })),
        StepCodeKind::NewestPlan | StepCodeKind::Plan => StepKind::Plan(PlanStep {
            entries: Vec::new(),
            is_newest: code == StepCodeKind::NewestPlan,
            told: Default::default(),
        }),
        StepCodeKind::Permission => StepKind::Permission(Box::new(asked("", &PermissionSummary::default()))),
        StepCodeKind::Error => StepKind::Error(String::new()),
        StepCodeKind::Stop => StepKind::Stop(String::new()),
        StepCodeKind::Shutdown => StepKind::Shutdown(Box::default()),
        StepCodeKind::Unknown => StepKind::Unknown(String::new()),
    }
}

fn told_kind(summary: &StepSummary) -> StepKind {
    let word = || summary.word.clone().unwrap_or_default();
    match counted_kind(StepCode::read(&summary.code).kind) {
        StepKind::Session(_) => {
            let told = summary.session.clone().unwrap_or_default();
            StepKind::Session(SessionStep {
                number: told.number,
                producer: told.producer,
                model: told.model,
                is_resumed: told.is_resumed,
            })
        }
        StepKind::Info(_) => StepKind::Info(word()),
        StepKind::Error(_) => StepKind::Error(word()),
        StepKind::Stop(_) => StepKind::Stop(word()),
        StepKind::Unknown(_) => StepKind::Unknown(word()),
        StepKind::Tool(_) => StepKind::Tool(Box::new(called(&summary.tool.clone().unwrap_or_default()))),
        StepKind::Plan(plan) => StepKind::Plan(PlanStep { told: summary.plan.unwrap_or_default(), ..plan }),
        StepKind::Permission(_) => {
            let id = summary.id.as_deref().unwrap_or_default();
            StepKind::Permission(Box::new(asked(id, &summary.permission.clone().unwrap_or_default())))
        }
        StepKind::Shutdown(_) => {
            let end = SessionShutdown { error_reason: summary.title.clone(), ..SessionShutdown::default() };
            StepKind::Shutdown(Box::new(end))
        }
        kind @ (StepKind::Prompt | StepKind::Reasoning | StepKind::Message) => kind,
    }
}

fn called(told: &ToolSummary) -> ToolStep {
    ToolStep {
        name: told.name.clone(),
        kind: told.kind,
        title: told.title.clone(),
        command: told.command.clone(),
        locations: told.locations.clone(),
        parent_id: told.parent_id.clone(),
        exit_code: told.exit_code,
        signal: told.signal.clone(),
        progress: told.progress.clone(),
        error: told.error.clone(),
        counted: (told.added, told.removed).into(),
        told: ToolCounts { change_bytes: told.change_bytes, notes: told.notes, input_lines: told.input_lines },
        ..ToolStep::default()
    }
}

/// Once it is answered, only the answer that was chosen is told.
fn asked(id: &str, told: &PermissionSummary) -> PermissionStep {
    let option = told.chosen.as_ref().map(|name| PermissionOption {
        option_id: name.clone(),
        name: name.clone(),
        kind: Default::default(),
    });
    let result =
        told.result.as_ref().map(|kind| PermissionResult { kind: kind.clone(), option_id: told.chosen.clone() });
    let permission_request = PermissionRequest {
        kind: told.kind.clone(),
        tool_call_id: told.tool_call_id.clone(),
        title: told.title.clone(),
        command: told.command.clone(),
        ..PermissionRequest::default()
    };
    let options = option.into_iter().chain(told.options.iter().cloned()).collect();
    PermissionStep {
        asked: PermissionRequested { request_id: id.to_owned(), permission_request, options },
        result,
        changes: Vec::new(),
    }
}
