//! What an open step shows under its header: sections of rows, each row worked out when it is asked for.

mod place;
mod words;

use agent_tasks::event::{PlanEntry, SessionShutdown, ToolKind};

use crate::diff::{DiffLine, FileDiff};
use crate::find::HitPart;
use crate::markdown::{self, Block, BlockSpan};
use crate::terminal::{self, Span};
use crate::{Change, LogDocument, PermissionStep, Step, StepKind, StepState, Text};

/// Lines of output that a preview shows.
const PREVIEW_LINES: usize = 5;
/// The largest change that is open from the start, in bytes.
const OPEN_CHANGE_BYTES_MAX: u64 = 16_384;
/// The most rows that a change is guessed to have.
const GUESSED_ROWS_MAX: u32 = 5_000;

/// How much of a step is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fold {
    /// The header.
    Closed,
    /// The header and the last lines of the output.
    Preview,
    /// All.
    Open,
}

impl Fold {
    /// How a step is shown until the reader says otherwise.
    pub fn of(step: &Step) -> Self {
        match &step.kind {
            StepKind::Tool(tool) => match step.state {
                // What a preview would show whole is open.
                StepState::Running | StepState::Failed
                    if tool.command.is_some() && step.text.lines() <= PREVIEW_LINES =>
                {
                    Self::Open
                }
                StepState::Running | StepState::Failed | StepState::Waiting => Self::Preview,
                StepState::Succeeded | StepState::Cancelled => {
                    let bytes = tool.change_bytes().unwrap_or(0);
                    if bytes > 0 && bytes <= OPEN_CHANGE_BYTES_MAX { Self::Open } else { Self::Closed }
                }
            },
            StepKind::Plan(plan) => {
                if plan.is_newest {
                    Self::Open
                } else {
                    Self::Closed
                }
            }
            StepKind::Session(_)
            | StepKind::Reasoning
            | StepKind::Info(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => Self::Closed,
            StepKind::Prompt
            | StepKind::Message
            | StepKind::Permission(_)
            | StepKind::Error(_)
            | StepKind::Shutdown(_) => Self::Open,
        }
    }
}

/// Marks the version of a row that is not there.
const ABSENT: u64 = 1 << 63;

/// The rows under a step's header.
#[derive(Debug, Clone, Default)]
pub struct Body {
    sections: Vec<(u32, Section)>,
    rows: u32,
    /// The first row of the step's text, which line or part that is, and the first row after the text.
    text_at: u32,
    text_from: u32,
    below_at: u32,
    /// Whether it has all rows of the step.
    is_whole: bool,
}

/// What the rows of a step's text are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextRows {
    /// It has none.
    None,
    /// One row is a line.
    Lines,
    /// One row is a part of a markdown text.
    Prose,
}

impl TextRows {
    /// Those of an open step.
    pub fn of(step: &Step) -> Self {
        match &step.kind {
            StepKind::Prompt | StepKind::Reasoning | StepKind::Message => Self::Prose,
            // An edit's output says what the change says.
            StepKind::Tool(tool) if tool.has_changes() && step.state != StepState::Failed && tool.command.is_none() => {
                Self::None
            }
            StepKind::Plan(_) | StepKind::Shutdown(_) => Self::None,
            StepKind::Tool(_)
            | StepKind::Permission(_)
            | StepKind::Session(_)
            | StepKind::Info(_)
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => Self::Lines,
        }
    }
}

/// Rows of one kind.
#[derive(Debug, Clone)]
enum Section {
    /// Says how many lines of output are not shown.
    Earlier(u32),
    /// Lines of the step's text from this one on.
    Output(u32),
    /// Lines of what a tool was given.
    Input,
    Markdown(Vec<BlockSpan>),
    /// Rows that are not there.
    Absent,
    Diff(FileDiff),
    Plan,
    Ask,
    Answer,
    Report,
    Note(String),
    Failure(String),
}

/// What one row shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Content<'a> {
    /// It is not there: see [`LogDocument::wants`].
    Absent,
    /// So many lines of output stand before.
    Earlier(u32),
    /// A line of output.
    Output(Vec<Span>),
    /// A line of what a tool was given.
    Input(String),
    /// Markdown.
    Markdown(Vec<Block>),
    /// The file that the next rows change.
    DiffFile(&'a FileDiff),
    /// A line of a change.
    DiffLine(&'a DiffLine),
    /// An entry of a plan.
    PlanEntry(&'a PlanEntry),
    /// What permission is asked for.
    Ask(&'a PermissionStep),
    /// The answers on offer, or the one that was given.
    Answer(&'a PermissionStep),
    /// How a session ended.
    Report(&'a SessionShutdown),
    /// A line worth knowing.
    Note(&'a str),
    /// What went wrong.
    Failure(&'a str),
}

impl Body {
    /// The rows of `step` when it is folded like this.
    pub fn new(document: &LogDocument, step: &Step, fold: Fold) -> Self {
        let mut body = Self::default();
        match (fold, &step.kind) {
            (Fold::Closed, _) => {}
            (Fold::Preview, _) => {
                let lines = step.text.lines();
                let from = lines.saturating_sub(PREVIEW_LINES);
                if from > 0 {
                    body.push(1, Section::Earlier(from as u32));
                }
                body.text_at = body.rows;
                body.text_from = from as u32;
                body.push(lines - from, Section::Output(from as u32));
                body.below_at = body.rows;
                body.push_failure(step);
            }
            (Fold::Open, _) => {
                body.push_above(step);
                body.text_at = body.rows;
                match TextRows::of(step) {
                    TextRows::None => {}
                    TextRows::Lines => body.push(step.text.lines(), Section::Output(0)),
                    TextRows::Prose if step.text.is_whole() => {
                        let blocks = markdown::blocks(&document.text(&step.text));
                        body.push(blocks.len(), Section::Markdown(blocks));
                    }
                    TextRows::Prose => {
                        let rows = step.known_rows.map_or(1, |rows| rows.prose.max(1));
                        body.push(rows as usize, Section::Absent);
                    }
                }
                body.below_at = body.rows;
                body.push_below(step);
                body.is_whole = true;
            }
        }
        body
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// What a row shows.
    pub fn content<'a>(&'a self, _document: &'a LogDocument, step: &'a Step, row: usize) -> Option<Content<'a>> {
        let (section, at) = self.find(row)?;
        Some(match section {
            Section::Earlier(lines) => Content::Earlier(*lines),
            Section::Output(from) => {
                let Some((line, pen)) = step.text.line(*from as usize + at) else { return Some(Content::Absent) };
                Content::Output(terminal::spans(&line, pen))
            }
            Section::Absent => Content::Absent,
            Section::Input => {
                let StepKind::Tool(tool) = &step.kind else { return None };
                Content::Input(tool.input.line(at)?.0.into_owned())
            }
            Section::Markdown(blocks) => {
                let span = blocks.get(at)?;
                let text = step.text.read(span.from, span.to);
                let span = BlockSpan { from: 0, to: text.len(), fence: span.fence.clone() };
                Content::Markdown(markdown::parse(&text, &span))
            }
            Section::Diff(file) => match at.checked_sub(1) {
                None => Content::DiffFile(file),
                Some(line) => Content::DiffLine(file.lines.get(line)?),
            },
            Section::Plan => {
                let StepKind::Plan(plan) = &step.kind else { return None };
                Content::PlanEntry(plan.entries.get(at)?)
            }
            Section::Ask => {
                let StepKind::Permission(permission) = &step.kind else { return None };
                Content::Ask(permission)
            }
            Section::Answer => {
                let StepKind::Permission(permission) = &step.kind else { return None };
                Content::Answer(permission)
            }
            Section::Report => {
                let StepKind::Shutdown(end) = &step.kind else { return None };
                Content::Report(end)
            }
            Section::Note(note) => Content::Note(note),
            Section::Failure(message) => Content::Failure(message),
        })
    }

    /// Changes whenever what a row shows does.
    pub(crate) fn version(&self, step: &Step, row: usize) -> u64 {
        let rewrites = u64::from(step.text.rewrites()) << 50;
        let of_text = |len: usize, at: usize| rewrites ^ ((len as u64) << 32) ^ at as u64;
        match self.find(row) {
            Some((Section::Output(from), at)) => {
                let line = *from as usize + at;
                if step.text.has_line(line) { of_text(step.text.line_len(line), line) } else { ABSENT ^ line as u64 }
            }
            Some((Section::Markdown(blocks), at)) => of_text(blocks[at].to - blocks[at].from, blocks[at].from),
            Some((Section::Absent, at)) => ABSENT ^ at as u64,
            Some((Section::Earlier(lines), _)) => of_text(0, *lines as usize),
            Some((
                Section::Input
                | Section::Diff(_)
                | Section::Plan
                | Section::Ask
                | Section::Answer
                | Section::Report
                | Section::Note(_)
                | Section::Failure(_),
                _,
            ))
            | None => u64::from(step.version) << 32,
        }
    }

    /// The rows of an open step before its text.
    pub(crate) fn above(step: &Step) -> Self {
        let mut body = Self::default();
        body.push_above(step);
        body
    }

    /// The rows of an open step after its text.
    pub(crate) fn below(step: &Step) -> Self {
        let mut body = Self::default();
        body.push_below(step);
        body
    }

    /// The row that shows a part of a step; `None` while it is folded away.
    pub(crate) fn row_of(&self, part: HitPart) -> Option<usize> {
        let (from, to, at) = match part {
            HitPart::Text(at) => (self.text_at, self.below_at, at.checked_sub(self.text_from)?),
            HitPart::Above(at) if self.is_whole => (0, self.text_at, at),
            HitPart::Below(at) if self.is_whole => (self.below_at, self.rows, at),
            HitPart::Header | HitPart::Above(_) | HitPart::Below(_) => return None,
        };
        (from + at < to).then_some((from + at) as usize)
    }

    /// How many rows the markdown of a step has.
    pub(crate) fn prose_rows(step: &Step) -> u32 {
        match step.known_rows {
            Some(rows) if !step.text.is_whole() => rows.prose,
            Some(_) | None => markdown::blocks(&step.text.all()).len() as u32,
        }
    }

    /// Rows before the text of a step of which only the one line is there, as far as it can be guessed.
    fn push_absent_above(&mut self, step: &Step) {
        let guess = match &step.kind {
            StepKind::Tool(tool) if tool.has_changes() => {
                let (added, removed) = tool.diffstat().unwrap_or_default();
                (added.saturating_add(removed)).min(GUESSED_ROWS_MAX) + 1
            }
            StepKind::Tool(tool) if tool.command.is_some() || tool.kind == ToolKind::Think => 0,
            StepKind::Tool(tool) => tool.input_lines(),
            StepKind::Plan(plan) => plan.counts().1 as u32,
            StepKind::Permission(_) | StepKind::Shutdown(_) => 1,
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Unknown(_) => 0,
        };
        self.push(step.known_rows.map_or(guess, |rows| rows.above) as usize, Section::Absent);
    }

    /// The same after its text.
    fn push_absent_below(&mut self, step: &Step) {
        let guess = match &step.kind {
            StepKind::Tool(tool) => tool.note_count() + u32::from(tool.error.is_some()),
            StepKind::Permission(_) => 1,
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Plan(_)
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Shutdown(_)
            | StepKind::Unknown(_) => 0,
        };
        self.push(step.known_rows.map_or(guess, |rows| rows.below) as usize, Section::Absent);
    }

    fn push_above(&mut self, step: &Step) {
        if !step.has_facts() {
            return self.push_absent_above(step);
        }
        match &step.kind {
            StepKind::Tool(tool) => {
                let is_told = tool.command.is_some() || !tool.changes.is_empty() || tool.kind == ToolKind::Think;
                if !is_told {
                    self.push(tool.input.lines(), Section::Input);
                }
                self.push_changes(&tool.changes);
            }
            StepKind::Plan(plan) => self.push(plan.entries.len(), Section::Plan),
            StepKind::Permission(_) => self.push(1, Section::Ask),
            StepKind::Shutdown(_) => self.push(1, Section::Report),
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

    fn push_below(&mut self, step: &Step) {
        if !step.has_facts() {
            return self.push_absent_below(step);
        }
        match &step.kind {
            StepKind::Tool(tool) => {
                for note in &tool.notes {
                    self.push(1, Section::Note(note.clone()));
                }
                self.push_failure(step);
            }
            StepKind::Permission(permission) => {
                self.push_changes(&permission.changes);
                self.push(1, Section::Answer);
            }
            StepKind::Session(_)
            | StepKind::Prompt
            | StepKind::Info(_)
            | StepKind::Reasoning
            | StepKind::Message
            | StepKind::Plan(_)
            | StepKind::Error(_)
            | StepKind::Stop(_)
            | StepKind::Shutdown(_)
            | StepKind::Unknown(_) => {}
        }
    }

    fn find(&self, row: usize) -> Option<(&Section, usize)> {
        if row >= self.rows() {
            return None;
        }
        let index = self.sections.partition_point(|(first, _)| *first as usize <= row).checked_sub(1)?;
        let (first, section) = &self.sections[index];
        Some((section, row - *first as usize))
    }

    fn push(&mut self, rows: usize, section: Section) {
        if rows > 0 {
            self.sections.push((self.rows, section));
            self.rows += rows as u32;
        }
    }

    fn push_changes(&mut self, changes: &[Change]) {
        for file in changes.iter().flat_map(Change::files) {
            self.push(file.lines.len() + 1, Section::Diff(file));
        }
    }

    fn push_failure(&mut self, step: &Step) {
        if let StepKind::Tool(tool) = &step.kind
            && let Some(message) = &tool.error
        {
            self.push(1, Section::Failure(message.clone()));
        }
    }
}

/// A line of a text as it is shown, for tests and copies.
impl LogDocument {
    /// What a line of a text shows; nothing if it is not there.
    pub fn line(&self, text: &Text, line: usize) -> Vec<Span> {
        text.line(line).map_or(Vec::new(), |(line, pen)| terminal::spans(&line, pen))
    }
}
