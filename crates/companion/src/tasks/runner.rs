//! What runs a session's agent: the real one, or a script in a test.

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use crate::agents::{self, Control, NewEvent, RunOutcome, RunSpec, Supervisor};

/// Runs agents. See [`agents::run`] for what is promised.
pub trait Runner: Send + Sync + 'static {
    /// Runs one session to its end.
    fn run(
        &self,
        spec: RunSpec,
        controls: mpsc::Receiver<Control>,
        events: mpsc::Sender<NewEvent>,
    ) -> BoxFuture<'static, RunOutcome>;

    /// What keeps hold of the processes.
    fn supervisor(&self) -> Supervisor {
        Supervisor::default()
    }
}

/// Runs agents as processes that speak ACP.
pub struct AcpRunner(pub Supervisor);

impl Runner for AcpRunner {
    fn run(
        &self,
        spec: RunSpec,
        controls: mpsc::Receiver<Control>,
        events: mpsc::Sender<NewEvent>,
    ) -> BoxFuture<'static, RunOutcome> {
        Box::pin(agents::run(spec, self.supervisor(), controls, events))
    }

    fn supervisor(&self) -> Supervisor {
        self.0.clone()
    }
}
