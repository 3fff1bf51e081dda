//! The outline beside a log: a small row for each step that matters, kept up with the document. Titles are read when
//! they are shown, so that a step costs a few bytes.

use crate::{DocumentId, LogDocument, Step, StepKind, StepState};

/// The longest title, in characters.
const TITLE_CHARS_MAX: usize = 120;

/// The steps of a document that matter.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The document that is taken in, and its revision.
    document: Option<DocumentId>,
    revision: u64,
    /// How many of its steps are.
    steps: usize,
    rows: Vec<OutlineRow>,
}

/// A step that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutlineRow {
    /// The place of the step.
    pub step: usize,
    /// What it is.
    pub kind: OutlineKind,
    /// Where it stands.
    pub state: StepState,
}

/// What a row of an outline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutlineKind {
    /// What a person asked.
    Prompt,
    /// A message of the agent.
    Message,
    /// A tool call.
    Tool,
    /// A permission request.
    Permission,
    /// Something went wrong.
    Error,
    /// The end of a session.
    End,
}

impl OutlineKind {
    /// The kind of a step; `None` where it has no row.
    fn of(step: &Step) -> Option<Self> {
        match &step.kind {
            StepKind::Prompt => Some(Self::Prompt),
            StepKind::Message => Some(Self::Message),
            StepKind::Tool(_) => Some(Self::Tool),
            StepKind::Permission(_) => Some(Self::Permission),
            StepKind::Error(_) => Some(Self::Error),
            StepKind::Shutdown(_) => Some(Self::End),
            StepKind::Session(_)
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Plan(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => None,
        }
    }
}

impl Outline {
    /// Takes in what changed in `document` since the last time; tells whether any row did.
    pub fn sync(&mut self, document: &LogDocument) -> bool {
        let before = self.document.replace(document.id());
        let is_other = before.is_some_and(|before| before != document.id());
        if !is_other && self.revision == document.revision() && self.steps == document.steps() {
            return false;
        }
        if is_other {
            *self = Self { document: self.document, ..Self::default() };
        }
        let known = self.steps;
        let mut has_news = false;
        if known > 0 {
            for index in document.changed_since(self.revision).filter(|&index| index < known) {
                has_news |= self.renew(document, index);
            }
        }
        for row in (known..document.steps()).filter_map(|index| OutlineRow::new(document, index)) {
            self.rows.push(row);
            has_news = true;
        }
        (self.revision, self.steps) = (document.revision(), document.steps());
        has_news
    }

    /// The rows, in the document's order.
    pub fn rows(&self) -> &[OutlineRow] {
        &self.rows
    }

    /// The place of the row that a step belongs to: its own, or the last one before it.
    pub fn row_at(&self, step: usize) -> Option<usize> {
        self.rows.partition_point(|row| row.step <= step).checked_sub(1)
    }

    fn renew(&mut self, document: &LogDocument, index: usize) -> bool {
        let Ok(at) = self.rows.binary_search_by_key(&index, |row| row.step) else { return false };
        let Some(row) = OutlineRow::new(document, index) else { return false };
        let is_new = self.rows[at] != row;
        self.rows[at] = row;
        is_new
    }
}

impl OutlineRow {
    /// The row of a step, if it has one.
    fn new(document: &LogDocument, index: usize) -> Option<Self> {
        let step = document.step(index)?;
        Some(Self { step: index, kind: OutlineKind::of(step)?, state: step.state })
    }

    /// Whether something went wrong.
    pub fn is_error(&self) -> bool {
        self.kind == OutlineKind::Error || self.state == StepState::Failed
    }
}

impl LogDocument {
    /// What a step is about, in one line; empty while that is not known.
    pub fn title_of(&self, index: usize) -> String {
        let Some(step) = self.step(index) else { return String::new() };
        let first_line = |text: &str| {
            let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
            line.chars().take(TITLE_CHARS_MAX).collect()
        };
        match &step.kind {
            StepKind::Tool(tool) => first_line(tool.title.as_deref().unwrap_or(&step.headline())),
            StepKind::Permission(permission) => {
                let asked = &permission.asked.permission_request;
                first_line(asked.command.as_deref().or(asked.title.as_deref()).unwrap_or(&asked.kind))
            }
            StepKind::Shutdown(end) => first_line(end.error_reason.as_deref().unwrap_or_default()),
            StepKind::Session(_) | StepKind::Stop(_) | StepKind::Unknown(_) => first_line(&step.headline()),
            StepKind::Prompt | StepKind::Reasoning | StepKind::Message => self.first_words(&step.text, TITLE_CHARS_MAX),
            StepKind::Info(_) | StepKind::Plan(_) | StepKind::Error(_) => self.first_line(&step.text, TITLE_CHARS_MAX),
        }
    }
}
