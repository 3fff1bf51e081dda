//! Who runs and who waits. Plain bookkeeping: no clock, no task, no file.

use std::collections::{HashMap, VecDeque};

use agent_tasks::{SessionId, TaskId};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::agents::Control;

/// So many sessions wait at most: a start beyond is refused.
pub const QUEUE_MAX: usize = 1_000;
/// How many controls wait for a run at most.
const CONTROLS_MAX: usize = 16;

/// A session in line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its task: only one session of a task runs at a time.
    pub task_id: TaskId,
    /// The session.
    pub session_id: SessionId,
}

/// A session that has got its place.
pub struct Started {
    /// Which.
    pub place: Place,
    /// What is said to its run.
    pub controls: mpsc::Receiver<Control>,
    /// Set by a stop, also before the agent listens to controls.
    pub stop: CancellationToken,
}

/// How to speak to a run.
#[derive(Debug, Clone)]
pub struct Controls {
    sender: mpsc::Sender<Control>,
    stop: CancellationToken,
}

impl Controls {
    /// Stops the run. Once is enough; again does no harm.
    pub async fn stop(&self) {
        if !self.stop.is_cancelled() {
            self.stop.cancel();
            // A run that has ended needs no stop.
            let _ = self.sender.send(Control::Stop).await;
        }
    }

    /// Pauses the run, or lets it go on.
    pub async fn pause(&self, is_paused: bool) {
        let control = if is_paused { Control::Pause } else { Control::Resume };
        let _ = self.sender.send(control).await;
    }

    /// Answers a permission request.
    pub async fn answer(&self, request_id: String, option_id: Option<String>) {
        let _ = self.sender.send(Control::Answer { request_id, option_id }).await;
    }
}

struct Run {
    task_id: TaskId,
    controls: Controls,
    /// The answers that were given, by request: the same again is no second answer.
    answers: HashMap<String, Option<String>>,
}

/// What became of an answer.
#[derive(Debug)]
pub enum Answered {
    /// It is the first: to be sent.
    Now(Controls),
    /// The same answer was given before.
    Before,
    /// Another answer was given before.
    Otherwise,
    /// The session does not run.
    NotRunning,
}

/// The queue and the places.
pub struct Scheduler {
    limit: usize,
    queue: VecDeque<Place>,
    running: HashMap<SessionId, Run>,
}

impl Scheduler {
    /// At most `limit` sessions run at once.
    pub fn new(limit: usize) -> Self {
        Self { limit, queue: VecDeque::new(), running: HashMap::new() }
    }

    /// Puts a session at the end of the queue.
    pub fn enqueue(&mut self, place: Place) {
        self.queue.push_back(place);
    }

    /// Whether another session may wait.
    pub fn has_room(&self) -> bool {
        self.queue.len() < QUEUE_MAX
    }

    /// Whether the session runs or waits.
    pub fn knows(&self, session_id: &SessionId) -> bool {
        self.running.contains_key(session_id) || self.queue.iter().any(|place| place.session_id == *session_id)
    }

    /// Takes a session out of the queue; tells whether it was there.
    pub fn leave_queue(&mut self, session_id: &SessionId) -> bool {
        let before = self.queue.len();
        self.queue.retain(|place| place.session_id != *session_id);
        self.queue.len() < before
    }

    /// Gives the free place, if there is one, to the first in the queue whose task does not run already.
    pub fn next(&mut self) -> Option<Started> {
        if self.running.len() >= self.limit {
            return None;
        }
        let is_free = |place: &Place| self.running.values().all(|run| run.task_id != place.task_id);
        let place = self.queue.remove(self.queue.iter().position(is_free)?)?;
        let (sender, controls) = mpsc::channel(CONTROLS_MAX);
        let stop = CancellationToken::new();
        let run = Run {
            task_id: place.task_id.clone(),
            controls: Controls { sender, stop: stop.clone() },
            answers: HashMap::new(),
        };
        self.running.insert(place.session_id.clone(), run);
        Some(Started { place, controls, stop })
    }

    /// Frees a session's place.
    pub fn ended(&mut self, session_id: &SessionId) {
        self.running.remove(session_id);
    }

    /// How to speak to a session's run, while it runs.
    pub fn controls(&self, session_id: &SessionId) -> Option<Controls> {
        self.running.get(session_id).map(|run| run.controls.clone())
    }

    /// How to speak to all that run.
    pub fn all_running(&self) -> Vec<Controls> {
        self.running.values().map(|run| run.controls.clone()).collect()
    }

    /// Takes note of an answer.
    pub fn answer(&mut self, session_id: &SessionId, request_id: &str, option_id: Option<&str>) -> Answered {
        let Some(run) = self.running.get_mut(session_id) else { return Answered::NotRunning };
        match run.answers.get(request_id) {
            Some(before) if before.as_deref() == option_id => Answered::Before,
            Some(_) => Answered::Otherwise,
            None => {
                run.answers.insert(request_id.to_owned(), option_id.map(str::to_owned));
                Answered::Now(run.controls.clone())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(task: &str, session: &str) -> Place {
        Place { task_id: TaskId(task.into()), session_id: SessionId(session.into()) }
    }

    fn next(scheduler: &mut Scheduler) -> Option<String> {
        scheduler.next().map(|started| started.place.session_id.0)
    }

    #[test]
    fn places_are_given_in_order_up_to_the_limit() {
        let mut scheduler = Scheduler::new(2);
        for name in ["a", "b", "c"] {
            scheduler.enqueue(place(name, name));
        }
        assert_eq!((next(&mut scheduler), next(&mut scheduler)), (Some("a".into()), Some("b".into())));
        assert_eq!(next(&mut scheduler), None);
        scheduler.ended(&SessionId("b".into()));
        assert_eq!(next(&mut scheduler), Some("c".into()));
    }

    #[test]
    fn a_follow_up_waits_for_its_task_and_does_not_hold_up_others() {
        let mut scheduler = Scheduler::new(2);
        for (task, session) in [("a", "a1"), ("a", "a2"), ("b", "b1")] {
            scheduler.enqueue(place(task, session));
        }
        assert_eq!((next(&mut scheduler), next(&mut scheduler)), (Some("a1".into()), Some("b1".into())));
        scheduler.ended(&SessionId("a1".into()));
        assert_eq!(next(&mut scheduler), Some("a2".into()));
    }

    #[test]
    fn who_left_the_queue_does_not_run() {
        let mut scheduler = Scheduler::new(1);
        scheduler.enqueue(place("a", "a"));
        assert!(scheduler.leave_queue(&SessionId("a".into())));
        assert!(!scheduler.leave_queue(&SessionId("a".into())));
        assert_eq!(next(&mut scheduler), None);
    }

    #[test]
    fn the_queue_has_an_end() {
        let mut scheduler = Scheduler::new(1);
        for number in 0..QUEUE_MAX {
            assert!(scheduler.has_room());
            scheduler.enqueue(place(&number.to_string(), &number.to_string()));
        }
        assert!(!scheduler.has_room());
        assert_eq!(next(&mut scheduler), Some("0".into()));
        assert!(scheduler.has_room());
        assert!(scheduler.knows(&SessionId("0".into())) && !scheduler.knows(&SessionId("x".into())));
    }

    #[test]
    fn a_request_takes_one_answer() {
        let mut scheduler = Scheduler::new(1);
        let session_id = SessionId("a".into());
        assert!(matches!(scheduler.answer(&session_id, "r", Some("yes")), Answered::NotRunning));
        scheduler.enqueue(place("a", "a"));
        scheduler.next().unwrap();
        assert!(matches!(scheduler.answer(&session_id, "r", Some("yes")), Answered::Now(_)));
        assert!(matches!(scheduler.answer(&session_id, "r", Some("yes")), Answered::Before));
        assert!(matches!(scheduler.answer(&session_id, "r", None), Answered::Otherwise));
    }
}
