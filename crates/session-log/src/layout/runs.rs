//! Groups: neighbours that are shown as one line. A step that joins or leaves one costs no more than the steps between
//! it and the next group.

use agent_tasks::event::ToolKind;

use super::Layout;
use super::class::StepClass;
use super::showing::Level;
use super::step_layout::Key;
use crate::{Fold, Step, StepKind, StepState};

/// The fewest calls of a kind that are one line.
const CALLS_MIN: u32 = 3;
/// The fewest steps between two messages that are one line.
const WORK_MIN: u32 = 2;

/// Neighbours that are shown as one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The place of its first step: the line stands above that one's own.
    pub first: usize,
    /// How many steps are in it; what is left out does not count.
    pub steps: usize,
    /// The sort of all of them; `None` for what was done between two messages.
    pub class: Option<StepClass>,
    /// Whether the steps are shown.
    pub is_open: bool,
}

impl Layout {
    /// The group that a step begins.
    pub fn group(&self, step: usize) -> Option<Group> {
        let laid = self.steps.get(step).filter(|laid| laid.run as usize == step && self.is_group(laid.run))?;
        let class = match laid.key {
            Key::Calls(class, ..) => Some(class),
            Key::Work(_) | Key::Alone | Key::Skipped => None,
        };
        Some(Group { first: step, steps: laid.run_steps as usize, class, is_open: self.is_run_open(laid.run) })
    }

    /// The steps of a group, from its first one on; what is left out is not among them.
    pub fn members(&self, group: Group) -> impl Iterator<Item = usize> {
        let run = group.first as u32;
        let own = self.steps[group.first..].iter().take_while(move |laid| laid.run == run);
        let counted = own.enumerate().filter(|(_, laid)| laid.key != Key::Skipped);
        counted.map(move |(index, _)| group.first + index)
    }

    pub(super) fn is_group(&self, run: u32) -> bool {
        let first = &self.steps[run as usize];
        match first.key {
            Key::Calls(..) => first.run_steps >= CALLS_MIN,
            Key::Work(_) => first.run_steps >= WORK_MIN,
            Key::Alone | Key::Skipped => false,
        }
    }

    pub(super) fn is_run_open(&self, run: u32) -> bool {
        let first = &self.steps[run as usize];
        let by_class = match first.key {
            Key::Calls(class, ..) => self.showing.opened.contains(&class),
            Key::Work(_) | Key::Alone | Key::Skipped => false,
        };
        first.is_run_open.unwrap_or(by_class || self.showing.level == Level::All)
    }

    /// What a step must have in common with its neighbours to be in one group with them.
    pub(super) fn key_of(&self, step: &Step, index: usize) -> Key {
        let laid = &self.steps[index];
        if laid.is_filtered && !laid.is_summoned {
            return Key::Skipped;
        }
        let is_over = match step.state {
            StepState::Succeeded | StepState::Cancelled => true,
            StepState::Running | StepState::Waiting | StepState::Failed => false,
        };
        if !is_over {
            return Key::Alone;
        }
        if self.showing.level == Level::Messages && laid.class.is_work() {
            return Key::Work(laid.parent);
        }
        let StepKind::Tool(tool) = &step.kind else { return Key::Alone };
        let is_plain = step.state == StepState::Succeeded && !tool.has_changes() && tool.command.is_none();
        match laid.class {
            // A command is always to be seen, and so is a change.
            StepClass::Run | StepClass::Edit | StepClass::Agent => Key::Alone,
            class if is_plain => {
                let is_vague = matches!(tool.kind, ToolKind::Other | ToolKind::Think | ToolKind::SwitchMode);
                Key::Calls(class, if is_vague { name_hash(&tool.name) } else { 0 }, laid.parent)
            }
            StepClass::Session
            | StepClass::Prompt
            | StepClass::Message
            | StepClass::Reasoning
            | StepClass::Read
            | StepClass::Search
            | StepClass::Fetch
            | StepClass::Tool
            | StepClass::Plan
            | StepClass::Permission
            | StepClass::Error
            | StepClass::Info
            | StepClass::End
            | StepClass::Unknown => Key::Alone,
        }
    }

    /// A step is new or has another key: groups from it on are made anew as far as they change. Tells which steps may
    /// be shown or hidden by that.
    pub(super) fn regroup(&mut self, from: usize) -> std::ops::Range<usize> {
        let before = from.checked_sub(1).map(|before| self.steps[before].run);
        let touched = [before, Some(self.steps[from].run)].map(|run| run.map(|run| (run, self.is_group(run))));
        let (mut head, mut opened) = (before, None);
        let mut at = from;
        while at < self.steps.len() {
            let (key, old) = (self.steps[at].key, self.steps[at].run);
            let new = head.filter(|&head| self.joins(head, key)).unwrap_or(at as u32);
            if at > from && old == new && (new as usize == at || (new as usize) < from) {
                break;
            }
            if self.move_to_run(at, new) {
                opened = Some(opened.map_or(new, |other: u32| other.min(new)));
            }
            head = Some(new);
            at += 1;
        }
        // Only a group that has just become one, or is none any more, changes what stands around.
        let is_other = |&(run, was_group): &(u32, bool)| self.is_group(run) != was_group;
        let changed: Vec<u32> =
            touched.into_iter().flatten().filter(is_other).map(|(run, _)| run).chain(opened).collect();
        let first = changed.iter().min().map_or(from, |&first| from.min(first as usize));
        let after = self.steps[at..].iter().take_while(|laid| changed.contains(&laid.run)).count();
        first..at + after
    }

    fn joins(&self, head: u32, key: Key) -> bool {
        let of_head = self.steps[head as usize].key;
        match (of_head, key) {
            (Key::Calls(..) | Key::Work(_), Key::Skipped) => true,
            (Key::Calls(..) | Key::Work(_), Key::Calls(..) | Key::Work(_)) => of_head == key,
            (Key::Alone | Key::Skipped, _) | (_, Key::Alone) => false,
        }
    }

    /// Tells whether the group is open from now on.
    fn move_to_run(&mut self, at: usize, new: u32) -> bool {
        let (old, is_counted) = (self.steps[at].run, self.steps[at].is_counted);
        if is_counted {
            let first = &mut self.steps[old as usize];
            first.run_steps = first.run_steps.saturating_sub(1);
        }
        let counts = match self.steps[at].key {
            Key::Calls(..) | Key::Work(_) => true,
            Key::Alone | Key::Skipped => false,
        };
        // What the reader chose for a group goes on with its rest.
        if new as usize == at && old != new {
            self.steps[at].is_run_open = self.steps[old as usize].is_run_open;
        }
        let is_open = self.steps[at].is_chosen && self.steps[at].fold != Fold::Closed;
        (self.steps[at].run, self.steps[at].is_counted) = (new, counts);
        let first = &mut self.steps[new as usize];
        first.run_steps += u32::from(counts);
        // What the reader has opened does not vanish into a group: a group with such a step is open.
        let opens = is_open && counts && first.is_run_open.is_none();
        if opens {
            first.is_run_open = Some(true);
        }
        opens
    }
}

/// A short form of a tool's name (FNV-1a).
fn name_hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
