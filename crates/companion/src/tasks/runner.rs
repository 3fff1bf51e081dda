//! What runs a session's agent: the real one, or a script in a test.

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use crate::agents::{self, Control, NewEvent, RunOutcome, RunSpec};

/// Runs agents. See [`agents::run`] for what is promised.
pub trait Runner: Send + Sync + 'static {
    /// Runs one session to its end.
    fn run(
        &self,
        spec: RunSpec,
        controls: mpsc::Receiver<Control>,
        events: mpsc::Sender<NewEvent>,
    ) -> BoxFuture<'static, RunOutcome>;
}

/// Runs agents as processes that speak ACP.
pub struct AcpRunner;

impl Runner for AcpRunner {
    fn run(
        &self,
        spec: RunSpec,
        controls: mpsc::Receiver<Control>,
        events: mpsc::Sender<NewEvent>,
    ) -> BoxFuture<'static, RunOutcome> {
        Box::pin(agents::run(spec, controls, events))
    }
}
