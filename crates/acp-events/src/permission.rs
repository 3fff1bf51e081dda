//! Permission requests, told with everything that is needed to decide: the command, the files, the change.

use agent_tasks::FromJson;
use agent_tasks::event::{PermissionOption, PermissionRequest, PermissionRequested, ToolContent, ToolKind};
use serde_json::Value;

use super::{NewEvent, Translator, command, content, with_raw};

impl Translator {
    /// The agent asks; `params` are those of its `session/request_permission`. An agent may ask before it
    /// has said a word of the tool call.
    pub fn ask(&mut self, request_id: &str, params: &Value, raw: &str) -> (Vec<NewEvent>, Vec<PermissionOption>) {
        let asked = &params["toolCall"];
        let id = asked["toolCallId"].as_str().unwrap_or(request_id);
        let mut events = self.speech.end();
        let call = self.calls.get(id, true).expect("a new call is open");
        events.extend(call.introduce(asked, &self.worktree));
        let start = call.start();
        let mut contents = content::parts(asked["content"].as_array().map_or(&[][..], Vec::as_slice), &self.worktree);
        if !contents.iter().any(|part| matches!(part, ToolContent::Diff { .. })) {
            contents.extend(content::change(&asked["rawInput"], &self.worktree));
        }
        if contents.is_empty() {
            contents = call.changes(&self.worktree);
        }
        let title = asked["title"].as_str().map(|title| self.worktree.relative_in(title));
        let options: Vec<PermissionOption> = params["options"]
            .as_array()
            .map(|options| options.iter().filter_map(PermissionOption::from_json).collect())
            .unwrap_or_default();
        let request = PermissionRequested {
            request_id: request_id.into(),
            permission_request: PermissionRequest {
                kind: word(start.kind.unwrap_or_default()).into(),
                tool_call_id: Some(start.tool_call_id.clone()),
                title: title.clone().or_else(|| start.title.clone()),
                tool_kind: start.kind,
                // What is asked for now counts, not what the call said before.
                command: command::command(start.kind, &asked["rawInput"], title.as_deref(), &start.tool_name)
                    .or_else(|| start.command.clone()),
                locations: start.locations.clone(),
                contents,
            },
            options: options.clone(),
        };
        events.push(with_raw(NewEvent::lasting(request), raw));
        (events, options)
    }
}

/// GitHub's word for what is asked, ACP's where there is none.
fn word(kind: ToolKind) -> &'static str {
    match kind {
        ToolKind::Execute => "shell",
        ToolKind::Edit | ToolKind::Delete | ToolKind::Move => "write",
        ToolKind::Read | ToolKind::Search => "read",
        ToolKind::Fetch => "url",
        ToolKind::Think => "think",
        ToolKind::SwitchMode => "switch_mode",
        ToolKind::Other => "other",
    }
}
