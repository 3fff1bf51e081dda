//! The document: events in, steps out.

mod contents;
mod fold;
mod json;
mod parts;
mod summary;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use agent_tasks::event::AssistantUsage;
use agent_tasks::{Event, SessionId};

use crate::markdown;
use crate::sparse::Gaps;
use crate::text::Keep;
use crate::{Step, StepKind, StepState, Text};

/// Tells documents apart: each that is made anew has another one, its copies have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentId(u64);

impl Default for DocumentId {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A task's log, folded.
#[derive(Debug, Clone, Default)]
pub struct LogDocument {
    /// Which document it is.
    id: DocumentId,
    /// The newest event that was taken.
    pub(crate) last_seq: u64,
    /// Grows with every change.
    pub(crate) revision: u64,
    /// The steps, in the order of their first events.
    pub(crate) steps: Vec<Step>,
    /// The steps by the revision of their last change.
    changed: BTreeMap<u64, u32>,
    /// The step that an identifier of a session names.
    pub(crate) named: HashMap<Key, u32>,
    /// The steps that are not over.
    pub(crate) unfinished: BTreeSet<u32>,
    /// The session of the newest event.
    session: Option<SessionId>,
    /// All sessions that steps name, and how many began.
    pub(crate) session_ids: Vec<SessionId>,
    pub(crate) sessions: u32,
    /// What was used, as told last.
    pub(crate) usage: Option<AssistantUsage>,
    /// What the agent does now, as it told last.
    pub(crate) intent: Option<String>,
    /// Whether texts are counted and not kept.
    is_light: bool,
    /// What is known of what is not there; `None` where all of it is.
    pub(crate) gaps: Option<Box<Gaps>>,
}

/// A step by an identifier that is unique in its session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Session(SessionId),
    /// The newest plan.
    Plan(SessionId),
    Reasoning(SessionId, String),
    Message(SessionId, String),
    Tool(SessionId, String),
    Permission(SessionId, String),
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was the next one and is in the document.
    Taken,
    /// It was there already.
    Repeated,
    /// Events before it are missing; it was not taken. Carries the `seq` that is needed.
    Gap(u64),
}

impl LogDocument {
    /// A document that keeps no texts: for servers, which tell outlines. It counts lines and bytes, and knows where
    /// reading may begin.
    pub fn without_texts() -> Self {
        Self { is_light: true, ..Self::default() }
    }

    /// A document that begins after the event `seq`.
    pub fn starting_after(seq: u64) -> Self {
        Self { last_seq: seq, ..Self::default() }
    }

    /// Takes one event.
    pub fn apply(&mut self, event: &Event) -> Applied {
        let needed = self.last_seq + 1;
        if event.seq < needed {
            return Applied::Repeated;
        }
        if event.seq > needed {
            return Applied::Gap(needed);
        }
        self.last_seq = event.seq;
        self.revision += 1;
        self.fold(event);
        Applied::Taken
    }

    /// The `seq` of the newest event; 0 when there is none.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Which document it is: what was worked out for another one does not hold for it.
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// Grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// The step at a place.
    pub fn step(&self, index: usize) -> Option<&Step> {
        self.steps.get(index)
    }

    /// The place of the step that the event `seq` began or belongs after, as far as steps are told: those that are only
    /// counted are passed over.
    pub fn step_at_seq(&self, seq: u64) -> Option<usize> {
        if self.gaps.is_none() {
            return self.steps.partition_point(|step| step.seq <= seq).checked_sub(1);
        }
        self.steps.iter().rposition(|step| step.is_told() && step.seq <= seq)
    }

    /// The place of the step that the event `seq` began; `None` if there is none, or if it is only counted. Where that
    /// event began a session too, it is the step after the session's.
    pub fn find_seq(&self, seq: u64) -> Option<usize> {
        let index = self.step_at_seq(seq)?;
        (self.steps[index].seq == seq).then_some(index)
    }

    /// The places of the steps that changed after `revision`, the longest unchanged first.
    pub fn changed_since(&self, revision: u64) -> impl Iterator<Item = usize> {
        self.changed.range(revision + 1..).map(|(_, &index)| index as usize)
    }

    /// What was used, as told last.
    pub fn usage(&self) -> Option<&AssistantUsage> {
        self.usage.as_ref()
    }

    /// What the agent does now, as it told last.
    pub fn intent(&self) -> Option<&str> {
        self.intent.as_deref()
    }

    /// The whole of a text of a step, as far as it is there.
    pub fn text<'a>(&self, text: &'a Text) -> Cow<'a, str> {
        text.all()
    }

    /// The bytes held of texts, changes and pictures: what [`Self::release`] can give back, and what grows still.
    pub fn bytes(&self) -> usize {
        self.steps.iter().map(Step::held_bytes).sum()
    }

    /// The first line of a text that says something, cut to `chars_max` characters.
    pub fn first_line(&self, text: &Text, chars_max: usize) -> String {
        first_line(&text.head(), chars_max)
    }

    /// The first words of a text that is Markdown, without its marks.
    pub fn first_words(&self, text: &Text, chars_max: usize) -> String {
        let head = text.head();
        // Line by line: a title is the first line that says something.
        let words = |line: &str| {
            let parts = markdown::blocks(line).iter().flat_map(|span| markdown::parse(line, span)).collect::<Vec<_>>();
            first_line(&markdown::words(&parts), chars_max)
        };
        let title = head.lines().map(words).find(|title| !title.is_empty()).unwrap_or_default();
        if title.is_empty() { first_line(&head, chars_max) } else { title }
    }

    /// The session that a step is of.
    pub fn session_of(&self, step: &Step) -> Option<&SessionId> {
        self.session_ids.get(step.session as usize)
    }

    /// Whether nothing more is to come of any step.
    pub fn is_settled(&self) -> bool {
        self.unfinished.is_empty()
    }

    /// How the text of a step of this kind is kept.
    pub(crate) fn keep(&self, kind: &StepKind) -> Keep {
        let is_prose = matches!(kind, StepKind::Prompt | StepKind::Reasoning | StepKind::Message);
        let has_head = !matches!(kind, StepKind::Tool(_) | StepKind::Permission(_));
        match (self.is_light, is_prose) {
            (true, is_prose) => Keep::Count { splits: !is_prose, has_head },
            (false, true) => Keep::Whole,
            (false, false) => Keep::Pieces,
        }
    }

    /// Notes that a step changed.
    pub(crate) fn touch(&mut self, index: u32) {
        let step = &mut self.steps[index as usize];
        if step.revision == self.revision {
            return;
        }
        self.changed.remove(&step.revision);
        // Two steps can change by one event; each has a revision of its own.
        if self.changed.contains_key(&self.revision) {
            self.revision += 1;
        }
        step.revision = self.revision;
        self.changed.insert(self.revision, index);
    }

    /// Notes that each step has the revision of its place.
    pub(crate) fn renew_all(&mut self) {
        self.changed = (0..self.steps.len() as u32).map(|index| (u64::from(index) + 1, index)).collect();
        self.revision = self.steps.len() as u64;
    }

    /// Begins a new revision, for a change that no event made, and notes that a step changed in it.
    pub(crate) fn renew(&mut self, index: u32) {
        self.revision += 1;
        self.steps[index as usize].version += 1;
        self.touch(index);
    }

    fn set_state(&mut self, index: u32, state: StepState, event: &Event) {
        let step = &mut self.steps[index as usize];
        step.state = state;
        step.version += 1;
        match state {
            StepState::Running | StepState::Waiting => {
                step.ended_at = None;
                self.unfinished.insert(index);
            }
            StepState::Succeeded | StepState::Failed | StepState::Cancelled => {
                step.ended_at = Some(event.timestamp);
                self.unfinished.remove(&index);
            }
        }
        self.touch(index);
    }
}

/// The first line that says something, cut to `chars_max` characters.
pub(crate) fn first_line(head: &str, chars_max: usize) -> String {
    let line = head.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(chars_max).collect()
}
