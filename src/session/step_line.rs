//! What a step's header says, as plain values: one line that tells what was done, on what, and how it went.

use agent_tasks::Timestamp;
use session_log::{Change, Fold, LogDocument, Step, StepKind, StepState, ToolStep};

/// The longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;

/// The most steps between a tool call and the request that it waits for.
const ASKED_WITHIN_STEPS: usize = 8;
/// From this length on, a title with which the command begins is the command, cut. In characters.
const CUT_CHARS_MIN: usize = 20;
/// The mean length from which on the lines of a text are long ones that were cut into rows, in bytes.
const ROW_BYTES: usize = 2_048;
/// Lines at the end of an output in which the last one that says something is looked for.
const TAIL_LINES: usize = 3;
/// The longest last line that is told, in characters.
const TAIL_CHARS_MAX: usize = 160;

/// The line.
#[derive(Debug, Clone, PartialEq)]
pub struct StepLine {
    /// The number of the step's first event.
    pub seq: u64,
    /// One word for what it is; also the name of its look.
    pub word: String,
    /// What it is about.
    pub title: String,
    /// The command, whole.
    pub command: Option<String>,
    /// Where it stands.
    pub state: StepState,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// How it went, where the state alone does not tell: `exit 2`, `Rejected`, `2 of 5`.
    pub outcome: Option<String>,
    /// Lines added and removed.
    pub diffstat: Option<(u32, u32)>,
    /// Lines of output.
    pub lines: usize,
    /// Whether they are rows: parts of lines that are too long for one.
    pub are_rows: bool,
    /// Where it stands, in a word; empty where the outcome says it or nothing needs saying.
    pub state_word: &'static str,
    /// Whether there is something to open.
    pub can_open: bool,
    /// Whether it takes time worth telling.
    pub is_timed: bool,
    /// The last line of the output, while that is folded away.
    pub tail: Option<String>,
    /// The tokens that were used for it.
    pub tokens: Option<u64>,
}

impl StepLine {
    /// The line of a step.
    pub fn new(document: &LogDocument, step: &Step, fold: Fold) -> Self {
        let first_line = || document.first_line(&step.text, TITLE_CHARS_MAX);
        let first_words = || document.first_words(&step.text, TITLE_CHARS_MAX);
        let mut line = Self {
            seq: step.seq,
            word: step.kind_word(),
            title: String::new(),
            command: None,
            state: step.state,
            started_at: step.started_at,
            ended_at: step.ended_at,
            outcome: None,
            diffstat: None,
            lines: 0,
            are_rows: false,
            state_word: "",
            can_open: step.can_open(),
            is_timed: is_timed(step),
            tail: None,
            tokens: step.tokens,
        };
        match &step.kind {
            StepKind::Session(session) => {
                line.word = [&line.word, " ", &session.number.to_string()].concat();
                line.title = [session.producer.as_deref(), session.model.as_deref()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · ");
                line.outcome = session.is_resumed.then(|| "goes on from the session before".into());
            }
            StepKind::Prompt | StepKind::Message | StepKind::Reasoning => {
                line.title = if fold == Fold::Open { String::new() } else { first_words() };
            }
            StepKind::Info(_) => line.title = first_line(),
            StepKind::Tool(tool) => {
                line.tell_tool(step, tool);
                if tool.command.is_some() && fold == Fold::Closed {
                    line.tail = last_line(document, step);
                }
            }
            StepKind::Plan(_) => line.outcome = step.outcome(),
            StepKind::Permission(permission) => {
                let request = &permission.asked.permission_request;
                let title = if request.command.is_some() { None } else { request.title.clone() };
                let kind = if request.command.is_some() { "" } else { &request.kind };
                line.title = title.unwrap_or_else(|| kind.to_owned());
                line.command.clone_from(&request.command);
                line.outcome = step.outcome();
            }
            StepKind::Error(_) => line.title = if fold == Fold::Open { String::new() } else { first_line() },
            StepKind::Stop(reason) => {
                line.title = "Somebody asked to stop this session".into();
                line.outcome = (reason != "user_initiated" && !reason.is_empty()).then(|| reason.clone());
            }
            StepKind::Shutdown(_) => {}
            StepKind::Unknown(word) => line.title.clone_from(word),
        }
        line.state_word = match step.state {
            StepState::Running => "Running",
            StepState::Waiting => "Waiting",
            StepState::Failed if line.outcome.is_none() && !matches!(step.kind, StepKind::Error(_)) => "Failed",
            StepState::Cancelled if !matches!(step.kind, StepKind::Permission(_)) || line.outcome.is_none() => {
                "Cut off"
            }
            StepState::Failed | StepState::Cancelled | StepState::Succeeded => "",
        };
        line
    }

    fn tell_tool(&mut self, step: &Step, tool: &ToolStep) {
        let places: Vec<&str> = tool.locations.iter().map(|location| location.path.as_str()).collect();
        let title = match &tool.title {
            Some(title) if tool.command.as_ref().is_some_and(|command| repeats(title, command)) => String::new(),
            Some(title) => title.clone(),
            None if !places.is_empty() => places.join(", "),
            None if tool.command.is_some() => String::new(),
            None => tool.name.clone(),
        };
        self.title = title.chars().take(TITLE_CHARS_MAX).collect();
        self.command.clone_from(&tool.command);
        self.outcome = step.outcome();
        self.diffstat = tool.diffstat();
        let is_empty = |change: &Change| matches!(change, Change::Texts { old: None, new, .. } if new.is_empty());
        if self.diffstat == Some((0, 0)) && !tool.changes.is_empty() && tool.changes.iter().all(is_empty) {
            self.diffstat = None;
            self.outcome = self.outcome.take().or(Some("New file, empty".to_owned()));
        }
        self.lines = step.text.lines();
        self.are_rows = self.lines > 1 && step.text.len() / self.lines >= ROW_BYTES;
    }
}

/// Whether a step takes time worth telling.
pub fn is_timed(step: &Step) -> bool {
    matches!(step.kind, StepKind::Tool(_) | StepKind::Reasoning)
}

/// Whether a tool call goes on only when a person has answered: the request stands right after it.
pub fn is_held(document: &LogDocument, step: &Step, index: usize) -> bool {
    let StepKind::Tool(tool) = &step.kind else { return false };
    if step.state != StepState::Running {
        return false;
    }
    let after = (index + 1..document.steps()).take(ASKED_WITHIN_STEPS).filter_map(|index| document.step(index));
    let mut waiting = after.filter(|step| step.state == StepState::Waiting);
    waiting.any(|step| {
        let StepKind::Permission(permission) = &step.kind else { return false };
        let request = &permission.asked.permission_request;
        match (&request.command, &tool.command) {
            (Some(asked), Some(command)) => asked == command,
            (None, None) => request.title.is_none() || request.title == tool.title,
            (Some(_), None) | (None, Some(_)) => false,
        }
    })
}

/// Whether a title says nothing but the command, or its beginning.
fn repeats(title: &str, command: &str) -> bool {
    let bare = |text: &str| text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ");
    let title = bare(title);
    let title = title.trim_end_matches(['…', '.']).trim_end();
    let command = bare(command);
    // Words of their own, even if the command begins with them.
    let is_cut = title.chars().count() >= CUT_CHARS_MIN;
    command == title || command.trim_end_matches('.') == title || (is_cut && command.starts_with(title))
}

/// The last line of a command's output that says something.
fn last_line(document: &LogDocument, step: &Step) -> Option<String> {
    let lines = step.text.lines();
    (lines.saturating_sub(TAIL_LINES)..lines).rev().find_map(|line| {
        let spans = document.line(&step.text, line);
        let text: String = spans.iter().flat_map(|span| span.text.chars()).take(TAIL_CHARS_MAX).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    })
}
