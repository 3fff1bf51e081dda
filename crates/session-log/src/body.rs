//! What an open step shows under its header: sections of rows, each row worked out when it is asked for.

mod absent;
mod around;
mod code;
mod folding;
mod folds;
mod json;
mod place;
mod prose;
mod words;

use std::cell::Cell;

use agent_tasks::event::{PlanEntry, SessionShutdown};

use crate::diff::{DiffLine, FileDiff};
use crate::highlight::{Language, State};
use crate::markdown::{self, Block, BlockSpan};
use crate::terminal::{self, Span};
use crate::{LogDocument, PermissionStep, Picture, Step, StepKind, StepState, Text};
use folding::{FoldedRow, Folding};

/// Lines of output that a preview shows.
const PREVIEW_LINES: usize = 5;
/// The largest change that is open from the start, in bytes.
const OPEN_CHANGE_BYTES_MAX: u64 = 16_384;

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
            // The newest plan stands above the log.
            StepKind::Plan(_)
            | StepKind::Session(_)
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
    /// The language that the step's output is in.
    language: Option<Language>,
    /// How far the code of the step's output was read.
    reached: Cell<Option<code::Reached>>,
    /// How much of a markdown text was cut into parts.
    cut: prose::Cut,
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
    /// Lines of JSON.
    Json(JsonOf, Folding),
    Markdown(Vec<BlockSpan>),
    /// Rows that are not there.
    Absent,
    /// A file, and its lines.
    Diff(FileDiff, Folding),
    Picture(Picture),
    Plan,
    Ask,
    Answer,
    Report,
    Note(String),
    Failure(String),
}

/// Which text of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JsonOf {
    /// What a tool was given.
    Input,
    /// The step's own.
    Output,
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
    /// A line of a file that a tool read.
    Code {
        /// The line; with its number before it, where the tool says so.
        text: String,
        /// What it is written in.
        language: Language,
        /// What the lines before it leave open.
        state: State,
    },
    /// A line of JSON.
    Json {
        /// The line.
        text: String,
        /// How many entries are in what it begins; absent where nothing folds.
        entries: Option<u32>,
        /// Whether it is of what a tool was given.
        is_input: bool,
    },
    /// Markdown.
    Markdown(Vec<Block>),
    /// The file that the next rows change.
    DiffFile(&'a FileDiff),
    /// A line of a change of a file.
    DiffLine(&'a FileDiff, &'a DiffLine),
    /// So many unchanged lines that are folded away.
    Unchanged(u32),
    /// A picture.
    Picture(&'a Picture),
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
        Self::anew(document, step, fold, &Self::default())
    }

    /// The same, where the rows of the step were these `before` it grew.
    pub(crate) fn anew(document: &LogDocument, step: &Step, fold: Fold, before: &Self) -> Self {
        let mut body = Self { language: code::language(step), ..Self::default() };
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
                    TextRows::Lines => match code::json(step) {
                        Some(json) => body.push_folding(json),
                        None => match Self::folded_rows(step) {
                            Some(rows) => body.push(rows, Section::Absent),
                            None => body.push(step.text.lines(), Section::Output(0)),
                        },
                    },
                    TextRows::Prose if step.text.is_whole() => {
                        let blocks = before.blocks_of(&document.text(&step.text), &step.text);
                        body.cut = prose::Cut::of(&step.text);
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

    /// All rows of `step` with nothing folded away, for those who copy or save it.
    pub fn whole(document: &LogDocument, step: &Step) -> Self {
        let mut body = Self::new(document, step, Fold::Open);
        body.unfold();
        body
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// What a row shows.
    pub fn content<'a>(&'a self, step: &'a Step, row: usize) -> Option<Content<'a>> {
        let (section, at) = self.find(row)?;
        Some(match section {
            Section::Earlier(lines) => Content::Earlier(*lines),
            Section::Output(from) => code::output(&step.text, *from as usize + at, self.language, &self.reached),
            Section::Absent => Content::Absent,
            Section::Json(of, folding) => {
                let FoldedRow::Line(line, fold) = folding.row(at)? else { return None };
                let text = match (of, &step.kind) {
                    (JsonOf::Input, StepKind::Tool(tool)) => &tool.input,
                    (JsonOf::Input | JsonOf::Output, _) => &step.text,
                };
                let Some((text, pen)) = text.line(line as usize) else { return Some(Content::Absent) };
                let text = terminal::spans(&text, pen).into_iter().map(|span| span.text).collect();
                let is_input = *of == JsonOf::Input;
                Content::Json { text, entries: fold.and_then(|fold| fold.entries), is_input }
            }
            Section::Markdown(blocks) => {
                let span = blocks.get(at)?;
                let text = step.text.read(span.from, span.to);
                let span = BlockSpan { from: 0, to: text.len(), fence: span.fence.clone() };
                let mut parsed = markdown::parse(&text, &span);
                code::continue_code(step, blocks, at, &mut parsed);
                Content::Markdown(parsed)
            }
            Section::Diff(file, folding) => match folding.row(at)? {
                FoldedRow::Line(0, _) => Content::DiffFile(file),
                FoldedRow::Line(line, _) => Content::DiffLine(file, file.lines.get(line as usize - 1)?),
                FoldedRow::Gap(_, lines) => Content::Unchanged(lines),
            },
            Section::Picture(picture) => Content::Picture(picture),
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
            Some((Section::Json(_, folding) | Section::Diff(_, folding), at)) => {
                let place = match folding.row(at) {
                    Some(FoldedRow::Line(line, fold)) => line << 2 | u32::from(fold.is_some()),
                    Some(FoldedRow::Gap(line, _)) => line << 2 | 3,
                    None => 0,
                };
                let len = match self.find(row) {
                    Some((Section::Json(JsonOf::Output, _), _)) => step.text.line_len((place >> 2) as usize),
                    Some(_) | None => 0,
                };
                u64::from(step.version) << 46 ^ rewrites ^ (len as u64) << 32 ^ u64::from(place)
            }
            Some((
                Section::Picture(_)
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
}

/// A line of a text as it is shown, for tests and copies.
impl LogDocument {
    /// What a line of a text shows; nothing if it is not there.
    pub fn line(&self, text: &Text, line: usize) -> Vec<Span> {
        text.line(line).map_or(Vec::new(), |(line, pen)| terminal::spans(&line, pen))
    }
}
