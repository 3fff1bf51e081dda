//! The one loop of a run: whatever comes from the agent, from people or from the clock is dealt with
//! here, one thing at a time. The story that uses it is told in `run`.

mod questions;

use std::process::ExitStatus;

use acp_events::{Translator, info};
use serde_json::{Value, json};
use tokio::{
    process::Child,
    sync::mpsc,
    time::{Duration, Instant, Interval, MissedTickBehavior, interval, sleep_until, timeout_at},
};

use self::questions::Questions;
use super::{
    Control, NewEvent,
    connection::{Connection, Incoming, METHOD_NOT_FOUND, RpcError, UNREAD_BYTES_MAX},
    failure::Failure,
    lines::LineError,
    outbox::Outbox,
    pause::Pause,
    stderr::plain,
    supervise::Tree,
};

/// How many lines that are no messages are shown.
const NOISE_LINES_MAX: usize = 20;
/// A program that printed so many lines and no message speaks something else.
const BABBLE_LINES_MAX: usize = 1_000;
/// How long the output of an agent that has ended is still read: a child of its may hold the pipe open.
const LAST_OUTPUT_PATIENCE: Duration = Duration::from_millis(500);

/// How often it is looked which processes the agent has started.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Why a wait ended before what was waited for.
#[derive(Debug)]
pub enum Break {
    /// Somebody stops the session.
    Stop,
    /// It cannot go on.
    Failure(Failure),
}

impl From<Failure> for Break {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// A conversation with one agent.
pub struct Conversation {
    /// The connection.
    pub connection: Connection,
    /// The events on their way out.
    pub outbox: Outbox,
    /// What makes events of messages.
    pub translator: Translator,
    /// The permission requests without an answer.
    questions: Questions,
    /// The agent and all that it starts.
    pub tree: Tree,
    pause: Pause,
    child: Child,
    /// When to look who belongs to the tree: who is seen once is found again, whatever it does to leave.
    look: Interval,
    controls: mpsc::Receiver<Control>,
    /// Whether somebody may still say something.
    has_controls: bool,
    /// Whether a stop is being carried out: no second one counts.
    is_stopping: bool,
    /// Whether updates repeat what the log already has.
    is_replaying: bool,
    /// How and when the agent's process ended.
    exit: Option<(String, Instant)>,
    noise_lines: usize,
    /// Whether a message has come at all.
    has_spoken: bool,
}

impl Conversation {
    /// With the agent that runs as `child`.
    pub fn new(
        connection: Connection,
        child: Child,
        tree: Tree,
        translator: Translator,
        controls: mpsc::Receiver<Control>,
        events: mpsc::Sender<NewEvent>,
    ) -> Self {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            connection,
            outbox: Outbox::new(events),
            translator,
            questions: Questions::default(),
            tree,
            pause: Pause::default(),
            child,
            look,
            controls,
            has_controls: true,
            is_stopping: false,
            is_replaying: false,
            exit: None,
            noise_lines: 0,
            has_spoken: false,
        }
    }

    /// Asks the agent and waits for the answer, at most `patience`; meanwhile everything else goes on.
    pub async fn call(&mut self, method: &'static str, params: Value, patience: Duration) -> Result<Value, Break> {
        let id = self.connection.request(method, params);
        self.answer(id, method, Some(Instant::now() + patience)).await
    }

    /// Waits for the answer to the request `id`.
    pub async fn answer(&mut self, id: u64, method: &'static str, deadline: Option<Instant>) -> Result<Value, Break> {
        let asked = Instant::now();
        let paused_before = self.pause.total();
        loop {
            // Who is paused cannot answer.
            let deadline = deadline.map(|deadline| deadline + (self.pause.total() - paused_before));
            let step = self.step();
            let response = match deadline {
                None => step.await?,
                // An agent that never pauses leaves the timeout no turn to fire: the clock is asked as well.
                Some(deadline) => match timeout_at(deadline, step).await {
                    Ok(response) if Instant::now() < deadline || self.pause.is_on() => response?,
                    Err(_) if self.pause.is_on() => continue,
                    Ok(_) | Err(_) => return Err(Failure::Silent(method, asked.elapsed().as_secs()).into()),
                },
            };
            if self.noise_lines > BABBLE_LINES_MAX && !self.has_spoken {
                return Err(Failure::Babble(self.noise_lines).into());
            }
            match response {
                Some((answered, result)) if answered == id => {
                    return result.map_err(|error| Failure::Refused(method, error).into());
                }
                Some(_) | None => {}
            }
        }
    }

    /// Lets things happen until the agent has ended, at most until `deadline`. False when it still runs.
    pub async fn until_ended(&mut self, deadline: Instant) -> bool {
        loop {
            match timeout_at(deadline, self.step()).await {
                Ok(Ok(_)) if Instant::now() >= deadline => return self.exit.is_some(),
                Ok(Ok(_)) => {}
                Ok(Err(Break::Failure(Failure::Gone(_)))) if self.exit.is_some() => return true,
                Ok(Err(_)) => return self.exit.is_some(),
                Err(_) => return false,
            }
        }
    }

    /// From here on updates repeat what the log already has, or no longer do.
    pub fn replay(&mut self, is_replaying: bool) {
        self.is_replaying = is_replaying;
    }

    /// A stop is being carried out: the open questions fall away and no new ones are asked.
    pub fn begin_stop(&mut self) {
        self.is_stopping = true;
        self.translator.begin_stop();
        let events = self.questions.dismiss_all(&mut self.connection);
        self.outbox.push(events);
    }

    /// Ends a pause, if there is one, without a word.
    pub async fn go_on(&mut self) {
        self.pause.end(&self.tree).await;
    }

    /// Whether the agent's process has ended.
    pub fn has_ended(&self) -> bool {
        self.exit.is_some()
    }

    /// Waits until the runtime has taken note of the end of the killed agent.
    pub async fn bury(&mut self, deadline: Instant) {
        if self.exit.is_none() {
            // Whoever survives SIGKILL is in the report.
            let _ = timeout_at(deadline, self.child.wait()).await;
        }
    }

    /// Waits for one thing and deals with it. Returns an answer of the agent's when it was one. Nothing
    /// is lost when the future is dropped.
    async fn step(&mut self) -> Result<Option<(u64, Result<Value, RpcError>)>, Break> {
        if self.connection.is_clogged() && !self.is_stopping {
            return Err(Failure::Unread(UNREAD_BYTES_MAX).into());
        }
        let last_output = self.exit.as_ref().map(|(_, at)| *at + LAST_OUTPUT_PATIENCE);
        tokio::select! {
            biased;
            control = self.controls.recv(), if self.has_controls => self.hear(control).map(|()| None),
            () = self.outbox.send_one(), if !self.outbox.is_empty() => Ok(None),
            status = self.child.wait(), if self.exit.is_none() => {
                self.exit = Some((how_ended(status.ok()), Instant::now()));
                Ok(None)
            }
            // Before what the agent sends: one that never pauses must not keep these waiting.
            _ = self.look.tick() => {
                self.tree.look().await;
                Ok(None)
            }
            event = self.pause.changed(&self.tree), if self.pause.is_changing() => {
                self.outbox.push([event]);
                Ok(None)
            }
            () = sleep_until(last_output.unwrap_or_else(Instant::now)), if last_output.is_some() => {
                Err(self.gone().await)
            }
            incoming = self.connection.next(), if self.outbox.has_room() => match incoming {
                Ok(Some(incoming)) => Ok(self.take(incoming)),
                Ok(None) => Err(self.gone().await),
                Err(LineError::TooLong(bytes)) => Err(Failure::LineTooLong(bytes).into()),
                Err(LineError::Broken(error)) => Err(Failure::Unreadable(error.to_string()).into()),
            },
        }
    }

    fn hear(&mut self, control: Option<Control>) -> Result<(), Break> {
        match control {
            None => self.has_controls = false,
            Some(Control::Stop) if !self.is_stopping => return Err(Break::Stop),
            Some(Control::Stop) => {}
            Some(Control::Pause) if !self.is_stopping => self.pause.want(true, &self.tree),
            Some(Control::Resume) if !self.is_stopping => self.pause.want(false, &self.tree),
            Some(Control::Pause | Control::Resume) => {}
            Some(Control::Answer { request_id, option_id }) => {
                let event = self.questions.answer(&mut self.connection, &request_id, option_id.as_deref());
                self.outbox.push(event);
            }
        }
        Ok(())
    }

    fn take(&mut self, incoming: Incoming) -> Option<(u64, Result<Value, RpcError>)> {
        self.has_spoken |= !matches!(incoming, Incoming::Noise(_));
        match incoming {
            Incoming::Response(id, result) => return Some((id, result)),
            Incoming::Noise(line) => self.noise(&line),
            Incoming::Notification { method, params, raw } => match method.as_str() {
                "session/update" if !self.is_replaying => {
                    let events = self.translator.update(&params["update"], &raw);
                    self.outbox.push(events);
                }
                "$/cancel_request" => {
                    let event = self.questions.withdraw(&mut self.connection, &params["requestId"]);
                    self.outbox.push(event);
                }
                // Extensions of single agents, and the replay of what the log already has.
                _ => {}
            },
            Incoming::Request { id, method, params, raw } => self.asked(&id, &method, &params, &raw),
        }
        None
    }

    fn asked(&mut self, id: &Value, method: &str, params: &Value, raw: &str) {
        if method != "session/request_permission" {
            // We offer no files and no terminals; some agents ask all the same and go on without.
            self.connection.refuse(id, METHOD_NOT_FOUND, "this client does not offer that");
        } else if self.is_stopping {
            self.connection.respond(id, json!({"outcome": {"outcome": "cancelled"}}));
        } else {
            let request_id = self.questions.next_id();
            let (events, options) = self.translator.ask(&request_id, params, raw);
            self.outbox.push(events);
            self.questions.open(request_id, id.clone(), options);
        }
    }

    fn noise(&mut self, line: &str) {
        self.noise_lines += 1;
        if self.noise_lines <= NOISE_LINES_MAX {
            self.outbox.push([info("stdout", plain(line))]);
        } else if self.noise_lines == NOISE_LINES_MAX + 1 {
            self.outbox.push([info("stdout", "more lines that are no messages are not shown".into())]);
        }
    }

    /// The output ended; the process has, or will in a moment.
    async fn gone(&mut self) -> Break {
        if self.exit.is_none() {
            let status = timeout_at(Instant::now() + LAST_OUTPUT_PATIENCE, self.child.wait()).await;
            if let Ok(status) = status {
                self.exit = Some((how_ended(status.ok()), Instant::now()));
            }
        }
        let how = self.exit.as_ref().map_or("it closed its output", |(how, _)| how).to_owned();
        Failure::Gone(how).into()
    }
}

fn how_ended(status: Option<ExitStatus>) -> String {
    use std::os::unix::process::ExitStatusExt;
    match status.map(|status| (status.code(), status.signal())) {
        Some((Some(code), _)) => format!("it ended with exit code {code}"),
        Some((None, Some(signal))) => format!("it was ended by signal {signal}"),
        Some((None, None)) | None => "it ended".into(),
    }
}
