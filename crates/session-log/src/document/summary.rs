//! What a document tells of its steps: summaries, the map.

use agent_tasks::outline::{
    COMMAND_CHARS_MAX, LOCATIONS_MAX, OPTIONS_MAX, PermissionSummary, PlanSummary, SessionSummary, TITLE_CHARS_MAX,
    ToolSummary,
};
use agent_tasks::{Nesting, OutlineMap, StepSummary};

use super::LogDocument;
use crate::{PermissionStep, Step, StepKind, ToolStep};

impl LogDocument {
    /// What an outline tells of a step; `None` of one that is only counted.
    pub fn summary(&self, step: usize) -> Option<StepSummary> {
        let step = self.step(step).filter(|step| step.is_told())?;
        let mut told = StepSummary {
            seq: step.seq,
            last_seq: step.last_seq,
            session_id: self.session_of(step).cloned().unwrap_or_default(),
            code: step.code().letters(),
            id: step.id.as_deref().map(str::to_owned),
            agent_id: step.agent_id.as_deref().map(str::to_owned),
            parent: step.parent,
            started_at: step.started_at,
            ended_at: step.ended_at,
            lines: step.text.lines() as u32,
            bytes: step.text.len() as u64,
            tokens: step.tokens,
            marks: step.text.marks(),
            ..StepSummary::default()
        };
        let title = || Some(self.first_line(&step.text, TITLE_CHARS_MAX)).filter(|title| !title.is_empty());
        match &step.kind {
            StepKind::Session(begun) => {
                told.session = Some(SessionSummary {
                    number: begun.number,
                    producer: cut_option(&begun.producer, TITLE_CHARS_MAX),
                    model: cut_option(&begun.model, TITLE_CHARS_MAX),
                    is_resumed: begun.is_resumed,
                });
            }
            StepKind::Prompt | StepKind::Reasoning | StepKind::Message => told.title = title(),
            StepKind::Info(word) | StepKind::Error(word) | StepKind::Unknown(word) => {
                (told.title, told.word) = (title(), Some(cut(word, TITLE_CHARS_MAX)));
            }
            StepKind::Stop(word) => told.word = Some(cut(word, TITLE_CHARS_MAX)),
            StepKind::Tool(tool) => told.tool = Some(tool_summary(tool)),
            StepKind::Plan(plan) => {
                let (done, total) = plan.counts();
                told.plan = Some(PlanSummary { done: done as u32, total: total as u32 });
            }
            StepKind::Permission(permission) => told.permission = Some(permission_summary(permission)),
            StepKind::Shutdown(end) => told.title = cut_option(&end.error_reason, TITLE_CHARS_MAX),
        }
        Some(told)
    }

    /// All steps, in a few bytes each.
    pub fn map(&self) -> OutlineMap {
        let mut map = OutlineMap::default();
        for (index, step) in self.steps.iter().enumerate() {
            step.code().write(&mut map.codes);
            map.lines.push(step.text.lines() as u32);
            map.nested.extend(step.parent.map(|parent| Nesting { step: index as u32, parent }));
        }
        map
    }

    /// The steps that later events may go on in: those that they may name without beginning them again, and the newest
    /// one, as lines worth knowing that follow each other are one step. An outline with a map tells them too.
    pub fn open_steps(&self) -> impl Iterator<Item = usize> {
        let newest = self.steps.len().checked_sub(1);
        let is_open = move |index: usize, step: &Step| step.code().is_open() || Some(index) == newest;
        self.steps.iter().enumerate().filter(move |(index, step)| is_open(*index, step)).map(|(index, _)| index)
    }
}

fn tool_summary(tool: &ToolStep) -> ToolSummary {
    let (added, removed) = tool.diffstat().unwrap_or_default();
    let locations = tool.locations.iter().take(LOCATIONS_MAX);
    ToolSummary {
        name: cut(&tool.name, TITLE_CHARS_MAX),
        kind: tool.kind,
        title: cut_option(&tool.title, TITLE_CHARS_MAX),
        command: cut_option(&tool.command, COMMAND_CHARS_MAX),
        locations: locations
            .map(|place| {
                let mut place = place.clone();
                place.path = cut(&place.path, TITLE_CHARS_MAX);
                place
            })
            .collect(),
        parent_id: tool.parent_id.clone(),
        exit_code: tool.exit_code,
        signal: cut_option(&tool.signal, TITLE_CHARS_MAX),
        progress: cut_option(&tool.progress, TITLE_CHARS_MAX),
        error: cut_option(&tool.error, TITLE_CHARS_MAX),
        added,
        removed,
        change_bytes: tool.change_bytes(),
        notes: tool.note_count(),
        input_lines: tool.input_lines(),
    }
}

fn permission_summary(permission: &PermissionStep) -> PermissionSummary {
    let request = &permission.asked.permission_request;
    let on_offer = permission.asked.options.iter().filter(|_| permission.result.is_none());
    PermissionSummary {
        kind: cut(&request.kind, TITLE_CHARS_MAX),
        tool_call_id: request.tool_call_id.clone(),
        title: cut_option(&request.title, TITLE_CHARS_MAX),
        command: cut_option(&request.command, COMMAND_CHARS_MAX),
        options: on_offer.take(OPTIONS_MAX).cloned().collect(),
        result: permission.result.as_ref().map(|result| cut(&result.kind, TITLE_CHARS_MAX)),
        chosen: permission.chosen().map(|chosen| cut(chosen, TITLE_CHARS_MAX)),
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

fn cut_option(text: &Option<String>, chars_max: usize) -> Option<String> {
    text.as_deref().map(|text| cut(text, chars_max))
}

impl Step {
    /// Keeps the counts of what it says, and its one line.
    pub(crate) fn count_only(&mut self) {
        match &mut self.kind {
            StepKind::Tool(tool) => tool.count_only(),
            StepKind::Plan(plan) => {
                let (done, total) = plan.counts();
                plan.told = PlanSummary { done: done as u32, total: total as u32 };
                plan.entries = Vec::new();
            }
            StepKind::Permission(permission) => {
                permission.changes = Vec::new();
                permission.asked.permission_request.contents = Vec::new();
            }
            StepKind::Shutdown(end) => {
                let error_reason = end.error_reason.take();
                **end = agent_tasks::event::SessionShutdown { error_reason, ..Default::default() };
            }
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => {}
        }
    }
}
