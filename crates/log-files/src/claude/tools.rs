//! Tool calls: what Claude Code's tools are, and what they gave.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use acp_events::{Worktree, change, code_in};
use agent_tasks::event::{
    AssistantPlan, Location, PlanEntry, PlanStatus, ToolContent, ToolError, ToolExecutionComplete, ToolExecutionStart,
    ToolKind, ToolResult,
};
use serde_json::Value;

use crate::telling::Telling;

/// The calls that have begun.
#[derive(Debug)]
pub struct Calls {
    worktree: Worktree,
    /// Those that have not ended, in order.
    open: BTreeMap<u64, Call>,
    /// The place of each by its name.
    places: HashMap<String, u64>,
    /// How many have begun.
    begun: u64,
}

#[derive(Debug)]
struct Call {
    id: String,
    kind: ToolKind,
    changes: Vec<ToolContent>,
    /// What a sub-agent was asked.
    prompt: Option<String>,
}

impl Default for Calls {
    fn default() -> Self {
        Self { worktree: Worktree::new(Path::new("/")), open: BTreeMap::new(), places: HashMap::new(), begun: 0 }
    }
}

impl Calls {
    /// Paths below `folder` are shown from there.
    pub fn work_in(&mut self, folder: &str) {
        self.worktree = Worktree::new(Path::new(folder));
    }

    /// A call begins.
    pub fn begin(&mut self, block: &Value, parent: Option<&str>, telling: &mut Telling) {
        let (name, input) = (block["name"].as_str().unwrap_or_default(), &block["input"]);
        let Some(id) = block["id"].as_str() else {
            telling.json_as_it_is("claude.tool_use", block.clone());
            return;
        };
        let field = |names: &[&str]| names.iter().find_map(|name| input[*name].as_str()).map(str::to_owned);
        let kind = kind_of(name);
        let path = field(&["file_path", "notebook_path", "path"]).map(|path| self.worktree.relative(&path));
        let title = field(&["description", "query", "url", "pattern", "subject"]).or_else(|| path.clone());
        if let Some(entries) = plan(input) {
            telling.tell(AssistantPlan { entries });
        }
        telling.tell(ToolExecutionStart {
            tool_call_id: id.to_owned(),
            tool_name: name.to_owned(),
            arguments: input.clone(),
            parent_tool_call_id: parent.map(str::to_owned),
            kind: Some(kind),
            title,
            command: field(&["command"]).filter(|_| kind == ToolKind::Execute),
            locations: path.into_iter().map(|path| Location { path, line: input["offset"].as_u64() }).collect(),
        });
        let changes = if kind == ToolKind::Edit { self.changes(input) } else { Vec::new() };
        let prompt = field(&["prompt"]).filter(|_| matches!(name, "Task" | "Agent"));
        self.begun += 1;
        self.places.insert(id.to_owned(), self.begun);
        self.open.insert(self.begun, Call { id: id.to_owned(), kind, changes, prompt });
    }

    /// A call's result is there; `told` is what the program tells of it beside.
    pub fn end(&mut self, block: &Value, told: &Value, telling: &mut Telling) {
        let id = block["tool_use_id"].as_str().unwrap_or_default();
        let call = self.places.remove(id).and_then(|place| self.open.remove(&place));
        let failed = block["is_error"] == true;
        let (text, mut contents) = result(&block["content"]);
        let is_command = call.as_ref().is_some_and(|call| call.kind == ToolKind::Execute);
        // A patch knows the lines' places in the file; what the call was given does not.
        let is_edit = call.as_ref().is_some_and(|call| call.kind == ToolKind::Edit);
        let detailed_content = if is_edit && !failed { self.patch(told) } else { None };
        if let Some(call) = call.filter(|_| !failed && detailed_content.is_none()) {
            contents.extend(call.changes);
        }
        let exit_code = text.as_deref().filter(|_| failed && is_command).and_then(code_in);
        contents.extend(exit_code.map(|code| ToolContent::Terminal {
            text: None,
            exit_code: Some(code),
            signal: None,
        }));
        let has_said = text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let error = failed.then(|| ToolError {
            message: match exit_code {
                Some(code) => ["exit code ", &code.to_string()].concat(),
                // What it said is its result, and is not told twice.
                None if has_said => String::new(),
                None => "the tool says that it failed".to_owned(),
            },
            code: None,
        });
        telling.tell(ToolExecutionComplete {
            tool_call_id: id.to_owned(),
            success: !failed,
            result: Some(ToolResult { content: text, detailed_content, contents }),
            error,
        });
    }

    /// The call that gave a sub-agent this prompt.
    pub fn given(&self, prompt: &str) -> Option<String> {
        self.open.values().find(|call| call.prompt.as_deref() == Some(prompt)).map(|call| call.id.clone())
    }

    /// The call of the only sub-agent at work.
    pub fn only_sub_agent(&self) -> Option<&str> {
        let mut all = self.open.values().filter(|call| call.prompt.is_some());
        all.next().filter(|_| all.next().is_none()).map(|call| call.id.as_str())
    }

    /// The file is over.
    pub fn finish(&mut self, telling: &mut Telling) {
        self.places.clear();
        for call in std::mem::take(&mut self.open).into_values() {
            telling.cut_off(call.id);
        }
    }

    /// The change of a file as a unified diff, from the hunks that the program tells.
    fn patch(&self, told: &Value) -> Option<String> {
        let hunks = told["structuredPatch"].as_array().filter(|hunks| !hunks.is_empty())?;
        let path = self.worktree.relative(told["filePath"].as_str()?);
        if path.contains(char::is_control) {
            return None;
        }
        let mut patch = ["diff --git a/", &path, " b/", &path, "\n--- a/", &path, "\n+++ b/", &path, "\n"].concat();
        for hunk in hunks {
            let number = |name: &str| Some(hunk[name].as_u64()?.to_string());
            let (old, old_lines) = (number("oldStart")?, number("oldLines")?);
            let (new, new_lines) = (number("newStart")?, number("newLines")?);
            patch += &["@@ -", &old, ",", &old_lines, " +", &new, ",", &new_lines, " @@\n"].concat();
            for line in hunk["lines"].as_array()? {
                patch += &[line.as_str()?, "\n"].concat();
            }
        }
        Some(patch)
    }

    fn changes(&self, input: &Value) -> Vec<ToolContent> {
        let Some(edits) = input["edits"].as_array() else { return change(input, &self.worktree).into_iter().collect() };
        let one = |edit: &Value| {
            let mut edit = edit.clone();
            edit["file_path"] = input["file_path"].clone();
            change(&edit, &self.worktree)
        };
        edits.iter().filter(|edit| edit.is_object()).filter_map(one).collect()
    }
}

/// The text of a result, and what else is in it.
fn result(content: &Value) -> (Option<String>, Vec<ToolContent>) {
    let blocks = match content {
        Value::String(text) => return (Some(text.clone()), Vec::new()),
        Value::Array(blocks) => blocks.as_slice(),
        Value::Null => &[],
        other => return (None, vec![ToolContent::Other(other.clone())]),
    };
    let mut texts: Vec<&str> = Vec::new();
    let mut others = Vec::new();
    for block in blocks {
        match (block["type"].as_str().unwrap_or_default(), block["text"].as_str()) {
            ("text", Some(text)) => texts.push(text),
            ("image", _) if block["source"]["data"].is_string() => others.push(ToolContent::Image {
                data: block["source"]["data"].as_str().unwrap_or_default().to_owned(),
                mime_type: block["source"]["media_type"].as_str().unwrap_or_default().to_owned(),
            }),
            _ => others.push(ToolContent::Other(block.clone())),
        }
    }
    ((!texts.is_empty()).then(|| texts.join("\n")), others)
}

/// The plan in what a tool is given.
fn plan(input: &Value) -> Option<Vec<PlanEntry>> {
    let entry = |todo: &Value| {
        let status = match todo["status"].as_str()? {
            "completed" => PlanStatus::Completed,
            "in_progress" => PlanStatus::InProgress,
            _ => PlanStatus::Pending,
        };
        let priority = todo["priority"].as_str().unwrap_or_default().to_owned();
        Some(PlanEntry { content: todo["content"].as_str()?.to_owned(), priority, status })
    };
    input["todos"].as_array()?.iter().map(entry).collect()
}

fn kind_of(name: &str) -> ToolKind {
    match name {
        "Bash" | "BashOutput" | "PowerShell" | "KillShell" | "KillBash" => ToolKind::Execute,
        "Read" | "NotebookRead" | "LS" => ToolKind::Read,
        "Edit" | "MultiEdit" | "Write" | "NotebookEdit" => ToolKind::Edit,
        "Glob" | "Grep" | "ToolSearch" | "LSP" => ToolKind::Search,
        "WebFetch" | "WebSearch" | "web_search" | "web_fetch" => ToolKind::Fetch,
        "TodoWrite" => ToolKind::Think,
        "EnterPlanMode" | "ExitPlanMode" => ToolKind::SwitchMode,
        _ => ToolKind::Other,
    }
}
