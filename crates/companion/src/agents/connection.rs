//! JSON-RPC 2.0 with an agent: requests both ways, one message a line. Knows no ACP.

mod repair;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt,
    process::{ChildStdin, ChildStdout},
    sync::mpsc,
    task::JoinHandle,
};

use super::lines::{LineError, Lines};

/// The peer does not know the method.
pub const METHOD_NOT_FOUND: i64 = -32601;
/// So many bytes wait at most for an agent that does not read.
pub const UNREAD_BYTES_MAX: usize = 8 * 1024 * 1024;
/// ACP: somebody has to log in first.
pub const AUTH_REQUIRED: i64 = -32000;

/// What an agent sent.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// The answer to our request of that number.
    Response(u64, Result<Value, RpcError>),
    /// It asks; the first field goes back with the answer.
    Request { id: Value, method: String, params: Value, raw: String },
    /// It tells.
    Notification { method: String, params: Value, raw: String },
    /// A line that is no message.
    Noise(String),
}

/// An error answer.
#[derive(Debug, Clone, PartialEq)]
pub struct RpcError {
    /// The number.
    pub code: i64,
    /// For people.
    pub message: String,
    /// More.
    pub data: Value,
}

/// The connection to one agent.
pub struct Connection {
    lines: Lines<ChildStdout>,
    /// `None` once the agent's input is closed.
    outgoing: Option<mpsc::UnboundedSender<Vec<u8>>>,
    /// How many bytes of it the agent has not read.
    unread: Arc<AtomicUsize>,
    /// Whether something was not sent because too much waits.
    is_clogged: bool,
    /// Writes, because an agent that does not read must not hold up anything else.
    writer: JoinHandle<()>,
    /// Our requests without an answer, with their methods.
    pending: BTreeMap<u64, String>,
    last_id: u64,
}

impl Connection {
    /// Talks over the pipes of a process; no line may be longer than `line_bytes`.
    pub fn new(stdin: ChildStdin, stdout: ChildStdout, line_bytes: usize) -> Self {
        let (outgoing, messages) = mpsc::unbounded_channel();
        let unread = Arc::new(AtomicUsize::new(0));
        Self {
            lines: Lines::new(stdout, line_bytes),
            outgoing: Some(outgoing),
            writer: tokio::spawn(write(stdin, messages, Arc::clone(&unread))),
            unread,
            is_clogged: false,
            pending: BTreeMap::new(),
            last_id: 0,
        }
    }

    /// Asks; the answer comes as [`Incoming::Response`] of the returned number.
    pub fn request(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        self.pending.insert(self.last_id, method.to_owned());
        self.send(&json!({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}));
        self.last_id
    }

    /// Tells.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Answers the agent's request `id`.
    pub fn respond(&mut self, id: &Value, result: Value) {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result}));
    }

    /// Answers the agent's request `id` with an error.
    pub fn refuse(&mut self, id: &Value, code: i64, message: &str) {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}));
    }

    /// What the agent sends next; `None` once its output ended. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Result<Option<Incoming>, LineError> {
        loop {
            let Some(line) = self.lines.next().await? else { return Ok(None) };
            if let Some(incoming) = self.read(line) {
                return Ok(Some(incoming));
            }
        }
    }

    /// Whether the agent has let so much wait that something was not sent to it.
    pub fn is_clogged(&self) -> bool {
        self.is_clogged
    }

    /// Closes the agent's input, after what is still to be written.
    pub fn close_input(&mut self) {
        self.outgoing = None;
    }

    fn send(&mut self, message: &Value) {
        let mut line = message.to_string().into_bytes();
        line.push(b'\n');
        let Some(outgoing) = &self.outgoing else { return };
        if self.unread.load(Ordering::Relaxed) + line.len() > UNREAD_BYTES_MAX {
            self.is_clogged = true;
            return;
        }
        self.unread.fetch_add(line.len(), Ordering::Relaxed);
        // A closed pipe shows as the end of the agent's output.
        let _ = outgoing.send(line);
    }

    fn read(&mut self, line: String) -> Option<Incoming> {
        if line.trim().is_empty() {
            return None;
        }
        let message = match repair::parse(&line) {
            Some(message) if message.is_object() => message,
            Some(_) | None => return Some(Incoming::Noise(line)),
        };
        let Value::Object(mut message) = message else { return Some(Incoming::Noise(line)) };
        let id = message.remove("id");
        if let Some(Value::String(method)) = message.remove("method") {
            let params = message.remove("params").unwrap_or_default();
            return Some(match id {
                Some(id) if !id.is_null() => Incoming::Request { id, method, params, raw: line },
                Some(_) | None => Incoming::Notification { method, params, raw: line },
            });
        }
        let is_answer = message.contains_key("result") || message.contains_key("error");
        let Some(id) = id.filter(|_| is_answer) else { return Some(Incoming::Noise(line)) };
        let id = id.as_u64().or_else(|| id.as_str()?.parse().ok())?;
        // An answer that nobody waits for is dropped, as JSON-RPC says.
        self.pending.remove(&id)?;
        Some(Incoming::Response(id, result_of(message)))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.writer.abort();
    }
}

fn result_of(mut message: serde_json::Map<String, Value>) -> Result<Value, RpcError> {
    match message.remove("error") {
        None | Some(Value::Null) => Ok(message.remove("result").unwrap_or_default()),
        Some(error) => Err(RpcError {
            code: error["code"].as_i64().unwrap_or_default(),
            message: error["message"].as_str().unwrap_or("an error without a message").to_owned(),
            data: error["data"].clone(),
        }),
    }
}

async fn write(mut stdin: ChildStdin, mut messages: mpsc::UnboundedReceiver<Vec<u8>>, unread: Arc<AtomicUsize>) {
    while let Some(message) = messages.recv().await {
        if stdin.write_all(&message).await.is_err() {
            return;
        }
        unread.fetch_sub(message.len(), Ordering::Relaxed);
    }
}
