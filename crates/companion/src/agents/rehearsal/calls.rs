//! The rehearsal agent's tool calls: real programs and real files.

use std::{
    io::Read,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{SigSet, Signal, killpg},
    unistd::Pid,
};
use serde_json::{Value, json};

use super::{acting::Interruption, script::Run, stage::Stage};

/// How often it is looked whether the turn was cancelled.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// A program's output is told in pieces of at most so many bytes.
const PIECE_BYTES: usize = 16 * 1024;

/// One tool call.
pub struct Call {
    stage: Arc<Stage>,
    /// Its name.
    pub id: String,
}

impl Call {
    /// The call `id`.
    pub fn new(stage: Arc<Stage>, id: String) -> Self {
        Self { stage, id }
    }

    /// Runs a program and tells its output as it comes.
    pub fn run(&self, run: &Run) -> Result<(), Interruption> {
        self.begin_terminal(&run.argv.join(" "))?;
        self.execute(&run.argv, run.leave_open)
    }

    /// Runs a program within a call that was told already.
    pub fn execute(&self, argv: &[String], leave_open: bool) -> Result<(), Interruption> {
        let mut child = match spawn(argv) {
            Ok(child) => child,
            Err(error) => {
                self.print(&format!("{error}\n"))?;
                return self.end_terminal(127);
            }
        };
        let (sender, pieces) = mpsc::channel();
        drain(child.stdout.take(), sender.clone());
        drain(child.stderr.take(), sender);
        loop {
            match pieces.recv_timeout(LOOK_EVERY) {
                Ok(piece) => self.print(&piece)?,
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) if self.stage.is_cancelled() => {
                    end_group(&mut child);
                    return Err(Interruption::Cancelled);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
        }
        let status = child.wait().map_err(anyhow::Error::from)?;
        if leave_open { Ok(()) } else { self.end_terminal(status.code().unwrap_or(-1)) }
    }

    /// Starts a program and leaves it running.
    pub fn start(&self, argv: &[String]) -> Result<(), Interruption> {
        self.begin_terminal(&argv.join(" "))?;
        match start(command(argv).stdout(Stdio::null()).stderr(Stdio::null())) {
            Ok(child) => self.print(&format!("started as process {}\n", child.id()))?,
            Err(error) => self.print(&format!("{error}\n"))?,
        }
        self.end_terminal(0)
    }

    /// Shows a file.
    pub fn read(&self, path: &str) -> Result<(), Interruption> {
        let full = std::env::current_dir().unwrap_or_default().join(path);
        self.begin("read", &format!("Read {path}"), json!({"path": full}), json!([]))?;
        match std::fs::read_to_string(path) {
            Ok(text) => self.end("completed", &json!([self.text(&text)])),
            Err(error) => self.end("failed", &json!([self.text(&error.to_string())])),
        }
    }

    /// Tells the beginning of the call.
    pub fn begin(&self, kind: &str, title: &str, input: Value, content: Value) -> Result<(), Interruption> {
        let mut call = json!({
            "toolCallId": self.id, "title": title, "kind": kind, "status": "in_progress",
            "rawInput": input, "content": content,
        });
        if let Some(path) = input["path"].as_str() {
            call["locations"] = json!([{"path": path}]);
        }
        Ok(self.stage.update("tool_call", call)?)
    }

    /// Tells the beginning of a call that runs `command`.
    pub fn begin_terminal(&self, command: &str) -> Result<(), Interruption> {
        let terminal = json!([{"type": "terminal", "terminalId": self.id}]);
        self.begin("execute", command, json!({"command": command}), terminal)
    }

    /// Tells output.
    pub fn print(&self, text: &str) -> Result<(), Interruption> {
        let delta = json!({"terminal_id": self.id, "data": text});
        let update = json!({"toolCallId": self.id, "_meta": {"terminal_output_delta": delta}});
        Ok(self.stage.update("tool_call_update", update)?)
    }

    /// Tells the end of a command.
    pub fn end_terminal(&self, code: i32) -> Result<(), Interruption> {
        let status = if code == 0 { "completed" } else { "failed" };
        let exit = json!({"terminal_id": self.id, "exit_code": code, "signal": null});
        let update = json!({"toolCallId": self.id, "status": status, "_meta": {"terminal_exit": exit}});
        Ok(self.stage.update("tool_call_update", update)?)
    }

    /// Tells the end of the call.
    pub fn end(&self, status: &str, content: &Value) -> Result<(), Interruption> {
        let update = json!({"toolCallId": self.id, "status": status, "content": content});
        Ok(self.stage.update("tool_call_update", update)?)
    }

    /// Text as content.
    pub fn text(&self, text: &str) -> Value {
        json!({"type": "content", "content": {"type": "text", "text": text}})
    }
}

fn command(argv: &[String]) -> Command {
    let mut command = Command::new(argv.first().map_or("true", String::as_str));
    command.args(argv.iter().skip(1)).stdin(Stdio::null()).process_group(0);
    command
}

fn spawn(argv: &[String]) -> std::io::Result<Child> {
    start(command(argv).stdout(Stdio::piped()).stderr(Stdio::piped()))
}

/// Starts a program that does not inherit our blocking of SIGTERM.
fn start(command: &mut Command) -> std::io::Result<Child> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGTERM);
    signals.thread_unblock()?;
    let child = command.spawn();
    signals.thread_block()?;
    child
}

/// Sends what comes from `pipe` as text; a character that is cut between two reads waits for its rest.
fn drain(pipe: Option<impl Read + Send + 'static>, pieces: mpsc::Sender<String>) {
    let Some(mut pipe) = pipe else { return };
    thread::spawn(move || {
        let mut read = vec![0; PIECE_BYTES];
        let mut bytes = Vec::new();
        while let Ok(length @ 1..) = pipe.read(&mut read) {
            bytes.extend_from_slice(&read[..length]);
            let whole = match std::str::from_utf8(&bytes) {
                Err(error) if error.error_len().is_none() => error.valid_up_to(),
                Ok(_) | Err(_) => bytes.len(),
            };
            let rest = bytes.split_off(whole);
            if pieces.send(String::from_utf8_lossy(&bytes).into_owned()).is_err() {
                return;
            }
            bytes = rest;
        }
    });
}

/// As most agents do: the command's group, not what left it.
fn end_group(child: &mut Child) {
    if let Ok(pid) = i32::try_from(child.id()) {
        let _ = killpg(Pid::from_raw(pid), Signal::SIGTERM);
    }
}
