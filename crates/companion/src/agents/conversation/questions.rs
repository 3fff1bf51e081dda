//! Permission requests that wait for somebody.

use std::collections::BTreeMap;

use agent_tasks::event::{PermissionCompleted, PermissionOption, PermissionResult};
use serde_json::{Value, json};

use super::{Connection, NewEvent};

/// The open permission requests of a session.
#[derive(Default)]
pub struct Questions {
    open: BTreeMap<String, Question>,
    count: usize,
}

struct Question {
    /// What the agent's request is called.
    rpc_id: Value,
    options: Vec<PermissionOption>,
}

impl Questions {
    /// A name for the next request.
    pub fn next_id(&mut self) -> String {
        self.count += 1;
        format!("permission-{}", self.count)
    }

    /// The agent asked.
    pub fn open(&mut self, request_id: String, rpc_id: Value, options: Vec<PermissionOption>) {
        self.open.insert(request_id, Question { rpc_id, options });
    }

    /// Somebody answered, with one of the options or, without, by dismissing it. An answer to what is
    /// not open or not on offer changes nothing.
    pub fn answer(
        &mut self,
        connection: &mut Connection,
        request_id: &str,
        option_id: Option<&str>,
    ) -> Option<NewEvent> {
        let question = self.open.get(request_id)?;
        let result = match option_id {
            Some(id) => PermissionResult::chosen(question.options.iter().find(|option| option.option_id == id)?),
            None => PermissionResult::cancelled(),
        };
        self.close(connection, request_id, result)
    }

    /// The agent no longer wants an answer.
    pub fn withdraw(&mut self, connection: &mut Connection, rpc_id: &Value) -> Option<NewEvent> {
        let (request_id, _) = self.open.iter().find(|(_, question)| question.rpc_id == *rpc_id)?;
        self.close(connection, &request_id.clone(), PermissionResult::cancelled())
    }

    /// Nobody will answer any more: an agent may wait for that before it obeys a cancel.
    pub fn dismiss_all(&mut self, connection: &mut Connection) -> Vec<NewEvent> {
        let open: Vec<String> = self.open.keys().cloned().collect();
        open.iter().filter_map(|id| self.close(connection, id, PermissionResult::cancelled())).collect()
    }

    fn close(&mut self, connection: &mut Connection, id: &str, result: PermissionResult) -> Option<NewEvent> {
        let question = self.open.remove(id)?;
        let outcome = match &result.option_id {
            Some(option) => json!({"outcome": "selected", "optionId": option}),
            None => json!({"outcome": "cancelled"}),
        };
        connection.respond(&question.rpc_id, json!({"outcome": outcome}));
        Some(NewEvent::lasting(PermissionCompleted { request_id: id.into(), result }))
    }
}
