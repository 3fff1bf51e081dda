//! Steps as text that leaves the page: plain, with a terminal's colours, or Markdown. Written in slices, each byte
//! once, so that neither a page nor a server stands still for a long log.

mod colour;
mod patch;
mod words;

use std::ops::Range;

use self::words::Heading;
use crate::{LogDocument, Span, Step, StepKind, StepState, Text, Want};

/// Lines of a text that are looked at together.
const BATCH_LINES: usize = 256;
/// The shortest fence around code in Markdown.
const FENCE_MIN: usize = 3;

/// How a step is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainFormat {
    /// As a terminal without colours would show it.
    Text,
    /// With colours as a terminal reads them. Of the sequences of agents and tools only colours are left.
    Ansi,
    /// As Markdown: prose as it is, output and changes in fences.
    Markdown,
}

/// How far the writing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// All of it is written.
    All,
    /// There is more to write.
    More,
    /// What comes next is not in the document: ask for it, then go on.
    Missing(Want),
    /// What comes next was asked for and is not there yet: go on when the document has changed.
    Waiting,
}

/// Writes a range of steps, slice by slice.
#[derive(Debug)]
pub struct PlainWriter {
    format: PlainFormat,
    /// Whether every step is announced; one step alone needs it less.
    has_headings: bool,
    steps: Range<usize>,
    /// What is left of the step at the range's start, the next part last; `None` when it was not begun.
    parts: Option<Vec<Part>>,
}

/// A part of a step.
#[derive(Debug)]
enum Part {
    /// Words, ready to be written.
    Words(String),
    /// The lines of a text from this one on.
    Lines { of: Source, from: usize },
}

/// Which text of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// What it says or gave.
    Text,
    /// What a tool was given.
    Input,
}

impl Part {
    /// The lines of the step's own text that come next.
    fn lines(&self) -> Option<Range<usize>> {
        match self {
            Self::Lines { of: Source::Text, from } => Some(*from..from + BATCH_LINES),
            Self::Lines { of: Source::Input, .. } | Self::Words(_) => None,
        }
    }
}

impl PlainWriter {
    /// For the steps at these places, each under a heading that says what it is.
    pub fn new(format: PlainFormat, steps: Range<usize>) -> Self {
        Self { format, has_headings: true, steps, parts: None }
    }

    /// For one step: what was said, or what was run and what it gave.
    pub fn of_step(format: PlainFormat, step: usize) -> Self {
        Self { has_headings: false, ..Self::new(format, step..step + 1) }
    }

    /// The place of the step that is written next.
    pub fn step(&self) -> usize {
        self.steps.start
    }

    /// Writes on at the end of `out` until it has grown by about `bytes_max` bytes; at most the lines of one batch
    /// more.
    pub fn write(&mut self, document: &LogDocument, out: &mut String, bytes_max: usize) -> Written {
        let limit = out.len().saturating_add(bytes_max);
        while self.steps.start < self.steps.end.min(document.steps()) {
            let index = self.steps.start;
            let Some(step) = document.step(index) else { break };
            if self.parts.is_none() {
                if let Some(gap) = gap(document, index, 0..BATCH_LINES) {
                    return gap;
                }
                self.parts = Some(self.parts_of(document, step));
            }
            while let Some(part) = self.parts.as_mut().and_then(Vec::pop) {
                if let Some(gap) = part.lines().and_then(|lines| gap(document, index, lines)) {
                    self.parts.get_or_insert_default().push(part);
                    return gap;
                }
                if let Some(rest) = self.write_part(document, step, part, out) {
                    self.parts.get_or_insert_default().push(rest);
                }
                if out.len() >= limit {
                    return Written::More;
                }
            }
            self.parts = None;
            self.steps.start += 1;
        }
        Written::All
    }

    /// Writes a part; returns what is left of it.
    fn write_part(&self, document: &LogDocument, step: &Step, part: Part, out: &mut String) -> Option<Part> {
        let (of, from) = match part {
            Part::Words(words) => {
                out.push_str(&words);
                return None;
            }
            Part::Lines { of, from } => (of, from),
        };
        let text = text_of(step, of)?;
        let end = (from + BATCH_LINES).min(text.lines());
        for line in from..end {
            self.write_line(&document.line(text, line), out);
            // A line that is cut for the screen is whole again here.
            if line + 1 == text.lines() || text.has_feed(line) {
                out.push('\n');
            }
        }
        (end < text.lines()).then_some(Part::Lines { of, from: end })
    }

    fn write_line(&self, spans: &[Span], out: &mut String) {
        for span in spans {
            match self.format {
                PlainFormat::Text | PlainFormat::Markdown => out.push_str(&span.text),
                PlainFormat::Ansi => colour::paint(&span.text, span.style, out),
            }
        }
    }

    /// The parts of a step, the first one last.
    fn parts_of(&self, document: &LogDocument, step: &Step) -> Vec<Part> {
        let mut parts = Vec::new();
        let heading = Heading::of(step);
        if self.has_headings || !(is_prose(step) || heading.command.is_some()) {
            parts.push(Part::Words(heading.written(step, self.format)));
        }
        if let Some(command) = &heading.command {
            parts.push(Part::Words(words::command(command, self.format)));
        }
        let before = parts.len();
        if let StepKind::Tool(tool) = &step.kind
            && heading.command.is_none()
            && tool.changes.is_empty()
            && !tool.input.is_empty()
        {
            self.push_lines(&mut parts, document, step, Source::Input);
        }
        if let Some(words) = words::above(step, self.format) {
            parts.push(Part::Words(words));
        }
        if !step.text.is_empty() && !repeats_change(step) {
            self.push_lines(&mut parts, document, step, Source::Text);
        }
        if let Some(words) = words::below(step, self.format) {
            parts.push(Part::Words(words));
        }
        if self.has_headings && (parts.len() > before || heading.command.is_some()) {
            parts.push(Part::Words("\n".to_owned()));
        }
        parts.reverse();
        parts
    }

    fn push_lines(&self, parts: &mut Vec<Part>, document: &LogDocument, step: &Step, of: Source) {
        let lines = Part::Lines { of, from: 0 };
        if self.format != PlainFormat::Markdown || is_prose(step) {
            parts.push(lines);
            return;
        }
        let fence = "`".repeat(text_of(step, of).map_or(FENCE_MIN, |text| fence_length(document, text)));
        let language = if of == Source::Input { "json" } else { "" };
        parts.push(Part::Words([&fence, language, "\n"].concat()));
        parts.push(lines);
        parts.push(Part::Words([&fence, "\n"].concat()));
    }
}

/// One step, whole; `Err` with what has to be asked for first, or with nothing when it was asked for.
pub fn plain_step(document: &LogDocument, step: usize, format: PlainFormat) -> Result<String, Option<Want>> {
    let mut out = String::new();
    let mut writer = PlainWriter::of_step(format, step);
    loop {
        match writer.write(document, &mut out, usize::MAX) {
            Written::All => return Ok(out),
            Written::More => {}
            Written::Missing(want) => return Err(Some(want)),
            Written::Waiting => return Err(None),
        }
    }
}

/// The text of a step's line with all that stands under it: of a session, or of a sub-agent. `Err` with what has to be
/// asked for first.
pub fn plain_under(document: &LogDocument, step: usize, format: PlainFormat) -> Result<String, Vec<Want>> {
    let steps = under(document, step);
    let gaps = steps.iter().filter_map(|&index| gap(document, index, 0..document.step(index)?.text.lines()));
    let gaps: Vec<Written> = gaps.collect();
    if !gaps.is_empty() {
        let want = |gap| if let Written::Missing(want) = gap { Some(want) } else { None };
        return Err(gaps.into_iter().filter_map(want).collect());
    }
    let mut out = String::new();
    for &index in &steps {
        let mut writer = match steps.len() {
            1 => PlainWriter::of_step(format, index),
            _ => PlainWriter::new(format, index..index + 1),
        };
        loop {
            match writer.write(document, &mut out, usize::MAX) {
                Written::All => break,
                Written::More => {}
                Written::Missing(want) => return Err(vec![want]),
                Written::Waiting => return Err(Vec::new()),
            }
        }
    }
    Ok(out)
}

/// How many bytes of text a step has with all that stands under it, loaded or not.
pub fn plain_bytes(document: &LogDocument, step: usize) -> usize {
    under(document, step).into_iter().filter_map(|index| document.step(index)).map(|step| step.text.len()).sum()
}

/// A step and those under its line: all of a session, all that a sub-agent did.
fn under(document: &LogDocument, step: usize) -> Vec<usize> {
    let is_session = |index: usize| document.step(index).is_some_and(|it| matches!(it.kind, StepKind::Session(_)));
    let is_whole = is_session(step);
    let mut steps = vec![step];
    for index in (step + 1..document.steps()).take_while(|&index| !is_session(index)) {
        let parent = document.step(index).and_then(|it| it.parent).map(|parent| parent as usize);
        if is_whole || parent.is_some_and(|parent| steps.binary_search(&parent).is_ok()) {
            steps.push(index);
        }
    }
    steps
}

/// What stands in the way of writing a step: what it says, or these lines of its text, is not in the document.
fn gap(document: &LogDocument, index: usize, lines: Range<usize>) -> Option<Written> {
    let step = document.step(index)?;
    if step.has_facts() && step.missing(lines.clone()).is_none() {
        return None;
    }
    Some(document.wants(index, true, lines).map_or(Written::Waiting, Written::Missing))
}

fn text_of(step: &Step, of: Source) -> Option<&Text> {
    match (of, &step.kind) {
        (Source::Text, _) => Some(&step.text),
        (Source::Input, StepKind::Tool(tool)) => Some(&tool.input),
        (Source::Input, _) => None,
    }
}

/// Whether its text is for people.
fn is_prose(step: &Step) -> bool {
    matches!(step.kind, StepKind::Prompt | StepKind::Message | StepKind::Reasoning)
}

/// The output of an edit that worked says what its change says.
fn repeats_change(step: &Step) -> bool {
    matches!(&step.kind, StepKind::Tool(tool)
        if !tool.changes.is_empty() && tool.command.is_none() && step.state != StepState::Failed)
}

/// How long a fence must be that nothing in the text ends.
fn fence_length(document: &LogDocument, text: &Text) -> usize {
    let longest =
        (0..text.lines()).flat_map(|line| document.line(text, line)).map(|span| longest_run(&span.text)).max();
    longest.map_or(FENCE_MIN, |longest| FENCE_MIN.max(longest + 1))
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|char| char != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
