//! The story of one session: start the agent, prompt it, tell what happens, end everything.

mod ending;
mod opening;

use tokio::{
    sync::mpsc,
    time::{Duration, Instant},
};

use self::opening::Agent;
use super::{
    Control, NewEvent, RunEnd, RunOutcome, RunSpec,
    connection::Connection,
    conversation::{Break, Conversation},
    failure::{Circumstances, Failure},
    spawn::{self, AgentProcess},
    stderr::LastWords,
    supervise::{Account, KILL_PATIENCE, Supervisor, TERM_GRACE, reap_later},
};
use acp_events::Translator;
use agent_tasks::event::{AssistantTurnEnd, AssistantTurnStart, ProcessName, SupervisionReport};
use serde_json::{Value, json};

/// An agent has so long to answer `initialize`: some are fetched at their first start.
const START_PATIENCE: Duration = Duration::from_secs(120);
/// And so long for each other call before the prompt.
const CALL_PATIENCE: Duration = Duration::from_secs(60);
/// An agent whose turn is over has so long to end by itself once its input is closed.
const LEAVE_PATIENCE: Duration = Duration::from_secs(8);
/// And so long when it has confirmed that the session is closed.
const LEAVE_PATIENCE_CLOSED: Duration = Duration::from_secs(3);
/// And so long when something went wrong before.
const LEAVE_PATIENCE_FAILED: Duration = Duration::from_secs(2);
/// Of a stop, so much at most goes to the agent's own way to end its turn.
const CANCEL_PATIENCE: Duration = Duration::from_secs(2);
/// And so much to its own way to close the session.
const CLOSE_PATIENCE: Duration = Duration::from_millis(500);

/// Runs one session to its end: starts the agent, sends the prompt, tells what happens, obeys
/// `controls`, and leaves no process behind, by the means of `supervisor`. `events` is bounded: a slow log
/// slows the agent down. Dropping the future ends the agent's processes too.
pub async fn run(
    spec: RunSpec,
    supervisor: Supervisor,
    controls: mpsc::Receiver<Control>,
    events: mpsc::Sender<NewEvent>,
) -> RunOutcome {
    let AgentProcess { child, pid, stdin, stdout, last_words, tree } = match spawn::spawn(&spec, &supervisor) {
        Ok(process) => process,
        Err(error) => return not_started(&spec, &supervisor, Failure::Launch(error)),
    };
    let connection = Connection::new(stdin, stdout, spec.limits.line_bytes);
    let translator = Translator::new(&spec.worktree);
    let conversation = Conversation::new(connection, child, tree, translator, controls, events);
    let process = ProcessName { pid: pid.unsigned_abs(), command: shown_command(&spec) };
    let mut run = Run { spec, conversation, last_words, process, agent: Agent::default(), prompt: None };
    let result = run.converse().await;
    run.wind_up(result).await
}

/// A run whose agent was started.
struct Run {
    spec: RunSpec,
    conversation: Conversation,
    last_words: LastWords,
    /// The agent's process, for the report.
    process: ProcessName,
    /// What the agent told of itself.
    agent: Agent,
    /// The number of the prompt's request, while it has no answer.
    prompt: Option<u64>,
}

impl Run {
    /// From the start to the end of the turn; returns the agent's answer to the prompt.
    async fn converse(&mut self) -> Result<Value, Break> {
        self.open().await?;
        let turn_id = "1".to_owned();
        self.conversation.outbox.push([NewEvent::lasting(AssistantTurnStart { turn_id: turn_id.clone() })]);
        let params = json!({
            "sessionId": self.agent.session,
            "prompt": [{"type": "text", "text": self.spec.prompt}],
        });
        let id = self.conversation.connection.request("session/prompt", params);
        self.prompt = Some(id);
        let answer = self.conversation.answer(id, "session/prompt", None).await?;
        self.prompt = None;
        self.tell_turn_end(&answer);
        Ok(answer)
    }

    fn tell_turn_end(&mut self, answer: &Value) {
        let mut events = self.conversation.translator.end_turn(answer);
        let stop_reason = answer["stopReason"].as_str().map(ToOwned::to_owned);
        events.push(NewEvent::lasting(AssistantTurnEnd { turn_id: "1".into(), stop_reason }));
        self.conversation.outbox.push(events);
    }

    async fn sentence(&mut self, failure: &Failure) -> String {
        let last_words = self.last_words.lines().await;
        failure.sentence(&Circumstances { agent: name(&self.spec), auth_methods: &self.agent.auth_methods, last_words })
    }
}

fn not_started(spec: &RunSpec, supervisor: &Supervisor, failure: Failure) -> RunOutcome {
    let circumstances = Circumstances { agent: name(spec), auth_methods: &Value::Null, last_words: vec![] };
    let report = SupervisionReport { layer: supervisor.supervision().layer, ..SupervisionReport::default() };
    RunOutcome { end: RunEnd::Failed(failure.sentence(&circumstances)), agent_session: None, report }
}

fn name(spec: &RunSpec) -> &str {
    if spec.profile.name.is_empty() { &spec.profile.id } else { &spec.profile.name }
}

fn shown_command(spec: &RunSpec) -> String {
    let words = std::iter::once(&spec.profile.command).chain(&spec.profile.args);
    words.map(String::as_str).collect::<Vec<_>>().join(" ")
}
