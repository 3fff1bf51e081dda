//! What a step's header says in words that are not the page's own.

use crate::{Step, StepKind};

impl Step {
    /// The words of its header that its rows do not repeat, a line for each. Ranges of a [`crate::Hit`] in a
    /// header count the bytes of this text.
    pub fn headline(&self) -> String {
        let mut parts: Vec<&str> = match &self.kind {
            StepKind::Session(session) => session.producer.iter().chain(&session.model).map(String::as_str).collect(),
            StepKind::Tool(tool) => {
                let title = tool.title.as_deref().filter(|title| Some(*title) != tool.command.as_deref());
                let mut parts: Vec<&str> = tool.command.as_deref().into_iter().chain(title).collect();
                parts.extend(tool.locations.iter().map(|location| location.path.as_str()));
                if parts.is_empty() {
                    parts.push(&tool.name);
                }
                parts
            }
            StepKind::Stop(word) | StepKind::Unknown(word) => vec![word],
            StepKind::Permission(permission) => {
                let request = &permission.asked.permission_request;
                // The rows ask the rest of it.
                let has_words = request.title.is_some() || request.command.is_some();
                if has_words { Vec::new() } else { vec![&request.kind] }
            }
            StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Plan(_)
            | StepKind::Error(_)
            | StepKind::Shutdown(_) => Vec::new(),
        };
        let outcome = self.outcome();
        parts.extend(outcome.as_deref());
        parts.join("\n")
    }

    /// How it went, where the state alone does not tell: `exit 2`, `2 of 5 done`, the answer that was given.
    pub fn outcome(&self) -> Option<String> {
        match &self.kind {
            StepKind::Tool(tool) => match (tool.exit_code, &tool.signal, &tool.progress) {
                (_, Some(signal), _) => Some(signal.clone()),
                (Some(code), None, _) if code != 0 => Some(["exit ", &code.to_string()].concat()),
                (_, None, progress) => progress.clone(),
            },
            StepKind::Plan(plan) => {
                let (done, all) = plan.counts();
                Some([&done.to_string(), " of ", &all.to_string(), " done"].concat())
            }
            StepKind::Permission(permission) => match (&permission.result, permission.chosen()) {
                (_, Some(chosen)) => Some(chosen.to_owned()),
                (Some(result), None) => Some(result.kind.clone()),
                (None, None) => None,
            },
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Shutdown(_)
            | StepKind::Unknown(_) => None,
        }
    }
}
