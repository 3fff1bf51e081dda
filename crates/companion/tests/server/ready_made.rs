//! Logs that a test writes by itself, without an agent.

use std::path::Path;

use agent_tasks::{
    SessionId, TaskId,
    event::{
        AssistantMessage, AssistantMessageDelta, SessionStart, ToolExecutionComplete, ToolExecutionPartialResult,
        ToolExecutionStart, UserMessage,
    },
};
use companion::log::{Entry, Log, LogError};

use crate::harness::Server;

/// A task whose agent does nothing: its log is the test's to write.
pub struct ReadyMade {
    pub id: TaskId,
    pub session: SessionId,
    log: Log,
}

impl ReadyMade {
    /// On a server in `folder`.
    pub async fn start(server: &Server, folder: &Path) -> Self {
        let id = server.start_task("Work").await;
        let run = server.next_run().await;
        server.until(&id, |task| task.started_at.is_some() || task.session_count == 1).await;
        std::mem::forget(run);
        let session = server.sessions(&id).await[0].id.clone();
        Self { id, session, log: Log::open(&folder.join("log.sqlite")).unwrap() }
    }

    /// Appends; gives the log's highest number.
    pub async fn write(&self, entries: Vec<Entry>) -> u64 {
        let (id, session) = (self.id.clone(), self.session.clone());
        self.log.write(move |tx| tx.append(&id, &session, entries)).await.map_err(|error: LogError| error).unwrap()
    }
}

/// The events of the steps `numbers`: each third one a prompt, a message in pieces, a command with so many lines.
pub fn steps(numbers: std::ops::Range<usize>, lines: usize) -> Vec<Entry> {
    numbers.flat_map(|number| step(number, lines)).collect()
}

fn step(number: usize, lines: usize) -> Vec<Entry> {
    let id = format!("step-{number}");
    match number % 3 {
        0 => vec![UserMessage { content: format!("Prompt {number}"), source: None }.into()],
        1 => {
            let delta =
                |text: &str| AssistantMessageDelta { message_id: id.clone(), delta_content: text.to_owned() }.into();
            let content = format!("Message {number}\n\nwith two paragraphs");
            let whole = AssistantMessage { message_id: id.clone(), content: content.clone(), ..Default::default() };
            vec![delta(&content[..4]), delta(&content[4..]), whole.into()]
        }
        _ => {
            let start = ToolExecutionStart {
                tool_call_id: id.clone(),
                tool_name: "bash".into(),
                command: Some(format!("make target-{number}")),
                ..ToolExecutionStart::default()
            };
            let part = |first: usize| {
                let output: String =
                    (first..(first + 200).min(lines)).map(|line| format!("{number}:{line}\n")).collect();
                ToolExecutionPartialResult { tool_call_id: id.clone(), partial_output: output, replace: false }
            };
            let done = ToolExecutionComplete { tool_call_id: id.clone(), success: true, ..Default::default() };
            let parts = (0..lines).step_by(200).map(|first| Entry::from(part(first)));
            std::iter::once(start.into()).chain(parts).chain([done.into()]).collect()
        }
    }
}

/// The start of a session.
pub fn begin() -> Entry {
    SessionStart { session_id: "ready-made".into(), ..SessionStart::default() }.into()
}
