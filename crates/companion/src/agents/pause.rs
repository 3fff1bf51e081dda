//! A pause: everything of a session is halted and goes on later, as if nothing had been.

use std::time::Duration;

use acp_events::{NewEvent, info};
use agent_tasks::event::SessionInfo;
use tokio::{task::JoinHandle, time::Instant};

use super::supervise::Tree;

/// Whether a session is paused, or on its way to be or not to be.
#[derive(Default)]
pub struct Pause {
    /// What was asked for last.
    is_wanted: bool,
    /// Since when it is paused.
    since: Option<Instant>,
    /// For how long it was paused before.
    earlier: Duration,
    /// What is being done, to which end; it tells whether it worked.
    change: Option<(bool, JoinHandle<bool>)>,
}

impl Pause {
    /// Somebody wants the session to be paused, or to go on.
    pub fn want(&mut self, is_wanted: bool, tree: &Tree) {
        self.is_wanted = is_wanted;
        self.begin(tree);
    }

    /// Whether it is paused, as far as it is known.
    pub fn is_on(&self) -> bool {
        self.since.is_some()
    }

    /// For how long it was paused in all.
    pub fn total(&self) -> Duration {
        self.earlier + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Whether a change is under way.
    pub fn is_changing(&self) -> bool {
        self.change.is_some()
    }

    /// Waits for the end of the change that is under way, and tells it. Nothing is lost when the future is dropped.
    pub async fn changed(&mut self, tree: &Tree) -> NewEvent {
        let (is_halt, has_worked) = match &mut self.change {
            // A thread that broke off has halted nobody for sure.
            Some((is_halt, change)) => (*is_halt, change.await.unwrap_or(false)),
            None => std::future::pending().await,
        };
        self.change = None;
        let event = match (is_halt, has_worked) {
            (true, true) => {
                self.since = Some(Instant::now());
                info(SessionInfo::PAUSE, "Paused: everything of this session is halted until it is resumed".into())
            }
            (true, false) => {
                self.is_wanted = false;
                info("pause_failed", "not everything of this session could be halted; it goes on".into())
            }
            (false, _) => {
                self.earlier = self.total();
                self.since = None;
                info(SessionInfo::RESUME, "Resumed: the session goes on".into())
            }
        };
        // Somebody may have changed their mind meanwhile.
        self.begin(tree);
        event
    }

    /// Ends it without a word.
    pub async fn end(&mut self, tree: &Tree) {
        if let Some((_, change)) = self.change.take() {
            // What it came to does not matter any more.
            let _ = change.await;
        } else if !self.is_on() {
            return;
        }
        tree.go_on().await;
        *self = Self { earlier: self.total(), ..Self::default() };
    }

    fn begin(&mut self, tree: &Tree) {
        if self.change.is_some() || self.is_wanted == self.is_on() {
            return;
        }
        let (is_halt, tree) = (self.is_wanted, tree.clone());
        let work = async move {
            if is_halt {
                return tree.halt().await;
            }
            tree.go_on().await;
            true
        };
        self.change = Some((is_halt, tokio::spawn(work)));
    }
}
