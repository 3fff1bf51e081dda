//! Where the rehearsal agent meets its client: messages out, answers in, and the call to stop.

use std::{
    collections::BTreeMap,
    io::Write,
    process::exit,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use nix::sys::signal::{SigSet, Signal};
use serde_json::{Value, json};

/// What a shell calls an end by SIGTERM.
const TERMINATED: i32 = 143;

/// The state that both threads share.
pub struct Stage {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    session: Value,
    is_cancelled: bool,
    is_deaf: bool,
    /// The answers to our requests, by number.
    answers: BTreeMap<u64, Value>,
    last_id: u64,
}

impl Stage {
    /// An empty stage. From here on SIGTERM ends the process by way of [`Stage`], so that a script can
    /// be deaf to it. Call it before any other thread is started.
    pub fn set() -> anyhow::Result<Self> {
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGTERM);
        signals.thread_block().context("blocking SIGTERM")?;
        Ok(Self { state: Mutex::default(), changed: Condvar::new() })
    }

    /// Ends the process at SIGTERM, unless it is deaf.
    pub fn obey_signals(self: &std::sync::Arc<Self>) {
        let stage = std::sync::Arc::clone(self);
        thread::spawn(move || {
            let mut signals = SigSet::empty();
            signals.add(Signal::SIGTERM);
            while signals.wait().is_ok() {
                if !stage.lock().is_deaf {
                    exit(TERMINATED);
                }
            }
        });
    }

    /// A turn of `session` begins.
    pub fn begin(&self, session: &Value) {
        let mut state = self.lock();
        state.session = session.clone();
        state.is_cancelled = false;
    }

    /// The turn is to end.
    pub fn cancel(&self) {
        self.lock().is_cancelled = true;
        self.changed.notify_all();
    }

    /// Whether the turn is to end, and the script obeys.
    pub fn is_cancelled(&self) -> bool {
        let state = self.lock();
        state.is_cancelled && !state.is_deaf
    }

    /// From here on the script obeys nothing, or again.
    pub fn set_deaf(&self, is_deaf: bool) {
        self.lock().is_deaf = is_deaf;
    }

    /// Waits. False when the turn was cancelled meanwhile.
    pub fn pause(&self, pause: Duration) -> bool {
        let end = Instant::now() + pause;
        let mut state = self.lock();
        while !state.is_cancelled || state.is_deaf {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    /// Asks the client; waits for the result. `None` when the turn was cancelled meanwhile.
    pub fn ask(&self, method: &str, mut params: Value) -> anyhow::Result<Option<Value>> {
        let id = {
            let mut state = self.lock();
            state.last_id += 1;
            params["sessionId"] = state.session.clone();
            state.last_id
        };
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        let mut state = self.lock();
        loop {
            if let Some(answer) = state.answers.remove(&id) {
                return Ok(Some(answer["result"].clone()));
            }
            if state.is_cancelled && !state.is_deaf {
                return Ok(None);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Asks the client and does not care for the answer.
    pub fn pester(&self, method: &str, params: Value) -> anyhow::Result<()> {
        let id = {
            let mut state = self.lock();
            state.last_id += 1;
            state.last_id
        };
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
    }

    /// The client answered.
    pub fn answered(&self, message: &Value) {
        if let Some(id) = message["id"].as_u64() {
            self.lock().answers.insert(id, message.clone());
            self.changed.notify_all();
        }
    }

    /// Tells an update of the session.
    pub fn update(&self, kind: &str, mut update: Value) -> anyhow::Result<()> {
        update["sessionUpdate"] = kind.into();
        let session = self.lock().session.clone();
        let params = json!({"sessionId": session, "update": update});
        self.send(&json!({"jsonrpc": "2.0", "method": "session/update", "params": params}))
    }

    /// Answers the client's request.
    pub fn respond(&self, id: &Value, result: Value) -> anyhow::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result}))
    }

    /// Answers the client's request with an error.
    pub fn refuse(&self, id: &Value, code: i64, message: &str) -> anyhow::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}))
    }

    /// Writes bytes that need not be a message.
    pub fn print(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut output = std::io::stdout().lock();
        output.write_all(bytes).and_then(|()| output.flush()).context("writing to the client")
    }

    /// What the turn used: no tokens, as there is no model.
    pub fn usage(&self) -> Value {
        json!({"inputTokens": 0, "outputTokens": 0, "totalTokens": 0})
    }

    fn send(&self, message: &Value) -> anyhow::Result<()> {
        self.print(format!("{message}\n").as_bytes())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
