//! Asks for what is missing of a step, and fills it in.

use agent_tasks::Event;

use super::Want;
use crate::step::Facts;
use crate::text::Filling;
use crate::{LogDocument, Step, StepKind, Text, ToolStep};

/// The most events of a step that wait for an answer that is under way.
const WAITING_MAX: usize = if cfg!(test) { 12 } else { 50_000 };
/// The most events of a step that wait where nobody asks for the rest.
const LEFT_WAITING_MAX: usize = if cfg!(test) { 3 } else { 1_000 };

/// What was asked for of one step.
#[derive(Debug, Clone, Default)]
pub(super) struct Asks {
    facts: Option<Ask>,
    text: Option<Ask>,
    /// Events of the step that came meanwhile.
    waiting: Vec<Event>,
}

/// What was asked for.
#[derive(Debug, Clone)]
struct Ask {
    /// The first event that has not come.
    next: u64,
    /// The last one.
    to: u64,
    /// Whether an answer is under way.
    is_out: bool,
    /// Whether any event has come.
    has_begun: bool,
    job: Job,
}

/// What is made of the events.
#[derive(Debug, Clone)]
enum Job {
    /// What the step says beside its text.
    Facts(Box<Step>),
    /// All of it.
    Whole(Box<Step>),
    /// Its text from a mark on.
    Text {
        filling: Box<Filling>,
        /// The event that the mark is in.
        from: u64,
        /// Whether all is asked for up to the text's end.
        is_tail: bool,
    },
}

impl Asks {
    pub fn has_text(&self) -> bool {
        self.text.is_some()
    }

    pub fn has_facts(&self) -> bool {
        self.facts.is_some() || self.text.as_ref().is_some_and(|ask| matches!(ask.job, Job::Whole(_)))
    }

    /// Whether so many events wait that it is better to begin anew.
    fn is_overfull(&self) -> bool {
        let is_out = [&self.facts, &self.text].into_iter().flatten().any(|ask| ask.is_out);
        self.waiting.len() > if is_out { WAITING_MAX } else { LEFT_WAITING_MAX }
    }

    /// What of it is still to be asked for.
    pub fn rest(&self, step: usize) -> Option<Want> {
        let rest = |ask: &Option<Ask>| ask.as_ref().filter(|ask| !ask.is_out).map(|ask| (ask.next, ask.to));
        rest(&self.facts)
            .map(|(from, to)| Want::Facts { step, from, to })
            .or_else(|| rest(&self.text).map(|(from, to)| Want::Text { step, from, to }))
    }
}

impl LogDocument {
    /// Notes that something is asked for; `false` when it is not to be: it is under way, or not what is missing. What
    /// arrives for the step meanwhile waits for [`Self::fill`].
    pub fn ask(&mut self, want: &Want) -> bool {
        let (step, from, to, is_text) = match *want {
            Want::Steps { first, .. } => {
                return self.gaps.as_mut().is_some_and(|gaps| gaps.steps.insert(first));
            }
            Want::Facts { step, from, to } => (step, from, to, false),
            Want::Text { step, from, to } => (step, from, to, true),
        };
        let Some(of) = self.steps.get(step) else { return false };
        let Some(gaps) = &mut self.gaps else { return false };
        if let Some(asks) = gaps.asked.get_mut(&step)
            && let Some(ask) = if is_text { &mut asks.text } else { &mut asks.facts }
        {
            let is_next = !ask.is_out && ask.next == from;
            ask.is_out |= is_next;
            return is_next;
        }
        let job = if !is_text {
            (from == of.seq).then(|| Job::Facts(Box::new(of.shell())))
        } else if !of.has_facts() && of.is_small() && from == of.seq {
            Some(Job::Whole(Box::new(of.shell())))
        } else {
            let is_tail = to >= of.last_seq;
            of.text.filling(from).map(|filling| Job::Text { filling: Box::new(filling), from, is_tail })
        };
        let Some(job) = job else { return false };
        let asks = gaps.asked.entry(step).or_default();
        let slot = if is_text { &mut asks.text } else { &mut asks.facts };
        *slot = Some(Ask { next: from, to, is_out: true, has_begun: false, job });
        true
    }

    /// Takes in an answer: events of the range that was asked for, and the event up to which these are all; the rest is
    /// wanted then. `None` when none came, so that it is wanted again. What is not asked for is left out.
    pub fn fill(&mut self, want: &Want, answer: Option<(&[Event], u64)>) {
        let Some(gaps) = &mut self.gaps else { return };
        let (index, from, is_text) = match *want {
            Want::Steps { first, .. } => {
                gaps.steps.remove(&first);
                return;
            }
            Want::Facts { step, from, .. } => (step, from, false),
            Want::Text { step, from, .. } => (step, from, true),
        };
        let (Some(asks), Some(step)) = (gaps.asked.get_mut(&index), self.steps.get(index)) else { return };
        let slot = if is_text { &mut asks.text } else { &mut asks.facts };
        let Some(mut ask) = slot.take_if(|ask| ask.is_out && ask.next == from) else { return };
        let mut is_done = true;
        // No text comes of no events.
        let is_void = |events: &[Event], upto: u64| is_text && events.is_empty() && upto >= ask.to && !ask.has_begun;
        if let Some((events, upto)) = answer.filter(|&(events, upto)| !is_void(events, upto)) {
            let session = self.session_ids.get(step.session as usize);
            let range = ask.next..=ask.to;
            for event in events.iter().filter(|event| range.contains(&event.seq)) {
                if step.has(event, session == Some(&event.session_id)) {
                    ask.job.take(step, event);
                }
                ask.next = event.seq + 1;
                ask.has_begun = true;
            }
            ask.next = ask.next.max(upto.saturating_add(1));
            ask.is_out = false;
            is_done = ask.next > ask.to;
            if is_done || matches!(ask.job, Job::Text { .. }) {
                let waiting: Vec<Event> = asks.waiting.iter().filter(|event| event.seq > ask.to).cloned().collect();
                let fits = self.finish(index, &mut ask, &waiting, is_done);
                is_done |= !fits;
            }
        }
        let Some(asks) = self.gaps.as_mut().and_then(|gaps| gaps.asked.get_mut(&index)) else { return };
        if !is_done {
            *(if is_text { &mut asks.text } else { &mut asks.facts }) = Some(ask);
        }
        if asks.facts.is_none() && asks.text.is_none() {
            self.gaps.as_mut().map(|gaps| gaps.asked.remove(&index));
        }
    }

    /// Keeps an event of a step while something of it is asked for.
    pub(crate) fn wait(&mut self, index: u32, event: &Event) {
        let Some(gaps) = &mut self.gaps else { return };
        let Some(asks) = gaps.asked.get_mut(&(index as usize)) else { return };
        asks.waiting.push(event.clone());
        // What comes of an answer to it is left out.
        if asks.is_overfull() {
            gaps.asked.remove(&(index as usize));
        }
    }

    /// Whether something of a step is asked for.
    pub(super) fn is_asked(&self, index: usize) -> bool {
        self.gaps.as_ref().is_some_and(|gaps| gaps.asked.contains_key(&index))
    }

    /// Puts what was made into the step; tells whether it fits.
    fn finish(&mut self, index: usize, ask: &mut Ask, waiting: &[Event], is_done: bool) -> bool {
        let now = self.last_seq;
        let step = &mut self.steps[index];
        let mut fits = true;
        match &mut ask.job {
            Job::Facts(made) => step.take_kind(made),
            Job::Whole(made) => {
                step.take_kind(made);
                if made.version > 0 {
                    step.text = std::mem::take(&mut made.text);
                    step.text.note_use(now);
                }
            }
            Job::Text { filling, from, is_tail } => {
                let is_end = *is_tail && is_done;
                fits = step.text.is_filled_by(filling);
                // Marks that lead nowhere are not used again.
                if fits
                    && (!step.text.take(filling, now, is_end)
                        || (is_done && !is_end && step.text.filling(*from).is_some()))
                {
                    step.text.forget_marks(step.seq);
                    fits = false;
                }
            }
        }
        let takes_facts = is_done && matches!(ask.job, Job::Facts(_) | Job::Whole(_));
        let takes_text = match &ask.job {
            Job::Facts(_) => false,
            Job::Whole(_) => true,
            Job::Text { is_tail, .. } => *is_tail && is_done && fits,
        };
        if takes_text {
            step.upto = step.upto.max(ask.to);
        }
        for event in waiting {
            if takes_facts {
                step.take_facts(event);
            }
            if takes_text
                && event.seq > step.upto
                && let Some(part) = step.part(event)
            {
                step.text.take_part(event.seq, &part);
            }
        }
        self.renew(index as u32);
        fits
    }
}

impl Job {
    /// Takes an event of the step.
    fn take(&mut self, of: &Step, event: &Event) {
        match self {
            Self::Facts(made) => {
                made.take_facts(event);
                made.version += 1;
            }
            Self::Whole(made) => {
                made.take_facts(event);
                made.version += 1;
                if let Some(part) = made.part(event) {
                    made.text.take_part(event.seq, &part);
                }
            }
            Self::Text { filling, .. } => {
                if let Some(part) = of.part(event) {
                    filling.take_part(event.seq, &part);
                }
            }
        }
    }
}

impl Step {
    /// The step before its events said anything.
    fn shell(&self) -> Self {
        let kind = match &self.kind {
            StepKind::Tool(_) => StepKind::Tool(Box::<ToolStep>::default()),
            kind => kind.clone(),
        };
        Self { kind, text: Text::new(self.text.keep()), id: self.id.clone(), agent_id: None, version: 0, ..*self }
    }

    /// Takes what `made` says beside its text, if it says anything.
    fn take_kind(&mut self, made: &mut Self) {
        self.facts = Facts::Here;
        if made.version == 0 {
            return;
        }
        let is_newest = matches!(&self.kind, StepKind::Plan(plan) if plan.is_newest);
        self.kind = std::mem::replace(&mut made.kind, StepKind::Prompt);
        if let StepKind::Plan(plan) = &mut self.kind {
            plan.is_newest = is_newest;
        }
    }
}
