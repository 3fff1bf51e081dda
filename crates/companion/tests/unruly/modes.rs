//! The modes: what the agent does, and what has to come of it.

/// One way to misbehave.
pub struct Mode {
    /// What it is called; the id of its agent, too.
    pub name: &'static str,
    /// The script that is played.
    pub script: &'static str,
    /// The message at which the agent's process ends.
    pub crash_at: Option<&'static str>,
    /// How its session ends.
    pub end: End,
}

impl Mode {
    /// Whether it is about what it starts, rather than about what it says or how it crashes.
    pub fn is_about_processes(&self) -> bool {
        let says = ["flood", "flood-of-small", "endless-garbage", "invalid-text", "endless-complaint"];
        self.end == End::ByStop && !says.contains(&self.script)
    }

    /// Whether its processes escape from everything but a control group. That is what the companion says.
    pub fn leaves_no_trace(&self) -> bool {
        self.script == "left-unmarked"
    }
}

/// How a session ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It runs until somebody stops it; then it is `cancelled`.
    ByStop,
    /// By itself: `failed`, with a sentence that holds this.
    Failed(&'static str),
    /// It runs until somebody stops it, and crashes then; it is `cancelled` all the same.
    CrashesWhenStopped,
}

const fn stopped(name: &'static str, script: &'static str) -> Mode {
    Mode { name, script, crash_at: None, end: End::ByStop }
}

const fn failed(name: &'static str, script: &'static str, words: &'static str) -> Mode {
    Mode { name, script, crash_at: None, end: End::Failed(words) }
}

const fn crashed(name: &'static str, crash_at: &'static str) -> Mode {
    Mode { name, script: "steady", crash_at: Some(crash_at), end: End::Failed("exit code 70") }
}

/// Every mode, and one that is none.
pub const MODES: &[Mode] = &[
    stopped("steady", "steady"),
    stopped("polite", "endless-talk"),
    stopped("deaf to cancel and SIGTERM", "deaf"),
    stopped("never answers", "silent"),
    stopped("setsid", "left-setsid"),
    stopped("nohup", "left-nohup"),
    stopped("double fork", "left-daemon"),
    stopped("all of these", "endless"),
    stopped("no trace", "left-unmarked"),
    stopped("keeps forking", "forking"),
    stopped("halts itself", "halted"),
    stopped("asks for permission", "permission"),
    failed("line of 1 GB", "endless-line", "a line of more than"),
    stopped("flood of messages", "flood"),
    stopped("flood of small messages", "flood-of-small"),
    stopped("garbage", "endless-garbage"),
    stopped("invalid UTF-8", "invalid-text"),
    stopped("never-ending stderr", "endless-complaint"),
    failed("reads nothing", "reads-nothing", "does not read what it is told"),
    failed("half a message", "half-message", "broke off"),
    failed("crash in a command", "crash", "exit code 101"),
    failed("crash at start", "crash-at-start", "exit code 3"),
    crashed("crash at initialize", "initialize"),
    crashed("crash after initialize", "initialize answered"),
    crashed("crash at session/new", "session/new"),
    crashed("crash after session/new", "session/new answered"),
    crashed("crash at session/prompt", "session/prompt"),
    crashed("crash after session/prompt", "session/prompt answered"),
    Mode {
        name: "crash at session/cancel",
        script: "steady",
        crash_at: Some("session/cancel"),
        end: End::CrashesWhenStopped,
    },
    Mode {
        name: "crash at session/close",
        script: "steady",
        crash_at: Some("session/close"),
        end: End::CrashesWhenStopped,
    },
];
