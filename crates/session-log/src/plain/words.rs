//! What a step says beside its text, in words of its own: no page stands around it.

use agent_tasks::event::PlanStatus;

use super::{PlainFormat, colour, longest_run, patch};
use crate::{Change, PermissionStep, Step, StepKind, StepState, Style};

/// What a step is, on what, and how it went.
pub(super) struct Heading {
    word: String,
    title: String,
    /// The command, whole.
    pub(super) command: Option<String>,
    outcome: String,
}

impl Heading {
    /// That of a step.
    pub(super) fn of(step: &Step) -> Self {
        let mut heading = Self { word: step.kind_word(), title: String::new(), command: None, outcome: String::new() };
        match &step.kind {
            StepKind::Session(session) => {
                let parts = [session.producer.as_deref(), session.model.as_deref()];
                heading.title = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
                heading.say_more(&session.number.to_string());
            }
            StepKind::Tool(tool) => {
                heading.command.clone_from(&tool.command);
                let places: Vec<&str> = tool.locations.iter().map(|location| location.path.as_str()).collect();
                heading.title = match &tool.title {
                    Some(title) if Some(title) != tool.command.as_ref() => title.clone(),
                    None if tool.command.is_none() && places.is_empty() => tool.name.clone(),
                    Some(_) | None => places.join(", "),
                };
                heading.outcome = match (tool.exit_code, &tool.signal) {
                    (_, Some(signal)) => signal.clone(),
                    (Some(code), None) if code != 0 => ["exit ", &code.to_string()].concat(),
                    (_, None) => String::new(),
                };
            }
            StepKind::Permission(permission) => {
                let request = &permission.asked.permission_request;
                heading.command.clone_from(&request.command);
                heading.title =
                    request.title.clone().filter(|title| Some(title) != request.command.as_ref()).unwrap_or_default();
                heading.outcome = answer(permission);
            }
            StepKind::Error(word) | StepKind::Unknown(word) => heading.say_more(word),
            StepKind::Stop(reason) => heading.title.clone_from(reason),
            StepKind::Prompt
            | StepKind::Message
            | StepKind::Reasoning
            | StepKind::Plan(_)
            | StepKind::Info(_)
            | StepKind::Shutdown(_) => {}
        }
        if heading.outcome.is_empty() {
            heading.outcome = state_word(step).to_owned();
        }
        heading
    }

    /// Tells which one it is of its kind.
    fn say_more(&mut self, more: &str) {
        self.word = [&self.word, " ", more].concat().trim_end().to_owned();
    }

    /// The line that announces the step.
    pub(super) fn written(&self, step: &Step, format: PlainFormat) -> String {
        let mut words = self.word.clone();
        for (before, part, after) in [(": ", &self.title, ""), (" (", &self.outcome, ")")] {
            if !part.is_empty() {
                // A heading is one line.
                let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
                words = [&words, before, &part, after].concat();
            }
        }
        let words = plain(&words);
        let moment = step.started_at.to_string();
        match format {
            PlainFormat::Text => ["── ", &words, " · ", &moment, "\n"].concat(),
            PlainFormat::Markdown => ["## ", &words, "\n\n"].concat(),
            PlainFormat::Ansi => {
                let mut line = String::new();
                colour::paint(&["── ", &words].concat(), Style { bold: true, ..Style::default() }, &mut line);
                colour::paint(&[" · ", &moment].concat(), Style { dim: true, ..Style::default() }, &mut line);
                line + "\n"
            }
        }
    }
}

/// A command as it would be typed.
pub(super) fn command(command: &str, format: PlainFormat) -> String {
    let command = plain(command);
    match format {
        PlainFormat::Text => ["$ ", &command, "\n"].concat(),
        PlainFormat::Markdown => fenced("sh", &command),
        PlainFormat::Ansi => {
            let mut line = String::new();
            colour::paint(&["$ ", &command].concat(), Style { bold: true, ..Style::default() }, &mut line);
            line + "\n"
        }
    }
}

/// What stands before the text: a plan, changes.
pub(super) fn above(step: &Step, format: PlainFormat) -> Option<String> {
    match &step.kind {
        StepKind::Tool(tool) => written_changes(&tool.changes, format),
        StepKind::Plan(plan) => {
            let mark = |status: PlanStatus| match status {
                PlanStatus::Completed => "- [x] ",
                PlanStatus::InProgress => "- [ ] (now) ",
                PlanStatus::Pending => "- [ ] ",
            };
            let entries = plan.entries.iter().map(|entry| [mark(entry.status), &plain(&entry.content), "\n"].concat());
            Some(entries.collect())
        }
        StepKind::Session(_)
        | StepKind::Prompt
        | StepKind::Info(_)
        | StepKind::Reasoning
        | StepKind::Message
        | StepKind::Permission(_)
        | StepKind::Error(_)
        | StepKind::Stop(_)
        | StepKind::Shutdown(_)
        | StepKind::Unknown(_) => None,
    }
}

/// What stands after the text: notes, what went wrong, what is asked for, how it ended.
pub(super) fn below(step: &Step, format: PlainFormat) -> Option<String> {
    let line = |text: &str| [&plain(text), "\n"].concat();
    match &step.kind {
        StepKind::Tool(tool) => Some(tool.notes.iter().chain(&tool.error).map(|note| line(note)).collect()),
        StepKind::Permission(permission) => written_changes(&permission.changes, format),
        StepKind::Shutdown(end) => {
            let mut words: String = end.error_reason.iter().map(|reason| line(reason)).collect();
            if let Some(report) = &end.report {
                for sent in &report.signals {
                    words += &line(
                        &[&sent.signal, " to ", &sent.process.pid.to_string(), " ", &sent.process.command].concat(),
                    );
                }
                words += &line(&[&report.remaining.to_string(), " processes left"].concat());
            }
            Some(words)
        }
        StepKind::Session(_)
        | StepKind::Prompt
        | StepKind::Info(_)
        | StepKind::Reasoning
        | StepKind::Message
        | StepKind::Plan(_)
        | StepKind::Error(_)
        | StepKind::Stop(_)
        | StepKind::Unknown(_) => None,
    }
    .filter(|words| !words.is_empty())
}

/// Changes as a unified diff that git takes, without the lines that no one changed between its parts.
fn written_changes(changes: &[Change], format: PlainFormat) -> Option<String> {
    let mut out = String::new();
    for file in changes.iter().flat_map(Change::files) {
        patch::write(&file, format, &mut out);
    }
    if out.is_empty() {
        return None;
    }
    Some(if format == PlainFormat::Markdown { fenced("diff", out.trim_end_matches('\n')) } else { out })
}

fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(super::FENCE_MIN.max(longest_run(text) + 1));
    [&fence, language, "\n", text, "\n", &fence, "\n"].concat()
}

/// Without control characters: a text that is pasted into a terminal must not command it.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|char| !char.is_control() || matches!(char, '\n' | '\t')).collect()
}

fn answer(permission: &PermissionStep) -> String {
    match (&permission.result, permission.chosen()) {
        (_, Some(chosen)) => chosen.to_owned(),
        (Some(result), None) => result.kind.clone(),
        (None, None) => String::new(),
    }
}

fn state_word(step: &Step) -> &'static str {
    match step.state {
        StepState::Running => "running",
        StepState::Waiting => "waiting",
        StepState::Failed => "failed",
        StepState::Cancelled => "cut off",
        StepState::Succeeded => "",
    }
}
