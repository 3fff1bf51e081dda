//! The document: events in, steps out.

mod contents;
mod fold;
mod json;
mod tools;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use agent_tasks::event::AssistantUsage;
use agent_tasks::{Event, SessionId};

use crate::arena::Arena;
use crate::{Step, StepState, Text};

/// A task's log, folded.
#[derive(Debug, Clone, Default)]
pub struct LogDocument {
    /// The newest event that was taken.
    last_seq: u64,
    /// Grows with every change.
    revision: u64,
    /// All text.
    arena: Arena,
    /// The steps, in the order of their first events.
    steps: Vec<Step>,
    /// The steps by the revision of their last change.
    changed: BTreeMap<u64, u32>,
    /// The step that an identifier of a session names.
    named: HashMap<Key, u32>,
    /// The steps that are not over.
    unfinished: Vec<u32>,
    /// The session of the newest event, and how many there were.
    session: Option<SessionId>,
    sessions: u32,
    /// What was used, as told last.
    usage: Option<AssistantUsage>,
    /// What the agent does now, as it told last.
    intent: Option<String>,
}

/// A step by an identifier that is unique in its session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
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

    /// The place of the step that the event `seq` began or belongs after.
    pub fn step_at_seq(&self, seq: u64) -> Option<usize> {
        self.steps.partition_point(|step| step.seq <= seq).checked_sub(1)
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

    /// The whole of a text of a step.
    pub fn text(&self, text: &Text) -> Cow<'_, str> {
        text.all(&self.arena)
    }

    /// The bytes of text held.
    pub fn bytes(&self) -> usize {
        self.arena.bytes()
    }

    pub(crate) fn arena(&self) -> &Arena {
        &self.arena
    }

    /// The first line of a text that says something, cut to `chars_max` characters.
    pub fn first_line(&self, text: &Text, chars_max: usize) -> String {
        let head = text.read(&self.arena, 0, 4 * chars_max + 256);
        let line = head.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        line.chars().take(chars_max).collect()
    }

    /// Whether nothing more is to come of any step.
    pub fn is_settled(&self) -> bool {
        self.unfinished.is_empty()
    }

    /// Notes that a step changed in this revision.
    fn touch(&mut self, index: u32) {
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

    fn set_state(&mut self, index: u32, state: StepState, event: &Event) {
        let step = &mut self.steps[index as usize];
        step.state = state;
        step.version += 1;
        match state {
            StepState::Running | StepState::Waiting => {
                step.ended_at = None;
                if !self.unfinished.contains(&index) {
                    self.unfinished.push(index);
                }
            }
            StepState::Succeeded | StepState::Failed | StepState::Cancelled => {
                step.ended_at = Some(event.timestamp);
                self.unfinished.retain(|&open| open != index);
            }
        }
        self.touch(index);
    }
}
