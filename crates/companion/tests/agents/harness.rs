//! Starts runs of the rehearsal agent and looks at what is left of them.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use agent_tasks::{EventBody, SessionId, event::ToolExecutionComplete};
use companion::{
    agents::{Control, MARKER, NewEvent, Profile, RunOutcome, RunSpec, Supervisor, run},
    config::Limits,
};
use tempfile::TempDir;
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

/// Longer than anything may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A run in a worktree of its own.
pub struct Running {
    pub session: SessionId,
    pub worktree: TempDir,
    pub controls: mpsc::Sender<Control>,
    pub events: mpsc::Receiver<NewEvent>,
    /// The events so far.
    pub seen: Vec<NewEvent>,
    pub outcome: JoinHandle<RunOutcome>,
}

/// A run that has ended.
pub struct Ended {
    pub outcome: RunOutcome,
    pub seen: Vec<NewEvent>,
    pub worktree: TempDir,
}

/// What a test may change.
pub struct Setup {
    pub profile: Profile,
    pub limits: Limits,
    pub prompt: String,
    pub resume: Option<String>,
    pub model: Option<String>,
    pub supervisor: Supervisor,
}

impl Setup {
    /// A run of the script `name`, named by the prompt.
    pub fn script(name: &str) -> Self {
        let profile = Profile {
            id: "rehearsal".into(),
            name: "Rehearsal".into(),
            command: env!("CARGO_BIN_EXE_flightdeck").into(),
            args: vec!["rehearsal-agent".into()],
            env: [].into(),
            pass_env: vec![],
            mode: None,
        };
        let prompt = format!("Please rehearse: {name}");
        Self {
            profile,
            limits: Limits::default(),
            prompt,
            resume: None,
            model: None,
            supervisor: Supervisor::default(),
        }
    }

    /// A run of the script `name`, forced from outside: its opening is played too.
    pub fn forced(name: &str) -> Self {
        let mut setup = Self::script(name);
        setup.profile.env.insert("REHEARSAL_SCRIPT".into(), name.into());
        setup
    }

    pub fn start(self) -> Running {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let session = SessionId(format!("test-{}-{count}", std::process::id()));
        let worktree = tempfile::tempdir().unwrap();
        let spec = RunSpec {
            session_id: session.clone(),
            profile: self.profile,
            worktree: worktree.path().canonicalize().unwrap(),
            prompt: self.prompt,
            model: self.model,
            resume: self.resume,
            limits: self.limits,
        };
        let (controls, heard) = mpsc::channel(8);
        let (told, events) = mpsc::channel(16);
        let outcome = tokio::spawn(run(spec, self.supervisor, heard, told));
        Running { session, worktree, controls, events, seen: vec![], outcome }
    }

    /// Runs to the end by itself.
    pub async fn finish(self) -> Ended {
        self.start().finish().await
    }
}

impl Running {
    /// Waits for an event that `matches`.
    pub async fn see(&mut self, matches: impl Fn(&EventBody) -> bool) -> EventBody {
        let wait = async {
            loop {
                let event = self.events.recv().await.expect("the run goes on");
                self.seen.push(event.clone());
                if matches(&event.body) {
                    return event.body;
                }
            }
        };
        timeout(PATIENCE, wait).await.expect("the event comes")
    }

    pub async fn say(&self, control: Control) {
        self.controls.send(control).await.unwrap();
    }

    /// Waits for the end; nothing of the session may be left then.
    pub async fn finish(mut self) -> Ended {
        let wait = async {
            while let Some(event) = self.events.recv().await {
                self.seen.push(event);
            }
            self.outcome.await.unwrap()
        };
        let outcome = timeout(PATIENCE, wait).await.expect("the run ends");
        assert_eq!(outcome.report.remaining, 0, "{:?}", outcome.report);
        assert_eq!(processes_of(&self.session), [0; 0], "processes are left");
        Ended { outcome, seen: self.seen, worktree: self.worktree }
    }
}

impl Ended {
    pub fn message(&self) -> String {
        let messages = self.seen.iter().filter_map(|event| match &event.body {
            EventBody::AssistantMessage(message) => Some(message.content.as_str()),
            _ => None,
        });
        messages.collect()
    }

    pub fn output(&self) -> String {
        let outputs = self.seen.iter().filter_map(|event| match &event.body {
            EventBody::ToolExecutionPartialResult(part) => Some(part.partial_output.as_str()),
            _ => None,
        });
        outputs.collect()
    }

    pub fn tool_ends(&self) -> Vec<&ToolExecutionComplete> {
        let ends = self.seen.iter().filter_map(|event| match &event.body {
            EventBody::ToolExecutionComplete(end) => Some(end),
            _ => None,
        });
        ends.collect()
    }

    pub fn types(&self) -> Vec<&str> {
        self.seen.iter().map(|event| event.body.type_name()).collect()
    }

    pub fn signals(&self) -> Vec<&str> {
        self.outcome.report.signals.iter().map(|sent| sent.signal.as_str()).collect()
    }
}

/// The living processes that carry the mark of `session`.
pub fn processes_of(session: &SessionId) -> Vec<u32> {
    let mark = format!("{MARKER}={session}").into_bytes();
    processes(|folder| {
        std::fs::read(folder.join("environ"))
            .is_ok_and(|environment| environment.split(|byte| *byte == 0).any(|variable| variable == mark))
    })
}

/// The living processes that work in `folder`.
pub fn processes_in(folder: &Path) -> Vec<u32> {
    processes(|process| std::fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == folder))
}

fn processes(is_meant: impl Fn(&Path) -> bool) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|pid: &u32| is_meant(&PathBuf::from(format!("/proc/{pid}")))).collect()
}

/// Waits until `condition` holds.
pub async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
